"""Files against files made anew: by bytes, else by what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import yaml

from deftrade.files.hashing import value_hash

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DRAWN = (".png", ".svg")


def otherwise(folder: Path, anew: Path, names: Iterable[str], *, drawn: bool = True) -> list[str]:
    """Return which files of a result hold something else than those made anew.

    Parameters
    ----------
    folder : Path
        The result.
    anew : Path
        The same files, made again.
    names : iterable of str
        The files that are compared, relative to both.
    drawn : bool
        Whether figures are compared too: other versions of what draws them draw other dots.
    """
    found = []
    for name in names:
        ours, theirs = anew / name, folder / name
        if theirs.suffix in _DRAWN and not drawn:
            continue
        if not ours.is_file():
            found.append(f"{name} is not what this result is made of")
        elif not theirs.is_file():
            found.append(f"{name} is missing")
        elif ours.read_bytes() != theirs.read_bytes() and not _holds_the_same(ours, theirs):
            found.append(f"{name} does not hold what came out")
    return found


def _holds_the_same(one: Path, other: Path) -> bool:
    """Return whether two files of different bytes hold the same values."""
    reader = {".parquet": _table, ".png": _picture, ".yaml": _data, ".xlsx": _sheets}.get(one.suffix)
    return reader is not None and reader(one) == reader(other)


def _data(path: Path) -> Any:
    """Return what a lock file says, in which 100 is 100.0."""
    try:
        return yaml.load(path.read_bytes(), _Loader)
    except (OSError, ValueError, yaml.YAMLError):
        return None


def _table(path: Path) -> Any:
    """Return what tells a table from others: values, columns, units and meanings."""
    import pyarrow as pa
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(path).read()
    except (OSError, ValueError, pa.ArrowException):
        return None
    notes = [(field.name, str(field.type), field.metadata) for field in table.schema]
    return value_hash(table), notes


def _sheets(path: Path) -> Any:
    """Return the parts of a workbook, however they are compressed."""
    try:
        with ZipFile(path) as file:
            return {name: file.read(name) for name in file.namelist()}
    except (OSError, BadZipFile):
        return None


def _picture(path: Path) -> Any:
    """Return the dots of a picture."""
    from matplotlib.image import imread

    try:
        dots: Any = np.asarray(imread(path))
    except (OSError, ValueError, SyntaxError):
        return None
    return dots.shape, dots.tobytes()
