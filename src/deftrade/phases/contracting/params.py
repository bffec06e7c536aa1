"""The parameters of contracting, for the phase and its parts."""

from __future__ import annotations

from deftrade.core.params import Group, param


class ContractingParams(Group):
    """Parameters of contracting."""

    # Lines that licences found (`founding`).
    kit_share: float = param(0.4, "share", 0, 0.9, "assumption: assembly from kits, then from parts")
    """Share of the cost of a founded line that is bought from the licensor."""
    licence_plant: float = param(1.3, "1", 0.1, 10, "assumption: plants are used at three quarters")
    """Capacity of a founded line against its work share a year."""
    licence_experience: float = param(0.1, "share", 0.001, 1, "assumption: little at the start")
    """Experience of a founded line against what its cost norm supposes."""

    # Support in packages (`shared.packages`).
    package_years: float = param(10, "year", 0, 30, "assumption: a decade of follow-on support")
    """Years of support by the maker that a package brings."""

    # Schedules, overruns and offsets (`phase`).
    down_payment: float = param(0.15, "share", 0, 1, "assumption: common advance payment")
    """Share of an equipment price paid at signature."""
    overrun_off_the_shelf: float = param(0.02, "1", 0, 1, "assumption: firm fixed price")
    """Mean log cost growth of equipment off the shelf."""
    overrun_licensed: float = param(0.08, "1", 0, 1, "assumption: between import and development")
    """Mean log cost growth of production under licence."""
    overrun_domestic: float = param(0.1, "1", 0, 1, "assumption: below V52's 46 % of developments")
    """Mean log cost growth of domestic equipment."""
    overrun_codevelopment: float = param(0.46, "1", 0, 3, "V52, RAND 2006: mean cost growth 46 %")
    """Mean cost growth of what partners develop together."""
    overrun_spread: float = param(0.1, "1", 0, 1, "assumption: moderate spread")
    """Spread of log cost growth."""
    span_value: float = param(700, "MUSD", 1, 1e6, "assumption: a large programme")
    """Price from which deliveries last as long as the category says; smaller deals are done sooner."""
    span_growth: float = param(
        0.23, "1", 0, 1, "L§3.3b, V26: 1 year from first to last by deal, 2 by volume; ln sd 1.77"
    )
    """Elasticity of that time to price; 0 makes it equal for all."""
    shortest_span: float = param(0.15, "share", 0.01, 1, "assumption: some months at least")
    """Shortest time, against the category's."""
    slip_spread: float = param(0.5, "1", 0, 2, "calibrated: L§3.3 kernel of order-to-delivery lags")
    """Spread of the log of the time to first delivery."""
    licensed_delay: float = param(1.8, "1", 1, 5, "V28: local production 6.8 against 3.4 years")
    """Schedule of production under licence against off the shelf."""
    codevelopment_delay: float = param(2.5, "1", 1, 10, "assumption: development comes before production")
    """Time to the first delivery of what is developed together against off the shelf."""
    partner_delay: float = param(
        0.0, "1", 0, 1, "L§8.1: Hartley and Braddon 2014 find none; the rule of thumb is 1/3"
    )
    """Growth of the time to the first delivery with the number of partners."""
    used_delay: float = param(0.4, "1", 0.05, 1, "L§3.3b: second-hand 1.3 against 3.4 years")
    """Schedule of used equipment against off the shelf."""
    offset_years: float = param(7, "year", 1, 20, "assumption: L§3.3d completion, from memory")
    """Horizon of offset obligations."""
    price_learning: float = param(0.3, "share", 0, 1, "assumption: the last few contracts count")
    """Weight of a new contract in the price that its buyer plans with."""
    technology_years: float = param(3, "year", 0.5, 15, "assumption: people and papers take time")
    """Duration of technology contracts."""
