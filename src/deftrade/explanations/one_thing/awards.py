"""A buyer's choice in words: all offers with the parts of their scores, and what would have flipped it."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.tables.codes import Mode
from deftrade.core.wording import counted, less_or_more, money, number, signed
from deftrade.explanations.one_thing.flips import flips, waiting_flip
from deftrade.explanations.one_thing.scoring import LUCK
from deftrade.explanations.replay.names import MODES
from deftrade.explanations.replay.sections import Grid, Section
from deftrade.phases.selecting.choosing import BUY, MAKE, WAIT

if TYPE_CHECKING:
    from deftrade.core.world import Names
    from deftrade.explanations.one_thing.flips import Flip
    from deftrade.explanations.one_thing.scoring import Scored

SHOWN = 5
"""Offers that the table for people shows; machines get all."""
ALTERNATIVES = {MAKE: "to make at home", BUY: "to buy abroad", WAIT: "to wait"}


def offer_name(scored: Scored, offer: int, names: Names) -> str:
    """Return who offers and how, such as ``Westmark (Aerodyne), off the shelf``."""
    columns = scored.columns
    who, firm = names.states[columns["exporter"][offer]], int(columns["firm"][offer])
    mode = MODES[Mode(int(columns["mode"][offer])).name.lower()]
    return f"{who} ({names.firms[firm]}), {mode}" if firm >= 0 else f"{who}, {mode}"


def award_section(scored: Scored, names: Names, date: str) -> Section:
    """Return a choice among offers as sentences and a table."""
    choice = scored.choice()
    chosen, second = int(choice.offer[0]), int(choice.runner_up[0])
    barred = np.flatnonzero(~scored.columns["is_released"])
    sentences = [f"{counted(len(scored.bid), 'offer')} came in."]
    if len(barred):
        those = ", ".join(offer_name(scored, int(offer), names) for offer in barred[:SHOWN])
        sentences.append(f"Not released by their own governments, so never in the running: {those}.")
    sentences.append(_chosen(scored, names, chosen, second, float(choice.margin[0])))
    wished = int(scored.choice(released=np.ones(len(scored.bid), dtype=bool)).offer[0])
    if wished not in (chosen, -1):
        sentences.append(
            f"Had all been released, {offer_name(scored, wished, names)} would have been chosen."
        )
    sentences += flip_sentences(scored, names)
    return Section(f"The choice in {date}", tuple(sentences), (parts_grid(scored, names),))


def _chosen(scored: Scored, names: Names, chosen: int, second: int, margin: float) -> str:
    """Return who was chosen, who came second, and by how much."""
    if chosen < 0:
        return f"The buyer chose to wait rather than take any offer, by {number(margin)} of score."
    first = f"Chosen: {offer_name(scored, chosen, names)}"
    if not isfinite(margin):
        return f"{first}; there was no alternative, not even waiting."
    if second < 0:
        return f"{first}, ahead of waiting by {number(margin)} of score."
    if scored.alternative[chosen] != scored.alternative[second]:
        taken, passed = (ALTERNATIVES[int(scored.alternative[offer])] for offer in (chosen, second))
        return (
            f"{first}. The closest decision was between ways: {taken} was worth"
            f" {number(margin)} more than {passed}, where"
            f" {offer_name(scored, second, names)} led."
        )
    lead = {term: float(part[chosen] - part[second]) for term, part in scored.parts.items()}
    return (
        f"{first}, ahead of {offer_name(scored, second, names)} by {number(margin)} of score:"
        f" {_main_leads(lead)}."
    )


def _main_leads(lead: dict[str, float]) -> str:
    """Return the terms that set two offers apart most."""
    order = sorted(lead, key=lambda term: -abs(lead[term]))
    return ", ".join(f"{term} {signed(lead[term])}" for term in order[:4] if abs(lead[term]) > 1e-9)


def flip_sentences(scored: Scored, names: Names, most: int = 3) -> list[str]:
    """Return what would have made others win, the nearest first."""
    found = [flip_sentence(flip, scored, names) for flip in flips(scored)[:most]]
    least = waiting_flip(scored)
    if 0 < least < 10:
        found.append(f"Waiting would have won had all offers been worth {number(least)} less.")
    return found


def flip_sentence(flip: Flip, scored: Scored, names: Names) -> str:
    """Return what price, quality or score would have made an offer win, or that release would have."""
    who = offer_name(scored, flip.offer, names)
    if flip.needed == 0:
        return f"Release alone would have flipped it: {who} would then have won."
    changes = []
    if isfinite(flip.price):
        changes.append(f"a price {less_or_more(flip.price)}")
    if isfinite(flip.quality):
        changes.append(f"quality {less_or_more(flip.quality)}")
    changes.append(f"{number(flip.needed)} more of score in any other way")
    release = "" if flip.is_released else " and release"
    return f"What would have flipped it for {who}: {' or '.join(changes)}{release}."


def parts_grid(scored: Scored, names: Names) -> Grid:
    """Return the parts of the best offers' scores as a table of a row a term."""
    order = sorted(
        range(len(scored.bid)),
        key=lambda offer: (~scored.columns["is_released"][offer], -scored.score[offer]),
    )[:SHOWN]
    heads = tuple(offer_name(scored, offer, names) for offer in order)
    columns = scored.columns
    rows = [
        ("price asked", *(money(columns["price"][offer]) for offer in order)),
        ("quality offered", *(number(columns["quality"][offer]) for offer in order)),
        ("released", *("yes" if columns["is_released"][offer] else "no" for offer in order)),
    ]
    terms = [term for term, part in scored.parts.items() if np.any(part[order] != 0) and term != LUCK]
    rows += [(term, *(signed(scored.parts[term][offer]) for offer in order)) for term in (*terms, LUCK)]
    rows.append(("score", *(signed(scored.score[offer], 4) for offer in order)))
    return Grid(("term", *heads), tuple(rows), tuple(range(1, len(order) + 1)))


def award_data(scored: Scored, names: Names, date: str) -> dict[str, Any]:
    """Return a choice, its offers with their terms, and what would have flipped it, as plain data."""
    choice = scored.choice()
    return {
        "date": date,
        "offers": [_offer_data(scored, offer, names) for offer in range(len(scored.bid))],
        "chosen": int(choice.offer[0]),
        "runner_up": int(choice.runner_up[0]),
        "margin": finite(float(choice.margin[0])),
        "flips": [
            {
                "offer": flip.offer,
                "score_needed": flip.needed,
                "price_ratio": finite(flip.price),
                "quality_ratio": finite(flip.quality),
                "is_released": flip.is_released,
            }
            for flip in flips(scored)
        ],
    }


def _offer_data(scored: Scored, offer: int, names: Names) -> dict[str, Any]:
    """Return one offer as plain data."""
    columns = scored.columns
    firm = int(columns["firm"][offer])
    return {
        "exporter": names.states[columns["exporter"][offer]],
        "firm": names.firms[firm] if firm >= 0 else None,
        "mode": Mode(int(columns["mode"][offer])).name.lower(),
        "price": float(columns["price"][offer]),
        "quality": float(columns["quality"][offer]),
        "is_released": bool(columns["is_released"][offer]),
        "parts": {term: float(part[offer]) for term, part in scored.parts.items()},
        "score": float(scored.score[offer]),
    }


def finite(value: float) -> float | None:
    """Return a number for JSON, None where there is none."""
    return value if isfinite(value) else None
