"""Names of rows and of the currency do not matter; a world against itself differs by nothing."""

from dataclasses import replace

import numpy as np
import pytest
from tests.worlds import small_scenario, small_world

from deftrade.core import tables
from deftrade.core.tables import Alliances, Categories, Dyads, Firms, States
from deftrade.phases import Params
from deftrade.results.indicators import INDICATORS, measure
from deftrade.scenario.events.kinds import KINDS, Event
from deftrade.scenario.resolved import Setting
from deftrade.simulation import simulate

YEARS = 4
STATES = np.array([3, 0, 5, 1, 4, 2])
FIRMS = np.array([7, 2, 11, 0, 5, 9, 1, 10, 3, 8, 4, 6])
ALLIANCES = np.array([1, 0])


def inverse(order):
    """Return for each old row its new one."""
    result = np.empty_like(order)
    result[order] = np.arange(len(order))
    return result


def relabelled(spec):
    """Return the same world with states, firms, lines and alliances in another row order."""
    rng = np.random.default_rng(2)
    lines = rng.permutation(len(spec.line_firm))
    state, firm = inverse(STATES), inverse(FIRMS)
    rows = {States: STATES, Dyads: STATES, Firms: FIRMS, Alliances: ALLIANCES}
    values = {}
    for column, array in spec.values.items():
        table = next(table for table in tables.ALL if column in table.columns)
        moved = array[rows[table]] if table in rows else array
        values[column] = moved[:, STATES] if column.axes[:1] == ("states",) else moved
    source = spec.component_source[lines]
    names = spec.names
    return replace(
        spec,
        names=replace(
            names,
            states=[names.states[row] for row in STATES],
            firms=[names.firms[row] for row in FIRMS],
            alliances=[names.alliances[row] for row in ALLIANCES],
        ),
        values=values,
        firm_home=state[spec.firm_home[FIRMS]],
        line_firm=firm[spec.line_firm[lines]],
        line_category=spec.line_category[lines],
        line_quality=spec.line_quality[lines],
        line_weight=spec.line_weight[lines],
        component_source=np.where(source >= 0, state[source], -1),
        component_share=spec.component_share[lines],
        alliance_kind=spec.alliance_kind[ALLIANCES],
        alliance_member=spec.alliance_member[ALLIANCES][:, STATES],
    )


def event(year, kind, **particulars):
    return Event(year, kind, KINDS[kind].model_construct(**particulars))


def plain():
    """Return the world as it is; ranks of lines differ so that no two plants are alike."""
    spec = small_world()
    spec.line_weight[:] = 1 + np.arange(len(spec.line_weight)) / 10
    spec.values[Categories.package_share][:] = 0.3
    return spec


@pytest.fixture(scope="module")
def pair():
    """Run a world and the same world relabelled, both with policy and events."""

    def treated(spec, row):
        return small_scenario(
            years=YEARS,
            world=spec,
            policy=(Setting(States.offset_rate, (row(2),), 2026.0, 0.9),),
            events=(
                event(2026.5, "gdp_shock", state=row(4), size=-0.1),
                event(2026.5, "veto", source=row(5), target=row(1), years=2.0),
            ),
        )

    state = inverse(STATES)
    one = simulate(treated(plain(), int))
    return one, simulate(treated(relabelled(plain()), lambda row: int(state[row])))


@pytest.mark.parametrize("name", ["states", "firms", "alliances"])
def test_relabelled_rows_give_relabelled_series(pair, name):
    one, other = pair
    here, there = getattr(one.world.names, name), getattr(other.world.names, name)
    assert here != there
    assert sorted(here) == sorted(there)
    places = [there.index(entry) for entry in here]
    for column in one.record.columns[name]:
        expected = one.record.series(name, column.name)
        found = other.record.series(name, column.name)[:, places]
        scale = np.nanmax(np.abs(expected), initial=1.0)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9 * scale, nan_ok=True), column


def test_relabelled_rows_give_the_same_decisions(pair):
    def contracts(results):
        names, table = results.world.names, results.world.contracts
        return {
            int(uid): (
                names.states[buyer],
                names.states[supplier],
                names.categories[category],
                int(kind),
                int(mode),
                int(signed),
                int(ended),
                int(status),
            )
            for uid, buyer, supplier, category, kind, mode, signed, ended, status in zip(
                table.uid,
                table.buyer,
                table.supplier,
                table.category,
                table.kind,
                table.mode,
                table.signed,
                table.ended,
                table.status,
                strict=True,
            )
        }

    def licences(results):
        table = results.world.applications
        return dict(zip(table.uid.tolist(), table.rule.tolist(), strict=True))

    one, other = pair
    assert contracts(one) == contracts(other)
    assert licences(one) == licences(other)
    assert (one.world.contracts.signed >= 0).sum() > 50


