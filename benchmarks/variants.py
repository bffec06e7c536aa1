"""Compare the variant scenarios with what they vary, on paired seeds, and print Markdown tables.

Usage: python benchmarks/variants.py [--seeds 20] [--years 25] [--only autarky ...] [--jobs N]

A variant and its comparison run with the same seeds: what they do not change has the same luck. The
interval of the paired difference is mean ± t·s/√n with the 97.5 % quantile of Student's t (2.093 for
twenty seeds); for other numbers of seeds the normal quantile with Cornish and Fisher's correction.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import NormalDist, fmean, stdev

# One thread a process, set before NumPy loads its BLAS.
for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ.setdefault(f"{name}_NUM_THREADS", "1")

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
COMPARED = {
    "crescent_cooperation": "baseline",
    "autarky": "baseline",
    "burden_pledge": "baseline",
    "export_drive": "crescent_cooperation",
    "strict_control": "crescent_cooperation",
    "embargo_shock": "crescent_cooperation",
}
HEADLINE = (
    "usable_capability",
    "readiness",
    "burden",
    "exports",
    "imports",
    "jobs_direct",
    "jobs_net",
    "value_added",
    "know_how",
    "fiscal_cost",
    "supplier_concentration",
    "component_dependence",
    "business_forgone",
    "diversions",
    "alignment",
    "cohesion",
    "median_burden",
    "conflict_deterrence",
    "conflict_spiral",
)
SHOCK = (2031, 2034)
"""Years of the embargo: indicators of its time, which late means do not see."""
DURING = ("usable_capability", "readiness", "value_added", "jobs_direct")


@cache
def scenario(name, years):
    """Return a scenario that keeps what indicators need, by year."""
    from deftrade import load
    from deftrade.scenario.resolved import Outputs

    first = load(SCENARIOS / f"{name}.yaml", years=years)
    outputs = Outputs(("states", "firms", "alliances", "flows"), "year", first.outputs.focus)
    return replace(first, outputs=outputs)


def measured(name, seed, years):
    """Return the headline indicators of one run, and levels during the shock."""
    from deftrade.indicators import focus_row, measure
    from deftrade.simulation import simulate

    results = simulate(scenario(name, years).with_seed(seed))
    values = {item.name: (value, item.unit) for item, value in measure(results)}
    found = {key: values[key] for key in HEADLINE if key in values}
    first = results.scenario.calendar.start
    during = slice(SHOCK[0] - first + 1, SHOCK[1] - first + 1)
    for key in DURING:
        series = results.record.series("states", key)[during, focus_row(results)]
        if len(series):
            found[f"{key} {SHOCK[0]}–{SHOCK[1] - 1}"] = (float(series.mean()), values[key][1])
    return name, seed, found


def quantile(count):
    """Return the 97.5 % quantile of Student's t with ``count - 1`` degrees of freedom."""
    if count == 20:
        return 2.093
    normal, freedom = NormalDist().inv_cdf(0.975), count - 1
    return (
        normal
        + (normal**3 + normal) / (4 * freedom)
        + (5 * normal**5 + 16 * normal**3 + 3 * normal) / (96 * freedom**2)
    )


def number(value):
    """Return a number with four digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def table(variant, base, runs, seeds):
    """Print the paired comparison of a variant."""
    print(f"\n### {variant} against {base}, {len(seeds)} paired seeds\n")
    print("| indicator | unit | comparison | variant | difference | 95 % interval | |")
    print("|---|---|---:|---:|---:|---:|---|")
    for key, (_, unit) in runs[variant, seeds[0]].items():
        one = [runs[base, seed][key][0] for seed in seeds]
        other = [runs[variant, seed][key][0] for seed in seeds]
        moved = [after - before for before, after in zip(one, other, strict=True)]
        half = quantile(len(moved)) * stdev(moved) / len(moved) ** 0.5
        low, high = fmean(moved) - half, fmean(moved) + half
        sure = "" if low <= 0 <= high else ("▲" if low > 0 else "▼")
        print(
            f"| {key} | {unit} | {number(fmean(one))} | {number(fmean(other))} | {number(fmean(moved))} "
            f"| {number(low)} … {number(high)} | {sure} |"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--years", type=float, default=None, help="default: the whole scenario")
    parser.add_argument("--only", nargs="*", choices=COMPARED, default=list(COMPARED))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    seeds = list(range(1, max(arguments.seeds, 2) + 1))
    names = sorted({*arguments.only, *(COMPARED[name] for name in arguments.only)})
    tasks = [(name, seed, arguments.years) for name in names for seed in seeds]
    with ProcessPoolExecutor(arguments.jobs) as pool:
        done = pool.map(measured, *zip(*tasks, strict=True), chunksize=4)
        runs = {(name, seed): found for name, seed, found in done}
    for name in arguments.only:
        table(name, COMPARED[name], runs, seeds)


if __name__ == "__main__":
    main()
