"""The parameters of monitoring, for the phase and its parts."""

from __future__ import annotations

from deftrade.core.params import Group, param


class MonitoringParams(Group):
    """Parameters of monitoring."""

    # What checks cost (`licensing.agency`).
    check_cost: float = param(0.05, "MUSD", 0, 100, "assumption: two officers, a visit and a report")
    """Cost of an end-use check."""

    # Diversions and findings (`phase`).
    misrule_base: float = param(0.4, "share", 0, 1, "assumption: war makes leakage likelier still")
    """Share of diversion risk that misrule brings without internal conflict."""
    diversion_hazard: float = param(
        0.02,
        "1/yr",
        0,
        1,
        "assumption: rare; V48 finds none in 226 checks, three retransfers",
        rest=0.0,
    )
    """Yearly hazard of diversion of a contract's goods at full risk, without checks."""
    sensitivity_base: float = param(0.5, "1", 0, 5, "assumption: from half to one and a half of the mean")
    """Hazard with goods of sensitivity 0 against the mean; it rises by 1 to those of sensitivity 1."""
    deterrence: float = param(4.0, "1", 0, 50, "assumption: checks deter strongly")
    """How fast the hazard falls with the share of exports checked."""
    detection: float = param(0.1, "share", 0, 1, "assumption: most diversions surface late")
    """Chance that a diversion is found without checks."""
    check_power: float = param(0.6, "share", 0, 1, "assumption: a checked diversion is mostly found")
    """Chance that a check finds the diversion it meets."""
    record_step: float = param(0.3, "share", 0, 1, "assumption: a scandal is remembered")
    """Rise of a buyer's diversion record with a finding."""
    record_kept: float = param(0.8, "1/yr", 0, 1, "assumption: fades in five years")
    """Share of a record kept after a year."""
    caution_step: float = param(0.2, "1", 0, 5, "assumption: agencies tighten after scandals")
    """Strictness that a finding adds at the exporter's agency."""
    caution_kept: float = param(0.7, "1/yr", 0, 1, "assumption: attention fades in three years")
    """Share of caution kept after a year."""
    leak: float = param(0.03, "share", 0, 1, "assumption: a captured sample teaches a little")
    """Share of the technology gap that the exporter's main rival closes by a diversion."""
    leaks: float = param(1.0, "1", 0, 1, "assumption: switch of technology leakage")
    """Switch of technology leakage."""
    sanction_chance: float = param(0.3, "share", 0, 1, "assumption: scandals sometimes end sales")
    """Chance that a finding brings the buyer under the exporter's embargo; friends are spared in part."""
    sanction_years: float = param(3.0, "year", 0, 50, "assumption: until the next government")
    """How long such an embargo lasts."""
