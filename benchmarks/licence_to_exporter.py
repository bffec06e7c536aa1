"""Do licences make exporters? Pairs of state and category with and without a licence programme.

SIPRI's register, own calculation: of 111 pairs of state and category that did not export in the
category and built under licence, some 15 % became exporters within 15 years; of 432 that only
imported, some 3 %. The model is asked the same question in the synthetic world.

Run from the root of the repository: ``python benchmarks/licence_to_exporter.py --seeds 3``.
Any parameter may be changed: ``--set tendering.licence_value=50``.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np

from deftrade import load, simulate
from deftrade.core.tables.codes import ContractKind, Mode

TARGET = {True: 0.15, False: 0.03}


def changed(params, settings):
    """Return parameters with values exchanged, given as ``phase.name=value``."""
    for setting in settings:
        path, value = setting.split("=")
        phase, name = path.split(".")
        group = getattr(params, phase).model_copy(update={name: float(value)})
        params = params.model_copy(update={phase: group})
    return params


def pairs(results, first, window, floor):
    """Return shape ``(states, categories)``: eligible, licensed, became an exporter.

    Eligible pairs delivered less than ``floor`` CU abroad in the first years and bought something
    from abroad later; licensed ones signed a licence programme after them. An exporter delivered
    ``floor`` CU abroad within ``window`` years of its licence, or of the end of the first years.
    """
    world = results.world
    contracts, per_year = world.contracts, results.scenario.calendar.steps_per_year
    shape = (len(world.states), len(world.categories))
    abroad = (contracts.kind == ContractKind.EQUIPMENT) & (contracts.supplier != contracts.buyer)
    made = abroad & (contracts.mode != Mode.SECOND_HAND) & (contracts.line >= 0)
    since = np.full(shape, np.inf)
    bought = np.zeros(shape, dtype=bool)
    early = np.zeros(shape, dtype=bool)
    late = first * per_year
    for row in np.flatnonzero(abroad):
        place = contracts.buyer[row], contracts.category[row]
        if contracts.signed[row] >= late:
            bought[place] = True
            if contracts.mode[row] in (Mode.LICENSED, Mode.CODEVELOPMENT):
                since[place] = min(since[place], contracts.signed[row])
    licensed = np.isfinite(since)
    start = np.where(licensed, since, late)
    exporter = np.zeros(shape, dtype=bool)
    for row in np.flatnonzero(made & (contracts.delivered >= floor)):
        place = contracts.supplier[row], contracts.category[row]
        begun = contracts.signed[row] + contracts.lead[row] * per_year
        if contracts.signed[row] < late:
            early[place] = True
        elif start[place] <= begun <= start[place] + window * per_year:
            exporter[place] = True
    return bought & ~early, licensed, exporter


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--years", type=int, default=25)
    parser.add_argument("--first", type=float, default=5, help="years without exports")
    parser.add_argument("--window", type=float, default=15, help="years to become an exporter")
    parser.add_argument("--floor", type=float, default=5, help="smallest delivery that counts, CU")
    parser.add_argument("--set", action="append", default=[], metavar="PHASE.NAME=VALUE")
    options = parser.parse_args()
    scenario = load("scenarios/world_synthetic.yaml", years=options.years)
    scenario = replace(scenario, params=changed(scenario.params, options.set))
    counts = {True: np.zeros(2), False: np.zeros(2)}
    for seed in range(1, options.seeds + 1):
        results = simulate(replace(scenario, seed=seed))
        eligible, licensed, exporter = pairs(results, options.first, options.window, options.floor)
        for which in (True, False):
            group = eligible & (licensed == which)
            counts[which] += group.sum(), (group & exporter).sum()
    for which, name in ((True, "with a licence programme"), (False, "imports only")):
        number, became = counts[which]
        share = became / number if number else float("nan")
        print(
            f"{name:26} {int(number):6} pairs, {int(became):4} exporters: {share:6.1%}"
            f"  (published {TARGET[which]:.0%})"
        )


if __name__ == "__main__":
    main()
