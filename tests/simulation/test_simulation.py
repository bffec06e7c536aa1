"""One step, one loop: the same seed gives the same bits, alone, in company and after a pause."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from tests.worlds import opened_once, small_scenario, small_world

from deftrade.core.draws import Draws, replicate_seed
from deftrade.core.phase import phase
from deftrade.core.tables import Dyads, Firms, States
from deftrade.core.tables.codes import TenderStatus
from deftrade.errors import StateFileError, UndeclaredAccessError
from deftrade.phases import ORDER
from deftrade.phases.monitoring import MonitoringParams
from deftrade.scenario.build import open_world
from deftrade.scenario.events.kinds import KINDS, Event
from deftrade.scenario.resolved import Outputs, Setting
from deftrade.simulation import finish, resume, save, simulate, start, step


def event(year, kind, **particulars):
    return Event(year, kind, KINDS[kind].model_construct(**particulars))


def steps(run, count):
    for _ in range(count):
        step(run)
    return run


def digests(scenario, **more):
    return simulate(scenario, **more).run.digests


def test_a_run_takes_all_its_steps():
    told = []
    results = simulate(small_scenario(years=2), progress=lambda done, whole: told.append((done, whole)))
    assert results.run.is_done
    assert told == [(done, 8) for done in range(1, 9)]
    assert results.record.steps == list(range(9))
    assert list(results.run.digests) == ["2025-Q1", "2026-Q1", "2027-Q1"]


def test_the_same_seed_gives_the_same_bits_and_another_seed_others():
    one = digests(small_scenario(years=2))
    assert one == digests(small_scenario(years=2))
    other = digests(small_scenario(years=2, seed=2))
    assert other["2025-Q1"] == one["2025-Q1"], "the opening belongs to the world's seed"
    assert all(other[date] != one[date] for date in ("2026-Q1", "2027-Q1"))


@pytest.mark.parametrize("length", ["year", "quarter"])
def test_a_world_settles_alike_whenever_it_is_opened(length):
    scenario = small_scenario(years=2, step=length)
    opened = open_world(scenario).digest()
    assert open_world(replace(scenario, seed=5)).digest() == opened
    # What the tests of runs start from is the same.
    assert opened_once(scenario).digest() == opened_once(scenario).digest() == opened


def test_another_world_seed_gives_another_opening():
    one = start(small_scenario(years=1)).world.digest()
    assert start(small_scenario(years=1, size={"seed": 4})).world.digest() != one


def test_the_kept_series_do_not_change_the_run():
    outputs = Outputs(series=("states",), every="year")
    thin = simulate(small_scenario(years=2, outputs=outputs))
    full = simulate(small_scenario(years=2))
    assert thin.run.digests == full.run.digests
    assert thin.record.steps == [0, 4, 8]
    yearly = full.record.series("states", "milex")[1:].reshape(2, 4, -1).sum(axis=1)
    assert thin.record.series("states", "milex")[1:] == pytest.approx(yearly)
    stock = full.record.series("states", "debt")[[4, 8]]
    assert np.array_equal(thin.record.series("states", "debt")[1:], stock)


# Save and resume


@pytest.mark.parametrize("length", ["year", "quarter", "month"])
def test_ten_steps_are_five_saved_resumed_and_five_more(length, tmp_path):
    scenario = small_scenario(years=10, step=length)
    whole = steps(start(scenario), 10)
    half = steps(start(scenario), 5)
    save(half, tmp_path / "state.npz")
    rest = steps(resume(scenario, tmp_path / "state.npz"), 5)
    assert rest.world.digest() == whole.world.digest()
    assert vars(rest.world.names) == vars(whole.world.names)
    assert steps(half, 5).world.digest() == whole.world.digest(), "saving changes nothing"
    assert not list(tmp_path.glob("*.part"))


def test_a_run_with_policy_events_and_new_firms_goes_on_from_a_saved_state(tmp_path):
    params = small_scenario().params
    renewal = params.researching.model_copy(update={"entry_hazard": 2.0, "entry_stock": 0.0})
    world = small_world(states=4, firms_per_state=1)
    world.values[States.rung][:] = 8.0
    scenario = small_scenario(
        years=4,
        world=world,
        params=params.model_copy(update={"researching": renewal}),
        policy=(Setting(States.export_strictness, (2,), 2027.0, 4.0),),
        events=(event(2027.5, "gdp_shock", state=1, size=-0.2),),
    )
    whole = finish(start(scenario)).run
    assert len(whole.world.lines) > len(world.line_firm)
    half = steps(start(scenario), 7)
    save(half, tmp_path / "state.npz")
    rest = resume(scenario, tmp_path / "state.npz")
    assert rest.world.digest() == half.world.digest()
    finish(rest)
    assert rest.world.digest() == whole.world.digest()
    assert rest.world.names.lines == whole.world.names.lines
    later = ("2027-Q1", "2028-Q1", "2029-Q1")
    assert [rest.digests[date] for date in later] == [whole.digests[date] for date in later]


@pytest.mark.parametrize("every", ["step", "year"])
def test_a_resumed_run_has_kept_what_an_unbroken_one_keeps(every, tmp_path):
    scenario = small_scenario(years=2, outputs=Outputs(every=every))
    save(steps(start(scenario), 5), tmp_path / "state.npz")
    resumed = finish(resume(scenario, tmp_path / "state.npz"))
    whole = finish(start(scenario))
    assert resumed.run.digests == whole.run.digests
    assert resumed.run.residuals == whole.run.residuals
    assert (resumed.run.clips == whole.run.clips).all()
    for name in ("states", "firms", "alliances", "flows", "accounts", "contracts", "indicators"):
        assert resumed.to_frame(name).equals(whole.to_frame(name)), name


def test_a_resumed_run_keeps_its_order(tmp_path):
    scenario, order = small_scenario(years=2), tuple(p for p in ORDER if p.name != "monitoring")
    whole = steps(start(scenario, order=order), 8)
    save(steps(start(scenario, order=order), 4), tmp_path / "state.npz")
    rest = steps(resume(scenario, tmp_path / "state.npz", order=order), 4)
    assert rest.world.digest() == whole.world.digest()


def spoil_text(path):
    path.write_text("not a state", encoding="utf-8")


def spoil_empty(path):
    path.write_bytes(b"")


def spoil_cut(path):
    path.write_bytes(path.read_bytes()[:-2000])


def spoil_value(path):
    with np.load(path) as saved:
        arrays = dict(saved)
    arrays["world/States.debt"] = arrays["world/States.debt"] + 1
    np.savez(path, **arrays)


def spoil_column(path):
    with np.load(path) as saved:
        arrays = {name: saved[name] for name in saved.files if name != "world/States.debt"}
    np.savez(path, **arrays)


def spoil_shape(path):
    with np.load(path) as saved:
        arrays = dict(saved)
    arrays["world/States.debt"] = arrays["world/States.debt"][:2]
    np.savez(path, **arrays)


@pytest.mark.parametrize(
    "spoil", [spoil_text, spoil_empty, spoil_cut, spoil_value, spoil_column, spoil_shape]
)
def test_a_damaged_state_is_refused(spoil, tmp_path):
    scenario, path = small_scenario(years=1), tmp_path / "state.npz"
    save(start(scenario), path)
    spoil(path)
    with pytest.raises(StateFileError, match=r"state\.npz"):
        resume(scenario, path)


def test_a_missing_state_is_refused(tmp_path):
    with pytest.raises(StateFileError, match=r"none\.npz"):
        resume(small_scenario(years=1), tmp_path / "none.npz")


@pytest.mark.parametrize(
    "other",
    [
        small_scenario(years=1, seed=9),
        small_scenario(years=1, size={"states": 3}),
        small_scenario(years=1, size={"firms_per_state": 1}),
        small_scenario(years=1, step="year"),
    ],
    ids=["seed", "states", "firms", "step length"],
)
def test_a_state_of_another_world_is_refused(other, tmp_path):
    save(start(small_scenario(years=1)), tmp_path / "state.npz")
    with pytest.raises(StateFileError, match=r"state\.npz"):
        resume(other, tmp_path / "state.npz")


# Replicates and company


def test_replicates_are_the_same_alone_and_in_sequence():
    scenario = small_scenario(years=1)
    seeds = [replicate_seed(5, index) for index in range(3)]
    sequence = [digests(scenario.with_seed(seed)) for seed in seeds]
    alone = [digests(small_scenario(years=1, seed=seed)) for seed in reversed(seeds)]
    assert sequence == alone[::-1]
    assert len({run["2026-Q1"] for run in sequence}) == 3


def test_two_runs_side_by_side_do_not_touch_each_other():
    first, second = small_scenario(years=2), small_scenario(years=2, size={"states": 4}, seed=5)
    one, other = start(first), start(second)
    for _ in range(8):
        step(one)
        step(other)
    assert one.digests == digests(first)
    assert other.digests == digests(second)


def test_a_run_leaves_its_scenario_as_it_was():
    scenario = small_scenario(
        years=2,
        policy=(Setting(States.offset_rate, (1,), 2025.5, 0.9),),
        events=(event(2025.5, "collapse", firm=1),),
    )
    spec = scenario.world
    names = copy.deepcopy(spec.names)
    values = {column: array.copy() for column, array in spec.values.items()}
    arrays = {name: array.copy() for name, array in vars(spec).items() if hasattr(array, "dtype")}
    simulate(scenario)
    assert spec.names == names
    assert spec.values.keys() == values.keys()
    assert all(np.array_equal(spec.values[column], values[column]) for column in values)
    assert all(np.array_equal(getattr(spec, name), arrays[name], equal_nan=True) for name in arrays)


# Treatment


TREATMENTS = {
    "policy": {"policy": (Setting(States.procurement_share, (2,), 2027.0, 0.5),)},
    "policy of all": {"policy": (Setting(States.offset_rate, (), 2027.0, 1.0),)},
    "event": {"events": (event(2027.0, "gdp_shock", state=3, size=-0.3),)},
    "event between steps": {"events": (event(2026.9, "oil_shock", size=0.5),)},
}


@pytest.mark.parametrize("treatment", TREATMENTS.values(), ids=TREATMENTS.keys())
def test_a_treatment_changes_nothing_before_its_date(treatment):
    world = small_world()
    world.values[States.oil_share][:] = 0.1
    plain = digests(small_scenario(years=3, world=world))
    treated = digests(small_scenario(years=3, world=world, **treatment))
    assert [plain[date] == treated[date] for date in plain] == [True, True, True, False]


@pytest.mark.parametrize("year", [-np.inf, 2020.0, 2025.0])
def test_policy_that_is_in_force_acts_from_the_first_step(year):
    policy = (Setting(States.procurement_share, (2,), year, 0.5),)
    run = start(small_scenario(years=1, policy=policy))
    assert run.world.states.procurement_share[2] != 0.5, "the opening is the same for all"
    step(run)
    assert run.world.states.procurement_share[2] == 0.5
    assert run.world.states.procurement_budget[2] == pytest.approx(run.world.states.milex[2] / 2)


def test_policy_is_set_where_and_when_it_says():
    policy = (
        Setting(States.criterion_weight, (1, 3), 2025.25, 7.0),
        Setting(States.criterion_weight, (2,), 2025.25, 5.0),
        Setting(Firms.margin, (), 2025.5, 0.2),
        Setting(Dyads.buyer_strictness, (0, 4), 2025.5, 3.0),
        Setting(Dyads.buyer_strictness, (0, 4), 2025.75, 0.0),
    )
    run = steps(start(small_scenario(years=1, policy=policy)), 1)
    world = run.world
    assert (world.states.criterion_weight == 1).all()
    step(run)
    assert world.states.criterion_weight[1].tolist() == [1, 1, 1, 7, 1, 1, 1, 1]
    assert world.states.criterion_weight[2].tolist() == [5] * 8
    step(run)
    assert (world.firms.margin == 0.2).all()
    assert world.dyads.buyer_strictness[0, 4] == 3
    step(run)
    assert (world.dyads.buyer_strictness == 0).all()


def drawn(scenario, monkeypatch):
    """Return a run with every word it drew, by purpose and ids."""
    words = {}
    original = Draws.words

    def noted(draws, purpose, *ids):
        result = original(draws, purpose, *ids)
        parts = np.broadcast_arrays(result, *(np.asarray(part) for part in ids))
        keys = zip(*(part.ravel().tolist() for part in parts[1:]), strict=True)
        for key, word in zip(keys, parts[0].ravel().tolist(), strict=True):
            assert words.setdefault((purpose, *key), word) == word
        return result

    with monkeypatch.context() as patch:
        patch.setattr(Draws, "words", noted)
        run = start(scenario)
        words.clear()  # the opening has the luck of the world
        finish(run)
    return run, words


def test_a_remote_policy_leaves_the_luck_of_others_alone(monkeypatch):
    policy = (Setting(States.procurement_share, (5,), 2026.0, 0.6),)
    plain, words = drawn(small_scenario(years=3), monkeypatch)
    treated, other_words = drawn(small_scenario(years=3, policy=policy), monkeypatch)
    shared = words.keys() & other_words.keys()
    assert len(shared) > 0.6 * len(words)
    assert all(words[key] == other_words[key] for key in shared)
    assert len({words[key] for key in shared}) == len(shared), "no draw is used twice"

    def tenders(run):
        table = run.world.tenders
        return {
            int(uid): (int(buyer), int(category), int(kind))
            for uid, buyer, category, kind in zip(
                table.uid, table.buyer, table.category, table.kind, strict=True
            )
        }

    one, other = tenders(plain), tenders(treated)
    assert len(one) == len(plain.world.tenders), "ids are unique"
    both = one.keys() & other.keys()
    assert all(one[uid] == other[uid] for uid in both)
    remote = [uid for uid in one if one[uid][0] != 5]
    assert sum(uid in both for uid in remote) > 0.8 * len(remote)


# Another order of phases


@phase(
    MonitoringParams,
    reads=(States.gdp, Firms.civil_revenue),
    writes=(States.caution,),
)
def monitoring(world, params):
    """Grow more cautious with every step, whatever happens."""
    world.states.caution = world.states.caution + params.caution_step
    assert world.states.gdp.all()
    assert len(world.firms.civil_revenue)


def test_a_phase_can_be_replaced_by_one_with_other_columns():
    order = tuple(monitoring if item.name == "monitoring" else item for item in ORDER)
    run = finish(start(small_scenario(years=1), order=order)).run
    assert run.order is order
    assert run.world.states.caution == pytest.approx(4 * 0.2 + start(run.scenario).world.states.caution)
    assert not run.world.states.diversions.any()


def test_a_replaced_phase_is_held_to_its_own_declaration():
    @phase(MonitoringParams, reads=(States.gdp,), writes=(States.caution,))
    def peeping(world, params):
        """Read what the phase that it replaces may read."""
        _ = world.contracts.price

    peeping = replace(peeping, name="monitoring")
    order = tuple(peeping if item.name == "monitoring" else item for item in ORDER)
    run = start(small_scenario(years=1), order=order)
    with pytest.raises(UndeclaredAccessError, match=r"monitoring reads Contracts\.price"):
        step(run)


def test_between_steps_a_world_is_open_for_reading_only():
    run = start(small_scenario(years=1))
    for _ in range(2):
        with pytest.raises(UndeclaredAccessError):
            run.world.states.gdp = 1.0
        assert not run.world.contracts.price.flags.writeable
        step(run)


def test_tenders_come_to_an_end():
    world = simulate(small_scenario(years=8)).world
    old = world.tenders.opened < world.clock.step - 4 * 6
    assert old.any()
    assert (world.tenders.status[old] >= TenderStatus.SIGNED).all()


def test_a_world_recalls_what_came_of_the_same_arrays():
    world = start(small_scenario(years=1)).world
    calls = []

    def find():
        calls.append(1)
        return world.states.gdp.sum()

    first = world.recall("whole", (world.states.gdp,), find)
    assert world.recall("whole", (world.states.gdp.copy(),), find) == first
    assert len(calls) == 1
    world.gate.unlock()
    world.states.gdp[0] += 1.0
    assert world.recall("whole", (world.states.gdp,), find) == world.states.gdp.sum() != first
    assert world.recall("whole", (world.states.gdp[:2],), lambda: -1.0) == -1.0
