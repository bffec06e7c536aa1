"""What every column of the tables of batches and answers is, declared once, for their dictionaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from deftrade.core.tables import States
from deftrade.report.tables import Entry, entries_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa


class Note(NamedTuple):
    """Unit, kind and meaning of a column; an empty unit is that of words, or the one beside it."""

    unit: str
    kind: str
    meaning: str


_BESIDE = "in the unit beside it"

NOTES = {
    "cell": Note("", "identity", "Name of the scenario within the batch"),
    "policy": Note("", "identity", "Policy"),
    "indicator": Note("", "identity", "Name of the indicator"),
    "quantity": Note("", "identity", "Column of states whose course it is"),
    "goal": Note("", "identity", "Goal, or all goals together"),
    "factor": Note("", "identity", "Factor that is varied, by its path"),
    "point": Note("id", "identity", "Number of the point of the design"),
    "world": Note("id", "identity", "Number of the world"),
    "box": Note("id", "identity", "Number of the box among those of its policy"),
    "unit": Note("", "identity", "Unit of the values beside it"),
    "scope": Note("", "identity", "Whether the value is of the focus state or of the world"),
    "meaning": Note("", "identity", "What the value is"),
    "date": Note("", "date", "Year or step of the value"),
    "year": Note("year", "date", "Year of the date"),
    "time": Note("year", "date", "Decimal year at the close of the date"),
    "runs": Note("count", "index", "Runs that came to their end"),
    "mean": Note("", "index", f"Mean over runs, or of effects, {_BESIDE}"),
    "low": Note("", "index", "Lower end of the 95 % interval"),
    "high": Note("", "index", "Upper end of the 95 % interval"),
    "band_low": Note("", "index", f"5 % quantile of the runs, {_BESIDE}"),
    "band_high": Note("", "index", f"95 % quantile of the runs, {_BESIDE}"),
    "other_at_most": Note("share", "share", "Where all runs came out alike, most that may not, at 95 %"),
    "openings": Note("count", "index", "Openings that were drawn; 0 means this opening only"),
    "spread_in_openings": Note("", "index", f"Standard deviation of differences in one opening, {_BESIDE}"),
    "spread_of_openings": Note("", "index", f"Standard deviation of what openings share, {_BESIDE}"),
    "intraclass": Note("share", "share", "Share of the variance of differences that is the opening's"),
    "pairs": Note("count", "index", "Pairs of runs with the same luck"),
    "pairs_moved": Note("count", "index", "Pairs in which the policy moved the indicator"),
    "baseline_mean": Note("", "index", f"Mean of the baseline's runs, {_BESIDE}"),
    "policy_mean": Note("", "index", f"Mean of the policy's runs, {_BESIDE}"),
    "baseline_low": Note("", "index", "5 % quantile of the baseline's runs"),
    "baseline_high": Note("", "index", "95 % quantile of the baseline's runs"),
    "policy_low": Note("", "index", "5 % quantile of the policy's runs"),
    "policy_high": Note("", "index", "95 % quantile of the policy's runs"),
    "baseline_spread": Note("", "index", f"Standard deviation of the baseline's runs, {_BESIDE}"),
    "difference": Note("", "index", f"Mean paired difference, policy less baseline, {_BESIDE}"),
    "standard_error": Note("", "index", f"Standard error of the difference, {_BESIDE}"),
    "family_low": Note("", "index", "Lower end of the interval that holds with those of the whole family"),
    "family_high": Note("", "index", "Upper end of the interval that holds with those of the whole family"),
    "p": Note("1", "share", "Probability of a difference this large by chance, one question alone"),
    "p_holm": Note("1", "share", "The same with Holm's correction for the whole family"),
    "evidence": Note("", "identity", "How sure the difference is, in words"),
    "detectable": Note("", "index", f"Difference that these runs tell with 80 % power, {_BESIDE}"),
    "more_runs": Note("count", "index", "Further pairs that would tell a difference of the size seen"),
    "variance_reduction": Note("1", "share", "Share of variance that pairing took away"),
    "told": Note("", "identity", "The finding as a sentence"),
    "size": Note("", "index", f"Mean absolute effect over the factor's range (mu*), {_BESIDE}"),
    "spread": Note("", "index", f"Standard deviation of effects (sigma), {_BESIDE}"),
    "total": Note("share", "share", "Share of variance, alone and with other factors (total index)"),
    "first": Note("share", "share", "Share of variance, alone (first-order index)"),
    "first_low": Note("share", "share", "Lower end of the 95 % interval of the first-order index"),
    "first_high": Note("share", "share", "Upper end of the 95 % interval of the first-order index"),
    "single": Note("share", "share", "Share of the variance of one run at a random point that is luck"),
    "remaining": Note("share", "share", "Share of the variance of averages over runs that is luck"),
    "satisfied": Note("share", "share", "Share of worlds that meet the goal"),
    "worlds": Note("count", "index", "Worlds that were weighed"),
    "regret_mean": Note("", "index", f"Mean distance to the best policy of each world, {_BESIDE}"),
    "regret_largest": Note("", "index", f"Largest distance to the best policy of a world, {_BESIDE}"),
    "above": Note("", "index", "Lower limit of the factor in the box"),
    "below": Note("", "index", "Upper limit of the factor in the box"),
    "chance": Note("1", "share", "Probability that the limit is due to chance"),
    "reproduced": Note("share", "share", "Share of resampled designs that restrict the factor too"),
    "coverage": Note("share", "share", "Share of all failures that lie in the box"),
    "density": Note("share", "share", "Share of the worlds in the box that fail"),
    "mass": Note("share", "share", "Share of all worlds that lie in the box"),
}
"""Columns that tables of batches and answers share; one name is one thing."""


def dictionary_of(tables: Mapping[str, pa.Table], factors: Iterable[str] = ()) -> pa.Table:
    """Return the data dictionary of the columns that tables have.

    Parameters
    ----------
    tables : mapping of str to Table
        Tables by name; what their fields say of themselves stands over `NOTES`.
    factors : iterable of str
        Paths of varied factors, which are columns of a sweep.
    """
    own = {path: Note("", "index", "Value of the factor at the point") for path in factors}
    return entries_table([
        _entry(name, field, own) for name, table in tables.items() for field in table.schema
    ])  # fmt: skip


def _entry(name: str, field: pa.Field, own: Mapping[str, Note]) -> Entry:
    """Return the entry of one column."""
    note = own.get(field.name) or NOTES.get(field.name)
    said = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
    declared = States.by_name.get(field.name)
    kind = note.kind if note else declared.kind if declared else "identity"
    unit, meaning = (said.get("unit", ""), said["meaning"]) if said else (note or ("", "", ""))[::2]
    return Entry(name, field.name, unit, kind, meaning, declared.aggregation if declared else "last")
