"""Manifests: the file that makes a folder a whole result, written last and read first.

`build` is the one place that assembles a manifest, and the plan that a batch begins with. `LAYOUTS` says
what each kind of them holds.
"""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Literal, Self

from deftrade import __version__
from deftrade.errors import OutputError
from deftrade.files.calling import calling
from deftrade.files.commit import commit
from deftrade.files.hashing import code_digest, file_hash, file_hashes, oddities
from deftrade.files.shapes import json_text, read_json, result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

OUTPUT_FORMAT = 2
"""Version of the layout and columns of results on disk."""

READABLE = (1, OUTPUT_FORMAT)
"""Versions that are read; tables of format 1 are converted, see `deftrade.results.timing`."""

NAME = "manifest.json"
"""File that every whole result holds; it is written last."""

SEAL = "seal"
"""Hash of the rest of a manifest, which no other file's hash covers."""

Kind = Literal["run", "plan", "batch", "answer"]

_ORIGIN = ("code", "commit", "command", "inputs")
_SYSTEM = ("versions", "platform")

LAYOUTS: dict[Kind, tuple[str, ...]] = {
    "run": (
        "deftrade_output", "deftrade", "code", "commit", "command", "scenario", "seed", "world_seed",
        "digests", "inputs", "content", "files", "world_digests", "laws", "clips", "warnings", "luck",
        "timings", *_SYSTEM,
    ),
    "plan": (
        "deftrade_output", "deftrade", "digest", "shard", "name", "root", "runs", "openings", "keep", "code",
        "cells", "commit", "command", "inputs", "versions",
    ),
    "batch": (
        "deftrade_output", "deftrade", "kind", "batch", *_ORIGIN, "content", "failed", "files", "timings",
        *_SYSTEM,
    ),
    "answer": (
        "deftrade_output", "deftrade", "kind", *_ORIGIN, "experiment", "batch", "files", *_SYSTEM,
    ),
}  # fmt: skip
"""What each kind of manifest says, in the order in which it is written."""

PACKAGES = ("numpy", "pandas", "pyarrow", "matplotlib", "pydantic", "PyYAML", "scipy")
"""Packages whose versions a manifest names."""


@dataclass(frozen=True)
class Origin:
    """How a result came about.

    Parameters
    ----------
    code : str
        Digest of the source that made it.
    commit : str
        Commit of the checkout that the source stood in, empty outside one.
    command : list of str
        The words of the command line; empty where Python called.
    inputs : dict of str to str
        Files that were read, with the SHA-256 of their bytes.
    """

    code: str
    commit: str = ""
    command: list[str] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)

    @classmethod
    def now(cls, inputs: Mapping[Path, str], command: Sequence[str] | None = None) -> Self:
        """Return the origin of what is written now, by default for the command line at work."""
        read = {path.as_posix(): digest for path, digest in inputs.items()}
        return cls(code_digest(), commit(), calling() if command is None else list(command), read)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return the origin that a plan or a manifest names; older ones do not say everything."""
        return cls(**{key: data[key] for key in _ORIGIN if key in data})


def build(
    kind: Kind,
    origin: Origin,
    facts: Mapping[str, Any],
    folder: Path | None = None,
    names: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return the manifest of a result, or the plan of a batch, as plain data.

    Parameters
    ----------
    kind : {"run", "plan", "batch", "answer"}
        What it is of; `LAYOUTS` has the order.
    origin : Origin
        How it came about.
    facts : mapping of str to Any
        What this kind alone knows of itself.
    folder : Path, optional
        Where the other files of the result are; a plan vouches for none.
    names : sequence of str, optional
        Which files there are the result's own; without it, all.

    Raises
    ------
    ValueError
        The facts are not those of its kind.
    """
    known = {
        "deftrade_output": OUTPUT_FORMAT,
        "deftrade": __version__,
        **vars(origin),
        "files": {} if folder is None else _hashes(folder, names),
        "versions": versions(),
        "platform": platform_facts(),
    }
    own = set(LAYOUTS[kind]) - known.keys()
    if own != facts.keys():
        raise ValueError(f"the manifest of a {kind} needs {sorted(own)}, not {sorted(facts)}")
    known.update(facts)
    return {key: known[key] for key in LAYOUTS[kind]}


def _hashes(folder: Path, names: Sequence[str] | None) -> dict[str, str]:
    """Return the hashes of a result's files."""
    if names is None:
        return file_hashes(folder)
    return {name: file_hash(folder / name) for name in names if name != NAME}


def amend(folder: Path, names: Sequence[str], facts: Mapping[str, Any]) -> None:
    """Take further files and facts into the manifest of a folder; what it says of others stays.

    Hashing those again would make a damage of theirs look as if it had been written so.
    """
    data = {**read(folder), **facts}
    data["files"] |= {name: file_hash(folder / name) for name in names}
    write(data, folder)


def write(data: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Write a manifest into a folder and return it with the seal by which a change is noticed."""
    plain = json.loads(json.dumps(data, allow_nan=False))
    sealed = {**plain, SEAL: _seal(plain)}
    (folder / NAME).write_bytes(_bytes(sealed))
    return sealed


def _bytes(data: Mapping[str, Any]) -> bytes:
    """Return a manifest as it is written: compared as bytes, other ends of lines are noticed."""
    return json_text(data).encode()


def _seal(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a manifest without its seal."""
    rest = {key: value for key, value in data.items() if key != SEAL}
    return sha256(_bytes(rest)).hexdigest()


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a result.

    Raises
    ------
    OutputError
        The folder holds no readable manifest, or that of another output format.
    """
    path = folder / NAME
    try:
        data = read_json(path, result)
    except FileNotFoundError:
        raise OutputError(f"{folder} is no result of deftrade: it holds no {NAME}") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be read: {error}") from error
    check_format(data, path)
    return dict(data)


def check_format(data: Any, path: Path) -> None:
    """Check that a manifest or plan has an output format that is read.

    Raises
    ------
    OutputError
        It is of another format, or no manifest.
    """
    found = data.get("deftrade_output") if isinstance(data, dict) else None
    if found not in READABLE:
        reads = " and ".join(map(str, READABLE))
        raise OutputError(f"{path} has output format {found}; this version of deftrade reads {reads}")


def damages(folder: Path, data: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a result: its manifest, or files missing, changed or not its own.

    Links, empty folders and devices are named too: no result is written with them.
    """
    written, found = data.get("files", {}), file_hashes(folder)
    missing = [f"{name} is missing" for name in written if name not in found]
    changed = [f"{name} was changed" for name in written if name in found and found[name] != written[name]]
    added = [f"{name} was added" for name in found if name not in written]
    intact = data.get(SEAL) == _seal(data) and _bytes(data) == (folder / NAME).read_bytes()
    sealed = [] if intact else [f"{NAME} was changed"]
    return [*sealed, *missing, *changed, *added, *oddities(folder)]


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide bits and files."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package.lower()] = version(package)
        except PackageNotFoundError:
            found[package.lower()] = "unknown"
    return found


def draws_alike(data: Mapping[str, Any]) -> bool:
    """Return whether what draws figures is the same here as where a result was made."""
    here, there = versions(), data.get("versions", {})
    same_system = platform_facts()["system"] == data.get("platform", {}).get("system")
    return same_system and all(here[name] == there.get(name) for name in ("matplotlib", "numpy"))


def platform_facts() -> dict[str, str]:
    """Return Python's implementation, the operating system with its release, and the kind of processor."""
    return {
        "python": platform.python_implementation(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
    }
