"""Renew what is measured or generated and kept: ``python -m validation.renew``.

Golden numbers, the evidence of levers, tables and figures of the documentation, the replications and the
claims all come from the model as it is. Without names everything is made anew in that order; ``--quick``
leaves out what takes more than some seconds. Each step says how long it took. Text around generated parts
stays as it is.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from deftrade import load, simulate
from deftrade.files.writing import write_text
from deftrade.report import figures, style
from validation import accounts, economists, explained, reference, rooms
from validation.facts import pages as facts
from validation.layers import PACKAGE
from validation.replications import gallery

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REPOSITORY = Path(__file__).resolve().parents[1]
SCENARIOS = REPOSITORY / "scenarios"
DOCS = Path("docs")
PICTURE = DOCS / "images" / "crescent.png"
"""The flagship's picture in the README."""
EVIDENCE = Path("src/deftrade/report/measured.csv")
QUICK = "seconds"


@dataclass(frozen=True)
class Step:
    """Files that one builder renews.

    Parameters
    ----------
    paths : tuple of str
        Below the root of the repository.
    build : callable
        Renews them below a root.
    takes : str
        About how long that takes on one core: ``seconds``, ``a minute``, ``20 minutes``.
    """

    paths: tuple[str, ...]
    build: Callable[[Path], None]
    takes: str = QUICK


def _renewing(paths: tuple[str, ...], renew: Callable[[str], str], takes: str = QUICK) -> Step:
    """Return pages whose text is renewed from their text."""

    def build(root: Path) -> None:
        for path in paths:
            text = (root / path).read_text(encoding="utf-8")
            new = renew(text)
            if new != text:
                write_text(root / path, new)

    return Step(paths, build, takes)


def _call(root: Path, *arguments: str) -> None:
    """Run Python with arguments at the root of the repository."""
    subprocess.run([sys.executable, *arguments], cwd=root, check=True, stdout=subprocess.DEVNULL)


def _keep_golden(root: Path) -> None:
    """Write the golden numbers of the flagship; the test that does so holds what they are."""
    _call(root, "-m", "pytest", "-q", "-n", "0", "tests/test_golden.py", "--update-golden")


def _measure(root: Path) -> None:
    """Measure what every lever and event does."""
    _call(root, "-m", "validation.evidence", "--out", str(EVIDENCE))


def picture() -> tuple[Figure, str]:
    """Return the flagship's picture in the README, and the sentence above it."""
    figure = figures.draw(simulate(load(SCENARIOS / "crescent_cooperation.yaml")), "trade")
    return figure, " ".join(figure.get_suptitle().split())


def _draw(root: Path) -> None:
    """Draw the flagship's picture; its sentence is kept inside, so that a test can tell a stale one."""
    figure, sentence = picture()
    style.save(figure, root / PICTURE, title=sentence)


def _replicate(root: Path) -> None:
    """Run all replications; write their page and figures."""
    gallery.write({name: gallery.run(name, SCENARIOS) for name in gallery.NAMES}, root / DOCS)


def _answer_claims(root: Path) -> None:
    """Answer the claims in their worlds."""
    page = DOCS / "claims.md"
    _call(root, "-m", "deftrade", "claims", "scenarios/experiments/claims.yaml", "--docs", str(page))


STEPS: dict[str, Step] = {
    "golden": Step(("tests/golden/crescent.csv",), _keep_golden),
    "evidence": Step((EVIDENCE.as_posix(),), _measure, takes="10 minutes"),
    "reference": _renewing(
        ("README.md", "CONTRIBUTING.md", "docs/model.md", "docs/reference.md"), reference.renew
    ),
    "rooms": Step((rooms.PICTURE.as_posix(),), lambda root: rooms.save(PACKAGE, root / rooms.PICTURE)),
    "accounts": _renewing(("docs/accounts.md",), lambda text: accounts.renew(text, SCENARIOS)),
    "picture": Step((PICTURE.as_posix(),), _draw),
    "explanations": _renewing(("docs/explanations.md",), lambda text: explained.renew(text, SCENARIOS)),
    "economists": _renewing(
        ("docs/economists.md",), lambda text: economists.renew(text, SCENARIOS), takes="a minute"
    ),
    "facts": _renewing((facts.PAGE,), lambda text: facts.renew(text, SCENARIOS), takes="3 minutes"),
    "replications": Step((f"docs/{gallery.PAGE}",), _replicate, takes="5 minutes"),
    "claims": Step(("docs/claims.md",), _answer_claims, takes="2 hours"),
}
"""What is kept of the model's numbers, by name, in the order in which one may rest on another."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Renew what is named, or everything."""
    told = ", ".join(f"{name} ({step.takes})" for name, step in STEPS.items())
    parser = argparse.ArgumentParser(prog="python -m validation.renew", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"out of {told}")
    parser.add_argument("--quick", action="store_true", help="only what takes seconds")
    parser.add_argument("--root", type=Path, default=REPOSITORY, help="where README.md and docs lie")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - STEPS.keys())
    if unknown:
        parser.error(f"nothing is called {', '.join(unknown)}; there are {', '.join(STEPS)}")
    for name in options.names or [n for n, step in STEPS.items() if not options.quick or step.takes == QUICK]:
        begun = perf_counter()
        STEPS[name].build(options.root)
        sys.stderr.write(f"{name}: {', '.join(STEPS[name].paths)} in {perf_counter() - begun:.0f} s\n")


if __name__ == "__main__":
    main()
