"""The files of a comparison, beside the runs it came from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deftrade.errors import OutputError
from deftrade.experiments.comparison_text import page
from deftrade.files import manifests
from deftrade.files.hashing import file_hashes, value_hash
from deftrade.files.tables import write_table
from deftrade.files.writing import whole_file, write_text
from deftrade.report import style

if TYPE_CHECKING:
    from pathlib import Path

    from deftrade.experiments.comparison import Comparison

NAME = "comparison"
FIGURES = "figures"
_ENDINGS = (".png", ".svg")


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write tables, figures, JSON and the page into the folder of a batch, and renew its manifest.

    Raises
    ------
    OutputError
        The disk refuses.
    """
    tables = comparison.tables()
    try:
        for name, table in tables.items():
            endings = (".parquet", ".csv") if name == NAME else (".parquet",)
            for ending in endings:
                with whole_file(folder / f"{name}{ending}") as partial:
                    named = partial.with_name(f"{partial.name}{ending}")
                    write_table(table, named)
                    named.replace(partial)
        figures = _write_figures(comparison, folder)
        text = json.dumps(comparison.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
        write_text(folder / f"{NAME}.json", f"{text}\n")
        write_text(folder / f"{NAME}.md", page(comparison, figures))
        family = list(dict.fromkeys(finding.indicator.name for finding in comparison.findings))
        _renew_manifest(folder, {name: value_hash(table) for name, table in tables.items()}, family)
    except OSError as error:
        raise OutputError(f"results could not be written to {folder}: {error}") from error


def _write_figures(comparison: Comparison, folder: Path) -> dict[str, list[str]]:
    """Write the figures of every policy; return the paths of those for the page."""
    (folder / FIGURES).mkdir(exist_ok=True)
    paths: dict[str, list[str]] = {}
    for policy in comparison.policies:
        for kind in ("forest", "course"):
            figure = comparison.plot(kind, policy=policy)
            for ending in _ENDINGS:
                style.save(figure, folder / FIGURES / f"{kind}-{policy}{ending}")
            paths.setdefault(policy, []).append(f"{FIGURES}/{kind}-{policy}.png")
    return paths


def _renew_manifest(folder: Path, content: dict[str, str], family: list[str]) -> None:
    """Take the comparison's files into the manifest of its batch."""
    data = manifests.read(folder)
    data["comparison"] = content
    data["indicators"] = family
    data["files"] = file_hashes(folder)
    manifests.write(data, folder)
