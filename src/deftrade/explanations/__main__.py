"""Renew the explanations of a page: ``python -m deftrade.explanations docs/explanations.md scenarios``."""

from __future__ import annotations

import sys
from pathlib import Path

from deftrade.explanations.examples import renew
from deftrade.files.writing import write_text

if __name__ == "__main__":
    page, scenarios = (Path(word) for word in sys.argv[1:3])
    write_text(page, renew(page.read_text("utf-8"), scenarios))
