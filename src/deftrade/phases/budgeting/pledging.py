"""Pledges to allies are honoured slowly by themselves and fast once peers or alarm move."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import ratio

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.budgeting.params import BudgetingParams


class Pledge(NamedTuple):
    """What alliances ask and how it presses; every field has shape ``(states,)``.

    Parameters
    ----------
    asked : float, share of GDP
        Highest burden that a state's alliances ask.
    peers : float
        Share of fellow members that honour what the most demanding alliance asks.
    alarm : float
        Hyperbolic tangent of the log of threat against the opening where it has risen.
    """

    asked: Float
    peers: Float
    alarm: Float


def pledge_goal(pledge: Pledge, params: BudgetingParams) -> Float:
    """Return the effort that a state comes to make, shape ``(states,)``, 0 to 1.

    A threshold process in the spirit of Granovetter (1978): the more fellows pay, the more do.
    """
    wanted = params.pledge_base + params.pledge_peer * pledge.peers + params.pledge_alarm * pledge.alarm
    return np.where(pledge.asked * params.pledge_compliance > 0, wanted.clip(0, 1), 0.0)


def lifted_burden(
    desired: Float, own: Float, pledge: Pledge, effort: Float, params: BudgetingParams
) -> Float:
    """Return the desired burden with pledges, shape ``(states,)``, share of GDP.

    A government means the pledge it sets itself; what allies ask it honours by its effort.

    Parameters
    ----------
    desired : (states,) float, share of GDP
        Burden wanted without pledges.
    own : (states,) float, share of GDP
        Burden that the state pledges by itself; 0 is none.
    pledge : Pledge
        What alliances ask.
    effort : (states,) float
        How far the state tries to honour that, 0 to 1.
    """
    scale = params.pledge_compliance
    aim = pledge.asked * (1 + params.pledge_margin)
    asked = desired + scale * effort * np.maximum(aim - desired, 0)
    chosen = desired + scale * params.pledge_own * np.maximum(own - desired, 0)
    return np.maximum(asked, chosen)


def look_at_fellows(world: World) -> Pledge:
    """Return what alliances ask of states, and who of the fellow members honours it."""
    states, alliances = world.states, world.alliances
    target = alliances.burden_target[:, None]
    binding = alliances.member & (target > 0)
    honours = binding & (states.burden >= target)
    count = binding.sum(axis=1, keepdims=True)
    fellows = ratio(honours.sum(axis=1, keepdims=True) - honours, np.maximum(count - 1, 0)) * binding
    asked = np.where(binding, target, 0.0)
    most = binding & (asked == asked.max(axis=0, initial=0.0))
    risen = elementary.log(ratio(states.threat, states.opening_threat, otherwise=1.0).clip(1))
    return Pledge(
        asked.max(axis=0, initial=0.0),
        np.where(most, fellows, 0.0).max(axis=0, initial=0.0),
        elementary.tanh(risen),
    )
