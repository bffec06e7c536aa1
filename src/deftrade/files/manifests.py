"""Manifests: the file that makes a folder a whole result, written last and read first."""

from __future__ import annotations

import json
import platform
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from deftrade.errors import OutputError
from deftrade.files.calling import calling
from deftrade.files.commit import commit
from deftrade.files.hashing import file_hashes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OUTPUT_FORMAT = 1
"""Version of the layout and columns of results on disk."""

NAME = "manifest.json"
"""File that every whole result holds; it is written last."""

SEAL = "seal"
"""Hash of the rest of a manifest, which no other file's hash covers."""

ORIGIN: dict[str, Any] = {"commit": "", "command": [], "inputs": {}}
"""What a manifest says of how its result came about, as far as nothing is known."""

_PACKAGES = ("numpy", "pandas", "pyarrow", "matplotlib", "pydantic", "PyYAML", "scipy")


def write(data: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Write a manifest into a folder and return it with the seal by which a change is noticed."""
    plain = json.loads(json.dumps(data, allow_nan=False))
    sealed = {**plain, SEAL: _seal(plain)}
    (folder / NAME).write_text(_text(sealed), encoding="utf-8")
    return sealed


def _text(data: Mapping[str, Any]) -> str:
    """Return a manifest as it is written."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _seal(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a manifest without its seal."""
    rest = {key: value for key, value in data.items() if key != SEAL}
    return sha256(_text(rest).encode()).hexdigest()


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a result.

    Raises
    ------
    OutputError
        The folder holds no readable manifest, or that of another output format.
    """
    path = folder / NAME
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OutputError(f"{folder} is no result of deftrade: it holds no {NAME}") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be read: {error}") from error
    found = data.get("deftrade_output") if isinstance(data, dict) else None
    if found != OUTPUT_FORMAT:
        raise OutputError(f"{path} has output format {found}; this version of deftrade reads {OUTPUT_FORMAT}")
    return dict(data)


def damages(folder: Path, data: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a result: its manifest, or files missing, changed or not its own."""
    written, found = data.get("files", {}), file_hashes(folder)
    missing = [f"{name} is missing" for name in written if name not in found]
    changed = [f"{name} was changed" for name in written if name in found and found[name] != written[name]]
    added = [f"{name} was added" for name in found if name not in written]
    intact = data.get(SEAL) == _seal(data) and _text(data) == (folder / NAME).read_text("utf-8")
    sealed = [] if intact else [f"{NAME} was changed"]
    return [*sealed, *missing, *changed, *added]


def origin(inputs: Mapping[Path, str]) -> dict[str, Any]:
    """Return how what is written now comes about: commit, command line (empty from Python) and inputs.

    Parameters
    ----------
    inputs : mapping of Path to str
        Files that were read, with the SHA-256 of their bytes.
    """
    read = {path.as_posix(): digest for path, digest in inputs.items()}
    return {"commit": commit(), "command": calling(), "inputs": read}


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide bits and files."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package.lower()] = version(package)
        except PackageNotFoundError:
            found[package.lower()] = "unknown"
    return found


def platform_facts() -> dict[str, str]:
    """Return what the machine is."""
    return {
        "python": platform.python_implementation(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
    }
