"""The synthetic world beside published facts: python benchmarks/stylised_facts.py [--years 20].

Ranges are those of the validation targets in docs/model.md. A figure outside its range is a
miss and is shown as one. The generated world was shaped with exporters' concentration in view, so
figures marked `initialised` count for little; `echoed` ones read a parameter back; only `emergent`
ones speak for the mechanisms.
"""

import argparse
import os

for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

import numpy as np

from deftrade import load, simulate
from deftrade.results.indicators import tie_matrix


def window(results, years=5):
    """Return deliveries by exporter and importer over the last years."""
    flows, size = results.record.flows(), len(results.world.names.states)
    steps = results.scenario.calendar.steps
    late = flows["row"] > steps - years * results.scenario.calendar.steps_per_year
    matrix = np.zeros((size, size))
    place = flows["exporter"][late], flows["importer"][late]
    np.add.at(matrix, place, flows["deliveries"][late])
    return matrix


def shares(values):
    """Return shares of the whole, largest first."""
    return np.sort(values / values.sum())[::-1]


def trade_facts(results):
    matrix = window(results)
    exporters, importers = shares(matrix.sum(axis=1)), shares(matrix.sum(axis=0))
    ties = tie_matrix(results)[-10:]
    bought = matrix.sum(axis=0)
    largest = np.argsort(bought)[::-1][:50]
    again = (ties[:-1] & ties[1:]).sum() / ties[:-1].sum()
    mutual = np.mean([(tie & tie.T).sum() / tie.sum() for tie in ties])
    yield "V03 leader's share of exports", exporters[0], (0.30, 0.43), "initialised"
    yield "V01 top five exporters", exporters[:5].sum(), (0.715, 0.77), "initialised"
    yield "V02 top ten exporters", exporters[:10].sum(), (0.876, 0.911), "initialised"
    yield "V04 exporter concentration (HHI)", (exporters**2).sum() * 1e4, (1635, 2105), "initialised"
    yield "V05 top five importers", importers[:5].sum(), (0.31, 0.38), "initialised"
    yield "V05 importer concentration (HHI)", (importers**2).sum() * 1e4, (330, 467), "initialised"
    yield "V07 exporters a year", ties.any(axis=2).sum(axis=1).mean(), (38, 55), "emergent"
    yield "V07 importers a year", ties.any(axis=1).sum(axis=1).mean(), (96, 136), "emergent"
    yield "V08 density of ties", ties.mean(), (0.021, 0.029), "emergent"
    yield "V09 reciprocity of ties", mutual, (0.04, 0.10), "emergent"
    yield "V12 a tie lasts a year", again, (0.57, 0.68), "emergent"
    top = (matrix[:, largest].max(axis=0) / bought[largest]).mean()
    yield "V17 share of the main supplier", top, (0.57, 0.62), "emergent"


def contract_facts(results):
    contracts = results.world.contracts
    new = (contracts.signed >= 0) & (contracts.kind == 0) & (contracts.buyer != contracts.supplier)
    price, volume, mode = contracts.price[new], contracts.volume[new], contracts.mode[new]
    lag = (contracts.lead + contracts.span / 2)[new]
    largest = np.sort(price)[::-1][: len(price) // 10]
    by_category = np.bincount(contracts.category[new], weights=price)
    yield "V26 spread of log deal size", np.log(price).std(), (1.6, 1.95), "emergent"
    yield "V26 value in the largest tenth of deals", largest.sum() / price.sum(), (0.65, 0.75), "emergent"
    yield "V27 years from order to delivery", lag[mode == 0].mean(), (3.0, 3.8), "echoed"
    yield (
        "V28 local production, share of volume",
        volume[(mode == 1) | (mode == 4)].sum() / volume.sum(),
        (0.26, 0.38),
        "emergent",
    )
    used = contracts.delivered[new & (contracts.mode == 3)].sum() / contracts.delivered[new].sum()
    yield "V29 second-hand, share of deliveries", used, (0.07, 0.14), "emergent"
    yield "V30 aircraft, share of orders", by_category[0] / by_category.sum(), (0.41, 0.47), "echoed"


def budget_facts(results):
    series = results.record.series
    burden, gdp = series("states", "burden"), series("states", "gdp")
    spending = shares(burden[-1] * gdp[-1])
    per_year = results.scenario.calendar.steps_per_year
    earlier = np.log(burden[-1 - 5 * per_year])
    yield "V33 median burden", np.median(burden[-1]), (0.014, 0.015), "initialised"
    yield "V33 mean burden", burden[-1].mean(), (0.020, 0.021), "initialised"
    yield "V35 top five spenders", spending[:5].sum(), (0.58, 0.64), "initialised"
    yield (
        "V36 five-year correlation of burdens",
        np.corrcoef(np.log(burden[-1]), earlier)[0, 1],
        (0.82, 0.91),
        "emergent",
    )


def industry_facts(results):
    series, world = results.record.series, results.world
    filed = series("states", "small_licences")[1:].sum()
    refused = series("states", "small_refusals")[1:].sum() / filed
    profit = np.nansum(series("firms", "profit")[1:]) / np.nansum(series("firms", "revenue")[1:])
    pace = world.lines.output.sum() * results.scenario.calendar.steps_per_year
    jobs = next(
        item for item in results.to_frame("indicators").itertuples() if item.indicator == "jobs_per_output"
    )
    yield "V45 refusals, all licences", refused, (0.002, 0.061), "emergent"
    yield "V55 profit, share of revenue", profit, (0.082, 0.098), "emergent"
    yield "V60 backlog, years of output", world.lines.backlog.sum() / pace, (2.5, 5.0), "emergent"
    yield "V61 jobs per MUSD, direct and indirect", jobs.value, (6.9, 8.6), "echoed"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=20)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    path = "scenarios/world_synthetic.yaml"
    results = simulate(load(path, years=options.years, seed=options.seed))
    print(f"{'fact':42} {'model':>9}  {'published':>16}  kind")
    for facts in (trade_facts, contract_facts, budget_facts, industry_facts):
        for name, value, (low, high), kind in facts(results):
            verdict = "" if low <= value <= high else "miss"
            print(f"{name:42} {value:9.4g}  {low:7.4g}-{high:<8.4g}  {kind:12} {verdict}")


if __name__ == "__main__":
    main()
