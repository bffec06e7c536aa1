"""Run many generated worlds, edges included, and print law residuals and clip counts.

Usage: python benchmarks/law_residuals.py [--worlds 200] [--steps 40] [--jobs N]

Most worlds are generated, with 12 to 40 states; every fifth is a small one built in code, from one
state alone and no firms upwards. Half of the levers of random rows are moved a year after the start,
and an embargo with support, a component veto, a war, a shock and a collapse come later. The laws are
checked every step of every run: a run that breaks one is listed, and the script ends with exit code 1.
"""

import argparse
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

# One thread a process, set before NumPy loads its BLAS.
for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ.setdefault(f"{name}_NUM_THREADS", "1")

SHARES = ("procurement_share", "support_share", "research_share", "debt_financing", "reallocation_financing")
"""Levers that must add up to one at most: left as they are."""


def world(number, rng, folder):
    """Return the scenario of a drawn world of one year, small or generated."""
    import yaml

    from deftrade import load

    if number % 5 == 0:
        sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
        from tests.worlds import small_scenario, small_world

        states, firms = 1 + (number // 5) % 5, (number // 25) % 3
        return small_scenario(1, world=small_world(states, firms, seed=number))
    description = {
        "deftrade": 1,
        "title": f"World {number}",
        "time": {"start": 2025, "end": 2026, "step": "quarter"},
        "price_year": 2024,
        "world": {
            "seed": number,
            "generate": {"states": int(rng.integers(12, 41)), "firms": int(rng.integers(12, 121))},
            "categories": "default",
        },
    }
    path = Path(folder) / f"world_{number}.yaml"
    path.write_text(yaml.safe_dump(description), encoding="utf-8")
    return load(path)


def drawn_policy(spec, rng):
    """Return settings of half of all levers, each for one row, part of the way to anywhere allowed."""
    from deftrade.core import tables
    from deftrade.scenario.resolved import Setting

    policy = []
    for column in (column for table in tables.ALL for column in table.columns):
        rows = len(spec.values.get(column, ()))
        if column.role != "lever" or not rows or column.name in SHARES or rng.uniform() > 0.5:
            continue
        low, high = max(column.bounds.low, -5), min(column.bounds.high, 200)
        place = (int(rng.integers(rows)),)
        now = spec.values[column][place]
        policy.append(
            Setting(column, place, 2026.0, now + 0.5 * rng.uniform() * (rng.uniform(low, high) - now))
        )
    return tuple(policy)


def drawn_events(spec, rng):
    """Return a shock, a war, an embargo, a veto and a collapse among random states and firms."""
    from deftrade.scenario.events.effect import Imposers
    from deftrade.scenario.events.kinds import KINDS, Event

    def event(kind, **details):
        model = KINDS[kind]
        blank = {name: field.default for name, field in model.model_fields.items() if not field.is_required()}
        return Event(2025 + float(rng.uniform(1, 6)), kind, model.model_construct(**{**blank, **details}))

    states = len(spec.names.states)
    one, other = (int(row) for row in rng.choice(states, 2, replace=states < 2))
    events = [event("gdp_shock", state=one, size=-0.2), event("war", state=other, loss=0.3)]
    if spec.names.firms:
        events.append(event("collapse", firm=int(rng.integers(len(spec.names.firms)))))
    if one != other:
        events += [
            event("embargo", imposers=Imposers(states=(one,)), target=other, years=2.0, support=True),
            event("veto", source=one, target=other, years=2.0),
        ]
    return tuple(events)


def scenario(number, steps, folder):
    """Return a drawn scenario of some steps."""
    import numpy as np

    from deftrade.core.dates import Calendar

    rng = np.random.default_rng(number)
    first = world(number, rng, folder)
    length = str(rng.choice(["quarter", "quarter", "month", "year"]))
    years = max(1, round(steps / {"year": 1, "quarter": 4, "month": 12}[length]))
    return replace(
        first,
        seed=int(rng.integers(1, 1000)),
        calendar=Calendar(2025, 2025 + years, length),
        policy=drawn_policy(first.world, rng),
        events=drawn_events(first.world, rng),
    )


def played(steps, folder, number):
    """Return the residuals, clips and shape of one world's run."""
    from deftrade.errors import LawBrokenError
    from deftrade.simulation import simulate

    first = scenario(number, steps, folder)
    names = first.world.names
    about = f"{len(names.states)} states, {len(names.firms)} firms, {first.calendar.step}s"
    try:
        run = simulate(first).run
    except LawBrokenError as error:
        return number, about, str(error), {}, None
    return number, about, "", run.residuals, run.clips.copy()


def main():
    """Print the largest residual of each law, clip counts, and what broke."""
    import numpy as np

    from deftrade.core.laws import TOLERANCE
    from deftrade.core.tables.codes import CLIPS

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(options.jobs) as pool:
        work = partial(played, options.steps, folder)
        found = list(pool.map(work, range(options.worlds), chunksize=4))
    broken = [(number, about, fault) for number, about, fault, *_ in found if fault]
    whole = [(residuals, clips) for *_, fault, residuals, clips in found if not fault]
    print(f"{len(found)} worlds, {options.steps} steps each; laws broken in {len(broken)}\n")
    print("| law | largest residual, share of turnover | tolerance |\n|---|---:|---:|")
    for law in whole[0][0]:
        print(f"| {law} | {max(residuals[law] for residuals, _ in whole):.2g} | {TOLERANCE:.0e} |")
    print("\n| clip | rows clipped | rows considered | share | worlds above 1 % |\n|---|---:|---:|---:|---:|")
    clips = np.array([counts for _, counts in whole])
    for place, name in enumerate(CLIPS):
        hit, seen = clips[:, place, 0], clips[:, place, 1]
        above = np.count_nonzero(hit > 0.01 * np.maximum(seen, 1))
        print(f"| {name} | {hit.sum()} | {seen.sum()} | {hit.sum() / max(seen.sum(), 1):.4%} | {above} |")
    for number, about, fault in broken:
        print(f"world {number} ({about}): {fault}")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
