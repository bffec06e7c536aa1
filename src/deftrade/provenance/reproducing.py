"""The commands that make a result again, and what stands in the way here."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Any

from deftrade.files import manifests
from deftrade.files.hashing import code_digest
from deftrade.files.locking import NAME as LOCK

if TYPE_CHECKING:
    from pathlib import Path

LOCKS = "lock"
"""Folder of the lock files of a batch's cells."""

SAMPLE = 10
"""Runs of a batch that are enough to show that it comes out again."""


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


def reproduce(folder: Path) -> Recipe:
    """Return how to make the result of a run or of a batch again.

    Raises
    ------
    OutputError
        The folder is no result.
    """
    data = manifests.read(folder)
    single = "scenario" in data
    about = [
        f"deftrade {data['deftrade']}, code digest {data['code'][:16]}"
        + (f", commit {data['commit']}" if data.get("commit") else ""),
        f"made on {data['platform']['system']} {data['platform']['machine']},"
        f" Python {data['versions']['python']}",
    ]
    if single:
        about.append(f"{data['scenario']['title']}, seed {data['seed']}")
    if data.get("command"):
        about.append(f"by: {' '.join(quote(word) for word in data['command'])}")
    run = _run(folder, data) if single else _batch(folder, data["batch"])
    return Recipe(about, _install(data), run, _obstacles(folder, data))


def _install(data: dict[str, Any]) -> list[str]:
    """Return commands that install the code and the packages that decide bits."""
    pins = " ".join(f'"{name}=={found}"' for name, found in data["versions"].items() if name != "python")
    if data.get("commit"):
        return [f"git checkout {data['commit']}", f"pip install . {pins}"]
    return [f'pip install "deftrade=={data["deftrade"]}" {pins}']


def _run(folder: Path, data: dict[str, Any]) -> list[str]:
    """Return the commands that run a scenario again from its lock file and compare values."""
    kind = "csv" if "contracts.csv" in data["files"] else "parquet"
    lock = quote(str(folder / LOCK))
    return [
        f"deftrade run {lock} --seed {data['seed']} --format {kind} --out again",
        *_check(folder, " --rerun 1"),
    ]


def _batch(folder: Path, plan: dict[str, Any]) -> list[str]:
    """Return the commands that run every cell of a batch again and compare some runs."""
    locks = [quote(str(folder / LOCKS / cell["name"] / LOCK)) for cell in plan["cells"]]
    runs = [
        f"deftrade ensemble {lock} --runs {plan['runs']} --seed {plan['root']} --out again" for lock in locks
    ]
    return [*runs, *_check(folder, f" --rerun {min(plan['runs'], SAMPLE)}")]


def _check(folder: Path, option: str = "") -> list[str]:
    """Return the command that checks a result."""
    return [f"deftrade verify {quote(str(folder))}{option}"]


def _obstacles(folder: Path, data: dict[str, Any]) -> list[str]:
    """Return what differs here from where the result was made, and what is damaged."""
    found = [f"{folder}: {damage}" for damage in manifests.damages(folder, data)]
    if data["code"] != code_digest():
        found.append(f"the code here is another (digest {code_digest()[:16]})")
    here = manifests.versions()
    found += [
        f"{name} is {here.get(name, 'missing')} here and was {there}"
        for name, there in data["versions"].items()
        if here.get(name) != there
    ]
    machine = manifests.platform_facts()
    found += [
        f"the {name} is {machine[name]} here and was {data['platform'][name]}: last bits may differ"
        for name in ("system", "machine", "python")
        if machine[name] != data["platform"].get(name)
    ]
    return found
