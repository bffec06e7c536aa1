"""Cases of files that users write: scenarios, tables, experiments and claims."""

from __future__ import annotations

import io
import json
import random
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from deftrade import load, load_experiment
from deftrade.experiments.claims.claims import load_claims
from validation.fuzzing.judging import Attempt
from validation.fuzzing.mutating import Mutator

if TYPE_CHECKING:
    from collections.abc import Callable

BASES = Path(__file__).parent / "bases"

_TABLES = ("states.csv", "firms.csv", "lines.csv", "alliances.csv", "relations.csv")
_SPOILT: dict[str, dict[str, tuple[str, ...]]] = {
    "scenarios": {
        "world.yaml": ("world.yaml", "world.yaml", "child.yaml"),
        "child.yaml": ("child.yaml",),
        "module.yaml": ("child.yaml",),
        "generated.yaml": ("generated.yaml",),
        "tables.yaml": ("tables.yaml",),
    },
    "tables": dict.fromkeys(_TABLES, ("tables.yaml",)),
    "experiments": {
        "experiment.yaml": ("experiment.yaml",),
        "grid.yaml": ("grid.yaml",),
        "world.yaml": ("grid.yaml", "experiment.yaml"),
    },
    "claims": {
        "claims.yaml": ("claims.yaml",),
        "claims/null.yaml": ("claims.yaml",),
        "claims/policy.yaml": ("claims.yaml",),
    },
}
"""By kind the files that are spoilt, and through which file that is tried out."""
_READ: dict[str, Callable[[str], object]] = {
    "scenarios": load,
    "tables": load,
    "experiments": load_experiment,
    "claims": load_claims,
}
KINDS = tuple(_READ)
_FORMS = {"csv": "states.csv", "xlsx": "states.xlsx", "parquet": "states.parquet"}


def lay_out(bench: Path) -> None:
    """Put the whole bases, none of them spoilt, into a folder."""
    shutil.copytree(BASES, bench, dirs_exist_ok=True)
    for form in ("xlsx", "parquet"):
        text = (BASES / "tables.yaml").read_text("utf-8").replace("csv: states.csv", f"{form}: states.{form}")
        (bench / f"tables_{form}.yaml").write_text(text, encoding="utf-8")
        (bench / _FORMS[form]).write_bytes(_in_form(form, _cells("states.csv")))


def whole(kind: str) -> list[Attempt]:
    """Return that everything of a kind is read as it is, which has to go well."""
    names = dict.fromkeys(name for names in _SPOILT[kind].values() for name in names)
    more = ("tables_xlsx.yaml", "tables_parquet.yaml") if kind == "tables" else ()
    return [_attempt(kind, name) for name in (*names, *more)]


def _attempt(kind: str, name: str) -> Attempt:
    """Return that a file is read."""
    return Attempt(lambda: _READ[kind](name), name, ("validate", name))


def spoil(kind: str, luck: random.Random, bench: Path) -> tuple[Attempt, dict[Path, bytes]]:
    """Return what is tried in a case, and the files that are spoilt for it."""
    mutator = Mutator(luck)
    if kind == "tables" and luck.random() < 0.25:
        form = luck.choice(("xlsx", "parquet"))
        name, top, content = _FORMS[form], f"tables_{form}.yaml", _spoilt_form(form, mutator)
    else:
        name = luck.choice(list(_SPOILT[kind]))
        top = luck.choice(_SPOILT[kind][name])
        content = _spoilt(name, mutator)
    return _attempt(kind, top), {bench / name: content}


def _spoilt(name: str, mutator: Mutator) -> bytes:
    """Return a text file, spoilt in its bytes, its characters or what they say."""
    whole = (BASES / name).read_bytes()
    way = mutator.luck.random()
    if way < 0.08:
        return mutator.bytes(whole)
    if way < 0.4:
        return mutator.text(whole.decode()).encode("utf-8", "surrogatepass")
    if name.endswith(".csv"):
        return _csv(mutator.data(_cells(name)), mutator.luck)
    return _as_yaml(mutator.data(_data(name)), mutator.luck)


@cache
def _data(name: str) -> Any:
    """Return what a file says."""
    return yaml.safe_load((BASES / name).read_text("utf-8"))


@cache
def _cells(name: str) -> list[list[str]]:
    """Return the cells of a table."""
    import csv

    text = (BASES / name).read_text("utf-8")
    return list(csv.reader(io.StringIO(text), delimiter=";" if text.split("\n")[0].count(";") else ","))


def _as_yaml(data: Any, luck: random.Random) -> bytes:
    """Return data as YAML in one of its styles, or as JSON."""
    if luck.random() < 0.2:
        return json.dumps(data, default=str).encode()
    style = luck.choice((None, True, False))
    text = yaml.dump(data, sort_keys=False, default_flow_style=style, allow_unicode=luck.random() < 0.7)
    return text.encode("utf-8", "surrogatepass")


def _csv(rows: Any, luck: random.Random) -> bytes:
    """Return cells as lines with one of the separators; what is no row stands alone in its line."""
    separator, end = luck.choice(",,,,;\t|"), luck.choice(("\n", "\n", "\r\n", "\r"))
    lines = []
    for row in rows if isinstance(rows, list) else [rows]:
        cells = [str(cell) for cell in (row if isinstance(row, list) else [row])]
        quoted = [f'"{cell}"' if separator in cell or luck.random() < 0.05 else cell for cell in cells]
        lines.append(separator.join(quoted))
    return (end.join(lines) + end).encode("utf-8", "surrogatepass")


def _spoilt_form(form: str, mutator: Mutator) -> bytes:
    """Return a table as workbook or Parquet file with cells or bytes spoilt."""
    cells = _cells("states.csv")
    if mutator.luck.random() < 0.4:
        return mutator.bytes(_in_form(form, cells))
    rows = mutator.data(cells)
    try:
        return _in_form(form, rows)
    except Exception:  # what the writers of such files do not take can be no one's file
        return mutator.bytes(_in_form(form, cells))


def _in_form(form: str, rows: Any) -> bytes:
    """Return rows as the bytes of a workbook or of a Parquet file."""
    out = io.BytesIO()
    if form == "xlsx":
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("states")
        for row in rows:
            sheet.append(row)
        book.save(out)
    else:
        import pyarrow as pa
        import pyarrow.parquet

        columns = {name: [row[at] or None for row in rows[1:]] for at, name in enumerate(rows[0])}
        pyarrow.parquet.write_table(pa.table(columns), out)
    return out.getvalue()
