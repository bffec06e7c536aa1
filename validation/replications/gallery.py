"""The page that shows all replications: what, source, how, verdict, table and figure of each."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from validation.replications.base import Replication

LABORATORIES = ("olson_zeckhauser", "richardson", "learning_curves")
"""Replications without a run: equations and deftrade's own pure functions."""
RUNS = ("import_demand", "supplier_choice", "delivery", "embargo")
"""Replications that run scenarios."""
NAMES = (*LABORATORIES, *RUNS)

PAGE = "replications.md"
INTRODUCTION = """# Replications

Published results of defence economics beside what deftrade, or a laboratory form of it, gives. Nothing
was tuned for this page: where the model misses, the verdict says so. Numbers marked *recalled* in the
sources must be looked up before they are cited. The page is written by

    python -m validation.replications --out docs

and `tests/replications` asserts what holds.
"""
_SECTION = re.compile(r"<!-- replication: (\w+) -->\n(.*?)<!-- end of \1 -->\n", re.DOTALL)


def run(name: str, scenarios: Path) -> Replication:
    """Run a replication.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    scenarios : Path
        Folder of the shipped scenarios.
    """
    replicate = import_module(f"validation.replications.{name}").replicate
    done: Replication = replicate() if name in LABORATORIES else replicate(scenarios)
    return done


def section(name: str, replication: Replication, image: str) -> str:
    """Return a replication's part of the page, without its marks."""
    return "\n\n".join(
        (
            f"## {replication.title}",
            f"**Published.** {replication.claim}",
            f"**Source.** {replication.source}",
            f"**How.** {replication.method}",
            f"**Verdict.** {replication.verdict()}",
            replication.table().markdown(),
            f"![{replication.title}]({image})",
            f"Code: `validation.replications.{name}`.\n",
        )
    )


def write(done: dict[str, Replication], out: Path) -> Path:
    """Write figures and the page; sections of replications that were not run stay as they are.

    Parameters
    ----------
    done : dict of str to Replication
        By name.
    out : Path
        Folder of the page; figures go to ``images`` in it.

    Returns
    -------
    Path
        The page.
    """
    from deftrade.report.style import save

    images = out / "images"
    images.mkdir(parents=True, exist_ok=True)
    page = out / PAGE
    sections = dict(_SECTION.findall(page.read_text(encoding="utf-8"))) if page.exists() else {}
    for name, replication in done.items():
        image = images / f"replication_{name}.png"
        save(replication.figure(), image)
        sections[name] = section(name, replication, f"images/{image.name}")
    marked = [
        f"<!-- replication: {name} -->\n{sections[name]}<!-- end of {name} -->\n"
        for name in NAMES
        if name in sections
    ]
    page.write_text("\n".join((INTRODUCTION, *marked)), encoding="utf-8", newline="\n")
    return page
