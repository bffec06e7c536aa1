"""The economists' page runs as it stands, and its table holds what its code finds."""

import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "economists.md").read_text(encoding="utf-8")
NAMES = {
    "net jobs": "jobs_net",
    "know-how": "know_how",
    "usable capability, CU": "usable_capability",
    "net fiscal cost, MUSD": "fiscal_cost",
}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Run every block of Python in turn, as a reader would, and return the page's table of results."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    names = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
            exec(compile(block, "docs/economists.md", "exec"), names)
    assert (folder / "figure1.pdf").is_file()
    assert "Outcome & Baseline" in (folder / "table1.tex").read_text(encoding="utf-8")
    return names["table"].set_index("indicator")


def told(row):
    """Return a finding's cells as the page writes them."""
    digits = 5 if abs(row["baseline_mean"]) < 1 else 0
    low, high, effect = (number(row[name], digits) for name in ("low", "high", "difference"))
    p = "< 0.001" if row["p_holm"] < 0.001 else f"{row['p_holm']:.2g}"
    error = f"{row['standard_error']:.5f}" if digits else f"{row['standard_error']:,.2g}"
    baseline = number(row["baseline_mean"], 4 if digits else 0)
    return [baseline, effect, f"({error})", f"{low} to {high}", p]


def number(value, digits):
    return f"{value:,.{digits}f}".replace("-", "−")


@pytest.mark.slow
@pytest.mark.parametrize("outcome", NAMES)
def test_the_table_holds_what_the_code_of_the_page_finds(table, outcome):
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| {outcome} |"))
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells == [outcome, *told(table.loc[NAMES[outcome]])]
