"""Hashes of code, files and values, by which a result can be checked."""

from __future__ import annotations

import ast
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade import __version__

if TYPE_CHECKING:
    from collections.abc import Collection

    import pyarrow as pa
    from numpy.typing import NDArray

_CHUNK = 1 << 20


@cache
def code_digest() -> str:
    """Return a hash of deftrade's source, which tells builds of one version apart."""
    root = Path(__file__).parents[1]
    state = sha256(__version__.encode())
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.yaml")]):
        state.update(path.relative_to(root).as_posix().encode())
        state.update(path.read_bytes())
    return state.hexdigest()


@cache
def model_digest() -> str:
    """Return a hash of the code that computes a world: not of comments, docstrings and help texts."""
    root = Path(__file__).parents[1]
    state = sha256()
    for folder in ("core", "phases", "opening", "scenario"):
        for path in sorted((root / folder).rglob("*.py")):
            tree = ast.parse(path.read_bytes())
            for node in ast.walk(tree):
                if isinstance(body := getattr(node, "body", None), list):
                    node.body = [line for line in body if not _is_text(line)]  # type: ignore[attr-defined]
            state.update(f"{path.relative_to(root).as_posix()} {ast.dump(tree)}".encode())
    return state.hexdigest()


def _is_text(node: ast.AST) -> bool:
    """Return whether a statement is a text by itself."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    state = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            state.update(chunk)
    return state.hexdigest()


def file_hashes(folder: Path, *, but: Collection[str] = ("manifest.json",)) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder by relative path, some left out."""
    paths = {
        path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()
    }
    return {name: file_hash(path) for name, path in paths.items() if name not in but}


def oddities(folder: Path) -> list[str]:
    """Return what stands below a folder that is neither a file nor a folder of files."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found.append(f"{name} is a link")
        elif path.is_dir():
            found += [] if any(path.iterdir()) else [f"{name} is an empty folder"]
        elif not path.is_file():
            found.append(f"{name} is no file")
    return found


def value_hash(table: pa.Table) -> str:
    """Return the SHA-256 of a table's values, whatever file or encoding they stand in."""
    state = sha256(str(table.num_rows).encode())
    for name, column in zip(table.column_names, table.columns, strict=True):
        state.update(b"\0" + name.encode() + b"\0")
        _hash_values(state, column)
    return state.hexdigest()


class StreamedHash:
    """The hash of a table that is seen piece by piece; how it is cut does not matter.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"value": [1.0, 2.0]})
    >>> whole, pieces = StreamedHash(), StreamedHash()
    >>> whole.update(table)
    >>> for row in range(2):
    ...     pieces.update(table.slice(row, 1))
    >>> whole.hexdigest() == pieces.hexdigest()
    True
    """

    def __init__(self) -> None:
        self._rows = 0
        self._columns: dict[str, Any] = {}

    def update(self, table: pa.Table) -> None:
        """Hash the next rows; how a table is cut into pieces does not matter."""
        import pyarrow as pa

        self._rows += table.num_rows
        for name, column in zip(table.column_names, table.columns, strict=True):
            state = self._columns.setdefault(name, sha256())
            if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type):
                words = column.cast(pa.string()).to_pylist()
                state.update("".join("\0" if word is None else f"\1{word}" for word in words).encode())
            else:
                state.update(_number_bytes(column))

    def hexdigest(self) -> str:
        """Return the hash of all rows so far, 64 hex digits."""
        state = sha256(str(self._rows).encode())
        for name, column in self._columns.items():
            state.update(b"\0" + name.encode() + b"\0" + column.digest())
        return state.hexdigest()


def _hash_values(state: Any, column: pa.ChunkedArray) -> None:
    """Feed a column's values to a hash; words by first appearance, one zero and one nan."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type):
        words = column.cast(pa.string()).combine_chunks().dictionary_encode()
        state.update("\0".join(words.dictionary.to_pylist()).encode())
        state.update(words.indices.fill_null(-1).to_numpy().astype("<i4").tobytes())
        return
    state.update(_number_bytes(column))


def _number_bytes(column: pa.ChunkedArray) -> bytes:
    """Return a column of numbers as bytes: one zero, one not-a-number, little endian."""
    values = _numbers(column)
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), np.nan, values + 0.0)
    return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).tobytes()


def _numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    """Return a column of numbers; `to_numpy` would load pandas, which workers do without."""
    import pyarrow as pa

    array = column.combine_chunks()
    if not isinstance(array, pa.Array) or array.null_count or pa.types.is_boolean(array.type):
        return column.to_numpy()
    buffer = array.buffers()[1]
    if buffer is None:
        return column.to_numpy()
    kind = np.dtype(array.type.to_pandas_dtype())
    return np.frombuffer(buffer, dtype=kind)[array.offset : array.offset + len(array)]
