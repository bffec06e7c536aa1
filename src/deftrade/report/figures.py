"""Figures of a run: each shows one finding, with the focus state in front of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import ratio
from deftrade.core.wording import capability, changed, jobs, money, moved, percent
from deftrade.report import style
from deftrade.report.desk import licences
from deftrade.report.network import network
from deftrade.report.style import Ending
from deftrade.report.trajectories import (
    Trajectory,
    compared,
    focus_name,
    has_series,
    holds,
    largest,
    late_span,
    late_trade,
    spans_told,
    trajectory,
)
from deftrade.results.indicators import focus_row

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deftrade.results.results import Results


def _against_others(axes: Axes, results: Results, shown: Trajectory) -> None:
    """Draw the focus state in front of the others, with its name at the end."""
    row = focus_row(results)
    style.backdrop(axes, shown.years, shown.values, skip=row)
    style.line(axes, shown.years, shown.values[:, row], style.FOCUS)


def _named_rows(results: Results) -> list[int]:
    """Return the rows of states whose lines have their names: all where they are few, else the focus."""
    states = len(results.world.states)
    return list(range(states)) if states <= style.NAMED else [focus_row(results)]


def _end_names(results: Results) -> list[str]:
    """Return the names that stand at the ends of lines."""
    return [results.world.names.states[row] for row in _named_rows(results)]


def _name_ends(axes: Axes, results: Results, shown: Trajectory) -> None:
    """Write names at the ends of lines."""
    mine = focus_row(results)
    style.label_ends(axes, [
        Ending(
            float(shown.values[-1, row]), name, style.FOCUS if row == mine else style.QUIET, row == mine
        )
        for row, name in zip(_named_rows(results), _end_names(results), strict=True)
    ])  # fmt: skip


def forces(results: Results) -> Figure:
    """Return usable capability and readiness of the focus state before the others."""
    row, name = focus_row(results), focus_name(results)
    usable, ready = trajectory(results, "usable_capability"), trajectory(results, "readiness")
    index = Trajectory(usable.years, ratio(100 * usable.values, usable.values[0], np.nan))
    size = compared(results, "usable_capability").of(row)
    ready_at = compared(results, "readiness").of(row)
    title = f"{name}'s usable capability {changed(size, capability)}; readiness {moved(*ready_at, percent)}"
    note = (
        f"{name}'s usable capability {moved(*size, capability)}: {spans_told(results)}. One CE is what a"
        f" million dollars buys at quality 1.{style.backdrop_note(len(results.world.states))}"
    )
    figure, (left, right) = style.sheet(title, note, 2, ends=_end_names(results))
    _against_others(left, results, index)
    style.dress(left, "Usable capability, opening = 100")
    _name_ends(left, results, index)
    _against_others(right, results, ready)
    style.dress(right, "Readiness, usable share of capability", percents=True)
    _name_ends(right, results, ready)
    return figure


def burden(results: Results) -> Figure:
    """Return the military burden and spending of the focus state."""
    row, name = focus_row(results), focus_name(results)
    share, spent = trajectory(results, "burden"), trajectory(results, "milex")
    carried, paid = compared(results, "burden"), compared(results, "milex").of(row)
    title = (
        f"{name}'s military burden {moved(*carried.of(row), percent)} of GDP; spending {changed(paid, money)}"
    )
    middle = percent(float(np.median(carried.late)))
    note = (
        f"Title: {spans_told(results)}; the median state's burden was {middle} in {late_span(results)}. Money"
        f" in prices of {results.scenario.price_year}.{style.backdrop_note(len(results.world.states))}"
    )
    figure, (left, right) = style.sheet(title, note, 2, ends=_end_names(results))
    _against_others(left, results, share)
    style.dress(left, "Military expenditure, share of GDP", percents=True)
    _name_ends(left, results, share)
    mine = spent.values[:, row] / 1e3
    style.line(right, spent.years, mine, style.FOCUS)
    right.set_ylim(0, float(mine.max()) * 1.15 or 1)
    style.dress(right, "Military expenditure, bn USD a year")
    style.label_ends(right, [Ending(float(mine[-1]), name, style.FOCUS, True)])
    return figure


def trade(results: Results) -> Figure:
    """Return exports and imports of the focus state and its partners."""
    row, name = focus_row(results), focus_name(results)
    out, into = trajectory(results, "exports"), trajectory(results, "imports")
    sold, bought = (compared(results, column).of(row) for column in ("exports", "imports"))
    title = f"{name}'s defence exports {moved(*sold, money)} a year, imports {moved(*bought, money)}"
    note = (
        f"Title: {spans_told(results)}; partners: {late_span(results)}. Prices of"
        f" {results.scenario.price_year}. {holds('exports', 'imports')}"
    )
    figure, (left, right) = style.sheet(title, note, 2, ratios=(1.25, 1), gap=0.75, right=0.95)
    lines = ((out, "exports", style.BLUE), (into, "imports", style.ORANGE))
    for shown, _, colour in lines:
        style.line(left, shown.years, shown.values[:, row] / 1e3, colour)
    left.set_ylim(bottom=0)
    style.dress(left, "Exports and imports, bn USD a year")
    style.label_ends(left, [
        Ending(float(shown.values[-1, row]) / 1e3, word, colour, True)
        for shown, word, colour in lines
    ])  # fmt: skip
    _partners(right, results)
    return figure


def _partners(axes: Axes, results: Results) -> None:
    """Draw the largest buyers and sellers of the focus state."""
    row, states = focus_row(results), results.world.names.states
    matrix = late_trade(results) / 1e3
    buyers, sellers = largest(matrix[row], 5), largest(matrix[:, row], 5)
    names = [f"to {states[place]}" for place in buyers]
    names += [f"from {states[place]}" for place in sellers]
    values = np.concatenate((matrix[row, buyers], matrix[sellers, row]))
    colours = [style.BLUE] * len(buyers) + [style.ORANGE] * len(sellers)
    style.bars(axes, names, values, colours, f"Main partners {late_span(results)}, bn USD a year")


def work(results: Results) -> Figure:
    """Return jobs by kind, gross and net of the displaced ones."""
    row, name = focus_row(results), focus_name(results)
    kinds = (
        ("jobs_direct", "in defence firms", style.BLUE),
        ("jobs_indirect", "in suppliers", style.SKY),
        ("jobs_induced", "from spent wages", "#A9D5F0"),
        ("jobs_civil", "civil work paid for", "#D5E3D0"),
    )
    shown = {column: trajectory(results, column) for column, _, _ in kinds}
    net, displaced = trajectory(results, "jobs_net"), trajectory(results, "jobs_displaced")
    years = net.years
    direct, added = (compared(results, column).of(row)[1] for column in ("jobs_direct", "jobs_net"))
    more = "more" if added >= 0 else "fewer"
    title = (
        f"Defence firms employ {jobs(direct)} in {name}; with all effects at home counted there are"
        f" {jobs(abs(added))} {more} jobs"
    )
    note = f"Title: means of {late_span(results)}. {holds('jobs_displaced', 'jobs_net')}"
    figure, (axes,) = style.sheet(title, note, right=0.83)
    layers = [shown[column].values[:, row] / 1e3 for column, _, _ in kinds]
    lost = -displaced.values[:, row] / 1e3
    axes.stackplot(years, layers, colors=[colour for _, _, colour in kinds], linewidth=0)
    axes.fill_between(years, lost, color=style.ORANGE, alpha=0.75, linewidth=0)
    axes.axhline(0, color=style.QUIET, linewidth=1)
    mine = net.values[:, row] / 1e3
    style.line(axes, years, mine, style.INK)
    style.dress(axes, f"Jobs in {name}, thousand")
    middles = np.cumsum([layer[-1] for layer in layers]) - [layer[-1] / 2 for layer in layers]
    style.label_ends(axes, [
        Ending(float(mine[-1]), "net", style.INK, True),
        Ending(float(lost[-1]) / 2, "displaced", "#A36F00"),
        *(
            Ending(float(middle), word, colour if colour == style.BLUE else "#2D7FA8")
            for middle, (_, word, colour) in zip(middles, kinds, strict=True)
        ),
    ])  # fmt: skip
    return figure


def technology(results: Results) -> Figure:
    """Return know-how and the rung on the production ladder."""
    row, name = focus_row(results), focus_name(results)
    skill, rung = trajectory(results, "know_how"), trajectory(results, "rung")
    known, stands = compared(results, "know_how").of(row), compared(results, "rung").of(row)
    title = (
        f"{name}'s know-how {changed(known, '{:.2f}'.format)}, its rung on the production ladder"
        f" {moved(*stands, '{:.1f}'.format)}"
    )
    note = (
        f"Means of categories. Title: {spans_told(results)}. Know-how: 1 is the frontier of the price year."
        f" Rungs: 2 assembles, 3 builds under licence, 6 designs."
        f"{style.backdrop_note(len(results.world.states))}"
    )
    figure, (left, right) = style.sheet(title, note, 2, ends=_end_names(results))
    for axes, shown, label in (
        (left, skill, "Know-how, frontier of the price year = 1"),
        (right, rung, "Rung on the production ladder, 0 to 8"),
    ):
        _against_others(axes, results, shown)
        style.dress(axes, label)
        _name_ends(axes, results, shown)
    right.set_ylim(0, 8.2)
    return figure


def alliances(results: Results) -> Figure | None:
    """Return cohesion and members of alliances; none where there are no alliances."""
    names = results.world.names.alliances
    if not names:
        return None
    cohesion = trajectory(results, "cohesion", "alliances")
    members = trajectory(results, "members", "alliances")
    inside = results.world.alliances.member[:, focus_row(results)]
    ends = compared(results, "cohesion", "alliances")
    means = float(ends.early.mean()), float(ends.late.mean())
    title = (
        f"Alliances' mean cohesion {changed(means, percent)}; {focus_name(results)} is in"
        f" {int(inside.sum())} of {len(names)} at the end"
    )
    named = np.lexsort((-members.values[-1], ~inside))[: len(style.COLOURS)]
    note = f"Cohesion: {spans_told(results)}. Bold: alliances that {focus_name(results)} is in at the end."
    if len(names) > len(named):
        note += f" Grey: the {len(names) - len(named)} smallest others."
    figure, (left, right) = style.sheet(title, note, 2, gap=0.2, ends=[names[place] for place in named])
    for axes, shown, label in ((left, cohesion, "Cohesion, share"), (right, members, "Members, count")):
        axes.plot(shown.years, shown.values, color=style.OTHERS, linewidth=1, zorder=1)
        for place, colour in zip(named, style.COLOURS, strict=False):
            style.line(axes, shown.years, shown.values[:, place], colour, strong=bool(inside[place]))
        axes.set_ylim(bottom=0, top=float(np.nanmax(shown.values, initial=0.0)) * 1.12 or 1)
        style.dress(axes, label, counts=shown is members)
    endings = [
        Ending(float(members.values[-1, place]), names[place], colour, bool(inside[place]))
        for place, colour in zip(named, style.COLOURS, strict=False)
    ]
    style.label_ends(right, endings)
    return figure


class Drawing(NamedTuple):
    """A figure: the series it needs, what it shows in words, and the function that draws it."""

    needed: tuple[str, ...]
    shows: str
    make: Callable[[Results], Figure | None]


FIGURES = {
    "capability": Drawing(("states",), "usable capability and readiness", forces),
    "burden": Drawing(("states",), "military burden and spending", burden),
    "trade": Drawing(("states", "flows"), "exports, imports and main partners", trade),
    "jobs": Drawing(("states",), "jobs gross and net", work),
    "technology": Drawing(("states",), "know-how and rung on the production ladder", technology),
    "alliances": Drawing(("alliances",), "cohesion and members of alliances", alliances),
    "network": Drawing(("flows",), "who sells to whom", network),
    "licences": Drawing(("states",), "the licence desk", licences),
}
"""Every figure by file name."""


def _drawn(results: Results, drawing: Drawing) -> Figure | None:
    """Return a figure, none where the run keeps nothing that it could show."""
    return drawing.make(results) if has_series(results, *drawing.needed) else None


def draw(results: Results, name: str) -> Figure:
    """Return one figure by its name.

    Raises
    ------
    KeyError
        There is no such figure, or the run keeps nothing that it could show.
    """
    if name not in FIGURES:
        raise KeyError(f"no figure {name!r}; there are {', '.join(FIGURES)}")
    figure = _drawn(results, FIGURES[name])
    if figure is None:
        raise KeyError(f"this run keeps nothing that figure {name!r} could show")
    return figure


def draw_all(results: Results, folder: Path) -> list[str]:
    """Draw every figure that the kept series allow, and return the names of their files."""
    drawn = []
    for name, drawing in FIGURES.items():
        figure = _drawn(results, drawing)
        if figure is not None:
            folder.mkdir(parents=True, exist_ok=True)
            style.save(figure, folder / f"{name}.png")
            drawn.append(f"{folder.name}/{name}.png")
    return drawn