def test_relabelled_rows_give_the_same_trade(pair):
    one, other = pair
    state = inverse(STATES)
    for name in ("alignment", "relation", "goodwill", "hostility", "allied"):
        expected = getattr(one.world.dyads, name)
        found = getattr(other.world.dyads, name)[np.ix_(state, state)]
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.abs(expected).max())


# The currency: one CU is what one MUSD buys, so both double together

DOUBLED = {"MUSD", "MUSD/yr", "CU", "CU/yr", "CE", "MUSD/job", "MUSD/head"}
HALVED = {"jobs/MUSD", "count/CU"}
STRENGTHS = {"threat", "opening_threat", "opening_strength", "spill_in", "opening_spill_in"}
"""Sums of strengths, of which decisions see ratios only."""


def factor(unit):
    return 2.0 if unit in DOUBLED else 0.5 if unit in HALVED else 1.0


def doubled_params(group):
    """Return parameters with every one in money or volume doubled, whatever its bounds."""
    update = {
        name: getattr(group, name) * factor(field.json_schema_extra["unit"])
        for name, field in type(group).model_fields.items()
    }
    return group.model_copy(update=update)


def doubled(scenario):
    """Return the scenario in a currency of half the worth."""
    spec = scenario.world
    values = {column: array * factor(column.unit) for column, array in spec.values.items()}
    params = Params().model_copy(
        update={name: doubled_params(getattr(scenario.params, name)) for name in Params.model_fields}
    )
    return replace(scenario, world=replace(spec, values=values), params=params)


@pytest.fixture(scope="module")
def currencies():
    """Run a world in two currencies."""
    scenario = small_scenario(years=YEARS)
    one = simulate(scenario)
    return one, simulate(doubled(scenario))


def test_money_and_volume_double_and_nothing_else_changes(currencies):
    one, other = currencies
    wrong = []
    for name in ("states", "firms", "alliances"):
        for column in one.record.columns[name]:
            unit = "CU" if column.name in STRENGTHS else column.unit
            expected = one.record.series(name, column.name) * factor(unit)
            found = other.record.series(name, column.name)
            scale = np.nanmax(np.abs(expected), initial=1e-9)
            if found.shape != expected.shape or not np.allclose(
                found, expected, rtol=1e-9, atol=1e-9 * scale, equal_nan=True
            ):
                wrong.append(column.path)
    assert not wrong


def test_the_currency_changes_no_decision(currencies):
    one, other = currencies
    here, there = one.world.contracts, other.world.contracts
    for name in ("uid", "buyer", "supplier", "line", "kind", "mode", "signed", "status"):
        assert np.array_equal(getattr(here, name), getattr(there, name)), name


def test_indicators_follow_the_currency(currencies):
    one, other = (dict(zip(INDICATORS, measure(results), strict=True)) for results in currencies)
    for item in INDICATORS:
        expected = one[item][1] * factor(item.unit)
        assert other[item][1] == pytest.approx(expected, rel=1e-9, abs=1e-12), item.name


# A against A


def test_a_world_against_itself_differs_by_nothing():
    one, other = (simulate(small_scenario(years=2)) for _ in range(2))
    for name in ("states", "firms", "alliances", "flows", "contracts", "licences", "accounts"):
        here, there = one.to_frame(name), other.to_frame(name)
        assert here.equals(there), name
    difference = [a - b for (_, a), (_, b) in zip(measure(one), measure(other), strict=True)]
    assert difference == [0.0] * len(INDICATORS)


def test_a_policy_that_sets_what_is_already_so_changes_nothing():
    policy = (
        Setting(States.offset_rate, (2,), 2025.5, States.offset_rate.bounds.default),
        Setting(Firms.margin, (), 2026.0, Firms.margin.bounds.default),
    )
    assert (
        simulate(small_scenario(years=2, policy=policy)).run.digests
        == simulate(small_scenario(years=2)).run.digests
    )
