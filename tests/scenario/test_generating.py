"""Generated worlds: complete, within bounds, repeatable, and shaped like the real one."""

import time

import numpy as np
import pytest
from pydantic import ValidationError

from deftrade.core.draws import Draws
from deftrade.core.tables import Alliances, Categories, Dyads, Firms, States
from deftrade.core.tables.codes import CRITERIA, SOURCES, AllianceKind
from deftrade.scenario.generate.draws import alliance_words, firm_names, state_names
from deftrade.scenario.generate.spec import GenerateSpec, RelationsSpec
from deftrade.scenario.generate.world import generate_world

CATEGORIES = ["aircraft", "ships", "missiles", "armour", "air defence", "sensors", "artillery"]
VALUES = {
    Categories.demand_share: np.array([0.44, 0.16, 0.13, 0.12, 0.05, 0.06, 0.04]),
    Categories.rung_design: np.array([7.0, 5.0, 6.0, 5.0, 7.0, 6.0, 4.0]),
}
TABLES = (Categories, States, Dyads, Firms, Alliances)
SIZES = (
    {},
    {"states": 12, "firms": 12},
    {"states": 40, "firms": 2000},
    {"states": 400, "firms": 300},
    {"states": 60, "firms": 100, "relations": {"regions": 1, "pact_members": 1, "rivalries": 3}},
    {"states": 60, "firms": 100, "relations": {"pact_members": 0, "bloc_members": 0}},
    {"states": 30, "firms": 60, "industry": {"exporters": 1, "sources": 1}},
)


def make(seed=11, **numbers):
    return generate_world(GenerateSpec.model_validate(numbers), seed, CATEGORIES, VALUES)


@pytest.fixture(scope="module", params=[11, 12, 13])
def world(request):
    return make(request.param)


def settable(table):
    return [column for column in table.columns if column.role in ("given", "lever")]


def top(values, count):
    return np.sort(values)[::-1][:count].sum() / values.sum()


@pytest.mark.parametrize("numbers", SIZES, ids=str)
def test_every_column_is_there_with_its_shape_and_within_bounds(numbers):
    made = make(**numbers)
    states, firms = len(made.names.states), len(made.names.firms)
    sizes = {"states": states, "categories": len(CATEGORIES), "criteria": len(CRITERIA)}
    rows = (len(CATEGORIES), states, states, firms, len(made.names.alliances))
    for table, count in zip(TABLES, rows, strict=True):
        for column in settable(table):
            values = made.values[column]
            assert values.shape == (count, *(sizes[axis] for axis in column.axes)), column
            assert np.isfinite(values).all(), column
            assert (values >= column.bounds.low).all(), column
            assert (values <= column.bounds.high).all(), column
    assert len(made.values) == sum(len(settable(table)) for table in TABLES)


@pytest.mark.parametrize("numbers", SIZES, ids=str)
def test_lines_refer_to_what_exists(numbers):
    made = make(**numbers)
    states, lines = len(made.names.states), len(made.line_firm)
    assert made.component_source.shape == made.component_share.shape == (lines, SOURCES)
    assert (made.firm_home >= 0).all()
    assert (made.firm_home < states).all()
    assert set(made.line_firm) == set(range(len(made.names.firms)))
    assert set(made.line_category) == set(range(len(CATEGORIES)))
    pairs = made.line_firm * len(CATEGORIES) + made.line_category
    assert len(set(pairs)) == lines
    assert (made.line_weight > 0).all()
    assert (made.line_quality > 0).all()
    assert (made.line_quality <= 1).all()
    home = made.firm_home[made.line_firm]
    assert (made.line_design >= -1).all()
    assert (made.line_design < states).all()
    assert (made.line_design != home).all()
    used = made.component_source >= 0
    assert (made.component_source < states).all()
    assert (made.component_source != home[:, None]).all()
    assert ((made.component_share > 0) == used).all()
    limit = GenerateSpec().industry.content_high
    assert (made.component_share.sum(axis=1) <= limit + 1e-12).all()
    for sources, is_used in zip(made.component_source, used, strict=True):
        assert len(set(sources[is_used])) == is_used.sum()


@pytest.mark.parametrize("numbers", SIZES, ids=str)
def test_alliances_have_members_and_known_kinds(numbers):
    made = make(**numbers)
    assert made.alliance_member.shape == (len(made.names.alliances), len(made.names.states))
    assert made.alliance_member.dtype == bool
    assert (made.alliance_member.sum(axis=1) >= 2).all()
    assert set(made.alliance_kind) <= set(AllianceKind)


