"""States with active lines may answer, each once; makers, holders and operators support fleets."""

import numpy as np
from tests.phases.stories import in_need, next_step, opened, play, tenders_since

from deftrade.core.tables.codes import ContractKind, LicenceStatus, TenderStatus
from deftrade.phases.bidding.matching import find_houses, match_all, match_skilled


def on_the_market(kind=ContractKind.EQUIPMENT):
    """Return a world with fresh tenders and their rows."""
    world = play(in_need(next_step(opened())), "budgeting")
    if kind == ContractKind.SUPPORT:
        world = next_step(opened())
        world.fleets.support_contract[:] = world.fleets.support_tender[:] = -1
    before = len(world.tenders)
    play(world, "tendering")
    return world, tenders_since(world, before, kind)


def makers(world, category):
    lines = world.lines
    return set(lines.home[lines.is_active & (lines.category == category)])


def test_every_maker_of_the_category_answers_with_one_of_its_lines():
    world, rows = on_the_market()
    match = match_all(world, find_houses(world), rows)
    for row in rows:
        mine = match.tender == row
        category = world.tenders.category[row]
        assert sorted(match.exporter[mine]) == sorted(makers(world, category))
        assert np.all(world.lines.category[match.line[mine]] == category)
        assert np.array_equal(world.lines.home[match.line[mine]], match.exporter[mine])


def test_a_closed_line_makes_no_offer():
    world, rows = on_the_market()
    world.lines.is_active[(world.lines.home == 5) & (world.lines.category == 0)] = False
    match = match_all(world, find_houses(world), rows)
    category = world.tenders.category[match.tender]
    assert 5 not in match.exporter[category == 0]
    assert 5 in match.exporter[category == 1]


def test_more_brands_give_a_state_no_second_ticket():
    world, rows = on_the_market()
    match = match_all(world, find_houses(world), rows)
    pairs = list(zip(match.tender, match.exporter, strict=True))
    assert len(pairs) == len(set(pairs))
    per_state = [np.count_nonzero(world.lines.home == state) for state in range(6)]
    assert max(per_state) > 3  # some state has two lines in a category


def test_a_line_with_free_capacity_is_put_forward_more_often():
    world, rows = on_the_market()
    twins = np.flatnonzero((world.lines.home == 5) & (world.lines.category == _double(world, 5)))
    world.lines.capacity[twins] = (1000.0, 1.0)
    world.lines.backlog[twins] = 0.0
    match = match_all(world, find_houses(world), rows)
    counts = [np.count_nonzero(match.line == line) for line in twins]
    assert counts[0] > 0
    assert counts[1] == 0
    world.lines.backlog[twins[0]] = 1e9
    match = match_all(world, find_houses(world), rows)
    assert np.count_nonzero(match.line == twins[0]) == 0


def _double(world, state):
    """Return the category in which a state has two lines."""
    return int(np.argmax(np.bincount(world.lines.category[world.lines.home == state], minlength=3)))


def test_who_was_refused_a_licence_does_not_come_back():
    world, rows = on_the_market()
    tender = rows[:1]
    before = match_all(world, find_houses(world), tender)
    out = before.exporter[0]
    application = world.applications.append(1)
    world.applications.tender[application] = tender
    world.applications.exporter[application] = out
    world.applications.status[application] = LicenceStatus.REFUSED
    world.tenders.refusals[tender] = 1
    after = match_all(world, find_houses(world), tender)
    assert set(before.exporter) - set(after.exporter) == {out}


def test_support_is_offered_by_the_maker_and_by_skilled_operators():
    world, rows = on_the_market(ContractKind.SUPPORT)
    world.states.rung[:] = 0.0
    world.states.rung[4] = 8.0
    match = match_skilled(world, find_houses(world), rows, overhaul_rung=2.0)
    fleet = world.tenders.fleet[match.tender]
    others = match.exporter != world.fleets.origin[fleet]
    assert (~others).any()
    assert set(match.exporter[others]) == {4}
    held = {(o, c) for h, o, c in _fleets(world) if h == 4}
    offered = {(world.fleets.origin[f], world.fleets.category[f]) for f in fleet[others]}
    assert offered <= held


def _fleets(world):
    fleets = world.fleets
    real = fleets.volume > 0
    return zip(fleets.holder[real], fleets.origin[real], fleets.category[real], strict=True)


def test_without_skills_only_the_maker_supports():
    world, rows = on_the_market(ContractKind.SUPPORT)
    assert np.all(world.tenders.status[rows] == TenderStatus.OPEN)
    match = match_skilled(world, find_houses(world), rows, overhaul_rung=9.0)
    fleet = world.tenders.fleet[match.tender]
    assert len(fleet) > 0
    assert np.array_equal(match.exporter, world.fleets.origin[fleet])
