"""Tables in every format hold the same values, and text in them is text."""

import dataclasses
from importlib.resources import files

import openpyxl
import pandas as pd
import pyarrow
import pytest

import deftrade
from deftrade.errors import OutputError
from deftrade.files.tables import Format, format_of, read_csv, write_table
from deftrade.files.workbook import read_sheet, write_workbook
from deftrade.report import figures, workbook
from deftrade.report.files import write_run
from deftrade.results.outputs import OUTPUTS
from deftrade.simulation import simulate

WORDS = ["=1+1", "-x", "+x", "@cmd", "'=a", "''-b", "'quoted", "#N/A", "\uff1dwide", "Ā <&> 国", "", "plain"]
NUMBERS = [-1.5, 0.1 + 0.2, 1e-300, 2.0**60, float("nan"), 1.0, -0.0, 3.0, 4.0, 5.0, 6.0, 7.0]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    source = tmp_path_factory.mktemp("source") / "starter.yaml"
    source.write_text(files("deftrade.cli").joinpath("starter.yaml").read_text("utf-8"), encoding="utf-8")
    return simulate(dataclasses.replace(deftrade.load(source, years=1), title="=cmd|' /C calc'!A0"))


@pytest.fixture
def risky():
    return pyarrow.table({"word": WORDS, "number": NUMBERS})


@pytest.fixture
def no_figures(monkeypatch):
    monkeypatch.setattr(figures, "FIGURES", {})


def plain(values):
    """Return values without the marks by which formats tell what is missing."""
    return ["" if pd.isna(value) or value == "" else value for value in values.astype(object)]


def test_no_text_of_a_csv_for_excel_begins_as_a_formula_and_numbers_stay(risky, tmp_path):
    write_table(risky, tmp_path / "risky.csv", for_excel=True)
    raw = (tmp_path / "risky.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    cells = pd.read_csv(tmp_path / "risky.csv", encoding="utf-8-sig", keep_default_na=False, dtype=str)
    assert not any(word.startswith(("=", "+", "-", "@", "\uff1d")) for word in cells["word"])
    assert cells["number"][0] == "-1.5"
    back = read_csv(tmp_path / "risky.csv", is_wordy=True)
    assert back["word"].tolist() == WORDS
    assert plain(back["number"]) == plain(pd.Series(NUMBERS))


def test_every_text_cell_of_a_workbook_is_text_and_numbers_keep_their_bits(risky, tmp_path):
    write_workbook({"risky": risky}, tmp_path / "risky.xlsx")
    cells = openpyxl.load_workbook(tmp_path / "risky.xlsx")["risky"]
    for word, number in cells.iter_rows(min_row=2):
        assert word.value is None or word.data_type in ("s", "inlineStr")
        assert number.data_type == "n"
    back = read_sheet(tmp_path / "risky.xlsx", "risky")
    assert plain(back["word"]) == WORDS
    assert plain(back["number"]) == plain(pd.Series(NUMBERS))


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("form", list(Format))
def test_a_result_in_any_format_reads_back_verifies_and_reruns(results, tmp_path, form):
    written = write_run(results, tmp_path, table_format=form)
    assert format_of(written.folder, written.manifest["files"]) == form
    assert not write_run(results, tmp_path, table_format=form).is_new
    for name in (each.name for each in OUTPUTS if each.is_kept(results)):
        frame, back = results.to_frame(name), deftrade.read_table(written.folder, name)
        assert list(back.columns) == list(frame.columns)
        assert back.attrs["meanings"].keys() >= frame.attrs.get("meanings", {}).keys() & set(frame.columns)
        for column in frame:
            assert plain(back[column]) == plain(frame[column]), f"{name} {column}"
    check = deftrade.verify(written.folder, 1)
    assert check.is_sound, check.damages + check.differences


@pytest.mark.usefixtures("no_figures")
def test_a_sheet_with_more_rows_than_excel_opens_is_left_out_with_a_line(results, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", len(results.to_frame("accounts")))
    with pytest.warns(UserWarning, match="The sheet accounts is left out"):
        folder = write_run(results, tmp_path, table_format="xlsx").folder
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert book.sheetnames[:2] == ["summary", "indicators"]
    assert book.sheetnames[-1] == "dictionary"
    assert "accounts" not in book.sheetnames
    assert any("The sheet accounts is left out" in str(row[0].value) for row in book["summary"])
    with pytest.raises(OutputError, match="no table 'accounts'"):
        deftrade.read_table(folder, "accounts")
