"""The lock file: every resolved value of a scenario, to be run again or read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from deftrade.files.tables import write_table
from deftrade.scenario.describing import lock, lock_tables
from deftrade.scenario.yaml.scalars import resolve_scalar

if TYPE_CHECKING:
    from pathlib import Path

    from deftrade.scenario.resolved import Scenario

NAME = "scenario.lock.yaml"
"""File of every result that loads to the scenario that was run."""

BESIDE = "scenario.lock"
"""Folder of the tables of a large world."""

_Dumper: Any = type("_Dumper", (getattr(yaml, "CSafeDumper", yaml.SafeDumper),), {})
_HEAD = "# Every resolved value of the run beside this file; it can be run again as it is.\n"


def _text(dumper: Any, text: str) -> Any:
    """Return a text, in quotes where it would be read as something else, such as ``1e5``."""
    try:
        style = None if resolve_scalar(text) == text else "'"
    except OverflowError:
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def write_lock(scenario: Scenario, folder: Path) -> None:
    """Write the lock file of a scenario, with the tables of a large world as Parquet beside it."""
    import pyarrow as pa

    data, tables = lock(scenario), lock_tables(scenario)
    for name in tables:
        data["world"][name] = {"parquet": f"{BESIDE}/{name}.parquet"}
    text = yaml.dump(
        data,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=1000,
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_text(_HEAD + text, encoding="utf-8")
    for name, rows in tables.items():
        keys = dict.fromkeys(key for row in rows for key in row)
        columns = {key: [row.get(key) for row in rows] for key in keys}
        write_table(pa.table(columns), folder / BESIDE / f"{name}.parquet")
