"""Tables on terminals of any width."""

import os

import pytest

from deftrade.cli import printing


@pytest.mark.parametrize(("columns", "heads"), [(80, False), (200, True)])
def test_a_table_too_wide_for_the_terminal_becomes_records(columns, heads, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    size = os.terminal_size((columns, 40))
    monkeypatch.setattr(printing, "get_terminal_size", lambda *_: size)
    row = ("Usable capability, last 5 years", "41 968", "41 722 to 42 214", "words " * 12, "CU")
    printing.show_fitting(("indicator", "mean", "interval", "meaning", "unit"), [row])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= columns
    assert ("---" in lines[1]) is heads
    assert any("41 722 to 42 214" in line for line in lines)


def test_a_pipe_gets_one_line_a_row(capsys):
    printing.show_fitting(("indicator", "meaning"), [("exports", "words " * 60)])
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize("columns", [60, 100])
def test_no_line_of_a_table_is_longer_than_a_terminal(columns, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr(printing, "get_terminal_size", lambda *_: os.terminal_size((columns, 40)))
    meaning = "Exports with work shares on own purchases, mean of the last 5 years of the run"
    printing.show_table(("indicator", "value", "of"), [(meaning, "1.28 bn USD a year", "Noor")], numbers=(1,))
    printing.show_table(("scenario", "done"), [("baseline", "4")], numbers=(1,))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= columns
    assert any("1.28 bn USD a year" in line for line in lines)
