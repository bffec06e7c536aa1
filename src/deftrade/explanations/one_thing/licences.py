"""A licence in words: criteria and weights, benefit, consents, the rule, and what would have flipped it."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from deftrade.core.tables.codes import CRITERIA
from deftrade.core.wording import money, number, signed
from deftrade.explanations.one_thing.awards import finite
from deftrade.explanations.one_thing.judgements import Judgements
from deftrade.explanations.replay.explanation import Explanation
from deftrade.explanations.replay.names import RULES, goods, numbered, said
from deftrade.explanations.replay.replay import replay
from deftrade.explanations.replay.sections import Grid, Section

if TYPE_CHECKING:
    import pandas as pd

    from deftrade.core.world import Names
    from deftrade.explanations.one_thing.judgements import View
    from deftrade.explanations.replay.sources import Source


def explain_licence(source: Source, given: str) -> Explanation:
    """Explain a licence application by its number in the table of licences.

    Raises
    ------
    ExplanationError
        There is no such application, or it was decided before the opening.
    """
    table = source.frame("licences")
    row = table.iloc[numbered("licence", given, len(table))]
    title = (
        f"Licence application {row['number']}: {row['exporter']} was asked to let {row['buyer']} have"
        f" {goods(row['kind'], row['category'])}"
    )
    step = source.step_of(row["decided"])
    if step < 0:
        return Explanation(title, (Section("What happened", (_what_happened(row),)),), licence_facts(row))
    seen = Judgements([(step, int(row["number"]))])
    run = replay(source, [seen.watch()], step + 1)
    views = seen.kept[int(row["number"])]
    section = licence_section(row, views, run.world.names)
    return Explanation(title, (section,), licence_data(row, views, run.world.names))


def _what_happened(row: pd.Series[Any]) -> str:
    """Return when an application was filed and how it ended."""
    value = money(float(row["value"]))
    text = f"Filed in {row['filed'] or 'the years before the opening'}, worth {value}"
    status = str(row["status"])
    if status == "pending":
        return f"{text}; the case was still open at the end of the run."
    if status == "withdrawn":
        return f"{text}; withdrawn with its tender before it was decided."
    if not row["decided"]:
        return f"{text}; {status} before the opening, of which no judgement is kept."
    return f"{text}; decided in {row['decided']}: {status}."


def licence_section(row: pd.Series[Any], views: list[View], names: Names) -> Section:
    """Return a judged application as sentences and a table."""
    own = views[0]
    sentences = [_what_happened(row), _work(row)]
    status = str(row["status"])
    if status == "refused":
        sentences.append(_reason(row))
    sentences.append(_balance(own, names))
    sentences += [_consent(view, names) for view in views[1:]]
    sentences += licence_flips(row, views, names)
    title = f"The licence: {row['exporter']} decided in {row['decided']}"
    return Section(title, tuple(sentences), (_grid(own),))


def _reason(row: pd.Series[Any]) -> str:
    """Return by whom and by which rule an application was refused."""
    who = said(row["refuser"])
    if str(row["rule"]) == "consent":
        return f"Refused because {who}, whose design or parts are inside, withheld its consent."
    return f"Refused by {who} for {RULES[str(row['rule'])]}."


def _work(row: pd.Series[Any]) -> str:
    """Return how long queue and case work took, in months, as a sentence."""
    return f"Case work and queue took {number(12 * float(row['duration']), 2)} months."


def _balance(view: View, names: Names) -> str:
    """Return the balance test in one sentence."""
    who = names.states[view.state]
    if not isfinite(view.margin):
        return f"{who} weighs no risk (strictness 0): the balance test refuses nothing."
    return (
        f"{who} weighed a risk of {number(view.risk)} at strictness {number(view.strictness)} against"
        f" tolerance {number(view.parts['tolerance'])} and benefits of {number(view.benefit)};"
        f" the officials' luck was {signed(view.parts['luck'])}: margin {signed(view.margin)},"
        " below 0 refuses."
    )


def _consent(view: View, names: Names) -> str:
    """Return what a state whose design or parts are inside said."""
    who = names.states[view.state]
    if view.veto:
        return f"{who}, whose design or parts are inside, vetoes all re-exports of the seller."
    if view.embargo:
        return f"{who}, whose design or parts are inside, embargoes the buyer."
    if not isfinite(view.margin):
        return f"{who}, whose design or parts are inside, has no re-export rule: it consents to all."
    word = "consents" if view.margin >= 0 else "refuses"
    return f"{who}, whose design or parts are inside, {word} on its own: margin {signed(view.margin)}."


def licence_flips(row: pd.Series[Any], views: list[View], names: Names) -> list[str]:
    """Return what would have turned the decision: the end of a bar, a consent, or so much margin."""
    refused = str(row["status"]) == "refused"
    rule = str(row["rule"])
    if rule == "embargo":
        return ["What would have flipped it: the end of the embargo; the balance test had no say."]
    if rule == "sanction":
        return ["What would have flipped it: the end of the sanction on the firm."]
    if rule == "consent":
        return _consent_flips(views, said(row["refuser"]), names)
    own = views[0]
    if not isfinite(own.margin):
        return []
    return [_margin_flip(own, names.states[own.state], refused=refused)]


def _consent_flips(views: list[View], refuser: str, names: Names) -> list[str]:
    """Return what would have made the state that refused consent."""
    for view in views[1:]:
        if names.states[view.state] == refuser:
            if view.veto or view.embargo:
                bar = "veto" if view.veto else "embargo"
                return [f"What would have flipped it: the end of {refuser}'s {bar}."]
            return [_margin_flip(view, refuser, refused=True)]
    return []


def _margin_flip(view: View, who: str, *, refused: bool) -> str:
    """Return the change of tolerance or of strictness that turns a balance test."""
    direction = "higher" if refused else "lower"
    text = f"What would have flipped it: tolerance {number(abs(view.lacking_tolerance))} {direction}"
    limit = view.greatest_strictness
    if not isfinite(limit):
        return f"{text}."
    if limit <= 0:
        return f"{text}; no strictness above 0 would have."
    side = "below" if refused else "above"
    return f"{text}, or strictness of {who} {side} {number(limit)} where it was {number(view.strictness)}."


def _grid(view: View) -> Grid:
    """Return the criteria with their scores, weights and effect on the margin."""
    rows = [
        (
            RULES[name].capitalize(),
            number(view.scores[name]),
            number(view.weights[name]),
            signed(view.parts[name]),
        )
        for name in CRITERIA
    ]
    others = [name for name in view.parts if name not in CRITERIA]
    rows += [(name.capitalize(), "", "", signed(view.parts[name])) for name in others]
    rows.append(("Margin", "", "", signed(view.margin, 3) if isfinite(view.margin) else "no test"))
    return Grid(("term", "score", "weight", "adds to the margin"), tuple(rows), (1, 2, 3))


def licence_facts(row: pd.Series[Any]) -> dict[str, Any]:
    """Return what the table of licences says, as plain data."""
    words = ("exporter", "buyer", "category", "kind", "filed", "decided", "status", "rule", "refuser")
    facts = {name: None if said(row[name]) == "nobody" else str(row[name]) for name in words}
    return {"licence": int(row["number"]), "tender": int(row["tender"]), **facts,
            "value": float(row["value"]), "duration": float(row["duration"])}  # fmt: skip


def licence_data(row: pd.Series[Any], views: list[View], names: Names) -> dict[str, Any]:
    """Return a judged application as plain data."""
    return {
        **licence_facts(row),
        "recorded_margin": finite(float(row["margin"])),
        "views": [
            {
                "state": names.states[view.state],
                "is_source": view.is_source,
                "margin": finite(view.margin),
                "parts": view.parts,
                "scores": view.scores,
                "weights": view.weights,
                "risk": view.risk,
                "strictness": view.strictness,
                "lever": view.lever,
                "greatest_strictness": finite(view.greatest_strictness),
                "embargo": view.embargo,
                "veto": view.veto,
            }
            for view in views
        ],
    }