def same(one, other):
    values = all(np.array_equal(one.values[column], other.values[column]) for column in one.values)
    arrays = [key for key, value in vars(one).items() if isinstance(value, np.ndarray)]
    return values and all(np.array_equal(vars(one)[key], vars(other)[key]) for key in arrays)


def test_the_same_seed_gives_the_same_world():
    one, other = make(5), make(5)
    assert one.names == other.names
    assert same(one, other)
    assert one.seed == 5


def test_another_seed_gives_another_world():
    one, other = make(5), make(6)
    assert one.names.states != other.names.states
    for column in (States.gdp, States.burden, States.polity, Dyads.distance, Firms.margin):
        assert not np.array_equal(one.values[column], other.values[column])


@pytest.mark.parametrize("draw", [state_names, firm_names, alliance_words])
@pytest.mark.parametrize("seed", [1, 2])
def test_names_are_unique(draw, seed):
    many = {state_names: 1000, firm_names: 40_000, alliance_words: 105}[draw]
    names = draw(many, Draws(seed))
    assert len(names) == len(set(names)) == many
    assert draw(10, Draws(seed)) == names[:10]


def test_names_do_not_clash_between_sorts(world):
    everything = [*world.names.states, *world.names.firms, *world.names.alliances]
    assert len(everything) == len(set(everything))


def test_given_categories_are_kept_and_the_rest_is_filled():
    made = make()
    assert np.array_equal(made.values[Categories.demand_share], VALUES[Categories.demand_share])
    assert (made.values[Categories.lifetime] == Categories.lifetime.bounds.default).all()
    bare = generate_world(GenerateSpec(states=20, firms=30), 1, ["one", "two"], {})
    assert (bare.values[Categories.demand_share] == 0.5).all()


def test_economies_are_as_large_and_unequal_as_the_worlds(world):
    gdp = world.values[States.gdp]
    assert gdp.sum() == pytest.approx(105e6)
    assert gdp[0] / gdp.sum() == pytest.approx(0.26)
    assert gdp[1] / gdp.sum() == pytest.approx(0.17)
    assert 0.62 < top(gdp, 10) < 0.75
    assert np.argmax(gdp) == 0


def test_burdens_follow_published_distributions(world):
    burden = world.values[States.burden]
    assert 0.0135 < np.median(burden) < 0.016  # V33
    assert 0.019 < burden.mean() < 0.023  # V33
    assert 0.037 < np.quantile(burden, 0.9) < 0.047  # V33
    assert 0.75 < np.log(burden).std() < 0.95
    polity = world.values[States.polity]
    numbers = GenerateSpec().society
    free, closed = burden[polity >= numbers.democracy], burden[polity < numbers.autocracy]
    assert np.median(closed) > 1.4 * np.median(free)


def test_military_spending_is_concentrated(world):
    gdp = world.values[States.gdp]
    milex = gdp * world.values[States.burden]
    assert 0.29 < milex[0] / milex.sum() < 0.42
    assert 0.54 < top(milex, 5) < 0.68  # V35: 61 %
    assert 0.68 < top(milex, 10) < 0.79  # V35: 74 %
    assert 0.02 < milex.sum() / gdp.sum() < 0.031
    slope = np.polyfit(np.log(gdp), np.log(milex), 1)[0]
    assert 1.0 < slope < 1.16  # V34


def test_distances_lie_on_a_globe(world):
    distance = world.values[Dyads.distance]
    assert np.array_equal(distance, distance.T)
    assert (np.diag(distance) == 1).all()
    off = distance[~np.eye(len(distance), dtype=bool)]
    assert 8000 < off.mean() < 11000
    assert np.median(np.sort(distance, axis=1)[:, 1]) < 800


def test_hostility_is_rare_mutual_and_between_neighbours_or_blocs(world):
    hostility, distance = world.values[Dyads.hostility], world.values[Dyads.distance]
    size = len(hostility)
    assert np.array_equal(hostility, hostility.T)
    assert (np.diag(hostility) == 0).all()
    pact, bloc = world.alliance_member[:2]
    opposed = np.outer(pact, bloc) | np.outer(bloc, pact)
    rivals = np.argwhere(np.triu((hostility >= 0.3) & ~opposed))
    assert 0.15 * size < len(rivals) < 0.3 * size
    assert np.median([distance[a, b] for a, b in rivals]) < 1500
    assert (hostility[opposed] > 0).all()
    assert hostility[np.ix_(pact, pact)].max() == 0


