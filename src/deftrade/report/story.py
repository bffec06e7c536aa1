"""The story of a run in numbers: sentences about the focus state, built from its data."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import NOISE
from deftrade.core.tables.codes import DecisionKind, LicenceStatus
from deftrade.core.wording import (
    capability,
    changed,
    counted,
    jobs,
    listed,
    money,
    moved,
    number,
    ordinal,
    percent,
    went,
)
from deftrade.report.desk import licence_desk
from deftrade.report.trajectories import compared, focus_name, has_series, largest, late_trade, years_told
from deftrade.results.indicators import focus_row, windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from deftrade.core.arrays import Float
    from deftrade.results.results import Results


def spending(results: Results) -> str:
    """Return what the focus state spends and carries."""
    row = focus_row(results)
    spent, share = compared(results, "milex"), compared(results, "burden")
    middle = percent(float(np.median(share.late)))
    debt = compared(results, "debt").of(row)
    return (
        f"Military spending {moved(*spent.of(row), money)} a year; the burden"
        f" {moved(*share.of(row), percent)} of GDP, where the median state's was {middle} in the late years."
        f" Defence debt {moved(*debt, money)}."
    )


def forces(results: Results) -> str:
    """Return what the focus state's forces can do."""
    row = focus_row(results)
    usable, ready = compared(results, "usable_capability"), compared(results, "readiness")
    before, after = (_rank(values, row) for values in (usable.early, usable.late))
    first, last = usable.of(row)
    went_how = f": it {went(first, last)}" if isfinite(first) else ""
    states = counted(len(results.world.states), "state")
    was = f", at first the {before}" if isfinite(first) and before != after else ""
    return (
        f"Usable capability {moved(first, last, capability)}{went_how}. By size it was the {after} of"
        f" {states} in the late years{was}. Readiness {moved(*ready.of(row), percent)}."
    )


def _rank(values: Float, row: int) -> str:
    """Return a state's place by size; what rounding alone sets apart shares a place."""
    return ordinal(int((values - values[row] > NOISE * np.abs(values)).sum()) + 1)


def trade(results: Results) -> str:
    """Return what the focus state sells and buys, and with whom."""
    row, states = focus_row(results), results.world.names.states
    out, into = compared(results, "exports"), compared(results, "imports")
    inside, shares, offsets = (
        compared(results, column).of(row)[1]
        for column in ("exports_value_added", "receipts_work_shares", "receipts_offsets")
    )
    part = f", {money(inside)} of the late ones value added at home" if inside else ""
    text = (
        f"Exports {moved(*out.of(row), money)} a year{part}; imports {moved(*into.of(row), money)}. Late,"
        f" work on its own purchases brought it {money(shares)} a year, offsets {money(offsets)}."
    )
    if not has_series(results, "flows"):
        return text
    matrix = late_trade(results)
    parts = [
        f"{word} {_partners(values, states)}"
        for word, values in (("buyers were", matrix[row]), ("suppliers", matrix[:, row]))
        if values.sum()
    ]
    if not parts:
        return text
    return f"{text} In the late years its main {' and its main '.join(parts)}."


def _partners(values: Float, states: list[str]) -> str:
    """Return the three largest partners with their shares."""
    whole = float(values.sum())
    return listed([
        f"{states[place]} ({percent(values[place] / whole)})" for place in largest(values, 3)
    ])  # fmt: skip


def work(results: Results) -> str:
    """Return the jobs of the focus state, gross and net."""
    row = focus_row(results)
    direct, net = compared(results, "jobs_direct").of(row), compared(results, "jobs_net").of(row)
    paid = compared(results, "export_jobs").of(row)[1]
    part = f", {percent(paid / direct[1])} of the late ones paid by exports" if direct[1] > 0 else ""
    civil, lost, forces = (
        compared(results, column).of(row)[1] for column in ("jobs_civil", "jobs_displaced", "jobs_uniformed")
    )
    return (
        f"Jobs in defence firms {moved(*direct, jobs)}{part}. With suppliers, spent wages and paid civil work"
        f" ({jobs(civil)} late), and less what would be there without defence ({jobs(lost)} late), the net"
        f" {moved(*net, jobs)}. Personnel pay carries {jobs(forces)} uniformed jobs beside it, late."
    )


def technology(results: Results) -> str:
    """Return how far the focus state's industry has come."""
    row = focus_row(results)
    skill, rung = compared(results, "know_how").of(row), compared(results, "rung").of(row)
    foreign = compared(results, "component_dependence").of(row)
    origins = compared(results, "supplier_concentration").of(row)
    return (
        f"Know-how {moved(*skill, '{:.2f}'.format)} (frontier of the price year: 1), the rung on"
        f" the production ladder {moved(*rung, '{:.1f}'.format)} of 8. Foreign content of home"
        f" output {moved(*foreign, percent)}; concentration of its arms by origin"
        f" {moved(*origins, '{:.2f}'.format)} (1: one origin)."
    )


