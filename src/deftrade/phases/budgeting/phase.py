"""Income, threat, allies and pledges set the military burden; the burden sets the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import ratio
from deftrade.core.phase import phase
from deftrade.core.posting import government, households, post
from deftrade.core.tables import Alliances, Dyads, Environment, Postings, States
from deftrade.core.tables.codes import CLIPS, Item
from deftrade.phases.budgeting.borrowing import finance_budget
from deftrade.phases.budgeting.params import BudgetingParams
from deftrade.phases.budgeting.pledging import lifted_burden, look_at_fellows, pledge_goal
from deftrade.phases.shared.lending import service_loans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.world import World

_CAP = CLIPS.index("fiscal_cap")


@phase(
    BudgetingParams,
    reads=(
        States.uid,
        States.trend_growth,
        States.oil_share,
        States.opening_gdp,
        States.burden_anchor,
        States.threat,
        States.opening_threat,
        States.spill_in,
        States.opening_spill_in,
        States.burden_pledge,
        States.procurement_share,
        States.support_share,
        States.research_share,
        States.other_debt,
        States.debt_financing,
        States.reallocation_financing,
        Alliances.member,
        Alliances.burden_target,
    ),
    writes=(
        States.gdp,
        States.trend_gdp,
        States.gdp_gap,
        States.gdp_shock,
        States.burden,
        States.pledge_effort,
        States.burden_taste,
        States.milex,
        States.personnel_spending,
        States.support_budget,
        States.procurement_budget,
        States.research_budget,
        States.procurement_fund,
        States.debt,
        States.fiscal_cost,
        Dyads.loans,
        States.debt_share,
        States.interest_rate,
        States.interest,
        Environment.oil_gap,
        Environment.oil_shock,
        Environment.clipped,
        Environment.considered,
    ),
    appends=(Postings,),
)
def budgeting(world: World, params: BudgetingParams) -> None:
    """Set GDP, the military burden, the budget lines and their financing."""
    _grow_economies(world, params)
    states, clock, env = world.states, world.clock, world.environment
    desired = desired_burden(
        Situation(
            states.burden_anchor,
            states.trend_gdp / states.opening_gdp,
            ratio(states.threat, states.opening_threat, otherwise=1.0),
            ratio(states.spill_in, states.opening_spill_in, otherwise=1.0),
        ),
        params,
    ) * elementary.exp(states.burden_taste)
    states.burden_taste = states.burden_taste * clock.keep(params.taste_persistence) + clock.spread(
        params.taste_spread, params.taste_persistence
    ) * world.draws.normal("budgeting.taste", states.uid, clock.date_id)
    pledge = look_at_fellows(world)
    pace = clock.share(params.pledge_pace)
    states.pledge_effort = states.pledge_effort + pace * (pledge_goal(pledge, params) - states.pledge_effort)
    wanted = lifted_burden(desired, states.burden_pledge, pledge, states.pledge_effort, params)
    pressed = (wanted > states.burden) * states.pledge_effort * (wanted > desired)
    desired = wanted
    recession = elementary.log(states.gdp / states.trend_gdp) < params.recession_gap
    speed = np.where(recession & (desired < states.burden), params.recession_adjustment, params.adjustment)
    speed = np.minimum(speed + params.pledge_urgency * pressed * pledge.alarm, 1.0)
    burden = states.burden + clock.share(speed) * (desired - states.burden)
    env.clipped[0, _CAP] += np.count_nonzero(burden > params.fiscal_cap)
    env.considered[0, _CAP] += len(burden)
    states.burden = np.minimum(burden, params.fiscal_cap)
    _appropriate(world, params)
    service_loans(world, params)


def _grow_economies(world: World, params: BudgetingParams) -> None:
    """Move GDP along its trend with keyed shocks and the oil price."""
    states, env, clock, draws = world.states, world.environment, world.clock, world.draws
    fade = clock.keep(params.shock_persistence)
    env.oil_gap = env.oil_gap * clock.keep(params.oil_persistence) + clock.spread(
        params.oil_spread, params.oil_persistence
    ) * draws.normal("budgeting.oil", clock.date_id)
    states.gdp_gap = states.gdp_gap * clock.keep(params.gdp_persistence) + clock.spread(
        params.gdp_spread, params.gdp_persistence
    ) * draws.normal("budgeting.gdp", states.uid, clock.date_id)
    fed = params.growth_feedback * (states.burden - states.burden_anchor)
    states.trend_gdp = states.trend_gdp * clock.grow((states.trend_growth + fed) * params.trend)
    oil = params.oil_pass_through * states.oil_share * (env.oil_gap + env.oil_shock)
    shocks = params.scheduled_shocks * states.gdp_shock
    states.gdp = states.trend_gdp * elementary.exp(states.gdp_gap + shocks + oil)
    env.oil_shock = env.oil_shock * fade
    states.gdp_shock = states.gdp_shock * fade


def _appropriate(world: World, params: BudgetingParams) -> None:
    """Split the budget into its lines and post who finances it."""
    states, clock = world.states, world.clock
    states.milex = clock.flow(states.burden * states.gdp)
    states.procurement_budget = states.milex * states.procurement_share
    states.support_budget = states.milex * states.support_share
    states.research_budget = states.milex * states.research_share
    states.personnel_spending = (
        states.milex - states.procurement_budget - states.support_budget - states.research_budget
    )
    rows = np.arange(len(states))
    norm = params.fund_years * clock.per_year(states.procurement_budget)
    lapsed = clock.share(params.lapse) * np.maximum(states.procurement_fund - norm, 0)
    states.procurement_fund = states.procurement_fund + states.procurement_budget - lapsed
    post(world, Item.TAX, government(rows), households(rows), lapsed)
    finance_budget(world, params)
    post(world, Item.PERSONNEL, government(rows), households(rows), states.personnel_spending)


class Situation(NamedTuple):
    """What the desired burden answers to; every field has shape ``(states,)``."""

    anchor: NDArray[np.float64]
    income: NDArray[np.float64]
    threat: NDArray[np.float64]
    allies: NDArray[np.float64]


def desired_burden(situation: Situation, params: BudgetingParams) -> NDArray[np.float64]:
    r"""Return the burden a state wants, shape ``(states,)``, share of GDP.

    .. math:: \ln m^* = a + (\eta - 1)\ln(Y/Y_0) + r \ln \hat E - s \ln \hat A

    Log error-correction form after Dunne and Smith (2007), Handbook of Defense Economics 2, ch. 28.
    Incomes, threat and allies are ratios to the opening.
    """
    wanted: NDArray[np.float64] = (
        situation.anchor
        * elementary.power(situation.income, params.income_elasticity - 1)
        * elementary.power(situation.threat.clip(1e-6), params.reaction)
        * elementary.power(situation.allies.clip(1e-6), -params.free_riding)
    )
    return wanted


def reaction_matrix(
    threat_share: NDArray[np.float64], ally_share: NDArray[np.float64], params: BudgetingParams
) -> NDArray[np.float64]:
    """Return the log-linear reaction of burdens to strengths, shape ``(states, states)``.

    Parameters
    ----------
    threat_share, ally_share : (states, states) float
        Share of each column state in the row state's threat and spill-in.

    Notes
    -----
    The system is stable if and only if its spectral radius is below one (Richardson 1960).
    """
    matrix: NDArray[np.float64] = params.reaction * threat_share + params.free_riding * ally_share
    return matrix
