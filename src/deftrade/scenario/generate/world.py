"""Generated worlds: as many states and firms as wanted, shaped like the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.draws import Draws, identities
from deftrade.core.tables import Alliances, Categories, Dyads, Firms, States
from deftrade.core.tables.codes import CRITERIA
from deftrade.core.world import Names
from deftrade.scenario.generate.alliances import ally
from deftrade.scenario.generate.industry import Kinds, build_industry, stand
from deftrade.scenario.generate.policy import budget_shares, defaults, levers, within
from deftrade.scenario.generate.relations import burdens, relate
from deftrade.scenario.generate.spec import GenerateSpec
from deftrade.scenario.generate.states import Nations, draw_nations
from deftrade.scenario.resolved import WorldSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.core.table import Column
    from deftrade.scenario.generate.alliances import Leagues
    from deftrade.scenario.generate.industry import Industry, Standing
    from deftrade.scenario.generate.relations import Relations

    Values = dict[Column[Any], NDArray[Any]]


def generate_world(
    spec: GenerateSpec,
    seed: int,
    category_names: list[str],
    category_values: dict[Column[Any], NDArray[Any]],
) -> WorldSpec:
    """Return a world of invented states, firms and alliances.

    Every draw is keyed by the seed and by names, so the same seed gives the same world on any
    machine. Rows of states go from large to small economies, but for noise; row 0 is the leader,
    row 1 its rival.

    Parameters
    ----------
    spec : GenerateSpec
        Counts and distributions.
    seed : int
        Seed of the world's own luck.
    category_names : list of str
        Names of the categories of equipment.
    category_values : dict of Column to (categories,) array
        Given numbers of categories; what is missing takes its default, and demand is shared
        equally if no share is given.

    Returns
    -------
    WorldSpec
        With every ``given`` and ``lever`` column of Categories, States, Dyads, Firms and
        Alliances, inside its bounds.
    """
    draws = Draws(seed)
    nations = draw_nations(spec, draws)
    relations = relate(spec, nations)
    regimes = (spec.society.autocracy, spec.society.democracy)
    burden = burdens(spec.burden, nations, relations, regimes)
    categories = _categories(category_names, category_values)
    kinds = Kinds(
        identities("category", category_names),
        categories[Categories.demand_share],
        categories[Categories.rung_design],
    )
    milex = burden * nations.gdp
    standing = stand(spec, nations, milex, kinds)
    industry = build_industry(spec, nations, relations, standing, kinds, milex)
    leagues = ally(spec.relations, nations, relations)
    values = {
        **categories,
        **_states(spec, nations, standing, burden, len(category_names)),
        **_dyads(nations, relations),
        **_firms(spec, draws, industry),
        **_alliances(leagues),
    }
    return WorldSpec(
        names=Names(nations.names, list(category_names), industry.firms, [], leagues.names),
        values={column: within(column, value) for column, value in values.items()},
        firm_home=industry.home,
        line_firm=industry.owner,
        line_category=industry.category,
        line_design=industry.design,
        line_quality=industry.quality,
        line_weight=industry.weight,
        component_source=industry.source,
        component_share=industry.share,
        alliance_kind=leagues.kind,
        alliance_member=leagues.member,
        seed=seed,
    )


def _categories(names: list[str], given: Values) -> Values:
    """Return the columns of the table of categories."""
    values = defaults(Categories, len(names), {})
    values[Categories.demand_share] = np.full(len(names), 1 / len(names))
    return {column: np.asarray(given.get(column, value)) for column, value in values.items()}


def _states(
    spec: GenerateSpec, nations: Nations, standing: Standing, burden: Float, categories: int
) -> Values:
    """Return all given numbers and levers of states."""
    sizes = {"categories": categories, "criteria": len(CRITERIA)}
    return {
        **defaults(States, len(nations.uid), sizes),
        States.gdp: nations.gdp,
        States.trend_growth: nations.growth,
        States.oil_share: nations.oil,
        States.exchange_tightness: nations.tightness,
        States.productivity: nations.productivity,
        States.governance: nations.governance,
        States.polity: nations.polity,
        States.internal_conflict: nations.conflict,
        States.burden: burden,
        States.know_how: standing.know_how,
        States.rung: standing.rung,
        **levers(States, spec.policy, nations.draws, nations.uid),
        **budget_shares(spec.policy, nations.draws, nations.uid, standing),
    }


def _dyads(nations: Nations, relations: Relations) -> Values:
    """Return the columns of the table of pairs of states."""
    size = len(nations.uid)
    return {
        **defaults(Dyads, size, {"states": size}),
        Dyads.distance: nations.distance,
        Dyads.hostility: relations.hostility,
        Dyads.alignment: relations.alignment,
    }


def _firms(spec: GenerateSpec, draws: Draws, industry: Industry) -> Values:
    """Return the columns of the table of firms."""
    uid = identities("firm", industry.firms)
    return {
        **defaults(Firms, len(uid), {}),
        Firms.state_share: industry.state_share,
        Firms.civil_revenue: industry.civil_revenue,
        **levers(Firms, spec.policy, draws, uid),
    }


def _alliances(leagues: Leagues) -> Values:
    """Return the columns of the table of alliances."""
    return {**defaults(Alliances, len(leagues.names), {}), **leagues.values}
