"""Jobs gross and net, trade, dependence and risk are what the step's records say."""

import numpy as np
import pytest
from tests.phases.stories import advance, in_need, next_step, opened, play, twin

from deftrade.core.tables.codes import Item, Sector


def accounted(world, **changes):
    """Return a world after production and accounting."""
    return play(world, "budgeting", "producing", "hiring", "accounting", **changes)


def test_the_margins_of_the_bilateral_matrix_are_exports_and_imports():
    world = accounted(next_step(opened()))
    assert world.states.exports == pytest.approx(world.dyads.exports.sum(axis=1))
    assert world.states.imports == pytest.approx(world.dyads.exports.sum(axis=0))
    assert world.states.exports.sum() == pytest.approx(world.states.imports.sum())
    assert world.states.exports.sum() > 0
    assert np.all(np.diagonal(world.dyads.exports) == 0)


def test_jobs_add_up():
    world = accounted(next_step(opened()), indirect=0.8, induced=0.3)
    states = world.states
    direct = np.bincount(world.firms.home, weights=world.firms.workers, minlength=6)
    assert states.jobs_direct == pytest.approx(direct)
    assert states.jobs_indirect == pytest.approx(0.8 * direct * (1 - states.component_dependence))
    assert states.jobs_induced == pytest.approx(0.3 * (direct + states.jobs_indirect))
    carried = direct + states.jobs_indirect + states.jobs_induced + states.jobs_civil
    assert states.jobs_net == pytest.approx(carried - states.jobs_displaced)


def test_foreign_parts_leak_jobs_to_suppliers_and_value_to_their_makers():
    world = next_step(opened())
    less = twin(world)
    less.lines.component_share[:] = 0
    accounted(world)
    accounted(less)
    # The leader makes its own parts; lines with foreign content of a fifth leak a fifth.
    assert world.states.component_dependence == pytest.approx([0.2, 0.2, 0.2, 0.2, 0.2, 0])
    assert less.states.component_dependence == pytest.approx(0)
    around = [each.states.jobs_indirect / each.states.jobs_direct for each in (world, less)]
    assert around[0] == pytest.approx(around[1] * (0.8, 0.8, 0.8, 0.8, 0.8, 1))
    assert world.states.value_added[5] > less.states.value_added[5]


def test_value_added_is_output_and_parts_sold_less_what_was_bought():
    world = next_step(opened())
    world.firms.civil_revenue[:] = 0
    accounted(world)
    postings = world.postings
    bought = np.isin(postings.item, (Item.MATERIALS, Item.COMPONENTS))
    spent = np.bincount(postings.payer_state[bought], weights=postings.amount[bought], minlength=6)
    sold = (postings.item == Item.COMPONENTS) & (postings.payee_sector == Sector.FIRM)
    parts = np.bincount(postings.payee_state[sold], weights=postings.amount[sold], minlength=6)
    work = world.firms.output + world.firms.rents
    output = np.bincount(world.firms.home, weights=work, minlength=6)
    assert parts[5] > 0
    assert world.states.value_added == pytest.approx(output + parts - spent)
    assert np.all(world.states.value_added > 0)


def test_export_jobs_are_those_that_sales_abroad_pay():
    world = next_step(opened())
    world.firms.revenue[:], world.firms.export_revenue[:] = 100.0, 0.0
    world.firms.export_revenue[0], world.firms.workers[0] = 40.0, 500.0
    play(world, "accounting")
    expected = np.zeros(6)
    expected[world.firms.home[0]] = 200
    assert world.states.export_jobs == pytest.approx(expected)


def test_concentration_is_the_herfindahl_index_of_capability_by_origin():
    world = next_step(opened())
    fleets = world.fleets
    mine = np.flatnonzero(fleets.holder == 1)
    fleets.volume[mine] = 0.0
    two = [mine[fleets.origin[mine] == origin][0] for origin in np.unique(fleets.origin[mine])[:2]]
    effect = world.categories.quality_effect[fleets.category[two[1]]]
    fleets.volume[two], fleets.quality[two] = (30.0, 20.0), (1.0, 0.5 ** (1 / effect))
    play(world, "accounting")
    assert world.states.supplier_concentration[1] == pytest.approx(0.75**2 + 0.25**2)


def test_strength_deters_in_one_readout_and_alarms_in_the_other():
    world = next_step(opened())
    armed = twin(world)
    armed.states.usable_capability[0] *= 3
    for each in (world, armed):
        play(each, "assessing", "accounting")
    assert armed.states.conflict_deterrence[0] < world.states.conflict_deterrence[0]
    assert armed.states.conflict_spiral[3] > world.states.conflict_spiral[3]
    assert armed.states.conflict_spiral[1] == pytest.approx(world.states.conflict_spiral[1])


def test_allies_deter_too():
    world = next_step(opened())
    alone = twin(world)
    alone.dyads.allied[:] = 0
    play(world, "accounting")
    play(alone, "accounting")
    assert np.all(alone.states.conflict_deterrence[3:5] > world.states.conflict_deterrence[3:5])


def test_readouts_feed_back_nowhere():
    """The world goes on as it would have, whatever the accounts say."""
    plain, odd = opened(), opened()
    for world in (plain, odd):
        advance(world, 0.5)
    for column in ("jobs_net", "value_added", "conflict_spiral", "conflict_deterrence", "jobs_displaced"):
        getattr(odd.states, column)[:] = 1e6
    advance(plain, 0.5)
    advance(odd, 0.5)
    assert odd.digest() == plain.digest()


def test_a_risen_arms_deficit_strains_exchange_and_a_fallen_one_eases_it():
    world = accounted(next_step(opened()), exchange_pace=1, exchange_feedback=0)
    assert not world.states.exchange_strain.any()
    deficit = (world.states.payments_abroad - world.states.receipts_abroad) * 4 / world.states.gdp
    assert world.states.trade_deficit == pytest.approx(deficit)
    shift = np.array([0.01, -0.01, 0, 0, 0, 0])
    world.states.opening_trade_deficit[:] = world.states.trade_deficit + shift
    play(world, "accounting", exchange_pace=0, exchange_feedback=5)
    assert world.states.exchange_strain == pytest.approx([-0.05, 0.05, 0, 0, 0, 0], abs=1e-12)


def test_strained_exchange_cuts_what_is_ordered_abroad():
    free, strained = opened(), opened()
    strained.states.exchange_strain[0] = 1.0
    for world in (free, strained):
        world.lines.is_active[world.lines.home == 0] = False  # what is made at home needs no exchange
        play(next_step(in_need(world, 0)), "assessing", "budgeting")
        play(world, "tendering", exchange_weight=0.9)
    wanted = [world.tenders.value[world.tenders.buyer == 0].sum() for world in (free, strained)]
    assert wanted[1] < wanted[0]
