"""The JSON Schema of scenario files, for editors that complete and check."""

from __future__ import annotations

from typing import Any

from deftrade.scenario.generate.spec import GenerateSpec
from deftrade.scenario.schema import ScenarioFile, mirror

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FILE = {"type": "string", "minLength": 1}


def json_schema() -> dict[str, Any]:
    """Return the schema of a scenario file before composition.

    A file that extends another gives only what differs, so nothing is required of it but the
    version; the loader checks the composed whole.
    """
    schema = ScenarioFile.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    generate = mirror(GenerateSpec).model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    definitions |= generate.pop("$defs", {})
    definitions["GenerateSpec"] = generate
    schema["properties"]["extends"] = {
        **_FILE,
        "description": "Parent scenario, relative to this file; only what differs is given here",
    }
    schema["properties"]["remove"] = {
        "type": "array",
        "items": _FILE,
        "minItems": 1,
        "description": "Paths taken out of the parent, such as policy.states.Noor.offset_rate",
    }
    definitions["Policy"]["properties"]["include"] = {
        "type": "array",
        "items": _FILE,
        "description": "Policy modules, relative to this file",
    }
    definitions["World"]["properties"]["generate"] = {
        "anyOf": [{"$ref": "#/$defs/GenerateSpec"}, {"type": "null"}],
        "description": "Generate states, firms, alliances and relations",
    }
    for name in ("Time", "World"):
        definitions[name].pop("required", None)
    _say_no_null(schema)
    return {
        "$schema": DIALECT,
        "title": "deftrade scenario",
        **{key: value for key, value in schema.items() if key not in ("title", "required")},
        "required": ["deftrade"],
    }


def _say_no_null(part: Any) -> None:
    """Remove the default null of fields that may be absent: absent is not null."""
    if isinstance(part, dict):
        if part.get("default", 0) is None:
            del part["default"]
        for value in part.values():
            _say_no_null(value)
    elif isinstance(part, list):
        for value in part:
            _say_no_null(value)
