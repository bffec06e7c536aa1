"""The files of a comparison, beside the runs it came from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deftrade.core.wording import counted
from deftrade.errors import OutputError
from deftrade.experiments.batch.folder import PLAN
from deftrade.experiments.columns import dictionary_of
from deftrade.experiments.compare.text import page
from deftrade.files import manifests
from deftrade.files.hashing import value_hash
from deftrade.files.tables import write_table
from deftrade.files.writing import whole_file, write_text
from deftrade.report import style

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from deftrade.experiments.compare.compared import Compared
    from deftrade.experiments.compare.comparison import Comparison
    from deftrade.results.indicators import Indicator

NAME = "comparison"
TRAJECTORIES = "courses_comparison"
FIGURES = "figures"
_DICTIONARY = f"{NAME}_dictionary.csv"
_KINDS = ("forest", "course")
_ENDINGS = (".png", ".svg")
_TABLE_ENDINGS = (".parquet", ".csv")
_OWN = (f"{NAME}.", f"{TRAJECTORIES}.", _DICTIONARY, *(f"{FIGURES}/{kind}-" for kind in _KINDS))
"""How the names of a comparison's files begin, and of no other file of its batch."""


def own_files(comparison: Compared) -> list[str]:
    """Return the files that a comparison adds to the folder of its batch, relative to it."""
    tables = [f"{name}{ending}" for name in (NAME, TRAJECTORIES) for ending in _TABLE_ENDINGS]
    figures = [
        f"{FIGURES}/{kind}-{policy}{ending}"
        for policy in comparison.policies
        for kind in _kinds(comparison, policy)
        for ending in _ENDINGS
    ]
    return [*tables, _DICTIONARY, f"{NAME}.json", f"{NAME}.md", *figures]


def _kinds(comparison: Compared, policy: str) -> tuple[str, ...]:
    """Return the figures of a policy: no course where none of the indicators asked about is kept."""
    # Only what draws needs what draws.
    from deftrade.experiments.compare.figures import most_moved

    return _KINDS if most_moved(comparison, policy) else _KINDS[:1]


def holds_answer(folder: Path) -> bool:
    """Return whether the comparison of a finished batch stands in its folder."""
    return NAME in manifests.read(folder)


def check_as_written(folder: Path, *, answer: bool) -> None:
    """Check that a batch is what its manifest says, before anything is said about it.

    Parameters
    ----------
    folder : Path
        Folder of a finished batch.
    answer : bool
        Whether the files of its comparison must be whole too, rather than be written anew.

    Raises
    ------
    OutputError
        A file was changed, is missing or was added, or the folder is no finished batch.
    """
    damages = manifests.damages(folder, manifests.read(folder))
    runs = [damage for damage in damages if not damage.startswith(_OWN)]
    if runs:
        raise OutputError(f"{_broken(folder, runs)}, making it anew mends it")
    if answer and damages:
        raise OutputError(f"{_broken(folder, damages)}, --force writes the comparison anew")


def _broken(folder: Path, damages: list[str]) -> str:
    """Return what is wrong with a folder, the first damage by name."""
    more = f" and {len(damages) - 1} more" if len(damages) > 1 else ""
    return (
        f"{folder} is not as it was written: {damages[0]}{more}; `deftrade verify {folder}` lists everything"
    )


def check_family(folder: Path, family: Sequence[Indicator]) -> None:
    """Refuse to replace the answer in a folder by the answer to other questions.

    What is asked after the answers were seen is chosen by them: the correction for asking many
    questions holds for the family that was asked first.

    Parameters
    ----------
    folder : Path
        Where a comparison may stand.
    family : sequence of Indicator
        The questions that are asked now.

    Raises
    ------
    OutputError
        Other questions were answered there.
    """
    asked = _asked(folder)
    if not asked or asked == {item.name for item in family}:
        return
    raise OutputError(
        f"{folder} holds the answer to {counted(len(asked), 'question')} asked together;"
        f" {counted(len(family), 'question')} chosen afterwards would be weighed too lightly, as the answers"
        f" have been seen. Read {NAME}.md there, ask for the same --indicators, or give the folder alone to"
        " compare with --force, which replaces that answer"
    )


def _asked(folder: Path) -> set[str]:
    """Return which indicators the comparison in a folder was asked about; none if there is none."""
    if not (folder / PLAN).exists():
        return set()
    try:
        findings = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))["findings"]
        return {finding["indicator"] for finding in findings}
    except (OSError, ValueError, KeyError, TypeError):
        return set()  # what cannot be read is no answer that could be lost


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write tables, figures, JSON and the page into the folder of a batch, and renew its manifest.

    Raises
    ------
    OutputError
        The disk refuses.
    """
    try:
        tables = write_files(comparison, folder)
        family = list(dict.fromkeys(finding.indicator.name for finding in comparison.findings))
        content = {name: value_hash(table) for name, table in tables.items()}
        manifests.amend(folder, own_files(comparison), {NAME: content, "indicators": family})
    except OSError as error:
        raise OutputError(f"results could not be written to {folder}: {error}") from error


def write_files(comparison: Comparison, folder: Path) -> dict[str, pa.Table]:
    """Write tables, figures, JSON and the page of a comparison into a folder; return the tables."""
    tables = comparison.tables()
    for name, table in tables.items():
        for ending in _TABLE_ENDINGS:
            with whole_file(folder / f"{name}{ending}") as partial:
                named = partial.with_name(f"{partial.name}{ending}")
                write_table(table, named)
                named.replace(partial)
    with whole_file(folder / _DICTIONARY) as partial:
        named = partial.with_name(f"{partial.name}.csv")
        write_table(dictionary_of(tables), named)
        named.replace(partial)
    figures = _write_figures(comparison, folder)
    text = json.dumps(comparison.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
    write_text(folder / f"{NAME}.json", f"{text}\n")
    write_text(folder / f"{NAME}.md", page(comparison, figures))
    return tables


def _write_figures(comparison: Comparison, folder: Path) -> dict[str, list[str]]:
    """Write the figures of every policy; return the paths of those for the page."""
    (folder / FIGURES).mkdir(exist_ok=True)
    paths: dict[str, list[str]] = {}
    for policy in comparison.policies:
        for kind in _kinds(comparison, policy):
            figure = comparison.plot(kind, policy=policy)
            for ending in _ENDINGS:
                style.save(figure, folder / FIGURES / f"{kind}-{policy}{ending}")
            paths.setdefault(policy, []).append(f"{FIGURES}/{kind}-{policy}.png")
    return paths
