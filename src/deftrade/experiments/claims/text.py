"""The page on claims: each with its answer in three worlds and the condition under which it turns."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from deftrade.core.wording import difference, interval, level, markdown_row, number
from deftrade.experiments.claims.claims import WORLDS, parameters_apart
from deftrade.experiments.compare.text import evidence_in_words
from deftrade.experiments.compare.verdicts import ladder_table
from deftrade.results.indicators import title

if TYPE_CHECKING:
    from deftrade.experiments.claims.answers import Answers
    from deftrade.experiments.claims.claims import Claim
    from deftrade.experiments.claims.turning_points import TurningPoint
    from deftrade.experiments.compare.findings import Finding

_ANSWERS = {1: "raised", -1: "lowered", 0: "not told"}


def stamp(digest: str) -> str:
    """Return the mark by which a page says which file of claims it answers."""
    return f"<!-- claims file {digest} -->"


def page(answers: Answers, command: str) -> str:
    """Return the answers as Markdown.

    Parameters
    ----------
    answers : Answers
        What was found.
    command : str
        The command that writes the page.
    """
    claims = answers.claims
    parts = [
        stamp(claims.digest),
        f"# {claims.title}",
        f"Written by `{command}`; do not edit. {claims.runs} pairs of runs with the same luck in every world"
        f" (root seed {claims.seed}), {claims.years} years each. The families of scenarios are described in"
        " [`scenarios/claims/`](../scenarios/claims/README.md). *Main* has the parameters as published, in"
        " *null* the claim's channel is cut or breaks even, *reverse* has other plausible parameters under"
        " which the answer was sought to turn: null and reverse show what an answer depends on and are no"
        " sample of worlds. An answer holds in these worlds, for a fictional state.",
        "## Answers",
        _summary(answers),
        _reading(answers),
        ladder_table(),
    ]
    for claim in claims.claims:
        parts += [
            f"## {claim.says}",
            _turn(claim, answers.turning_points[claim.name]),
            _details(claim, answers),
        ]
    return "\n\n".join(parts) + "\n"


def _summary(answers: Answers) -> str:
    """Return one row a claim and world: the headline."""
    rows = [
        "| claim | world | indicator | paired difference | 95 % interval | verdict | turns |",
        "|---|---|---|---:|---|---|---|",
    ]
    for claim in answers.claims.claims:
        for world in WORLDS:
            first = answers.findings[claim.name, world][0]
            unit = first.indicator.unit
            turns = _stretch(answers.turning_points[claim.name]) if world == "main" else ""
            cells = (
                claim.says if world == "main" else "",
                world,
                first.indicator.title,
                difference(first.measured.mean, unit),
                interval(first.measured.low, first.measured.high, unit),
                _verdict(claim, first),
                turns,
            )
            rows.append(markdown_row(cells))
    return "\n".join(rows)


def _reading(answers: Answers) -> str:
    """Return the paragraph that says how to read the table of answers."""
    return (
        "Intervals reach at either end as far as the farther of Student's t and Hall's correction for skew"
        " and hold for one question alone; the words weigh all indicators of a claim in a world together,"
        " after Holm. *Turns* is the stretch of the way from the main world's parameters (0 %) to the reverse"
        f" world's (100 %) on which the headline's answer changes, from {answers.claims.search_runs} pairs a"
        " point: up to its start the answer is the main world's, from its end the reverse world's. Below, the"
        " parameters are given at both ends; they move together, so another mixture may turn elsewhere."
    )


def _verdict(claim: Claim, finding: Finding) -> str:
    """Return the ladder's words and what they are to the claim."""
    words = evidence_in_words(finding)
    wanted = claim.moves.get(finding.indicator.name, 0)
    direction = finding.verdict.direction
    if not direction:
        return words
    verb = "rises" if direction > 0 else "falls"
    if not wanted:
        return f"{verb}, {words}"
    return f"**{verb}: {'as claimed' if direction == wanted else 'the opposite'}**, {words}"


def _stretch(point: TurningPoint) -> str:
    """Return the stretch of the way on which an answer turns."""
    if not point.turns:
        return "not on this way"
    return f"{100 * point.low:g} to {100 * point.high:g} % of the way"


def _turn(claim: Claim, point: TurningPoint) -> str:
    """Return the condition under which an answer turns, in parameters."""
    indicator = title(claim.headline).capitalize()
    if not point.turns:
        ends = f"{_ANSWERS[point.before]} at both ends" if point.before else "told at neither end"
        rest = "of the way from the main to the reverse world: no turning point was found."
        return f"{indicator} is {ends} {rest}"
    main, reverse = (claim.worlds[world][0] for world in ("main", "reverse"))
    values = [
        f"`{path}` {_at(ends, point.low)} to {_at(ends, point.high)}"
        for path, ends in parameters_apart(main, reverse).items()
    ]
    return (
        f"{indicator} is {_ANSWERS[point.before]} in the main world and {_ANSWERS[point.after]} in the"
        f" reverse world. *Turns* between {100 * point.low:g} % and {100 * point.high:g} % of the"
        f" way: {', '.join(values)}."
    )


def _at(ends: tuple[float, float], share: float) -> str:
    """Return a parameter's value a share of the way."""
    return number(ends[0] + share * (ends[1] - ends[0])) if isfinite(share) else "–"


def _details(claim: Claim, answers: Answers) -> str:
    """Return every indicator of a claim in every world."""
    rows = [
        "| world | indicator | baseline | paired difference | 95 % interval | verdict |",
        "|---|---|---:|---:|---|---|",
    ]
    for world in WORLDS:
        for finding in answers.findings[claim.name, world]:
            found, unit = finding.measured, finding.indicator.unit
            cells = (
                world,
                finding.indicator.title,
                level(found.baseline, unit),
                difference(found.mean, unit),
                interval(found.low, found.high, unit),
                _verdict(claim, finding),
            )
            rows.append(markdown_row(cells))
    return "\n".join(rows)
