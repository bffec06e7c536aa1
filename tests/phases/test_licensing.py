"""Applications are bars, balance and consents; a refusal reopens the tender; queues take time."""

import numpy as np
import pytest
from tests.phases.stories import in_need, next_step, opened, play, tenders_since, twin

from deftrade.core.tables.codes import ContractKind, LicenceStatus, Rule, TenderStatus

AT_ONCE = {"case_years": 0.001, "case_spread": 0}


def chosen(before=None):
    """Return a world whose states just chose foreign offers, and those tenders.

    ``before`` is given what the tenders want before an offer is chosen.
    """
    world = play(in_need(next_step(opened())), "budgeting")
    world.alliances.pooled_share[:] = 0.0
    first = len(world.tenders)
    world.applications.status[world.applications.status == LicenceStatus.PENDING] = LicenceStatus.WITHDRAWN
    world.tenders.status[world.tenders.status < TenderStatus.SIGNED] = TenderStatus.WITHDRAWN
    play(world, "tendering")
    play(world, "bidding", release_hostility=1, release_alignment=-1)
    if before:
        before(volume=world.tenders.volume.copy(), value=world.tenders.value.copy())
    play(world, "selecting", home=-5, wait=-50)
    rows = tenders_since(world, first)
    return world, rows[world.tenders.status[rows] == TenderStatus.SELECTED]


def verdicts(world, rows, **changes):
    """Return the applications of tenders after the agencies worked, and their rules."""
    before = len(world.applications)
    play(world, "licensing", **{**AT_ONCE, **changes})
    mine = np.arange(before, len(world.applications))
    mine = mine[np.isin(world.applications.tender[mine], rows)]
    return mine, world.applications.rule[mine]


def lenient(world):
    """Switch every balance test off: only bars and vetoes are left."""
    world.states.export_strictness[:] = 0
    world.states.re_export_rule[:] = 0
    world.states.caution[:] = 0
    world.dyads.buyer_strictness[:] = 0
    world.dyads.denial_memory[:] = 0
    return world


def test_every_foreign_choice_is_filed_with_its_exporter():
    world, rows = chosen()
    mine, _ = verdicts(lenient(world), rows)
    assert len(mine) == len(rows) > 5
    assert np.array_equal(world.applications.exporter[mine], world.tenders.exporter[rows])
    assert world.states.licences_filed.sum() >= len(rows)


def test_strictness_zero_refuses_nothing():
    world, rows = chosen()
    mine, rules = verdicts(lenient(world), rows)
    assert np.all(rules == Rule.NONE)
    assert np.all(world.tenders.status[rows] == TenderStatus.APPROVED)
    assert np.all(world.applications.status[mine] == LicenceStatus.GRANTED)


def test_stricter_agencies_refuse_more_and_count_the_business_forgone():
    refused = []
    for strict in (1, 3, 5):
        world, rows = chosen()
        lenient(world).states.export_strictness[:] = strict
        _, rules = verdicts(world, rows)
        refused.append(np.count_nonzero(rules))
        ended = world.applications.decided == world.clock.step
        ended &= world.applications.status == LicenceStatus.REFUSED
        values = world.applications.value[ended].sum()
        assert world.states.business_forgone.sum() == pytest.approx(values)
    assert refused[0] < refused[1] < refused[2]


def test_officials_differ_as_much_as_the_spread_says():
    plain, rows = chosen()
    lenient(plain).states.export_strictness[:] = 0.01
    other = twin(plain)
    mine, _ = verdicts(plain, rows, judgement_spread=0)
    verdicts(other, rows, judgement_spread=0.05)
    luck = other.applications.margin[mine] - plain.applications.margin[mine]
    assert np.abs(luck).max() < 0.05 * 10
    assert luck.min() < 0 < luck.max()
    assert luck.std() == pytest.approx(0.05 * np.pi / np.sqrt(3), rel=0.5)
    applications, exporter = plain.applications, plain.applications.exporter[mine]
    draw = plain.draws.uniform("licensing.judgement", applications.uid[mine], plain.states.uid[exporter])
    asked = applications.rule[mine] != Rule.CONSENT
    asked &= other.applications.rule[mine] != Rule.CONSENT
    np.testing.assert_allclose(luck[asked], 0.05 * np.log(draw / (1 - draw))[asked], atol=1e-12)
    assert asked.any()


def test_the_rule_names_the_criterion_that_weighed_most():
    world, rows = chosen()
    lenient(world).states.export_strictness[:] = 5
    world.states.criterion_weight[:] = 0
    world.states.criterion_weight[:, 1] = 10
    _, rules = verdicts(world, rows)
    assert set(rules) <= {Rule.NONE, Rule.HUMAN_RIGHTS}
    assert Rule.HUMAN_RIGHTS in rules


def test_an_embargo_is_an_absolute_bar():
    world, rows = chosen()
    buyer = world.tenders.buyer[rows[0]]
    exporter = world.tenders.exporter[rows[0]]
    lenient(world).dyads.embargo_years[exporter, buyer] = 1
    mine, rules = verdicts(world, rows)
    hit = (world.applications.exporter[mine] == exporter) & (world.applications.buyer[mine] == buyer)
    assert np.all(rules[hit] == Rule.EMBARGO)
    assert hit.any()


