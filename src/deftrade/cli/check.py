"""``deftrade validate``, ``diff`` and ``schema``: look at scenario files without running them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from deftrade.cli.options import say_shipped
from deftrade.cli.printing import say, show, show_json
from deftrade.errors import Fault, ScenarioError


def validate(
    files: Annotated[
        list[str], typer.Argument(help="Files of scenarios, experiments or claims.", metavar="FILE...")
    ],
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail on warnings too, such as a GDP of 400 without a unit.")
    ] = False,
) -> None:
    """Check files of scenarios, experiments and claims; show every fault with its place."""
    from deftrade.scenario.compose import is_module
    from deftrade.scenario.shipped import shipped

    failed = 0
    say_shipped(*files)
    for file in files:
        where = shipped(file) or Path(file)
        if where.is_file() and is_module(where):
            failed += 1
            say(f"error: {file}: a policy module is checked with a scenario: deftrade diff BASE {file}")
            continue
        try:
            described, warnings = _described(file)
            for warning in warnings:
                say(f"{'error' if strict else 'warning'}: {warning}")
            failed += strict and bool(warnings)
            if not (strict and warnings):
                show(f"{file}: valid: {described}")
        except ScenarioError as error:
            failed += 1
            say(f"error: {error}")
    if failed:
        raise typer.Exit(2)


def _described(file: str) -> tuple[str, tuple[Fault, ...]]:
    """Return what a valid file describes, and what in it is seldom meant."""
    from deftrade.experiments.claims.claims import load_claims
    from deftrade.experiments.design.load import kind_of, load_experiment
    from deftrade.scenario.load import load

    kind = kind_of(file)
    if kind == "claims":
        claims = load_claims(file)
        says = f"{claims.title}, {len(claims.claims)} claims, {claims.runs} pairs of runs in every world"
        return says, ()
    if kind == "experiment":
        experiment = load_experiment(file)
        return (
            f"{experiment.title}, {experiment.design} of {len(experiment.lay_out())} points over"
            f" {len(experiment.factors)} factors, {experiment.runs} runs each of"
            f" {len(experiment.arms)} scenarios"
        ), ()
    scenario = load(file)
    names, calendar = scenario.world.names, scenario.calendar
    return (
        f"{scenario.title}, {calendar.start} to {calendar.end - 1}, {len(names.states)} states,"
        f" {len(names.firms)} firms, {len(names.alliances)} alliances"
    ), scenario.warnings


def diff(
    first: Annotated[str, typer.Argument(help="Scenario file.")],
    second: Annotated[str, typer.Argument(help="Another scenario file, or a module laid over the first.")],
    as_json: Annotated[bool, typer.Option("--json", help="Show the differences for machines.")] = False,
) -> None:
    """Say in words how the second scenario differs from the first."""
    from deftrade.experiments.compare.compare import loaded
    from deftrade.scenario import describing

    say_shipped(first, second)
    one, other = loaded([first, second])
    changes = describing.diff(one, other)
    same_world = describing.world_digest(one) == describing.world_digest(other)
    same_treatment = describing.treatment_digest(one) == describing.treatment_digest(other)
    if as_json:
        show_json({"same_world": same_world, "same_treatment": same_treatment, "differences": changes})
        return
    for change in changes:
        show(change)
    worlds = "the worlds are the same" if same_world else "the worlds differ"
    treatments = "the treatments are the same" if same_treatment else "the treatments differ"
    show(f"{worlds}; {treatments}")


def schema(
    out: Annotated[str, typer.Option(help="File to write; without it the schema goes to stdout.")] = "",
    experiment: Annotated[
        bool, typer.Option("--experiment", help="The schema of experiment files instead.")
    ] = False,
) -> None:
    """Write the JSON Schema of scenario files, by which editors complete and check."""
    from deftrade.experiments.design.schema import json_schema as of_experiments
    from deftrade.files.writing import write_text
    from deftrade.scenario.jsonschema import json_schema as of_scenarios

    chosen, what = (of_experiments, "an experiment") if experiment else (of_scenarios, "a scenario")
    text = json.dumps(chosen(), indent=2, ensure_ascii=False)
    if not out:
        show(text)
        return
    write_text(Path(out), f"{text}\n")
    show(f"{out} written; name it in the first line of {what}:\n# yaml-language-server: $schema={out}")
