"""``deftrade validate``, ``diff`` and ``schema``: look at scenario files without running them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from deftrade.cli.printing import say, show, show_json
from deftrade.errors import ScenarioError
from deftrade.files.writing import write_text


def validate(
    files: Annotated[list[str], typer.Argument(help="Scenario files.", metavar="FILE...")],
) -> None:
    """Check scenario files; show every fault with its place."""
    from deftrade.scenario.loading import load

    failed = 0
    for file in files:
        try:
            scenario = load(file)
        except ScenarioError as error:
            failed += 1
            say(f"error: {error}")
            continue
        names, calendar = scenario.world.names, scenario.calendar
        show(
            f"{file}: valid: {scenario.title}, {calendar.start} to {calendar.end - 1},"
            f" {len(names.states)} states, {len(names.firms)} firms,"
            f" {len(names.alliances)} alliances"
        )
    if failed:
        raise typer.Exit(2)


def diff(
    first: Annotated[str, typer.Argument(help="Scenario file.")],
    second: Annotated[str, typer.Argument(help="Another scenario file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Show the differences for machines.")] = False,
) -> None:
    """Say in words how the second scenario differs from the first."""
    from deftrade.scenario import describing
    from deftrade.scenario.loading import load

    one, other = load(first), load(second)
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
) -> None:
    """Write the JSON Schema of scenario files, by which editors complete and check."""
    from deftrade.scenario.jsonschema import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    if not out:
        show(text)
        return
    write_text(Path(out), f"{text}\n")
    show(f"{out} written; name it in the first line of a scenario:\n# yaml-language-server: $schema={out}")
