"""Contracts, alliances, firms and jumps: what is said is what the run recorded."""

import json

import numpy as np
import pytest

from deftrade import explain
from deftrade.core.tables.codes import DecisionKind
from deftrade.core.wording import money
from deftrade.errors import ExplanationError
from deftrade.explanations.replay.replay import replay
from deftrade.explanations.replay.sources import open_source
from deftrade.explanations.replay.tallies import Tally
from deftrade.results.indicators.parts import breakdowns


@pytest.fixture(scope="module")
def source(flagship):
    return open_source(flagship("crescent_cooperation", 4, 5))


def signed_abroad(source):
    contracts = source.results.world.contracts
    abroad = (contracts.buyer != contracts.supplier) & (contracts.signed >= 0) & (contracts.tender >= 0)
    return int(np.flatnonzero(abroad)[0])


def test_a_contract_is_told_from_tender_to_delivery(source):
    number = signed_abroad(source)
    told = explain(source, "contract", number)
    row = source.frame("contracts").iloc[number]
    data = told.to_dict()
    json.dumps(data, allow_nan=False)
    last = data["awards"][-1]
    assert last["offers"][last["chosen"]]["exporter"] == row["supplier"] == data["supplier"]
    assert sum(last["offers"][last["chosen"]]["parts"].values()) == pytest.approx(
        last["offers"][last["chosen"]]["score"]
    )
    assert data["licences"][-1]["status"] == "granted"
    assert next(iter(data["told"])) == "The tender"
    assert list(data["told"])[-1] == "What followed"
    assert "What would have flipped it" in str(told)
    assert told._repr_html_().count("<table>") == len(data["awards"]) + len(data["licences"])


def test_a_contract_of_before_the_opening_is_told_without_offers(source):
    assert "signed before the opening" in str(explain(source, "contract", 0))


@pytest.mark.parametrize(
    ("what", "message"),
    [
        (("contract", 99999), r"there is no contract 99999; this run has contracts 0 to \d+"),
        (("contract", "x"), "'x' is no number of a contract"),
        (("licence", -1), "there is no licence -1; this run has licences 0 to"),
        (("firm", "Noor Aerospac"), "there is no firm 'Noor Aerospac'; there are Noor Aerospace"),
        (("alliance", "NATO"), "there is no alliance 'NATO'"),
        (("series", "Noor", "gdp"), "a jump in 'gdp' cannot be broken down; these can: jobs_direct"),
        (("series", "Noor", "exports", "1990-Q1"), "'1990-Q1' is no quarter of this run's; from 2025-Q2"),
        (
            ("series", "Noor", "exports", "2030"),
            "'2030' is no quarter of this run's; from 2025-Q2 to",
        ),
        (("series", "Noor"), r"series wants STATE COLUMN \[DATE\], found Noor"),
        (("weather", 1), "'weather' cannot be explained; these can: contract, licence"),
    ],
)
def test_what_is_not_there_is_refused(source, what, message):
    with pytest.raises(ExplanationError, match=message):
        explain(source, *what)


def test_moves_of_members_are_those_of_the_log(source):
    log = source.results.world.decisions
    moved = np.flatnonzero(np.isin(log.kind, (DecisionKind.ACCESSION, DecisionKind.EXIT)) & (log.step >= 0))
    names = source.results.world.names.alliances
    told = [move for name in names for move in explain(source, "alliance", name).data["moves"]]
    assert len(told) == len(moved)
    for move in told:
        assert move["chance"] - move["draw"] == pytest.approx(move["recorded_margin"], abs=1e-12)


def test_the_parts_of_cohesion_make_its_course(source):
    from deftrade.explanations.one_thing.alliances import Memberships

    seen = Memberships(2)
    replay(source, [seen.watch()])
    series = source.results.record.series("alliances", "cohesion")[1:, 2]
    pace = source.results.world.clock.share(source.scenario.params.allying.cohesion_pace)
    for step, moment in seen.kept.items():
        goal = np.clip(sum(moment.parts.values()), 0, 1)
        assert moment.goal == pytest.approx(goal, abs=1e-12)
        assert moment.cohesion + pace * (goal - moment.cohesion) == pytest.approx(series[step], abs=1e-12)


def test_a_firm_is_told_with_its_books(source):
    told = explain(source, "firm", "Noor Aerospace")
    json.dumps(told.to_dict(), allow_nan=False)
    names = source.results.world.names.firms
    workers = source.results.record.series("firms", "workers")[1:, names.index("Noor Aerospace")]
    assert told.data["books"]["2028-Q4"]["workers"] == pytest.approx(workers[-1])
    assert told.data["is_active"]


