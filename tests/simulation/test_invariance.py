"""What a description's fineness may change: brands, and the cut of categories."""

from dataclasses import replace

import numpy as np
import pytest
from tests.worlds import small_scenario, small_world

from deftrade import simulate
from deftrade.core.tables import Categories, Firms
from deftrade.core.tables.codes import ContractKind

YEARS = 8
SEEDS = range(1, 6)
PARTS = 5


def split_firms(spec, home):
    """Return the world with every firm of a state in five equal parts, each with every line."""
    mine = np.flatnonzero(spec.firm_home == home)
    firms = np.concatenate(
        [np.repeat(firm, PARTS if firm in mine else 1) for firm in range(len(spec.firm_home))]
    )
    part = np.concatenate([np.arange(PARTS if firm in mine else 1) for firm in range(len(spec.firm_home))])
    lines = np.concatenate([np.flatnonzero(spec.line_firm == firm) for firm in firms])
    owner = np.concatenate(
        [np.repeat(place, np.count_nonzero(spec.line_firm == firm)) for place, firm in enumerate(firms)]
    )
    values = {
        column: array[firms].copy() if column in Firms.columns else array
        for column, array in spec.values.items()
    }
    values[Firms.civil_revenue] = values[Firms.civil_revenue] / np.where(np.isin(firms, mine), PARTS, 1)
    names = [
        f"{spec.names.firms[firm]} part {place}" if firm in mine else spec.names.firms[firm]
        for firm, place in zip(firms, part, strict=True)
    ]
    return replace(
        spec,
        names=replace(spec.names, firms=names),
        values=values,
        firm_home=spec.firm_home[firms],
        line_firm=owner,
        line_category=spec.line_category[lines],
        line_design=spec.line_design[lines],
        line_quality=spec.line_quality[lines],
        line_weight=spec.line_weight[lines] / np.where(np.isin(spec.line_firm[lines], mine), PARTS, 1),
        component_source=spec.component_source[lines],
        component_share=spec.component_share[lines],
    )


def share_abroad(results, state):
    """Return a state's share of the value that states ordered abroad."""
    contracts = results.world.contracts
    abroad = (
        (contracts.kind == ContractKind.EQUIPMENT)
        & (contracts.buyer != contracts.supplier)
        & (contracts.signed >= 0)
    )
    return contracts.price[abroad & (contracts.supplier == state)].sum() / contracts.price[abroad].sum()


@pytest.mark.slow
def test_more_brands_win_no_more_orders():
    """An exporter draws one lot a tender, however many firms stand behind it."""
    home = 4
    seeds = range(1, 9)
    whole = [share_abroad(simulate(small_scenario(YEARS, seed=seed)), home) for seed in seeds]
    parts = split_firms(small_world(), home)
    split = [share_abroad(simulate(small_scenario(YEARS, seed=seed, world=parts)), home) for seed in seeds]
    # A share of a third would be one of 0.7 if each brand drew a lot. Runs part by luck, so that
    # the mean difference of eight has a standard error of 0.055.
    assert 0.2 < np.mean(whole) < 0.5
    assert np.mean(split) - np.mean(whole) == pytest.approx(0, abs=0.16)


def merged(spec, first, second):
    """Return a world in which two equal categories are one: demand and plants add up."""
    kept = [place for place in range(len(spec.names.categories)) if place != second]
    moved = np.array([kept.index(first if place == second else place) for place in range(len(kept) + 1)])
    values = {}
    for column, array in spec.values.items():
        if column in Categories.columns:
            values[column] = array[kept].copy()
        elif column.axes[:1] == ("categories",):
            values[column] = array[:, kept].copy()
        else:
            values[column] = array
    demand = spec.values[Categories.demand_share]
    values[Categories.demand_share][kept.index(first)] = demand[first] + demand[second]
    # Lines of one firm in either category become one of double weight.
    key = spec.line_firm * len(kept) + moved[spec.line_category]
    _, lines, inverse = np.unique(key, return_index=True, return_inverse=True)
    return replace(
        spec,
        names=replace(spec.names, categories=[spec.names.categories[place] for place in kept]),
        values=values,
        line_firm=spec.line_firm[lines],
        line_category=moved[spec.line_category[lines]],
        line_design=spec.line_design[lines],
        line_quality=spec.line_quality[lines],
        line_weight=np.bincount(inverse, weights=spec.line_weight),
        component_source=spec.component_source[lines],
        component_share=spec.component_share[lines],
    )


def twin_categories():
    """Return a world whose second and third categories are equal, made by the same firms."""
    spec = small_world()
    spec.values[Categories.demand_share] = np.array([0.5, 0.25, 0.25])
    firms = len(spec.firm_home)
    return replace(
        spec,
        line_firm=np.repeat(np.arange(firms), 3),
        line_category=np.tile(np.arange(3), firms),
        line_design=np.full(3 * firms, -1),
        line_quality=np.full(3 * firms, np.nan),
        line_weight=np.ones(3 * firms),
        component_source=np.repeat(spec.component_source[::2], 3, axis=0),
        component_share=np.repeat(spec.component_share[::2], 3, axis=0),
    )


def totals(results):
    """Return what should not hang on the cut of categories, one number each."""
    states = results.record.series
    return {name: states("states", name)[1:].sum() for name in ("milex", "exports", "value_added")} | {
        "capability": results.record.series("states", "usable_capability")[-4:].sum() / 4,
        "jobs": results.record.series("states", "jobs_direct")[-4:].sum() / 4,
    }


def test_equal_categories_may_be_merged():
    """Two equal categories and one of their common size spend, trade, employ and field as much."""
    fine, coarse = twin_categories(), merged(twin_categories(), 1, 2)
    two = [totals(simulate(small_scenario(YEARS, seed=seed, world=fine))) for seed in SEEDS]
    one = [totals(simulate(small_scenario(YEARS, seed=seed, world=coarse))) for seed in SEEDS]
    for name in two[0]:
        mean_two, mean_one = (np.mean([run[name] for run in runs]) for runs in (two, one))
        assert mean_one == pytest.approx(mean_two, rel=0.15), name
    assert two[0]["milex"] == pytest.approx(one[0]["milex"], rel=0.02)
