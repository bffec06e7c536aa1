"""The one-page summary of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deftrade.core.laws import LAWS, TOLERANCE
from deftrade.core.tables.codes import CLIPS
from deftrade.core.wording import (
    capability,
    counted,
    jobs,
    markdown_row,
    money,
    number,
    percent,
    span,
    volume,
)
from deftrade.files.locking import NAME as LOCK
from deftrade.report.payments import payments_table
from deftrade.report.story import compares, headline, story
from deftrade.report.trajectories import focus_name, holds, late_told
from deftrade.results.indicators import measure
from deftrade.results.luck import NO_LUCK, USUAL, extremes, standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deftrade.results.luck import Luck
    from deftrade.results.results import Results

STANDING = ("indicator", "this run", "median", "lowest to highest", "rank")
"""Headings of `standing_rows`."""

CLIP_SHARE = 0.01
"""Share of clipped rows above which the user is warned."""


def in_words(value: float, unit: str) -> str:
    """Return an indicator with the unit that people use."""
    known = {
        "MUSD": money(value),
        "MUSD/yr": f"{money(value)} a year",
        "share": percent(value),
        "CE": capability(value),
        "CU": volume(value),
        "1": number(value),
    }
    if unit == "count":
        return number(value, 1)
    if unit == "jobs":
        return f"{jobs(value)} jobs"
    return known.get(unit) or f"{number(value)} {unit}"


def main_indicators(results: Results) -> list[tuple[str, str, str]]:
    """Return meaning, value in words and scope of the main indicators."""
    name = focus_name(results)
    return [
        (
            item.meaning_in(len(results.world.states)),
            in_words(value, item.unit),
            name if item.scope == "focus" else "world",
        )
        for item, value in measure(results)
        if item.headline
    ]


def clip_counts(results: Results) -> dict[str, dict[str, float]]:
    """Return for every clip how many rows it changed, looked at, and the share."""
    return {
        name: {
            "clipped": int(clipped),
            "considered": int(considered),
            "share": float(clipped / considered) if considered else 0.0,
        }
        for name, (clipped, considered) in zip(CLIPS, results.run.clips, strict=True)
    }


def clip_warnings(results: Results) -> list[str]:
    """Return a sentence for every clip that changed more than `CLIP_SHARE` of its rows."""
    return [
        f"The clip {name.replace('_', ' ')} changed {percent(count['share'])} of the rows it looked"
        f" at ({count['clipped']:.0f} of {count['considered']:.0f}): the formula is outside its"
        " range there; read results that depend on it with care."
        for name, count in clip_counts(results).items()
        if count["share"] > CLIP_SHARE
    ]


def summary(results: Results, figures: Sequence[str] = (), luck: Luck = NO_LUCK) -> str:
    """Return the summary as Markdown.

    Parameters
    ----------
    results : Results
        A finished run.
    figures : sequence of str
        Paths of the figures, relative to the summary.
    luck : Luck
        Further runs, among which the run is told to stand.
    """
    scenario = results.scenario
    parts = [f"# {scenario.title}", _what_was_run(results)]
    told = story(results)
    if told:
        parts.append(f"> {headline(results)}")
        if luck.asked:
            parts.append(extremes(results, luck))
        parts.append(f"## {focus_name(results)} in numbers")
        parts.append(compares(results))
        parts.append("\n".join(f"- **{heading}.** {text}" for heading, text in told))
        parts.append(holds("exports", "imports", "jobs_displaced", "jobs_net"))
    parts += ["## Main indicators", _indicator_table(results)]
    if luck.size > 1:
        parts += ["## Luck", luck_section(results, luck)]
    parts += ["## Who paid whom", payments_table(results)]
    if figures:
        parts += ["## Figures", _figure_links(figures)]
    parts += ["## What the laws say", _laws(results), "## What next", _next(results, luck)]
    return "\n\n".join(parts) + "\n"


def _what_was_run(results: Results) -> str:
    """Return dates, seed and size of the run."""
    scenario, world = results.scenario, results.world
    calendar = scenario.calendar
    dated = sum(1 for setting in scenario.policy if calendar.due(setting.year) > 0)
    treatment = [
        counted(len(scenario.policy), "policy setting") + (f" ({dated} dated)" if dated else ""),
        counted(len(scenario.events), "scheduled event"),
    ]
    inner = ", computed in quarters" if calendar.steps_per_row > 1 else ""
    return (
        f"Scenario `{scenario.name}`, {calendar.start} to {calendar.end - 1} in"
        f" {counted(calendar.rows, 'step')} of a {calendar.step}{inner}, seed {scenario.seed}:"
        f" {counted(len(world.states), 'state')}, {counted(len(world.firms), 'firm')},"
        f" {counted(len(world.alliances), 'alliance')}, {len(world.categories)} categories of"
        f" equipment; {' and '.join(treatment)}. Money in dollars of {scenario.price_year}. The"
        f" focus state is {focus_name(results)}. CE: what can be done with what a million dollars buys"
        " at quality 1."
    )


def _indicator_table(results: Results) -> str:
    """Return the main indicators as a Markdown table."""
    rows = [markdown_row(cells) for cells in main_indicators(results)]
    note = f"{late_told(results)} All indicators stand in `indicators.csv`."
    return "\n".join(["| indicator | value | of |", "|---|---:|---|", *rows, "", note])


def standing_rows(results: Results, luck: Luck) -> list[tuple[str, ...]]:
    """Return how the main indicators of a run stand among further ones, as cells of `STANDING`."""
    return [
        (each.item.title, *(in_words(value, each.item.unit) for value in (each.shown, each.median)),
         span(*(in_words(value, each.item.unit) for value in (each.lowest, each.highest))), each.place)
        for each in standings(results, luck)
        if each.item.headline
    ]  # fmt: skip


def luck_section(results: Results, luck: Luck) -> str:
    """Return how a run stands among further ones, as a Markdown table."""
    note = (
        f"{counted(len(luck.runs), 'further run')} with other seeds, and this one; the world is the same and"
        " opens alike. All indicators stand in `luck/ranks.csv`, those of every run in `luck/runs.csv`."
    )
    rows = [markdown_row(cells) for cells in standing_rows(results, luck)]
    return "\n".join([markdown_row(STANDING), "|---|---:|---:|---:|---|", *rows, "", note])


def _figure_links(figures: Sequence[str]) -> str:
    """Return links to the figures."""
    # Only a summary with figures needs what draws them.
    from deftrade.report.figures import FIGURES

    shows = {name: drawing.shows for name, drawing in FIGURES.items()}
    names = [path.rsplit("/", 1)[-1].removesuffix(".png") for path in figures]
    return " · ".join(f"[{shows.get(name, name)}]({path})" for name, path in zip(names, figures, strict=True))


def _laws(results: Results) -> str:
    """Return the largest residual against the tolerance, and what was clipped."""
    residuals = results.run.residuals
    worst = max(residuals, key=lambda name: residuals[name])
    text = (
        f"The books balance: {counted(len(LAWS), 'law')} held in each of"
        f" {counted(results.scenario.calendar.steps, 'step')}. The largest residual is"
        f" {residuals[worst]:.1e} of turnover ({worst.replace('_', ' ')}); the tolerance is"
        f" {TOLERANCE:.0e}."
    )
    warnings = clip_warnings(results)
    if not warnings:
        return f"{text} No clip changed more than {percent(CLIP_SHARE)} of its rows."
    return "\n".join([text, "", *(f"- **Warning.** {warning}" for warning in warnings)])


def _next(results: Results, luck: Luck) -> str:
    """Return what a reader may do with the result."""
    more = f"- See where this one stands among others: `deftrade run {LOCK} --luck {USUAL}`.\n"
    if luck.asked:
        more = ""
    return (
        "- The commands run in this folder, from the lock file in it.\n"
        "- One run is one draw of luck. Try another:"
        f" `deftrade run {LOCK} --seed {results.scenario.seed + 1}`.\n{more}"
        f"- See what sets it apart from another scenario: `deftrade diff {LOCK} OTHER.yaml`.\n"
        "- Open the tables, one row a step and entity, with units in `data_dictionary.csv`:"
        " `pandas.read_parquet('series/states.parquet')`.\n"
        f"- Every resolved value stands in `{LOCK}`; versions, seeds and hashes in"
        " `manifest.json`."
    )