def test_a_sanctioned_firm_gets_no_licence():
    world, rows = chosen()
    firm = world.lines.firm[world.tenders.line[rows[world.tenders.line[rows] >= 0][0]]]
    lenient(world).firms.sanction_years[firm] = 1
    mine, rules = verdicts(world, rows)
    line = world.applications.line[mine]
    hit = (line >= 0) & (world.lines.firm[line] == firm)
    assert hit.any()
    assert np.all(rules[hit] == Rule.SANCTION)
    assert np.all(rules[~hit] == Rule.NONE)


def test_a_source_of_components_that_vetoes_denies_consent():
    world, rows = chosen()
    lenient(world).dyads.veto_years[5, :5] = 1
    mine, rules = verdicts(world, rows, content_threshold=0.05)
    theirs = (world.applications.exporter[mine] != 5) & (world.applications.buyer[mine] != 5)
    assert theirs.any()
    assert np.all(rules[theirs] == Rule.CONSENT)
    assert np.all(world.applications.refuser[mine][theirs] == 5)
    assert np.all(rules[~theirs] == Rule.NONE)


def test_content_below_the_threshold_needs_no_consent():
    world, rows = chosen()
    lenient(world).dyads.veto_years[5, :5] = 1
    _, rules = verdicts(world, rows, content_threshold=0.5)
    assert np.all(rules == Rule.NONE)


def test_a_licensed_design_needs_its_owner_s_consent():
    world, rows = chosen()
    lenient(world).lines.component_share[:] = 0
    world.lines.design_origin[world.lines.home == 4] = 2
    world.dyads.embargo_years[2, [3, 5]] = 1
    mine, rules = verdicts(world, rows)
    built = (world.applications.exporter[mine] == 4) & np.isin(world.applications.buyer[mine], (3, 5))
    assert built.any()
    assert np.all(rules[built] == Rule.CONSENT)


def test_a_strict_re_export_rule_binds_exports_of_others():
    world, rows = chosen()
    lenient(world).states.re_export_rule[5] = 5
    mine, rules = verdicts(world, rows)
    assert Rule.CONSENT in rules
    assert set(world.applications.refuser[mine][rules == Rule.CONSENT]) == {5}


def test_a_reopened_tender_wants_what_it_wanted_before_the_lost_offer():
    world, rows = chosen(before=(wanted := {}).update)
    less = world.tenders.volume[rows] < wanted["volume"][rows] * (1 - 1e-9)
    assert less.any()  # dear offers are smaller than what was wanted
    lenient(world).states.export_strictness[:] = 5
    world.states.criterion_weight[:] = 10
    verdicts(world, rows)
    assert np.array_equal(world.tenders.volume[rows], wanted["volume"][rows])
    assert np.array_equal(world.tenders.value[rows], wanted["value"][rows])


def test_a_refusal_reopens_the_tender_and_is_remembered():
    world, rows = chosen()
    lenient(world).states.export_strictness[:] = 5
    world.states.criterion_weight[:] = 10
    verdicts(world, rows)
    assert np.all(world.tenders.status[rows] == TenderStatus.OPEN)
    assert np.all(world.tenders.refusals[rows] == 1)
    assert np.array_equal(world.tenders.refuser[rows], world.tenders.exporter[rows])
    pair = world.tenders.exporter[rows[0]], world.tenders.buyer[rows[0]]
    assert world.dyads.denial_memory[pair] == 1
    assert world.dyads.licensed_refused[pair] > 0


def test_case_work_takes_time_and_more_officials_save_it():
    world, rows = chosen()
    quick = twin(world)
    quick.states.case_work_capacity[:] = 100
    for each in (world, quick):
        play(lenient(each), "licensing", case_years=0.5, case_spread=0)
    assert np.all(world.tenders.status[rows] == TenderStatus.SELECTED)
    assert np.all(quick.tenders.status[rows] == TenderStatus.APPROVED)
    play(next_step(world), "licensing", case_years=0.5, case_spread=0)
    play(next_step(world), "licensing", case_years=0.5, case_spread=0)
    assert world.states.licences_filed.sum() == 0


def test_support_by_a_third_state_needs_the_maker_s_consent():
    world, rows = chosen()
    row = rows[:1]
    fleet = np.flatnonzero((world.fleets.origin == 5) & (world.fleets.holder == 1))[:1]
    world.tenders.kind[row] = ContractKind.SUPPORT
    world.tenders.fleet[row] = fleet
    world.tenders.buyer[row], world.tenders.exporter[row] = 1, 4
    free = twin(world)
    lenient(world).dyads.support_embargo_years[5, 1] = 1
    mine, rules = verdicts(world, row)
    assert rules.tolist() == [Rule.CONSENT]
    assert world.applications.refuser[mine].tolist() == [5]
    # An embargo on arms alone leaves support free.
    lenient(free).dyads.embargo_years[5, 1] = 1
    _, rules = verdicts(free, row)
    assert rules.tolist() == [Rule.NONE]


def test_small_licences_are_counted_where_trade_is_regular():
    world, _ = chosen()
    world.dyads.relation[:] = 0
    world.dyads.relation[5, 1] = 100
    play(world, "licensing", small_pace=2)
    assert world.states.small_licences == pytest.approx([0, 0, 0, 0, 0, 2 * 100 / 4])
    assert 0 < world.states.small_refusals[5] < 50
