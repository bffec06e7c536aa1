"""The parameters of tendering, for the phase and its parts."""

from __future__ import annotations

from deftrade.core.params import Group, param


class TenderingParams(Group):
    """Parameters of tendering."""

    # Tenders thought over again (`reconsidering`).
    reconsider_years: float = param(1.0, "year", 0.1, 10, "assumption: demands are reviewed with the budget")
    """Years without signature after which a buyer lowers its demands; from patience on it never does."""
    demands_kept: float = param(0.5, "share", 0, 1, "assumption: half of what was asked")
    """Share of offset and work share that a buyer insists on when it reconsiders."""

    # Support (`supporting`).
    support_years: float = param(4.0, "year", 0.5, 20, "assumption: multi-year framework")
    """Mean duration of a support contract."""
    support_spread: float = param(0.5, "share", 0, 0.9, "assumption: renewals do not come in waves")
    """How far durations lie around their mean at most, as a share of it; all are as likely."""
    smallest_support: float = param(3.0, "MUSD/yr", 0.001, 1000, "assumption: below it, own workshops")
    """Support need below which no contract is sought."""
    age_cost: float = param(0.6, "1", 0, 1.5, "assumption: upkeep grows 2-3 % a year of age, from memory")
    """Rise of support need from new to the end of service life, against need at the norm."""
    age_norm: float = param(0.54, "share", 0, 1, "by definition: the opening's mean age in the baseline")
    """Mean age, as a share of service life, at which fleets need what their category states."""

    # What is asked for (`planning`, `affording`, `phase`).
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