def grid_of(told, first):
    return next(grid for section in told.sections for grid in section.grids if grid.headers[0] == first)


def test_cash_at_a_years_end_is_that_of_the_series(source):
    told = explain(source, "firm", "Noor Aerospace")
    row = source.results.world.names.firms.index("Noor Aerospace")
    cash = source.results.record.series("firms", "cash")[1:, row]
    rows = grid_of(told, "year").rows
    assert [line[0] for line in rows] == ["2025", "2026", "2027", "2028"]
    for year, line in enumerate(rows):
        close = 4 * year + 3
        assert line[2] == money(cash[close])
        page = told.data["books"][source.scenario.calendar.label(close)]
        assert page["closing_cash"] == cash[close]
        assert page["cash"] != cash[close]  # money moves after owners have decided


def test_the_years_of_a_firm_end_with_it(flagship):
    source = open_source(flagship("crescent_cooperation", 6, 7))
    world = source.results.world
    log = world.decisions
    closed = np.flatnonzero((log.kind == DecisionKind.FIRM_EXIT) & (log.step >= 0))[0]
    told = explain(source, "firm", world.names.firms[log.row[closed]])
    end = source.scenario.calendar.label(int(log.step[closed]))
    rows = grid_of(told, "year").rows
    assert int(end[:4]) < 2030
    assert rows[-1][0] == f"{end[:4]}, closed in {end}"
    assert rows[-1][2] == money(told.data["decisions"][-1]["cash"])
    assert len(rows) == int(end[:4]) - 2025 + 1
    assert max(told.data["books"]) == end


def test_what_closed_a_firm_is_told(flagship):
    source = open_source(flagship("crescent_cooperation", 6, 7))
    log = source.results.world.decisions
    closed = np.flatnonzero((log.kind == DecisionKind.FIRM_EXIT) & (log.step >= 0))
    assert len(closed)
    name = source.results.world.names.firms[log.row[closed[0]]]
    (turn,) = explain(source, "firm", name).data["decisions"]
    assert turn["cash"] < turn["limit"]
    assert turn["exit_draw"] < turn["exit_chance"]
    assert turn["date"] == source.scenario.calendar.label(int(log.step[closed[0]]))


@pytest.mark.parametrize("column", sorted(breakdowns()))
def test_parts_sum_to_the_series(source, column):
    tally = Tally(column, 0, frozenset({5, 9}))
    replay(source, tally.watches(), 10)
    series = source.results.record.series("states", column)[1:, 0]
    assert sum(tally.parts.values()) == pytest.approx(series[5] + series[9])
    assert tally.total == pytest.approx(series[5] + series[9])


def test_a_jump_is_broken_down(source):
    told = explain(source, "series", "Noor", "jobs_direct")
    series = source.results.record.series("states", "jobs_direct")[1:, 0]
    step = int(np.argmax(np.abs(np.diff(series)))) + 1
    assert told.data["date"] == source.scenario.calendar.label(step)
    change = sum(part["change"] for part in told.data["parts"])
    assert change == pytest.approx(series[step] - series[step - 1])
    assert all(part["what"] for part in told.data["parts"])


def test_a_jump_is_told_with_its_unit(source):
    assert " MUSD in 2027-Q3 to " in explain(source, "series", "Noor", "exports", "2027-Q4").title
    told = explain(source, "series", "Noor", "usable_capability")
    assert told.title.count(" CE in ") == 2
    assert told.data["unit"] == "CE"
    assert " CE; the median change from step to step is " in str(told)


def test_a_series_that_is_flat_is_said_to_be(source):
    series = source.results.record.series("states", "business_forgone")[1:, 0]
    assert not series.any()
    told = explain(source, "series", "Noor", "business_forgone")
    assert told.title == "Business forgone of Noor did not move from 2025-Q1 to 2028-Q4: 0 MUSD"
    assert "No part of it moved." in str(told)
    told = explain(source, "series", "Noor", "business_forgone", "2026-Q2")
    assert told.title == "Business forgone of Noor did not move from 2026-Q1 to 2026-Q2: 0 MUSD"


def test_support_that_a_package_promised_names_the_package(source):
    contracts = source.results.world.contracts
    promised = np.flatnonzero((contracts.tender < 0) & (contracts.signed >= 0))
    assert len(promised)
    for number in promised[:3]:
        package = explain(source, "contract", int(number)).data["package"]
        assert contracts.package_share[package] > 0
        assert contracts.buyer[package] == contracts.buyer[number]
