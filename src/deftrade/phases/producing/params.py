"""The parameters of producing, for the phase and its parts."""

from __future__ import annotations

from deftrade.core.params import Group, param


class ProducingParams(Group):
    """Parameters of producing."""

    # Training that comes with packages (`training`).
    training_jobs: float = param(1.0, "jobs/MUSD", 0, 50, "assumption: most trainees are crews")
    """Skilled people that industry gains per MUSD which packages add to the price of equipment."""

    # Offsets (`fulfilling`).
    offset_effort: float = param(0.93, "share", 0, 1.5, "assumption: most obligations are met")
    """Credits earned per year against an even discharge."""
    indirect_multiplier: float = param(1.2, "1", 1, 10, "assumption: L§3.3d credit 1.1-1.2 of value")
    """Credit per money spent in the buyer's civil economy."""
    direct_multiplier: float = param(1.5, "1", 1, 10, "assumption: L§3.3d multipliers from memory")
    """Credit per money of work share given to the buyer's industry."""
    sourcing_benefit: float = param(0.85, "share", 0, 1, "assumption: purchases replace others")
    """Share of indirect spending that the seller would have spent elsewhere anyway."""
    penalty_rate: float = param(0.1, "share", 0, 1, "assumption: liquidated damages near a tenth")
    """Penalty per credit missing at the horizon."""

    # Readiness and overhaul (`maintaining`).
    readiness_pace: float = param(0.9, "1/yr", 0, 1, "assumption: fleets cut off are grounded in a year")
    """Yearly share by which readiness follows the support received."""
    spare_parts: float = param(0.7, "share", 0, 1, "assumption: others lack the maker's spare parts")
    """Share of support by others that is lost while the maker embargoes support."""
    own_overhaul: float = param(0.5, "share", 0, 1, "assumption: own workshops at the top rung")
    """Readiness that a state at the top rung keeps without any support."""
    overhaul_start: float = param(1.5, "1", 0, 8, "assumption: L§6 ladder, maintenance stage")
    """Rung above which own workshops begin to help."""

    # Work and payment (`working`, `consequences`).
    support_ceiling: float = param(0.6, "share", 0, 1, "assumption: fuel and bases take the rest")
    """Largest share of the operations budget that support contracts may take."""
    critical_content: float = param(3.0, "1", 0, 50, "assumption: few parts stop a whole product")
    """Share of output that stops per share of content that a source withholds."""
    labour_share: float = param(0.35, "share", 0, 1, "assumption: wages and own research in cost")
    """Share of a price that pays a fully used workforce and own research where labour intensity is
    1; bought-in goods, foreign parts included, are the rest of cost."""
    habit: float = param(0.67, "1/yr", 0, 1, "L§3.1: habit of five years, mean age 2.5")
    """Share of the memory of deliveries kept after a year."""
    craft_kept: float = param(0.9, "1/yr", 0, 1, "assumption: national craft fades slowly")
    """Share of a state's production experience kept after a year."""
    royalty_rate: float = param(0.04, "share", 0, 0.3, "assumption: a few per cent of sales are usual")
    """Share of the output of a line with a foreign design that it pays for the design."""
    explained: float = param(0.5, "share", 0, 1, "assumption: half of a craft is learnt by doing it")
    """Share of what licensed and shared work teaches that the source's release of know-how governs."""
    spared: float = param(0.5, "share", 0, 1, "assumption: a fleet stays fit to fight meanwhile")
    """Largest share of a fleet that its holder hands over second hand in one step."""
    written_off: float = param(0.01, "share", 0, 0.5, "assumption: nobody waits for the last per cent")
    """Missing share of a volume with which a contract that is paid and due is complete."""

    # Longer service (`extending`).
    extension_cost: float = param(0.25, "share", 0.01, 2, "assumption: a quarter of buying new")
    """Cost of an overhaul that puts off retirement, as a share of the price of new equipment."""
    extension_ceiling: float = param(0.25, "share", 0, 1, "assumption: fuel and bases take the rest")
    """Largest share, of what support contracts leave of the operations budget, that overhauls take."""

    # Contracts that embargoes stop (`shared.contracts`).
    stall_patience: float = param(
        1.5, "year", 0, 50, "assumption: buyers look elsewhere after a budget or two"
    )
    """Years that buyers wait for a contract that an embargo stops; then they cancel it. What was paid
    is lost."""

    # Plants (`phase`).
    capacity_floor: float = param(0.0, "1/yr", 0, 1, "by definition: categories say more", rest=0.5)
    """Yearly growth that every line's capacity may reach, whatever its category allows."""
    capacity_shrink: float = param(0.05, "1/yr", 0, 1, "assumption: idle plant is closed slowly", rest=0.3)
    """Fastest yearly shrinking of a line's capacity."""
    utilisation: float = param(0.75, "share", 0.1, 1, "assumption: normal use of plant")
    """Use of capacity that plants aim at."""
    backlog_years: float = param(3.0, "year", 0.5, 10, "V60: backlog 2.5-5 times revenue")
    """Backlog, in years of capacity, from which plants grow."""
    experience_kept: float = param(0.75, "1/yr", 0, 1, "assumption: Benkard 2000, 39 %/yr from memory")
    """Share of production experience kept after a year."""
