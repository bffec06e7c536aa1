"""What every lever and event does, measured, and written as the table that the package keeps."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from deftrade.report.measured import FILE, Measured
from validation.evidence.registry import events, levers
from validation.evidence.rows import Evidence, arms, cut_condition, moved_when_cut, share_moved
from validation.evidence.running import SEEDS
from validation.evidence.wording import condition_text, treatment_text

REGENERATE = f"""
The table of evidence no longer says what the model does. If the change is meant, measure it anew:

    python -m validation.evidence

and show the difference of {FILE} in review.
"""
TOLERANCE = 1e-6
"""How far a measured number may lie from the kept one, as a share of the larger arm."""


def named() -> dict[str, Evidence]:
    """Return all rows by unique names: a lever that acts through two channels has two."""
    rows: dict[str, Evidence] = {}
    for evidence in (*levers(), *events()):
        place = 1 + sum(other.name == evidence.name for other in rows.values())
        rows[f"{evidence.name}-{place}"] = evidence
    return rows


def measure(name: str, evidence: Evidence) -> Measured:
    """Return a row, measured; this plays all of its runs."""
    low, high = arms(evidence)
    moves = [after - before for before, after in zip(low, high, strict=True)]
    return Measured(
        **told(name, evidence),
        size=sum(moves) / len(moves),
        share=share_moved(evidence),
        signs="".join(_sign(move) for move in moves),
        size_first=moves[0],
        size_cut=moved_when_cut(evidence),
    )


def told(name: str, evidence: Evidence) -> dict[str, Any]:
    """Return what a row says before anything is measured, by field."""
    subject = evidence.name if not isinstance(evidence.subject, str) else f"event {evidence.name}"
    return {
        "row": name,
        "subject": subject,
        "low": treatment_text(evidence.low),
        "high": treatment_text(evidence.high),
        "indicator": evidence.measure.name,
        "unit": evidence.measure.unit,
        "phase": evidence.measure.phase,
        "expected": _sign(evidence.sign),
        "least": evidence.least,
        "channel": evidence.channel,
        "cut": condition_text(cut_condition(evidence) if evidence.instead else evidence.cut),
        "base": condition_text(evidence.base),
        "source": evidence.source,
    }


def _sign(move: float) -> str:
    """Return the sign of a move."""
    return "+" if move > 0 else "-" if move < 0 else "0"


def write(rows: Iterable[Measured], path: Path) -> None:
    """Write rows as CSV; numbers keep nine digits."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [field.name for field in fields(Measured)], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(
                {
                    name: f"{value:.9g}" if isinstance(value, float) else value
                    for name, value in asdict(row).items()
                }
            )


def stale(name: str, evidence: Evidence, rows: Iterable[Measured]) -> str:
    """Return how a row of the kept table differs from a fresh one, or nothing if it agrees.

    Only the first seed is played, with the channel open and cut: as runs are equal to the bit
    everywhere, what holds of one seed tells whether the model is still the one that was measured.
    """
    found = {row.row: row for row in rows}.get(name)
    if found is None:
        return f"{name} is missing"
    low, high = arms(evidence, SEEDS[:1])
    fresh = {
        **told(name, evidence),
        "size_first": high[0] - low[0],
        "size_cut": moved_when_cut(evidence),
    }
    for field, new in fresh.items():
        old = getattr(found, field)
        near = TOLERANCE * max(abs(low[0]), abs(high[0]))
        if old != new and not (isinstance(new, float) and abs(old - new) <= near):
            return f"{name}: {field} is {new}, the table says {old}"
    return ""