def test_blocs_are_what_their_names_say(world):
    values, (pact, bloc) = world.values, world.alliance_member[:2]
    assert pact[0]
    assert bloc[1]
    assert not (pact & bloc).any()
    assert 30 <= pact.sum() <= 34
    assert values[Alliances.burden_target][0] == 0.02
    assert values[Alliances.burden_target][1:].max() == 0
    assert values[States.polity][pact].mean() > 0.6 > 0.3 > values[States.polity][bloc].mean()
    alignment = values[Dyads.alignment]
    assert np.array_equal(alignment, alignment.T)
    assert alignment[np.ix_(pact, pact)].mean() > 0.5
    assert alignment[np.ix_(pact, bloc)].mean() < -0.5
    pools = world.alliance_kind == AllianceKind.PROCUREMENT_POOL
    assert (values[Alliances.pooled_share][~pools] == 0).all()
    assert (values[Alliances.pooled_share][pools] > 0).all()
    assert set(world.alliance_kind) == set(AllianceKind)


def test_industry_is_concentrated(world):
    values = world.values
    makers = np.unique(world.firm_home)
    assert 55 <= len(makers) <= 72  # L§2d: 61-72 exporters in five years
    assert 1900 <= len(world.line_firm) <= 2500
    per_firm = np.bincount(world.line_firm)
    assert per_firm.min() == 1
    assert per_firm[1:].max() <= 4
    assert np.bincount(world.firm_home).argmax() == 0
    know_how = values[States.know_how].mean(axis=1)
    assert know_how[0] == 1
    assert 3 <= (know_how >= 0.88).sum() <= 8
    idle = np.setdiff1d(np.arange(len(know_how)), makers)
    assert (values[States.know_how][idle] < 0.4).all()
    assert (values[States.rung][idle] <= 2).all()
    made = world.line_category, world.firm_home[world.line_firm]
    assert (values[States.rung][made[1], made[0]] >= 3).all()
    assert top(world.line_weight, len(world.line_weight) // 10) > 0.35


def test_middle_powers_depend_on_leaders(world):
    home = world.firm_home[world.line_firm]
    content = world.component_share.sum(axis=1)
    assert content[home == 0].max() <= 0.05
    known = world.values[States.know_how].mean(axis=1)
    middle = known[home] < 0.8
    served = content[middle & (content > 0)]
    assert served.min() >= 0.1
    assert served.max() <= 0.45
    assert (content[middle] > 0).mean() > 0.95
    assert len(np.unique(world.component_source)) - 1 <= GenerateSpec().industry.sources
    assert 0.05 < (world.line_design >= 0).mean() < 0.3
    hostility = world.values[Dyads.hostility]
    line, slot = np.nonzero(world.component_source >= 0)
    assert hostility[world.component_source[line, slot], home[line]].max() < 0.3


def test_state_ownership_is_for_poor_autocracies(world):
    share, home = world.values[Firms.state_share], world.firm_home
    free = (world.values[States.polity] + world.values[States.productivity] / 0.32)[home]
    assert (share[free < np.median(free)] > 0).mean() > (share[free > np.median(free)] > 0).mean()
    assert set(np.unique(share > 0)) == {False, True}


def test_budgets_leave_something_for_personnel(world):
    values = world.values
    procurement = values[States.procurement_share]
    assert procurement.min() >= 0.15
    assert procurement.max() <= 0.35
    rest = procurement + values[States.support_share] + values[States.research_share]
    assert (rest <= 0.85 + 1e-12).all()


def test_levers_without_a_default_stay_off(world):
    for column in settable(States):
        if column.role == "lever" and column.bounds.default == 0:
            assert (world.values[column] == 0).all(), column
    assert world.values[States.offset_rate].std() > 0.05


def test_it_is_quick():
    begun = time.perf_counter()
    make(99)
    assert time.perf_counter() - begun < 1.0  # 0.05 s on a quiet machine


@pytest.mark.parametrize(
    "numbers",
    [
        {"states": 3},
        {"state": 20},
        {"firms": 10.5},
        {"burden": {"median": 5}},
        {"economy": {"leader_gdp": 0.7, "rival_gdp": 0.7}},
        {"industry": {"content_low": 0.5, "content_high": 0.4}},
    ],
    ids=str,
)
def test_impossible_numbers_are_refused(numbers):
    with pytest.raises(ValidationError):
        GenerateSpec.model_validate(numbers)


def test_every_number_has_unit_and_source():
    groups = [GenerateSpec, *(info.annotation for info in GenerateSpec.model_fields.values())]
    groups = [group for group in groups if hasattr(group, "model_fields")]
    assert RelationsSpec in groups
    for group in groups:
        for name, info in group.model_fields.items():
            assert info.description, name
            if not hasattr(info.annotation, "model_fields"):
                assert info.json_schema_extra["unit"], name
                assert info.json_schema_extra["source"], name
