"""Licences: the terms sum to the recorded margin, and the tolerance said to turn a refusal turns it."""

from dataclasses import replace

import numpy as np
import pytest

from deftrade import explain, simulation
from deftrade.core.tables.codes import LicenceStatus, Rule
from deftrade.explanations.one_thing.judgements import Judgements
from deftrade.explanations.replay.replay import begin, replay
from deftrade.explanations.replay.sources import open_source

BARELY = 1e-9


@pytest.fixture(scope="module", params=[("strict_control", 6, 10), ("embargo_shock", 8, 7)])
def judged(flagship, request):
    source = open_source(flagship(*request.param))
    table = source.results.world.applications
    rows = np.flatnonzero((table.decided >= 0) & (table.status != LicenceStatus.WITHDRAWN))
    seen = Judgements([(int(table.decided[row]), int(row)) for row in rows])
    replay(source, [seen.watch()])
    return source, rows, seen


def test_the_terms_sum_to_the_recorded_margin(judged):
    source, rows, seen = judged
    table = source.results.world.applications
    assert (table.status[rows] == LicenceStatus.REFUSED).any()
    for row in rows:
        own = seen.kept[int(row)][0]
        assert own.risk == pytest.approx(table.risk[row], abs=1e-12)
        np.testing.assert_allclose(list(own.scores.values()), table.criteria[row], atol=1e-12)
        if table.rule[row] != Rule.CONSENT:
            assert own.margin == pytest.approx(table.margin[row], abs=1e-12)
        if np.isfinite(own.margin):
            assert sum(own.parts.values()) == pytest.approx(own.margin, abs=1e-12)


def test_consent_is_refused_by_who_is_said_to_refuse_it(judged):
    source, rows, seen = judged
    table = source.results.world.applications
    assert (table.rule[rows] == Rule.CONSENT).any()
    for row in rows:
        for view in seen.kept[int(row)][1:]:
            denies = view.margin < 0 or view.embargo or view.veto
            if table.rule[row] == Rule.NONE:
                assert not denies
            elif table.rule[row] == Rule.CONSENT and view.state == table.refuser[row]:
                assert denies
                assert table.margin[row] == pytest.approx(min(view.margin, 0), abs=1e-12)


def status_at(source, row, step, tolerance):
    """Return how an application is decided under another tolerance in its step."""
    run = begin(source)
    while run.world.clock.step < step:
        simulation.step(run)

    def lenient(world, params):
        licensing.run(world, params.model_copy(update={"tolerance": tolerance}))

    licensing = next(phase for phase in run.order if phase.name == "licensing")
    run.order = tuple(replace(phase, run=lenient) if phase is licensing else phase for phase in run.order)
    simulation.step(run)
    return run.world.applications.status[row]


def test_the_tolerance_said_to_turn_a_refusal_turns_it(judged):
    source, rows, seen = judged
    table = source.results.world.applications
    row = next(
        row for row in rows if table.rule[row] not in (Rule.NONE, Rule.EMBARGO, Rule.SANCTION, Rule.CONSENT)
    )
    own, step = seen.kept[int(row)][0], int(table.decided[row])
    least = own.parts["tolerance"] - own.margin
    assert status_at(source, row, step, least + BARELY) == LicenceStatus.GRANTED
    assert status_at(source, row, step, least - BARELY) == LicenceStatus.REFUSED
    told = explain(source, "licence", int(row))
    assert "Refused by" in str(told)
    assert told.data["views"][0]["margin"] == own.margin
    assert own.greatest_strictness * own.risk == pytest.approx(own.strictness * own.risk + own.margin)
