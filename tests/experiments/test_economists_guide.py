"""The economists' page runs as it stands, and its table holds what its code finds."""

from pathlib import Path

import pytest

from validation import economists

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "economists.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Run the page and return the rows of its table."""
    folder = tmp_path_factory.mktemp("page")
    names = economists.play(PAGE, ROOT / "scenarios", folder)
    assert (folder / "figure1.pdf").is_file()
    assert "Outcome & Baseline" in (folder / "table1.tex").read_text(encoding="utf-8")
    return economists.lines(names["table"])


@pytest.mark.slow
@pytest.mark.parametrize("outcome", economists.NAMES)
def test_the_table_holds_what_the_code_of_the_page_finds(found, outcome):
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| {outcome} |"))
    assert line == found[outcome], "python -m validation.renew economists"
