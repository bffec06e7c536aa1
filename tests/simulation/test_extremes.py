"""Values within bounds run, are refused with their place, or stop with a reason."""

import numpy as np
import pytest
from tests.worlds import small_scenario, small_world

from deftrade.core.tables import Dyads, Lines, States
from deftrade.core.tables.codes import LEAST_QUALITY
from deftrade.errors import NotFiniteError
from deftrade.phases import ORDER, Params
from deftrade.simulation import finish, simulate, start, step
from validation.extreme_bounds import ends, played
from validation.extreme_worlds import RAN, WRONG, outcome

SHORT = {"coarse_years": 0.0, "fine_years": 0.0}


@pytest.mark.parametrize(
    "numbers",
    [range(8), pytest.param(range(8, 200), marks=pytest.mark.slow)],
    ids=["a few", "more"],
)
def test_drawn_worlds_at_and_near_all_bounds(numbers, tmp_path):
    found = {number: outcome(number, tmp_path) for number in numbers}
    assert not {number: why for number, (what, why) in found.items() if what == WRONG}
    assert any(what == RAN for what, _ in found.values())


@pytest.mark.parametrize("end", ends()[::13], ids=str)
@pytest.mark.slow
def test_a_declared_number_alone_at_an_end_of_its_bounds(end, tmp_path):
    what, why = played(end, tmp_path)
    assert what != WRONG, why


def changed(path, value):
    """Return parameters with one of them at a value, and a short settling."""
    first, *rest = path

    def put(group, names):
        name, *below = names
        new = put(getattr(group, name), below) if below else value
        return group.model_copy(update={name: new})

    params = Params()
    if first != "opening":
        params = params.model_copy(update={"opening": params.opening.model_copy(update=SHORT)})
    return put(params, [first, *rest])


def holds(params, spec=None):
    """Assert that a short run ends with finite series and without a warning."""
    results = simulate(
        small_scenario(years=1, step="quarter", world=spec or small_world(3, 1), params=params)
    )
    assert np.isfinite(results.to_frame("states").select_dtypes("float")).all(axis=None)


@pytest.mark.parametrize(
    "path",
    [
        ("researching", "absorption_floor", 0.0),
        ("allying", "accession_alignment", 1.0),
        ("researching", "own_growth", 2.0),
        ("contracting", "price_learning", 1.0),
        ("tendering", "smallest_support", 0.001),
    ],
    ids=lambda path: path[1],
)
def test_ends_that_once_divided_by_zero(path):
    *where, value = path
    holds(changed(where, value))


def test_what_is_of_next_to_no_quality_is_not_offered():
    spec = small_world(2, 1)
    spec.values[States.know_how][0] = 0.0
    spec.values[States.release_ceiling][:] = 0.0
    spec.values[Dyads.alignment][:] = 1e-17
    run = start(small_scenario(years=2, world=spec, params=changed(("contracting", "price_learning"), 1.0)))
    assert (run.world.lines.quality < LEAST_QUALITY).any()
    while not run.is_done:
        step(run)
        bids = run.world.bids
        assert (bids.quality[bids.volume > 0] >= LEAST_QUALITY).all()
    assert run.world.states.usual_price.min() > 0
    assert run.world.categories.market_price.min() > 0


class Spoiler:
    """A phase that does what no phase should."""

    name = ORDER[-1].name
    opens = ()

    def __init__(self, act):
        self.act = act

    def __call__(self, world, group):
        world.gate.unlock()
        self.act(world)


@pytest.mark.parametrize(
    ("column", "entity"), [(States.know_how, "State 1"), (Lines.experience, "Firm 0.0: ships")]
)
def test_a_number_that_is_none_stops_the_run_and_is_named(column, entity):
    def spoil(world):
        if world.clock.step == 3:
            world.gate.arrays[column][1] = np.nan

    run = start(small_scenario(years=1), order=(*ORDER, Spoiler(spoil)))
    with pytest.raises(NotFiniteError, match=rf"{column.path} of {entity} is not finite in 2025-Q4"):
        finish(run)


def test_what_cannot_be_computed_stops_the_run_instead_of_warning():
    run = start(
        small_scenario(years=1), order=(*ORDER, Spoiler(lambda world: world.states.gdp / np.zeros(6)))
    )
    with pytest.raises(NotFiniteError, match="cannot compute 2025-Q1: divide by zero"):
        step(run)
