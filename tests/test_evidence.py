"""The table of evidence: complete, sourced, in words, and written as it is read."""

import csv
import re
from dataclasses import replace

import pytest

from deftrade.core.tables import ALL, Categories, Dyads, States
from deftrade.report.measured import Measured, kept
from deftrade.scenario.events.kinds import KINDS
from validation.evidence import __main__ as command
from validation.evidence import running
from validation.evidence.conditions import Condition, Treatment, given, no, settled
from validation.evidence.measured import REGENERATE, named, stale, write
from validation.evidence.wording import condition_text, treatment_text

SOURCE = re.compile(r"(assumption|calibrated|by definition): \S|V\d+(-V\d+)?\b|L§\d")


def test_every_lever_and_event_has_a_row_in_the_kept_table():
    levers = {column.path for table in ALL for column in table.columns if column.role == "lever"}
    assert {row.subject for row in kept()} == levers | {f"event {kind}" for kind in KINDS}, REGENERATE
    assert [row.row for row in kept()] == list(named()), REGENERATE


def test_every_row_of_the_kept_table_moves_as_expected_and_not_at_all_when_cut():
    for row in kept():
        assert row.expected == ("+" if row.share > 0 else "-"), row.row
        assert abs(row.share) >= row.least, row.row
        assert set(row.signs) == {row.expected}, f"{row.row}: {row.signs} with the luck of each seed"
        assert row.size_cut == 0, row.row


def test_every_row_names_its_source():
    for name, row in named().items():
        assert SOURCE.match(row.source), name


def test_treatments_read_as_words():
    noor, westmark = running.states("Noor", "Westmark")
    assert treatment_text(Treatment()) == "nothing"
    assert treatment_text(running.put(States.offset_rate, 0.5)) == "States.offset_rate = 0.5"
    assert treatment_text(running.put(States.offset_rate, 0.5, [noor])) == "States.offset_rate = 0.5 of Noor"
    shock = running.event("gdp_shock", state=noor, size=-0.5)
    assert treatment_text(shock) == "gdp_shock in 2026 (state Noor, size -0.5)"
    assert treatment_text(shock + shock + shock + shock) == "4 times gdp_shock"
    embargo = running.event("embargo", imposers=running.by("Westmark"), target=noor, years=2.0, support=True)
    assert "imposers Westmark, target Noor, years 2, support yes" in treatment_text(embargo)
    strict = running.Setting(Dyads.buyer_strictness, (westmark, noor), 0.0, 2.0)
    text = treatment_text(Treatment((strict,)))
    assert text == "Dyads.buyer_strictness = 2 of Westmark towards Noor"


def test_conditions_read_as_words():
    assert condition_text(Condition()) == "as it is"
    assert condition_text(no("a.one", "a.two")) == "a.one, a.two = 0"
    assert condition_text(settled(a__one=2.0)) == "a.one = 2 since before the opening"
    assert condition_text(given(Categories.support_rate, 0.0)) == "Categories.support_rate given as 0"


def test_a_table_is_read_as_it_was_written(tmp_path, monkeypatch):
    rows = kept()
    path = tmp_path / "measured.csv"
    write(rows, path)
    monkeypatch.setattr("deftrade.report.measured.files", lambda _: tmp_path)
    assert kept() == rows


def test_a_stale_row_is_told():
    name, row = next(iter(named().items()))
    fresh = Measured(**vars(kept()[0]))
    assert stale(name, row, []) == f"{name} is missing"
    assert stale(name, row, [fresh]) == ""
    assert "size_first is" in stale(name, row, [replace(fresh, size_first=fresh.size_first * 2)])
    assert "channel is" in stale(name, row, [replace(fresh, channel="another")])


def test_rows_of_the_names_alone_are_measured_anew(tmp_path, monkeypatch):
    before = {row.row: row for row in kept()}
    monkeypatch.setattr(command, "measure", lambda name, evidence: replace(before[name], size=0.0))
    monkeypatch.setattr("sys.argv", ["evidence", "embargo", "--out", str(tmp_path / "new.csv")])
    command.main()
    with (tmp_path / "new.csv").open(encoding="utf-8", newline="") as stream:
        sizes = {row["row"]: float(row["size"]) for row in csv.DictReader(stream)}
    anew = {name for name, row in before.items() if row.subject == "event embargo"}
    assert list(sizes) == list(before)
    assert {name for name, size in sizes.items() if size != before[name].size} == anew != set()


def test_a_name_without_evidence_is_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["evidence", "embarg"])
    with pytest.raises(SystemExit):
        command.main()
    assert "no evidence for embarg" in capsys.readouterr().err
