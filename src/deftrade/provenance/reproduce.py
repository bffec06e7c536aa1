"""The commands that make a result again, and what stands in the way here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deftrade.files import manifests
from deftrade.files.hashing import code_digest
from deftrade.provenance.commands import MAKERS
from deftrade.provenance.pasting import commit_of, is_version, pins, remark, word
from deftrade.provenance.recipes import changed_inputs, commands


@dataclass(frozen=True)
class Recipe:
    """How to make a result again.

    Parameters
    ----------
    about : list of str
        What made the result.
    install : list of str
        Commands that install the same code and packages.
    run : list of str
        Commands that run it again and compare.
    obstacles : list of str
        Why running it here as things are would not show that it can be reproduced.
    """

    about: list[str]
    install: list[str]
    run: list[str]
    obstacles: list[str]

    def __str__(self) -> str:
        parts = [f"# {line}" for line in self.about]
        parts += ["", "# the same code and packages", *self.install, "", "# the same run, and whether it is"]
        parts += self.run
        if self.obstacles:
            parts += ["", *(f"# not from here as things are: {line}" for line in self.obstacles)]
        return "\n".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as plain data."""
        return {"about": self.about, "install": self.install, "run": self.run, "obstacles": self.obstacles}


def reproduce(folder: str | Path) -> Recipe:
    """Return how to make a result again: that of a run, a batch, or an answer to an experiment.

    Parameters
    ----------
    folder : str or Path
        The result.

    Returns
    -------
    Recipe
        Prints as commands. They are those that made the result where the files that it was made from
        are as they were; otherwise its lock files stand for them.

    Raises
    ------
    OutputError
        The folder is no result.
    """
    place = Path(folder)
    data = manifests.read(place)
    return Recipe(_about(data), _install(data), commands(place, data), _obstacles(place, data))


def _about(data: dict[str, Any]) -> list[str]:
    """Return the lines on version, machine and scenario that made a result."""
    commit = commit_of(data.get("commit"))
    about = [
        f"deftrade {remark(data['deftrade'])}, code digest {remark(data.get('code', 'unknown')[:16])}"
        + (f", commit {commit}" if commit else ""),
        f"made on {remark(data['platform']['system'])} {remark(data['platform']['machine'])},"
        f" Python {remark(data['versions']['python'])}",
    ]
    if "scenario" in data:
        about.append(f"{remark(data['scenario']['title'])}, seed {remark(data['seed'])}")
    if not data.get("command"):
        return [*about, "by: a call from Python"]
    about.append(f"by: {' '.join(map(word, data['command']))}")
    if changed := changed_inputs(data):
        names = ", ".join(map(remark, changed))
        about.append(f"lock files stand for what is changed since or not here: {names}")
    return about


def _install(data: dict[str, Any]) -> list[str]:
    """Return commands that install the code and the packages that decide bits."""
    pinned = " ".join(pins(data["versions"]))
    if commit := commit_of(data.get("commit")):
        return [f"git checkout {commit}", f"pip install . {pinned}".rstrip()]
    if not is_version(data["deftrade"]):
        return ["# what version of deftrade made this cannot be read off its manifest"]
    return [f'pip install "deftrade=={data["deftrade"]}" {pinned}'.rstrip()]


def _obstacles(folder: Path, data: dict[str, Any]) -> list[str]:
    """Return what differs here from where the result was made, and what is damaged."""
    place = remark(folder)
    found = [f"{place}: {remark(damage)}" for damage in manifests.damages(folder, data)]
    found += _unreadable(data)
    if "code" in data and data["code"] != code_digest():
        found.append(f"the code here is another, digest {code_digest()[:16]}")
    here = manifests.versions()
    found += [
        f"{remark(name)} is {here.get(name, 'missing')} here and was {remark(there)}"
        for name, there in data["versions"].items()
        if here.get(name) != there
    ]
    machine, there = manifests.platform_facts(), data["platform"]
    found += [
        f"the {name} is {machine[name]} here and was {remark(there.get(name))}: last bits may differ"
        for name in ("system", "machine", "python")
        if machine[name] != there.get(name)
    ]
    return found


def _unreadable(data: dict[str, Any]) -> list[str]:
    """Return which facts are not what they are called, and are therefore in no command."""
    commit, command = data.get("commit"), data.get("command", [])
    found = [f"this is no commit: {remark(commit)}"] if commit and not commit_of(commit) else []
    found += [
        f"this is no version of {remark(name)}: {remark(there)}"
        for name, there in {"deftrade": data["deftrade"], **data["versions"]}.items()
        if not is_version(there)
    ]
    if len(command) > 1 and command[1] not in MAKERS:
        found.append(f"no command of deftrade that makes results: {remark(command[1])}")
    return found
