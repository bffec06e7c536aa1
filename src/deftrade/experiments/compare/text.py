"""A comparison told: one page for a planner, and a table for notebooks."""

from __future__ import annotations

from html import escape
from math import isfinite
from typing import TYPE_CHECKING

from deftrade.core.wording import counted, difference, distance, interval, level, listed, markdown_row
from deftrade.experiments.batch.summaries import opening_in_words
from deftrade.experiments.compare.verdicts import LADDER, NOTHING, SAME, ladder_table

if TYPE_CHECKING:
    from deftrade.experiments.compare.compared import Compared
    from deftrade.experiments.compare.findings import Finding

_SHOWN = 14
HEADS = ("indicator", "baseline", "policy", "difference", "95 % interval", "evidence")
"""Columns of tables for readers."""


def evidence_in_words(finding: Finding) -> str:
    """Return the verdict's words and, where they cannot tell, what the runs at hand would."""
    verdict = finding.verdict
    if verdict.evidence != LADDER[-1].words or not isfinite(verdict.detectable):
        return verdict.words
    size = distance(verdict.detectable, finding.indicator.unit)
    return f"{verdict.words}; these tell {size} or more"


def cells_of_row(finding: Finding) -> tuple[str, ...]:
    """Return one finding as the cells of `HEADS`."""
    found, unit = finding.measured, finding.indicator.unit
    return (
        finding.indicator.title,
        level(found.baseline, unit),
        level(found.policy, unit),
        difference(found.mean, unit),
        interval(found.low, found.high, unit),
        evidence_in_words(finding),
    )


def page(comparison: Compared, figures: dict[str, list[str]] | None = None) -> str:
    """Return the comparison as one page of Markdown.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    figures : dict of str to list of str, optional
        Paths of figures by policy, relative to the page.
    """
    calendar, plan = comparison.cells[0].scenario.calendar, comparison.result.plan
    parts = [
        f"# {listed(list(comparison.policies))} against {comparison.baseline}",
        f"{counted(comparison.result.runs, 'pair')} of runs with the same luck (root seed {plan['root']}),"
        f" {calendar.start} to {calendar.end - 1} by {calendar.step};"
        f" {opening_in_words(plan)}; {_focus(comparison)}.",
    ]
    remarks = comparison.remarks()
    if remarks:
        parts.append("\n".join(f"- **Note.** {remark}" for remark in remarks))
    for name in comparison.policies:
        parts += _section(comparison, name, (figures or {}).get(name, []))
    parts += ["## How to read this", _indicators(comparison), _method(comparison), ladder_table()]
    return "\n\n".join(parts) + "\n"


def _focus(comparison: Compared) -> str:
    """Return the focus state, or each scenario's where they are not one."""
    states = comparison.focus
    if len(set(states.values())) == 1:
        return f"focus state {states[comparison.baseline]}"
    return f"focus states {listed([f'{state} ({name})' for name, state in states.items()])}"


def _section(comparison: Compared, policy: str, figures: list[str]) -> list[str]:
    """Return the Markdown lines on one policy: sentences, changes, table, figures."""
    findings = [each for each in comparison.findings if each.policy == policy]
    told = [each.verdict.sentence for each in findings if each.verdict.is_told]
    nothing = "no difference worth a number was told" if comparison.acts[policy] else "no effect at all"
    first = f"> {policy} {'; '.join(told)}." if told else f"> {policy}: {nothing}."
    changes = comparison.treatments[policy].changes
    more = [f"- … and {len(changes) - _SHOWN} more, in `comparison.json`"] if len(changes) > _SHOWN else []
    rows = [markdown_row(HEADS), "|---|---:|---:|---:|---|---|"]
    rows += [markdown_row(cells_of_row(each)) for each in findings]
    parts = [f"## {policy}", first, "\n".join(rows), "What it changes:"]
    parts.append("\n".join([*(f"- {line}" for line in changes[:_SHOWN]), *more]) if changes else "- nothing")
    if figures:
        parts.append("\n\n".join(f"![{policy}]({path})" for path in figures))
    return parts


def _indicators(comparison: Compared) -> str:
    """Return what the indicators that the tables name are."""
    items = {each.indicator.title: each.indicator.meaning for each in comparison.findings}
    return "\n".join(f"- *{title}*: {meaning}" for title, meaning in items.items())


def _method(comparison: Compared) -> str:
    """Return the estimator, its interval and what the words mean."""
    return (
        "Every policy's run is paired with the baseline's run of the same seed; what they do not change has"
        " the same luck. A difference is the mean over pairs and holds for this opening only or, if openings"
        " are drawn, the mean of the openings' means. Its interval reaches at either end as far as"
        " the farther of Student's t and Hall's correction for skew, and holds for one question alone;"
        f" {asked_together(comparison.family)} and are never stronger than a sign test of as many pairs could"
        " be. *More runs would* means: with so many more, a true difference of the size seen would be told"
        " with 80 % power; *these tell* is the size that the runs at hand tell with that power, if they can"
        " tell any. *Practically the same* and *but little* mean: the interval lies within"
        f" {100 * SAME:g} % of the baseline, which for jobs or money may still matter; what lies within"
        f" {100 * NOTHING:g} % or reads as 0 is called practically the same even if it is surely not zero."
        " Intervals that hold together and what pairing gained stand in `comparison.csv`."
    )


def asked_together(family: int) -> str:
    """Return how the words weigh the questions of a family."""
    return (
        "the words weigh that question" if family == 1 else f"the words weigh all {family} questions together"
    )


def to_html(comparison: Compared) -> str:
    """Return the comparison as tables for notebooks."""
    parts = [f"<p><b>{escape(repr(comparison))}</b>, {opening_in_words(comparison.result.plan)}</p>"]
    parts += [f"<p>{escape(remark)}</p>" for remark in comparison.remarks()]
    heads = "".join(f"<th>{escape(head)}</th>" for head in HEADS)
    for name in comparison.policies:
        rows = [cells_of_row(each) for each in comparison.findings if each.policy == name]
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        parts.append(
            f"<table><caption>{escape(name)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
        )
    return "".join(parts)
