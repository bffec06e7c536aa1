"""Check the comparison in the folder of a batch: make it again from the runs, and compare its files."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from deftrade.errors import DeftradeError
from deftrade.experiments.compare.compare import differences, of_folder
from deftrade.experiments.compare.files import NAME, own_files, write_files
from deftrade.experiments.compare.stopping import Until, unmet
from deftrade.files import manifests
from deftrade.files.comparing import otherwise

if TYPE_CHECKING:
    from deftrade.experiments.compare.comparison import Comparison

_PRECISION = re.compile(r"the precision asked for, (\w+)=([0-9.e+-]+), was not reached")
_TOLD = (".json", ".md")


def verify_comparison(folder: Path) -> list[str]:
    """Return which files of a comparison hold something else than its runs say.

    Parameters
    ----------
    folder : Path
        A batch in which a comparison stands, and whose runs are as they were written.
    """
    data = manifests.read(folder)
    try:
        comparison = of_folder(folder, data["indicators"])
    except (DeftradeError, KeyError, TypeError) as error:
        return [f"its comparison cannot be made again: {error}"]
    comparison = replace(comparison, notes=_notes(folder, comparison))
    names = own_files(comparison)
    if _is_cut(comparison):
        names = [name for name in names if not name.endswith(_TOLD)]
    with TemporaryDirectory() as place:
        write_files(comparison, Path(place))
        return otherwise(folder, Path(place), names, drawn=manifests.draws_alike(data))


def _notes(folder: Path, comparison: Comparison) -> tuple[str, ...]:
    """Return what a comparison says of a precision that was asked for, weighed anew.

    What was asked for is read where it is told, as no other file knows of it.
    """
    try:
        told = " ".join(map(str, json.loads((folder / f"{NAME}.json").read_text("utf-8"))["remarks"]))
        found = _PRECISION.search(told)
        if found is None:
            return ()
        until = Until(found[1], float(found[2]))
        return unmet(until, differences(comparison.result, until.indicator))
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _is_cut(comparison: Comparison) -> bool:
    """Return whether a policy does nothing in these runs: what it dates after them is in no lock file."""
    return any(
        comparison.treatments[name].is_same and not comparison.acts[name] for name in comparison.policies
    )
