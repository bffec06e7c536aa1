"""The kept table of what every lever and event was measured to move, and its reader."""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any

FILE = "measured.csv"
"""The table; ``python -m validation.evidence`` in the repository writes it anew."""


@dataclass(frozen=True)
class Measured:
    """One row of the table.

    Parameters
    ----------
    row : str
        Name of the row, unique.
    subject : str
        Lever, or ``event`` and its kind.
    low, high : str
        The two arms.
    indicator, unit : str
        What answers.
    phase : str
        Phase whose result the indicator reads.
    expected : str
        Sign of the move expected, ``+`` or ``-``.
    least : float
        Smallest share that counts as visible.
    size : float
        Move from low to high, mean over seeds, in the indicator's unit.
    share : float
        The same as a share of the larger arm.
    signs : str
        Sign of the move for each seed, with the same luck in both arms.
    size_first : float
        Move with the luck of the first seed, which the tests play again.
    channel : str
        How it acts.
    cut : str
        What cuts the channel.
    size_cut : float
        Move from low to high with the channel cut.
    base : str
        What holds besides in both arms.
    source : str
        What the direction is known from.
    """

    row: str
    subject: str
    low: str
    high: str
    indicator: str
    unit: str
    phase: str
    expected: str
    least: float
    size: float
    share: float
    signs: str
    size_first: float
    channel: str
    cut: str
    size_cut: float
    base: str
    source: str


def kept() -> tuple[Measured, ...]:
    """Return the table that is part of the package."""
    text = files("deftrade.report").joinpath(FILE).read_text(encoding="utf-8")
    numbers = {field.name for field in fields(Measured) if field.type == "float"}
    rows = []
    for row in csv.DictReader(text.splitlines()):
        cells: dict[str, Any] = {name: float(cell) if name in numbers else cell for name, cell in row.items()}
        rows.append(Measured(**cells))
    return tuple(rows)
