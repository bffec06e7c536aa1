"""Jobs that defence carries, those that would be there without it, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import ratio, total
from deftrade.core.tables.codes import Item, Sector
from deftrade.phases.accounting.counting import final_payments

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.accounting.counting import Payments
    from deftrade.phases.accounting.params import AccountingParams


class Jobs(NamedTuple):
    """Jobs at home, all ``(states,)``.

    ``carried`` and ``lost`` are C and X, ``civil`` is the part of C that payments to civil firms and
    households carry.
    """

    carried: Float
    civil: Float
    lost: Float
    net: Float


_NOT_SOLD = (Item.CIVIL_SALES.value, Item.RESEARCH_GRANT.value)


def multiplier(leakage: Float | float, params: AccountingParams) -> Float | float:
    """Return jobs in all for a direct one: ``(1 + indirect (1 - leakage)) (1 + induced)``."""
    return (1 + params.indirect * (1 - leakage)) * (1 + params.induced)


def net_jobs(
    workers: Float, paid: Payments, leakage: Float, productivity: Float, params: AccountingParams
) -> Jobs:
    r"""Return jobs carried, lost and net.

    .. math::
        C &= M_d L + a M_c (P_{civ} + c P_{hh} + \lambda_B P_{len}) \\
        X &= a M_c (c \, taxes + reallocated + \lambda_B \, borrowed) \\
        net &= s (C - X)

    Parameters
    ----------
    workers : (states,) float, jobs
        Workers of defence firms, for defence.
    paid : Payments
        Final payments of the step.
    leakage : (states,) float
        Share of what defence firms buy in that comes from abroad.
    productivity : (states,) float, MUSD a job and year
    """
    each = params.civil_intensity / productivity * multiplier(params.civil_leakage, params)
    earned = params.consumption * paid.households + params.crowding_out * paid.lenders
    civil = each * (paid.civil + earned)
    carried = multiplier(leakage, params) * workers + civil
    lost = each * (params.consumption * paid.taxes + paid.reallocated + params.crowding_out * paid.borrowed)
    return Jobs(carried, civil, lost, params.slack * (carried - lost))


def count_jobs(world: World, params: AccountingParams) -> None:
    """Count jobs by where they are, and net of those that would be there without defence."""
    states, firms = world.states, world.firms
    size, leakage = len(states), states.component_dependence
    states.jobs_direct = total(firms.home, firms.workers, size)
    states.jobs_indirect = params.indirect * (1 - leakage) * states.jobs_direct
    states.jobs_induced = params.induced * (states.jobs_direct + states.jobs_indirect)
    abroad = ratio(firms.export_revenue, firms.revenue - _not_sold(world)).clip(0, 1)
    states.export_jobs = total(firms.home, firms.workers * abroad, size)
    pay = params.uniformed_pay * states.productivity
    states.jobs_uniformed = world.clock.per_year(states.personnel_spending) / pay
    jobs = net_jobs(states.jobs_direct, final_payments(world), leakage, states.productivity, params)
    states.jobs_civil = jobs.civil
    states.jobs_displaced = jobs.carried - jobs.net
    states.jobs_net = jobs.net
    states.value_added_net = _net_value(world, jobs, params)


def _net_value(world: World, jobs: Jobs, params: AccountingParams) -> Float:
    """Return the value of the net: of defence work, and of other jobs what a civil job makes, MUSD."""
    states = world.states
    others = states.jobs_indirect + states.jobs_induced + jobs.civil - jobs.lost
    worth = params.value_share * states.productivity / params.civil_intensity
    return np.asarray(params.slack * (states.value_added + world.clock.flow(others * worth)))


def _not_sold(world: World) -> Float:
    """Return receipts of firms for what no worker of theirs does, ``(firms,)``: civil sales and grants."""
    postings = world.postings
    rows = np.flatnonzero(np.isin(postings.item, _NOT_SOLD) & (postings.payee_sector == Sector.FIRM.value))
    return total(postings.payee[rows], postings.amount[rows], len(world.firms))
