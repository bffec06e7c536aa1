"""Parameters: frozen scientific constants, each with unit, bounds, source and meaning."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from deftrade.table import UNITS


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
