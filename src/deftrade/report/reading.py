"""Read tables of a result back, with the units and meanings that were written along."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from deftrade.errors import OutputError
from deftrade.files.tables import find_table, read_csv, read_rows
from deftrade.report.tables import DICTIONARY
from deftrade.results.outputs import OUTPUTS
from deftrade.results.timing import frame_as_now, table_as_now

if TYPE_CHECKING:
    import pandas as pd


def read_table(place: str | Path, name: str = "") -> pd.DataFrame:
    """Return a table of a run from its folder, as `Results.to_frame` gives it, whatever format it has.

    Parameters
    ----------
    place : str or Path
        Folder of a run; or the file of one table, Parquet or CSV; or a workbook.
    name : str
        Which table of a folder, such as ``states`` or ``contracts``.

    Returns
    -------
    pandas.DataFrame
        Units and meanings of columns are in ``.attrs["units"]`` and ``.attrs["meanings"]``.

    Raises
    ------
    OutputError
        There is no such table.

    Examples
    --------
    >>> from deftrade import read_table
    >>> states = read_table("outputs/baseline-1-0123abcd", "states")  # doctest: +SKIP
    >>> states.attrs["units"]["milex"]  # doctest: +SKIP
    'MUSD'
    """
    file = _file_of(Path(place), name)
    return _from_rows(file, name or file.stem) if file.suffix in (".csv", ".xlsx") else _from_parquet(file)


def _file_of(place: Path, name: str) -> Path:
    """Return the file of a table."""
    if place.is_file() and (not name or place.suffix == ".xlsx"):
        return place
    if not place.is_dir():
        raise OutputError(f"{place} is no folder of a run" if name else f"{place}: no such file")
    files = {each.name: file for each in OUTPUTS if (file := find_table(place, each.place)) is not None}
    if name not in files:
        there = f"there are {', '.join(files)}" if files else "it holds no tables of a run"
        raise OutputError(f"{place}: {f'no table {name!r}' if name else 'name a table'}; {there}")
    return files[name]


def _from_parquet(file: Path) -> pd.DataFrame:
    """Return a Parquet table; what its columns are stands in the file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = table_as_now(pq.read_table(file))
    except (OSError, pa.ArrowInvalid) as error:
        raise OutputError(f"{file} is no whole Parquet file") from error
    frame = table.to_pandas()
    notes = {field.name: field.metadata or {} for field in table.schema}
    for key in ("unit", "meaning"):
        said = {column: note.get(key.encode(), b"").decode() for column, note in notes.items()}
        frame.attrs[f"{key}s"] = {column: text for column, text in said.items() if text}
    return frame


def _from_rows(file: Path, name: str) -> pd.DataFrame:
    """Return a table of rows alone; what its columns are stands in the dictionary of its result."""
    frame = read_rows(file, name)
    beside = (folder / DICTIONARY for folder in (file.parent, file.parent.parent))
    found = next((each for each in beside if each.is_file()), None)
    if found is not None:
        entries = read_csv(found, is_wordy=True)
        entries = entries[entries["table"] == name].set_index("column")
        for key in ("unit", "meaning"):
            frame.attrs[f"{key}s"] = {column: text for column, text in entries[key].items() if text}
    return frame_as_now(frame)
