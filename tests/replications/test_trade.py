"""What is read off simulated orders and deliveries: supplier choice, kernels, import demand.

Bands are wide on purpose: they hold what a run must show whatever the parameters of the day. The page
docs/replications.md tells how close the numbers come to the published ones.
"""

from dataclasses import replace

import numpy as np
import pytest
from tests.worlds import small_scenario

from deftrade import load
from deftrade.core.tables import Firms, States
from deftrade.core.tables.codes import Mode
from validation.replications import delivery, import_demand, supplier_choice
from validation.replications.choice_model import estimate
from validation.replications.watching import Trade, trade_of

BURN_IN = 8


def made_trade(**changes):
    """Return a trade of three states, one category and two orders worked out by hand."""
    base = Trade(
        signed=np.array([-1, 0, 1]),
        buyer=np.array([0, 0, 0]),
        supplier=np.array([1, 2, 1]),
        category=np.zeros(3, dtype=np.int64),
        mode=np.array([0, 0, 0]),
        worth=np.array([5.0, 4.0, 10.0]),
        delivered=np.array([[5.0, 1.0, 0.0], [0.0, 3.0, 4.0], [0.0, 0.0, 6.0]]),
        gdp=np.full((3, 3), 2.0),
        polity=np.tile([0.1, 0.5, 0.9], (3, 1)),
        allied=np.zeros((3, 3, 3), dtype=bool),
        distance=np.full((3, 3), 100.0),
        categories=1,
    )
    return replace(base, **changes)


def test_flows_are_sums_over_years():
    trade = made_trade()
    assert trade.flows(0, 2)[:, 0, 0].tolist() == [0, 9, 4]
    assert trade.flows(-3, 1)[:, 0, 0].tolist() == [0, 5, 1]


def test_a_kernel_counts_calendar_years_from_the_order():
    shares = delivery.kernel(made_trade(), np.ones(3, dtype=bool), 3, (0, 2))
    # Of the order of year 0 one unit came at once, three a year later; of that of year 1, 4 and 6.
    assert shares == pytest.approx(np.array([5, 9, 0]) / 14)
    assert delivery.mean_lag(made_trade(), np.ones(3, dtype=bool), (0, 2)) == pytest.approx(9 / 14)


def test_kernels_differ_by_what_would_have_to_move():
    assert delivery.distance(np.array([0.5, 0.5]), np.array([0.25, 0.75])) == pytest.approx(0.25)


def test_a_choice_set_holds_who_delivered_in_the_category():
    setting = supplier_choice.choice_sets(made_trade(), 1)
    features = setting.choices.features
    assert len(features) == 2
    assert setting.choices.chosen.tolist() == [0]
    assert features[:, 0] == pytest.approx(np.log([5, 1]))
    assert features[:, 3] == pytest.approx([0.4, 0.8])
    assert features[:, 5:].tolist() == [[1, 1], [1, 1]]
    assert setting.worth.tolist() == [10]
    assert setting.outside == 0


def test_an_order_from_a_newcomer_is_left_out_and_counted():
    delivered = np.array([[0, 1.0, 0], [0, 3.0, 4], [0, 0, 6]])
    setting = supplier_choice.choice_sets(made_trade(delivered=delivered), 1)
    assert setting.outside == 1
    assert len(setting.worth) == 0


def test_deliveries_of_a_run_are_those_of_its_flows():
    results, trade = trade_of(small_scenario(years=4))
    flows = results.record.flows()
    abroad = (flows["exporter"] != flows["importer"]) & (flows["row"] > 0)
    assert len(trade.delivered) == 4
    traded = trade.flows(0, 4).sum(axis=2) > 0
    real = abroad & (flows["deliveries"] > 0)
    assert traded.any()
    assert {*zip(flows["exporter"][real], flows["importer"][real], strict=True)} >= {
        *zip(*np.nonzero(traded), strict=True)
    }


@pytest.mark.slow
def test_supplier_choice_follows_record_nearness_regime_and_lock_in(watched):
    found = supplier_choice.measure(watched[1], BURN_IN)
    for fitted in found.fitted:
        values = dict(zip(supplier_choice.FEATURES, fitted.coefficients, strict=True))
        assert 0.2 < values["ln category exports, past 5 years"] < 1.2
        assert -0.6 < values["ln distance"] < 0
        assert values["absolute difference in polity"] < 0
        assert values["supplied the buyer, past 5 years"] > 0
        assert values["supplied it in the category, past 5 years"] > 0
    assert found.fitted[0].fit > 0.2
    assert found.repeat.min() > 0.4
    assert found.outside < 0.05
    assert found.orders > 1000


@pytest.mark.slow
def test_lock_in_earns_its_place_in_the_choice_model(watched):
    setting = supplier_choice.choice_sets(watched[1], BURN_IN)
    short = setting.choices._replace(features=setting.choices.features[:, :5])
    assert estimate(short).fit < estimate(setting.choices).fit - 0.01


@pytest.mark.slow
def test_imports_arrive_within_years_and_licensed_production_later(watched):
    found = delivery.measure(watched[1], (2, 5))
    assert found.kernels[0].sum() == pytest.approx(1)
    assert 2.5 < found.means[0] < 6
    assert found.means[0] < found.means[1] < 12
    assert found.distances[0] < 0.4
    built = watched[1].mode == Mode.LICENSED
    assert 0 < found.licensed < 0.6
    assert built.any()


@pytest.mark.slow
def test_imports_rise_with_spending_across_states(watched):
    results, trade = watched
    spent, _, line, parabola = import_demand.cross_section(results, trade, len(trade.delivered))
    assert len(spent) > 80
    assert 0.6 < line.coefficients[1] < 1.3
    assert line.fit > 0.4
    assert parabola.coefficients[2] < 0.05  # no rise beyond proportion among the largest


def test_shocks_reach_the_states_and_firms_they_are_meant_for():
    scenario = small_scenario()
    richer, shocked = import_demand.with_spending(scenario)
    assert {setting.index[0] for setting in richer.policy} == set(shocked)
    pledge = richer.policy[0]
    assert pledge.value == pytest.approx(1.5 * scenario.world.values[States.burden][pledge.index])
    dearer = import_demand.with_prices(scenario)
    assert len(dearer.policy) == len(scenario.world.values[Firms.margin])


@pytest.mark.slow
def test_dearer_arms_are_bought_less(scenarios, watched):
    scenario = load(scenarios / "world_synthetic.yaml", years=10)
    # The first ten years of the longer run are those of a run of ten years.
    runs = [watched, trade_of(import_demand.with_prices(scenario))]
    prices = [import_demand.unit_price(each[0], 1, 10) for each in runs]
    volumes = [import_demand.imports(each[1], 5, 10).sum() for each in runs]
    assert 1.03 < prices[1] / prices[0] < 1.2
    assert -2.5 < np.log(volumes[1] / volumes[0]) / np.log(prices[1] / prices[0]) < -0.2
