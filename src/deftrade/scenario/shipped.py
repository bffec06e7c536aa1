"""The scenarios and policy modules that come with the package, found by name where no such file exists."""

from __future__ import annotations

import os
from pathlib import Path

from deftrade.errors import Fault, ScenarioError
from deftrade.scenario.yaml.nearest import nearest

_ENDING = ".yaml"
_POLICIES = "policies"
_HERE = Path(__file__).resolve()


def home() -> Path:
    """Return the folder of the shipped files: in the package, or beside the source of a checkout."""
    packed = _HERE.parents[1] / "scenarios"
    return packed if packed.is_dir() else _HERE.parents[3] / "scenarios"


def names() -> list[str]:
    """Return the names of the shipped scenarios."""
    return sorted(file.stem for file in home().glob(f"*{_ENDING}"))


def shipped(given: str | Path) -> Path | None:
    """Return the shipped file that a name means; none if it means none, or a file or folder has it."""
    name = os.fspath(given)
    if not _is_name(name) or Path(name).exists():
        return None
    files = (home() / f"{name}{_ENDING}", home() / _POLICIES / f"{name}{_ENDING}")
    return next((file for file in files if file.is_file()), None)


def located(given: str | Path) -> Path:
    """Return the file that is meant: that of the user, else the shipped one of this name.

    Raises
    ------
    ScenarioError
        It is the name of neither, or a path to a shipped scenario that does not stand there.
    """
    path = Path(given)
    found = shipped(path)
    if found is not None or "\0" in str(path) or path.exists():
        return found or path
    if _is_name(str(path)):
        problem = "no such file, nor a shipped scenario of this name"
        near = nearest(str(path), names())
        raise ScenarioError([Fault(str(path), 0, 0, "", problem, "", ", ".join(names()), near)])
    if path.suffix == _ENDING and path.stem in names():
        problem = f"no such file: {path.as_posix()}; the name alone means the shipped scenario"
        raise ScenarioError([Fault(path.as_posix(), 0, 0, "", problem, "", path.stem)])
    return path


def _is_name(text: str) -> bool:
    """Return whether a text is a name alone, with no folder and no ending."""
    return bool(text) and "\0" not in text and Path(text).name == text and not Path(text).suffix
