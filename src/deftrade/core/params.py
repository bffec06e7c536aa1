"""Parameters: frozen scientific constants, each with unit, bounds, source and meaning."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from deftrade.core.units import UNITS


class Group(BaseModel):
    """A frozen group of parameters; the docstring under a field is its meaning."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    def settled(self) -> Group:
        """Return the group with every trend and shock at rest, for the opening equilibrium."""
        rest = {
            name: field.json_schema_extra["rest"]
            for name, field in type(self).model_fields.items()
            if isinstance(field.json_schema_extra, dict) and "rest" in field.json_schema_extra
        }
        return self.model_copy(update=rest)


def param(
    default: float, unit: str, low: float, high: float, source: str, *, rest: float | None = None
) -> Any:
    """Declare a parameter.

    Parameters
    ----------
    default, low, high : float
        Value and bounds, in ``unit``.
    unit : str
        One of the closed list of units.
    source : str
        A key of the literature table, ``calibrated: <target>`` or ``assumption: <reason>``.
    rest : float, optional
        Value while a world settles into its opening equilibrium (trends and shocks: zero).
    """
    if unit not in UNITS:
        raise ValueError(f"unit {unit!r} is not in the closed list of units")
    extra: dict[str, Any] = {"unit": unit, "source": source}
    if rest is not None:
        extra["rest"] = rest
    return Field(default=default, ge=low, le=high, json_schema_extra=extra)


class OpeningParams(Group):
    """Constants of the opening equilibrium."""

    coarse_years: float = param(16, "year", 0, 60, "assumption: plants and pipelines turn over")
    """Years that a world first settles in yearly steps."""
    fine_years: float = param(8, "year", 0, 60, "assumption: order phases spread over the year")
    """Years that it then settles in quarters, whatever the scenario's steps."""
    suppliers: float = param(4, "count", 1, 50, "V17: top supplier 57-62 %, 8-10 suppliers in all")
    """Origins that an opening fleet is spread over."""
    fleet_quality: float = param(0.8, "share", 0.1, 1, "assumption: fleets lag the frontier")
    """Quality of opening fleets against what their makers make now."""
    readiness: float = param(0.8, "share", 0, 1, "assumption: typical availability")
    """Opening readiness."""
    mean_age: float = param(0.45, "share", 0, 1, "assumption: middle of the service life")
    """Opening age of fleets, share of service life."""
    first_stock: float = param(0.93, "share", 0.1, 1, "assumption: middle of the order band")
    """Opening volume against the target."""
    opening_cash: float = param(0.25, "year", 0, 5, "assumption: the buffer that firms keep")
    """Opening cash of firms in years of receipts."""
    habit_spread: float = param(1.5, "1", 0, 10, "assumption: past habits differ more than tastes")
    """Scale of the luck that makes opening suppliers differ among buyers."""
    opening_fund: float = param(0.5, "year", 0, 10, "assumption: half a year's float")
    """Equipment fund before settling, in years of budget."""
    plant_margin: float = param(1.3, "1", 0.1, 10, "assumption: support comes on top of equipment")
    """Output that plants are sized for before settling, against home and foreign equipment demand."""
    least_capacity: float = param(0.5, "MUSD/yr", 0.001, 100, "assumption: a workshop")
    """Smallest capacity of a line before settling."""
    least_experience: float = param(0.1, "MUSD", 0.001, 100, "assumption: bounds cost ratios")
    """Smallest experience that the cost of a line is measured against."""
    research_of_output: float = param(0.03, "share", 0, 0.5, "assumption: as firms' own research")
    """Research before settling, as a share of output."""
    debt_years: float = param(1.0, "1", 0, 5, "by definition: 1 is the steady state of borrowing")
    """Opening defence debt against its steady state."""