def control(results: Results) -> str:
    """Return what the licence desks did to the focus state's trade."""
    row = focus_row(results)
    desk = licence_desk(results, row)
    table = results.world.applications
    inside = (table.decided >= 0) & (table.status == LicenceStatus.REFUSED)
    denied = int((inside & (table.buyer == row) & (table.exporter != row)).sum())
    text = (
        f"Over the run its exporters' desk decided {counted(desk.decided, 'application')} for major systems"
    )
    if desk.refused:
        text += (
            f": {number(desk.granted, 1)} granted, {number(desk.refused, 1)} refused, worth"
            f" {money(desk.forgone)}, most often for {desk.main_rule}"
        )
    elif desk.decided:
        text += " and granted every one"
    series = results.record.series
    diverted, checks, refusals = (
        float(series("states", column)[1:, row].sum())
        for column in ("diverted_value", "prevented_by_checks", "prevented_by_refusals")
    )
    lost = float(series("states", "jobs_forgone")[1:, row].mean())
    times = counted(int(series("states", "diversions")[1:, row].sum()), "diversion")
    worth = f", worth {money(diverted)}" if diverted else ""
    return (
        f"{text}. Refusals cost it {jobs(lost)} jobs on average. Its goods saw {times}{worth};"
        f" checks and refusals prevented {money(checks + refusals)} in expectation."
        f" As a buyer it was refused {counted(denied, 'licence')}."
    )


def friends(results: Results) -> str:
    """Return the focus state's alliances and their course."""
    world, row = results.world, focus_row(results)
    names = world.names.alliances
    if not names:
        return ""
    mine = [name for name, inside in zip(names, world.alliances.member[:, row], strict=True)
            if inside]  # fmt: skip
    text = f"At the end it is in {listed(mine)}" if mine else "At the end it is in no alliance"
    log = world.decisions
    counts = [
        counted(int(((log.kind == kind) & (log.step >= 0)).sum()), word)
        for kind, word in ((DecisionKind.ACCESSION, "accession"), (DecisionKind.EXIT, "exit"))
    ]
    text += f"; the world saw {listed(counts)}."
    if has_series(results, "alliances"):
        cohesion = compared(results, "cohesion", "alliances")
        means = float(cohesion.early.mean()), float(cohesion.late.mean())
        text += f" Alliances' mean cohesion {moved(*means, percent)}."
    return text


def markets(results: Results) -> str:
    """Return how much was signed in the world and how many firms came and went."""
    world = results.world
    signed = world.contracts.signed >= 0
    log = world.decisions
    came, left = (
        int(((log.kind == kind) & (log.step >= 0)).sum())
        for kind in (DecisionKind.FIRM_ENTRY, DecisionKind.FIRM_EXIT)
    )
    return (
        f"Over the run all states together signed {counted(int(signed.sum()), 'contract')} worth"
        f" {money(float(world.contracts.planned_price[signed].sum()))};"
        f" {counted(came, 'firm')} opened and {number(left, 1)} closed."
    )


_TELLERS: tuple[tuple[str, Callable[[Results], str]], ...] = (
    ("Spending", spending),
    ("Forces", forces),
    ("Trade", trade),
    ("Jobs", work),
    ("Technology", technology),
    ("Export control", control),
    ("Alliances", friends),
    ("World", markets),
)


def story(results: Results) -> list[tuple[str, str]]:
    """Return headings and sentences about a run; none where states were not kept."""
    if not has_series(results, "states"):
        return []
    told = ((heading, teller(results)) for heading, teller in _TELLERS)
    return [(heading, text) for heading, text in told if text]


def compares(results: Results) -> str:
    """Return which years the sentences compare, and what late means in them."""
    spans = windows(results)
    late, early = years_told(spans.late_years), years_told(spans.early_years)
    if not spans.are_two:
        return (
            f"The run has too few years for a comparison of its last with its first: unless another span is"
            f" named, numbers are means of {late}, the late years; flows are sums of a year."
        )
    return (
        f"Unless another span is named, the mean of {late}, the late years, against the mean of {early};"
        " flows are sums of a year."
    )


def headline(results: Results) -> str:
    """Return the run in one sentence; empty where states were not kept."""
    if not has_series(results, "states"):
        return ""
    row, spans = focus_row(results), windows(results)
    ways = [
        f"{word} {changed(compared(results, column).of(row), words)}"
        for word, column, words in (
            ("usable capability", "usable_capability", capability),
            ("exports", "exports", _a_year),
            ("imports", "imports", _a_year),
            ("jobs in defence firms", "jobs_direct", jobs),
            ("know-how", "know_how", "{:.2f}".format),
        )
    ]
    when = f"from {years_told(spans.early_years)} to " if spans.are_two else "in "
    return f"In {focus_name(results)}, {when}{years_told(spans.late_years)}: {listed(ways)}."


def _a_year(value: float) -> str:
    """Return a flow of money."""
    return f"{money(value)} a year"
