"""The flagship gives the numbers that are kept in `golden/crescent.csv`: to notice any change of them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deftrade import load, simulate
from deftrade.core.tables.codes import ContractStatus, LicenceStatus, TenderStatus

HERE = Path(__file__).parent
SCENARIO = HERE.parent / "scenarios" / "crescent_cooperation.yaml"
GOLDEN = HERE / "golden" / "crescent.csv"
YEARS = 5
FOCUS = "Noor"
TOLERANCE = 1e-6

STOCKS = (
    "gdp", "burden", "usable_capability", "readiness", "know_how", "rung", "debt", "research_stock",
    "skilled_pool", "jobs_direct", "supplier_concentration", "component_dependence",
)  # fmt: skip
FLOWS = ("exports", "imports", "value_added", "fiscal_cost", "small_refusals")
"""Summed over the year; the other series are values at its end."""
SHARES = ("burden", "readiness", "know_how", "rung", "supplier_concentration", "component_dependence")
"""Means over states, where the others are totals."""

HOW = f"""
If the change is meant, write the file anew and show the difference in review:

    python -m pytest {Path(__file__).relative_to(HERE.parent)} --update-golden

and add a line with the tag **Results** to CHANGELOG.md that names the cause.
If it is not meant, the change of the code has a side effect on the model.
"""


def by_year(results, series):
    """Return a series of all states, ``(years, states)``: the opening's row is left out."""
    values = results.record.series("states", series)[1:]
    yearly = values.reshape(YEARS, -1, values.shape[1])
    return yearly.sum(axis=1) if series in FLOWS else yearly[:, -1]


def measured(results):
    """Return rows ``scope, series`` and a column for each year, and counts in the last one alone."""
    names = results.world.names.states
    years = [str(results.scenario.calendar.start + year) for year in range(YEARS)]
    rows = []
    for series in STOCKS + FLOWS:
        values = by_year(results, series)
        world = values.mean(axis=1) if series in SHARES else values.sum(axis=1)
        rows.append((FOCUS, series, *values[:, names.index(FOCUS)]))
        rows.append(("world", series, *world))
    rows += [("count", name, *[np.nan] * (YEARS - 1), count) for name, count in counted(results.world)]
    return pd.DataFrame(rows, columns=["scope", "series", *years]).set_index(["scope", "series"])


def counted(world):
    """Yield how many rows of each status records have."""
    tables = (
        ("contracts", world.contracts, ContractStatus),
        ("applications", world.applications, LicenceStatus),
        ("tenders", world.tenders, TenderStatus),
    )
    for name, table, code in tables:
        yield name, len(table)
        for status in code:
            yield f"{name} {status.name.lower()}", int(np.count_nonzero(table.status == status))
    yield "decisions", len(world.decisions)
    yield "firms", len(world.firms)
    yield "lines", len(world.lines)


@pytest.fixture(scope="module")
def now():
    return measured(simulate(load(SCENARIO, years=YEARS)))


@pytest.fixture(scope="module")
def golden(now, pytestconfig):
    if pytestconfig.getoption("--update-golden"):
        now.to_csv(GOLDEN, float_format="%.10g", lineterminator="\n")
    return pd.read_csv(GOLDEN, index_col=["scope", "series"])


def differences(now, golden):
    """Yield a line for each number that is not what it was."""
    for place, row in golden.iterrows():
        for year, old in row.items():
            new = now.loc[place, year]
            limit = 0 if place[0] == "count" else TOLERANCE * abs(old)
            if not (abs(new - old) <= limit or (np.isnan(new) and np.isnan(old))):
                moved = f" ({new / old - 1:+.1e})" if old else ""
                yield f"{' '.join(place)} in {year}: {new:.10g}, was {old:.10g}{moved}"


def test_the_golden_file_holds_the_series_of_this_test(now, golden):
    assert list(golden.index) == list(now.index), HOW
    assert list(golden.columns) == list(now.columns), HOW


def test_the_flagship_gives_the_golden_numbers(now, golden):
    found = list(differences(now, golden))
    shown = "\n".join(found[:20])
    assert not found, f"{len(found)} of {golden.size} numbers of {SCENARIO.name} changed:\n{shown}\n{HOW}"


def test_a_change_beyond_rounding_is_noticed(golden):
    rounded, changed = golden.copy(), golden.copy()
    rounded.loc[[FOCUS]] *= 1 + 1e-9  # a list keeps both levels, without which pandas 2.2 aligns nothing
    assert not list(differences(rounded, golden))
    changed.loc[(FOCUS, "gdp"), changed.columns[2]] *= 1 + 1e-5
    changed.loc[("count", "contracts cancelled"), changed.columns[-1]] += 1
    changed.loc[("world", "debt"), changed.columns[0]] = np.nan
    assert len(list(differences(changed, golden))) == 3
