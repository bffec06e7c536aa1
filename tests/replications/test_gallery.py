"""The gallery: one section a replication, kept where only others are renewed."""

from pathlib import Path

import pytest

from deftrade.core.wording import fixed, fixed_span
from validation.replications import gallery
from validation.replications.__main__ import main
from validation.replications.base import Table, holds

PAGE = Path(__file__).resolve().parents[2] / "docs" / gallery.PAGE


def test_numbers_have_a_true_minus():
    assert fixed(-0.5) == "−0.50"
    assert fixed_span(-1, 2.25, 1) == "−1.0 to 2.2"
    assert (holds(True), holds(False)) == ("holds", "misses")


def test_a_table_in_markdown():
    assert Table(("", "a"), (("b", "1"),)).markdown() == "|  | a |\n| --- | ---: |\n| b | 1 |"


def test_a_section_is_renewed_and_the_others_stay(tmp_path):
    main(["richardson", "--out", str(tmp_path)])
    page = tmp_path / gallery.PAGE
    first = page.read_text(encoding="utf-8")
    page.write_text(first.replace("0.731", "0.999"), encoding="utf-8")
    main(["learning_curves", "--out", str(tmp_path)])
    text = page.read_text(encoding="utf-8")
    assert "0.999" in text
    assert text.index("## Richardson") < text.index("## Wright")
    assert (tmp_path / "images" / "replication_richardson.png").stat().st_size < 150_000
    main(["richardson", "--out", str(tmp_path)])
    assert "0.731" in page.read_text(encoding="utf-8")


def test_unknown_names_are_refused(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["kent"])
    assert stop.value.code == 2
    assert "no replication kent" in capsys.readouterr().err


def test_the_shipped_page_shows_all_replications():
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in gallery.NAMES if f"<!-- replication: {name} -->" not in text] == []
    for name in gallery.NAMES:
        image = PAGE.parent / "images" / f"replication_{name}.png"
        assert image.stat().st_size < 150_000
