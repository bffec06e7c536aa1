"""Write a run's results: whole or not at all, and never over a different result unasked."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from deftrade.errors import OutputError
from deftrade.files import manifests
from deftrade.files.hashing import value_hash
from deftrade.files.leftovers import sweep
from deftrade.files.locking import write_lock
from deftrade.files.tables import WORKBOOK, Format, ending, format_of, write_table
from deftrade.files.writing import check_place, check_writable, partial_folder, put, stands
from deftrade.report.manifest import manifest, run_name
from deftrade.report.tables import DICTIONARY, arrow_table, dictionary, entries_table, output_names
from deftrade.results.luck import NO_LUCK, luck_tables
from deftrade.results.outputs import OUTPUTS, output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from deftrade.results.luck import Luck
    from deftrade.results.results import Results
    from deftrade.scenario.resolved import Scenario

STATES = "states"
"""Folder of saved states inside a result."""

LUCK = "luck"
"""Folder of the further runs inside a result."""


@dataclass(frozen=True)
class Written:
    """A result on disk.

    Parameters
    ----------
    folder : Path
        Where it stands.
    is_new : bool
        False if an identical, verified result was there already and was kept.
    manifest : dict
        Its manifest.
    luck : Luck
        The further runs that were played for it.
    """

    folder: Path
    is_new: bool
    manifest: dict[str, Any]
    luck: Luck = NO_LUCK


def check_folder(scenario: Scenario, out: Path, *, force: bool = False) -> Path:
    """Return where a run's results will stand, after checking that they can.

    Called before a run, so that nobody waits for results that cannot be kept. Creates nothing; what
    killed writers left in the folder is cleaned up, and a result that one had moved away put back.

    Parameters
    ----------
    scenario : Scenario
        What will be run.
    out : Path
        Folder in which results have their folders.
    force : bool
        Whether a different result may be overwritten.

    Raises
    ------
    OutputError
        The folder cannot be written, or something that is no result stands in the way.
    """
    folder = out / run_name(scenario)
    check_writable(out)
    sweep(out)
    check_place(folder, force=force)
    if stands(folder):
        _check_replaceable(folder, force=force)
    return folder


def write_run(
    results: Results,
    out: Path,
    *,
    table_format: str = "parquet",
    force: bool = False,
    timings: Mapping[str, float] | None = None,
    command: Sequence[str] = (),
    states: Path | None = None,
    luck: Luck = NO_LUCK,
) -> Written:
    """Write everything a run leaves into a folder of its own below ``out``.

    All is written into a hidden folder beside it, which is renamed when it is whole.

    Parameters
    ----------
    results : Results
        A finished run.
    out : Path
        Folder in which results have their folders; made if it is missing.
    table_format : str
        ``parquet``, ``csv``, ``csv-excel`` or ``xlsx``.
    force : bool
        Whether a different result may be overwritten.
    timings : mapping of str to float, optional
        Seconds by activity, for the manifest.
    command : sequence of str
        The words of the command line, for the manifest.
    states : Path, optional
        Folder of saved states to keep with the result.
    luck : Luck
        Further runs, of which the result tells how it stands among them.

    Returns
    -------
    Written
        Where the result stands; an identical one that was there is verified and kept.

    Raises
    ------
    OutputError
        A different result stands there, or the disk refuses.
    """
    if table_format not in list(Format):
        raise OutputError(f"no table format {table_format!r}; allowed: {', '.join(Format)}")
    began = perf_counter()
    folder = check_folder(results.scenario, out, force=force)
    tables = tables_of(results)
    content = {place: value_hash(table) for place, table in tables.items()}
    has_states = states is not None and any(states.iterdir())
    if stands(folder):
        kept = _identical(folder, content, table_format)
        if kept is None:
            _refuse_unless(force, folder, content)
        elif luck.asked <= kept.get("luck", 0) and (not has_states or (folder / STATES).is_dir()):
            return Written(folder, False, kept, luck)
        else:
            _refuse_less(luck.asked, kept.get("luck", 0), folder, force=force)
            states = states if has_states else folder / STATES
    with partial_folder(folder) as partial:
        write_files(results, tables, partial, table_format, luck)
        if states is not None and states.is_dir() and any(states.iterdir()):
            shutil.copytree(states, partial / STATES)
        spent = {**(timings or {}), "writing": perf_counter() - began}
        facts = manifest(results, content, partial, spent, command, luck.asked)
        data = manifests.write(facts, partial)
        put(partial, folder)
    return Written(folder, True, data, luck)


def tables_of(results: Results) -> dict[str, pa.Table]:
    """Return the tables of a run by their places in its folder."""
    return {output(name).place: arrow_table(results, name) for name in output_names(results)}


def write_files(
    results: Results, tables: dict[str, pa.Table], folder: Path, table_format: str, luck: Luck = NO_LUCK
) -> None:
    """Write every file of a result but its saved states and the manifest.

    Parameters
    ----------
    results : Results
        A finished run.
    tables : dict of str to Table
        Its tables by place, from `tables_of`.
    folder : Path
        Where they go.
    table_format : str
        ``parquet``, ``csv``, ``csv-excel`` or ``xlsx``.
    luck : Luck
        Further runs.
    """
    from deftrade.report.figures import draw_all
    from deftrade.report.summary import summary
    from deftrade.report.workbook import write_book

    names = {each.name: tables[each.place] for each in OUTPUTS if each.place in tables}
    for_excel = table_format == Format.CSV_EXCEL
    further = {f"{LUCK}/{name}": table for name, table in luck_tables(results, luck).items()}
    entries = entries_table(dictionary(names | further))
    write_table(entries, folder / DICTIONARY, for_excel=for_excel)
    for place, table in further.items():
        write_table(table, folder / f"{place}.csv", for_excel=for_excel)
    for name, table in names.items():
        form = output(name).ending or ending(table_format)
        if form != Format.XLSX:
            write_table(table, folder / f"{output(name).place}.{form}", for_excel=for_excel)
    if table_format == Format.XLSX:
        write_book(results, names, entries, folder / WORKBOOK)
    write_lock(results.scenario, folder)
    figures = draw_all(results, folder / "figures")
    (folder / "summary.md").write_text(summary(results, figures, luck), encoding="utf-8")


def _identical(folder: Path, content: dict[str, str], table_format: str) -> dict[str, Any] | None:
    """Return the manifest of a result that holds these values, undamaged; else None."""
    try:
        data = manifests.read(folder)
    except OutputError:
        return None
    if data["content"] != content or manifests.damages(folder, data):
        return None
    return data if format_of(folder, data["files"]) == table_format else None


def _refuse_unless(force: bool, folder: Path, content: dict[str, str]) -> None:
    """Refuse to overwrite a different result unless told to."""
    if force:
        return
    data = manifests.read(folder)
    damages = manifests.damages(folder, data)
    if damages:
        why = f"a result that was changed since ({damages[0]})"
    elif data["deftrade_output"] != manifests.OUTPUT_FORMAT:
        why = f"a result of output format {data['deftrade_output']}"
    elif data["content"] == content:
        why = "the same values in another table format"
    else:
        changed = [name for name in content if data["content"].get(name) != content[name]]
        why = f"a different result ({', '.join(changed[:3])} differ)"
    raise OutputError(f"{folder} holds {why}; --force overwrites it, --out writes elsewhere")


def _refuse_less(asked: int, there: int, folder: Path, *, force: bool) -> None:
    """Refuse to drop further runs for states that are to be kept, unless told to."""
    if asked < there and not force:
        raise OutputError(
            f"{folder} holds {there} further runs, which --luck {there} keeps; --force does without them"
        )


def _check_replaceable(folder: Path, *, force: bool) -> None:
    """Check that what stands where a result will stand is a result.

    Raises
    ------
    OutputError
        It is something else, which not even ``force`` may delete.
    """
    if folder.is_dir() and not any(folder.iterdir()):
        return
    try:
        manifests.read(folder)
    except OutputError as error:
        advice = "move it away or choose another --out"
        raise OutputError(f"{error}; {advice}, as --force only overwrites results") from error
