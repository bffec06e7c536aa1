"""Renew what is generated in the documentation: ``python -m validation.docs``.

Without names all pages are made anew that take less than a minute together; ``--slow`` adds those that run
many scenarios. The text around generated parts stays as it is.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deftrade.files.writing import write_text
from validation import accounts, explained, reference, rooms
from validation.layers import PACKAGE
from validation.replications import gallery

REPOSITORY = Path(__file__).resolve().parents[1]
SCENARIOS = REPOSITORY / "scenarios"
DOCS = Path("docs")


@dataclass(frozen=True)
class Page:
    """Pages that one builder renews.

    Parameters
    ----------
    paths : tuple of str
        Below the root of the repository.
    build : callable
        Renews them below a root.
    slow : bool
        Whether that takes minutes or more.
    """

    paths: tuple[str, ...]
    build: Callable[[Path], None]
    slow: bool = False


def _renewing(paths: tuple[str, ...], renew: Callable[[str], str]) -> Page:
    """Return pages whose text is renewed from their text."""

    def build(root: Path) -> None:
        for path in paths:
            text = (root / path).read_text(encoding="utf-8")
            new = renew(text)
            if new != text:
                write_text(root / path, new)

    return Page(paths, build)


def _replicate(root: Path) -> None:
    """Run all replications; write their page and figures."""
    gallery.write({name: gallery.run(name, SCENARIOS) for name in gallery.NAMES}, root / DOCS)


def _answer_claims(root: Path) -> None:
    """Answer the claims: hours of one core."""
    page = DOCS / "claims.md"
    command = ["deftrade", "claims", "scenarios/experiments/claims.yaml", "--docs", str(page)]
    subprocess.run([sys.executable, "-m", *command], cwd=root, check=True)


PAGES: dict[str, Page] = {
    "reference": _renewing(
        ("README.md", "CONTRIBUTING.md", "docs/model.md", "docs/reference.md"), reference.renew
    ),
    "rooms": Page((rooms.PICTURE.as_posix(),), lambda root: rooms.save(PACKAGE, root / rooms.PICTURE)),
    "accounts": _renewing(("docs/accounts.md",), lambda text: accounts.renew(text, SCENARIOS)),
    "explanations": _renewing(("docs/explanations.md",), lambda text: explained.renew(text, SCENARIOS)),
    "replications": Page((f"docs/{gallery.PAGE}",), _replicate, slow=True),
    "claims": Page(("docs/claims.md",), _answer_claims, slow=True),
}
"""What is generated, by name."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Renew the pages named, or all that are quick."""
    parser = argparse.ArgumentParser(prog="python -m validation.docs", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"out of {', '.join(PAGES)}")
    parser.add_argument("--slow", action="store_true", help="renew those too that take minutes or hours")
    parser.add_argument("--root", type=Path, default=REPOSITORY, help="where README.md and docs lie")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - PAGES.keys())
    if unknown:
        parser.error(f"no page {', '.join(unknown)}; there are {', '.join(PAGES)}")
    chosen = options.names or [name for name, page in PAGES.items() if options.slow or not page.slow]
    for name in chosen:
        sys.stderr.write(f"{name}: {', '.join(PAGES[name].paths)}\n")
        PAGES[name].build(options.root)


if __name__ == "__main__":
    main()
