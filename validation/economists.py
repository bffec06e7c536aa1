"""The table of the economists' page, by the page's own code: ``python -m validation.renew economists``."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

NAMES = {
    "net jobs": "jobs_net",
    "know-how": "know_how",
    "usable capability, CU": "usable_capability",
    "net fiscal cost, MUSD": "fiscal_cost",
}
"""What the page calls the indicators of its table."""

CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def play(page: str, scenarios: Path, folder: Path) -> dict[str, Any]:
    """Run every block of Python of the page in turn, as a reader would, and return its names.

    Parameters
    ----------
    page : str
        The page's text.
    scenarios : Path
        The folder of scenarios that the page's code reads.
    folder : Path
        An empty folder to run it in; its files stay there.
    """
    shutil.copytree(scenarios, folder / "scenarios")
    names: dict[str, Any] = {}
    with contextlib.chdir(folder):
        for block in CODE.findall(page):
            exec(compile(block, "docs/economists.md", "exec"), names)
    return names


def cells(row: Mapping[str, Any]) -> list[str]:
    """Return the cells of a finding, after the outcome's name."""
    digits = 5 if abs(row["baseline_mean"]) < 1 else 0
    low, high, effect = (_number(row[name], digits) for name in ("low", "high", "difference"))
    p = "< 0.001" if row["p_holm"] < 0.001 else f"{row['p_holm']:.2g}"
    error = f"{row['standard_error']:.5f}" if digits else f"{row['standard_error']:,.2g}"
    return [_number(row["baseline_mean"], 4 if digits else 0), effect, f"({error})", f"{low} to {high}", p]


def _number(value: float, digits: int) -> str:
    """Return a number with commas and a true minus."""
    return f"{value:,.{digits}f}".replace("-", "−")


def lines(table: pd.DataFrame) -> dict[str, str]:
    """Return the page's rows by outcome, from the table that the page's code makes."""
    rows: dict[Any, dict[Any, Any]] = table.set_index("indicator").T.to_dict()
    return {outcome: f"| {' | '.join([outcome, *cells(rows[name])])} |" for outcome, name in NAMES.items()}


def renew(page: str, scenarios: Path) -> str:
    """Return the page with the rows of its table made anew."""
    with tempfile.TemporaryDirectory() as place:
        found = lines(play(page, scenarios, Path(place))["table"])
    rows = re.compile(rf"^\| ({'|'.join(map(re.escape, found))}) \|.*$", re.MULTILINE)
    return rows.sub(lambda row: found[row[1]], page)
