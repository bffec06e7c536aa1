"""The parameters of assessing."""

from __future__ import annotations

from deftrade.core.params import Group, param


class AssessingParams(Group):
    """Parameters of assessing."""

    capability_weight: float = param(
        0.5, "share", 0, 1, "assumption: rivals' forces and spending count alike (L§1b)"
    )
    """Weight of usable capability against spending in a state's strength."""
    reach: float = param(2500, "km", 100, 20000, "assumption: neighbourhood scale")
    """Distance at which nearness has halved."""
    background: float = param(0.05, "share", 0, 10, "assumption: no state feels wholly safe")
    """Insecurity without any rival, as a share of own strength at the opening."""
    hostility_drift: float = param(0.03, "1/yr", 0, 1, "assumption: rivalries last decades", rest=0.0)
    """Yearly share of the way that hostility returns to its anchor."""
    imbalance_response: float = param(0.05, "1", 0, 1, "assumption: small by default")
    """How far a risen threat lifts the level that hostility drifts to."""
    reconciliation: float = param(0.3, "1", 0, 0.5, "assumption: small by default", rest=0.0)
    """How far risen alignment lowers that level, and fallen alignment raises it."""
