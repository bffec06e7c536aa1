"""Events in a form that changes nothing."""

from __future__ import annotations

from deftrade.core.tables import States
from validation.evidence.conditions import Treatment
from validation.evidence.running import FOCUS, by, event, row, scenario, states


def events() -> dict[str, Treatment]:
    """Return each kind of event that has a null form, in that form."""
    noor, ally = states(FOCUS, "Westmark")
    opened = scenario().world.values
    return {
        "embargo": event("embargo", imposers=by("Westmark"), target=noor, years=0.0, support=True),
        "lift_embargo": event("lift_embargo", imposers=by("Westmark"), target=noor),
        "sanction": event("sanction", firm=0, years=0.0),
        "veto": event("veto", source=ally, target=noor, years=0.0),
        "gdp_shock": event("gdp_shock", state=noor, size=0.0),
        "oil_shock": event("oil_shock", size=0.0),
        "exchange_shock": event(
            "exchange_shock", state=noor, to=float(opened[States.exchange_tightness][noor])
        ),
        "internal_conflict": event(
            "internal_conflict", state=noor, to=float(opened[States.internal_conflict][noor])
        ),
        "war": event("war", state=noor, loss=0.0),
        "aid": event("aid", source=noor, target=noor, category=0, volume=0.0),
        "breakthrough": event("breakthrough", state=noor, gain=0.0),
        "leader": event("leader", state=noor, towards=ally, by=0.0),
        "accession": event("accession", alliance=row("alliances", "Western Compact"), state=noor),
    }
