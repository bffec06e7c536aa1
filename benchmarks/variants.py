"""Compare the variant scenarios with what they vary, on paired seeds, and print Markdown tables.

Usage: python benchmarks/variants.py [--seeds 20] [--years 25] [--only autarky ...] [--jobs N]

A variant and its comparison run with the same seeds; ``paired.py`` says how they are compared.
"""

import argparse
import os
from statistics import fmean

import paired

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


def measured(name, seed, years):
    """Return the headline indicators of one run, and levels during the shock."""
    from deftrade.indicators import focus_row

    results = paired.played(name, seed, years)
    values = paired.indicated(results)
    found = {key: values[key] for key in HEADLINE if key in values}
    first = results.scenario.calendar.start
    during = slice(SHOCK[0] - first + 1, SHOCK[1] - first + 1)
    for key in DURING:
        series = results.record.series("states", key)[during, focus_row(results)]
        if len(series):
            found[f"{key} {SHOCK[0]}–{SHOCK[1] - 1}"] = (float(series.mean()), values[key][1])
    return found


def table(variant, base, runs, seeds):
    """Print the paired comparison of a variant."""
    print(f"\n### {variant} against {base}, {len(seeds)} paired seeds\n")
    print("| indicator | unit | comparison | variant | difference | 95 % interval | |")
    print("|---|---|---:|---:|---:|---:|---|")
    for key, (_, unit) in runs[variant, seeds[0]].items():
        one = [runs[base, seed][key][0] for seed in seeds]
        other = [runs[variant, seed][key][0] for seed in seeds]
        moved, low, high = paired.interval(one, other)
        sure = "" if low <= 0 <= high else ("▲" if low > 0 else "▼")
        cells = [paired.number(value) for value in (fmean(one), fmean(other), moved)]
        ends = f"{paired.number(low)} … {paired.number(high)}"
        print(f"| {key} | {unit} | {' | '.join(cells)} | {ends} | {sure} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--years", type=float, default=None, help="default: the whole scenario")
    parser.add_argument("--only", nargs="*", choices=COMPARED, default=list(COMPARED))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    seeds = paired.seeds_of(arguments.seeds)
    names = sorted({*arguments.only, *(COMPARED[name] for name in arguments.only)})
    runs = paired.run_all(names, seeds, arguments.years, arguments.jobs, measured)
    for name in arguments.only:
        table(name, COMPARED[name], runs, seeds)


if __name__ == "__main__":
    main()
