"""The parameters of tendering, for the phase and its parts."""

from __future__ import annotations

from deftrade.core.params import param
from deftrade.phases.tendering.reconsidering import ReconsiderParams
from deftrade.phases.tendering.supporting import SupportParams


class TenderingParams(SupportParams, ReconsiderParams):
    """Parameters of tendering."""

    trigger: float = param(0.15, "share", 0.005, 1, "calibrated: V26 deal sizes, V25 lumpiness")
    """Median gap, as a share of the target, at which an order is placed."""
    trigger_spread: float = param(0.5, "1", 0, 2, "calibrated: V26 sd of log deal size 1.77")
    """Spread of the log trigger: small ones are top-ups, large ones programmes."""
    least_stock: float = param(0.5, "share", 0.05, 1, "assumption: wide triggers do not multiply targets")
    """Smallest mean volume, as a share of the top of the order band, that targets suppose."""
    urgency: float = param(0.5, "1", 0, 3, "assumption: threatened states order earlier")
    """Elasticity by which a risen threat lowers the trigger."""
    largest_order: float = param(0.75, "year", 0.05, 10, "assumption: programmes come in batches")
    """Largest order, in years of the state's whole equipment budget."""
    join_share: float = param(0.4, "share", 0, 1, "assumption: partners advance requirements")
    """Share of its own trigger from which a pool partner joins a joint order."""
    commitment_years: float = param(3.5, "year", 1, 20, "assumption: near V27 order-to-delivery of 3.4")
    """Years of equipment budget that may be committed ahead."""
    exchange_weight: float = param(0.4, "share", 0, 1, "assumption: scarcity binds on imports")
    """Share of what could be committed abroad that fully scarce foreign exchange removes."""
    oil_exchange: float = param(1.0, "1", 0, 3, "assumption: rents earn foreign exchange")
    """Effect of the log oil price on exchange scarcity, per share of oil in GDP."""
    patience: float = param(2.0, "year", 0.25, 10, "assumption: tenders lapse")
    """Years after which a tender without result is withdrawn."""
    starter_share: float = param(0.25, "share", 0, 1, "assumption: simple work only")
    """Share of the localisation target asked where industry is below assembly."""
    licence_work: float = param(0.4, "share", 0, 0.9, "assumption: kits, then parts, are built at home")
    """Work share at home of production under licence."""
    assembly_work: float = param(0.5, "share", 0, 1, "assumption: kits are half of the work of building")
    """Part of that work share where industry only assembles."""
    licence_value: float = param(
        100, "MUSD", 0, 1e9, "assumption: tooling a first line takes a large order", rest=1e9
    )
    """Order value from which a state that can assemble, and has no line, asks for a licence too."""
    used_acceptance: float = param(0.35, "share", 0, 1, "calibrated: V29 second-hand 7-14 %")
    """Share of tenders open to used equipment in the poorest states."""
    rich_productivity: float = param(0.28, "MUSD/job", 0.05, 1, "V56: European turnover per job")
    """Productivity of a rich state, the yardstick for poverty."""
    technology_fee: float = param(25, "MUSD", 1, 1e4, "assumption: a modest licence package")
    """Smallest technology purchase."""
