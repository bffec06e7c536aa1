"""The balance test of a licence: what is weighed, the terms of the margin, and their sum.

The test of ATT Art. 7 with criteria of EU Common Position 2008/944. The terms are a pure function of plain
arrays and parameters. The phase sums them, and explanations read them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import ratio

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.phases.licensing.params import LicensingParams


WORDS = {
    "tolerance": "tolerance",
    "strategic": "alignment",
    "commercial": "idle lines",
    "balance": "threat to the buyer",
    "luck": "luck",
}
"""What people call what adds to the margin, the criteria aside, which have names."""


class Grounds(NamedTuple):
    """What a balance test weighs, ``(cases,)``; scores and weights of the criteria are ``(cases, 8)``.

    ``sensitivity`` is that of the goods, ``plight`` what the threat to the buyer adds to the benefit, and
    ``draw`` the officials' luck, between 0 and 1.
    """

    scores: Float
    weights: Float
    sensitivity: Float
    alignment: Float
    backlog_years: Float
    plight: Float
    strictness: Float
    draw: Float


class MarginTerms(NamedTuple):
    """Terms of the margin, ``(cases,)``: benefits and luck are added, risk by criterion is taken off.

    ``scores`` and ``weights`` are ``(cases, 8)``; the product of both, times ``sensitivity`` and
    ``strictness``, is taken off.
    """

    tolerance: Float
    strategic: Float
    commercial: Float
    balance: Float
    scores: Float
    weights: Float
    sensitivity: Float
    strictness: Float
    luck: Float


def margin_terms(grounds: Grounds, params: LicensingParams) -> MarginTerms:
    """Return the terms of the balance test; luck is logistic."""
    draw = grounds.draw
    return MarginTerms(
        np.full(len(draw), params.tolerance),
        params.strategic * grounds.alignment,
        params.commercial * (1 - grounds.backlog_years / params.normal_backlog).clip(0, 1),
        grounds.plight,
        grounds.scores,
        grounds.weights,
        params.sensitivity_base + grounds.sensitivity,
        grounds.strictness,
        params.judgement_spread * elementary.log(draw / (1 - draw)),
    )


def risk(terms: MarginTerms) -> Float:
    """Return risk before strictness, weighted by criterion and sensitivity of the goods, ``(cases,)``."""
    return np.asarray((terms.weights * terms.scores).sum(axis=1) * terms.sensitivity, dtype=np.float64)


def benefit(terms: MarginTerms) -> Float:
    """Return strategic, commercial and balancing benefit to the exporter, ``(cases,)``."""
    return terms.strategic + terms.commercial + terms.balance


def expected_margin(terms: MarginTerms) -> Float:
    """Return tolerance and benefit less strictness times risk, without luck, ``(cases,)``."""
    return terms.tolerance + benefit(terms) - terms.strictness * risk(terms)


def margin(terms: MarginTerms) -> Float:
    """Return the balance of cases, luck included, ``(cases,)``; negative is a refusal."""
    # Where nothing is strict nothing is refused: strictness 0 switches the balance test off.
    return np.asarray(np.where(terms.strictness > 0, _balance(terms), np.inf), dtype=np.float64)


def _balance(terms: MarginTerms) -> Float:
    """Return what is left of tolerance and benefit, luck included, ``(cases,)``, as if nothing were off."""
    return expected_margin(terms) + terms.luck


class Effects(NamedTuple):
    """What each thing adds to the margin, ``(cases,)``, ``criteria`` ``(cases, 8)``; they sum to it."""

    tolerance: Float
    strategic: Float
    commercial: Float
    balance: Float
    criteria: Float
    luck: Float


def full_weights(terms: MarginTerms) -> Float:
    """Return what criteria weigh in the risk, the sensitivity of the goods included, ``(cases, 8)``."""
    return terms.weights * terms.sensitivity[:, None]


def effects(terms: MarginTerms) -> Effects:
    """Return what each thing adds to the margin of a balance test that is not switched off."""
    criteria = -terms.strictness[:, None] * (full_weights(terms) * terms.scores)
    return Effects(terms.tolerance, terms.strategic, terms.commercial, terms.balance, criteria, terms.luck)


def greatest_strictness(terms: MarginTerms) -> Float:
    """Return the strictness up to which the test grants, ``(cases,)``; infinite where there is no risk."""
    return ratio(terms.tolerance + benefit(terms) + terms.luck, risk(terms), otherwise=np.inf)


def lacking_tolerance(grounds: Grounds, params: LicensingParams) -> Float:
    """Return how much more of the parameter would bring the balance to 0, ``(cases,)``; negative if less.

    What the parameter is worth is read from the terms themselves.
    """
    without, one = (
        _balance(margin_terms(grounds, params.model_copy(update={"tolerance": value})))
        for value in (0.0, 1.0)
    )
    return ratio(-_balance(margin_terms(grounds, params)), one - without, otherwise=np.inf)
