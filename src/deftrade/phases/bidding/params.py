"""The parameters of bidding, for the phase and its parts."""

from __future__ import annotations

from deftrade.core.params import Group, param


class BiddingParams(Group):
    """Parameters of bidding."""

    # Co-development.
    generation: float = param(1.12, "1", 1, 2, "assumption: L§3.5 some four years of 2-3 % quality growth")
    """Quality of the next generation against the best that the partners know."""
    development_share: float = param(0.4, "share", 0, 0.9, "assumption: twice that of a product in service")
    """Share of the price of a new product that is development, which partners share."""

    # Release in offers.
    licence_release: float = param(0.5, "1", 0, 5, "assumption: licences are released more than know-how")
    """How strongly readiness to release know-how binds licences: the chance that an offer grants one
    is readiness to this power; 0 grants them all."""
    territory: float = param(0.5, "share", 0, 1, "calibrated: 15 % of licensees export in 15 years (SIPRI)")
    """Share of licensed designs that may be built for the licensee's own state only."""

    # What is offered as a package, and to whom.
    package_value: float = param(200, "MUSD", 0, 1e9, "assumption: smaller sales go from firm to state")
    """Order value from which equipment from abroad is sold from government to government."""
    incompatible_share: float = param(0.15, "share", 0, 1, "assumption: more than a token purchase")
    """Share of a buyer's sensitive capability, made by an exporter's rivals, above which the exporter
    keeps its own from it; 1 switches the rule off."""
    rival_hostility: float = param(0.45, "share", 0.01, 1, "assumption: rivals are who gets no arms at all")
    """Hostility from which an exporter takes a maker for a rival."""

    # Terms, rents and concessions.
    offset_premium: float = param(0.2, "1", 0, 1, "assumption: L§3.3d premium 5-30 %, from memory")
    """Price mark-up per unit of offset rate."""
    local_premium: float = param(0.25, "1", 0, 2, "assumption: small series at home cost more")
    """Price mark-up per share of work done by the buyer's industry."""
    licence_premium: float = param(0.12, "share", 0, 2, "assumption: tooling; royalties come beside it")
    """Price mark-up of production under licence."""
    fixed_share: float = param(0.2, "share", 0, 0.9, "assumption: L§8 fixed cost of a programme")
    """Share of the price that is fixed cost, which pool partners share."""
    pool_exponent: float = param(0.5, "1", 0, 1, "L§8.1: psi between 0 and 0.5; contested")
    """Growth of joint fixed cost with the number of partners; 1 means no saving."""
    rent: float = param(0.15, "1", 0, 2, "assumption: few makers set prices")
    """Mark-up on cost, beyond the regulated one, of an exporter that no other bids against."""
    concession: float = param(0.1, "share", 0, 0.4, "assumption: patrons pay part of a client's change")
    """Share of the price that an exporter's treasury pays, per hostility to the client's main supplier."""

    # Cost, price and release of offers.
    sensitive: float = param(0.5, "share", 0, 1, "assumption: the upper half of control lists")
    """Sensitivity from which alignment decides whether goods are offered."""
    third_party_quality: float = param(0.9, "share", 0.1, 1, "assumption: makers know their product")
    """Quality of support by others than the maker."""
    dearest_wages: float = param(1.5, "1", 1, 10, "assumption: rich providers send few people")
    """Highest wage level, against the maker's, that enters a provider's cost."""
    quality_cost: float = param(
        2.5, "1", 0.5, 4, "L§3.5: real unit cost +3-6 % a year over quality growth of 1.5-2 % a year"
    )
    """Elasticity of unit cost to quality where know-how grows with it."""
    know_how_saving: float = param(0.9, "share", 0, 1, "assumption: know-how ahead of a product saves little")
    """Elasticity of unit cost to quality over know-how, as a share of what `quality_effect` exceeds
    `quality_cost` by."""
    reach_cost: float = param(0.5, "1", 0, 6, "assumption: makers pay for what they do not master")
    """The same, added where the product is better than its maker's know-how."""
    version_cost: float = param(1.0, "1", 0, 3, "assumption: leaving things out saves in proportion")
    """Elasticity of the cost of an export version to its share of the product's quality."""
    learning_floor: float = param(0.6, "share", 0.1, 1, "assumption: learning levels off (L§4)", rest=1.0)
    """Lowest cost that experience reaches, against the price-year steady state."""
    learning_ceiling: float = param(1.6, "1", 1, 5, "assumption: forgetting levels off", rest=1.0)
    """Highest cost that lost experience leads to."""
    scarcity: float = param(0.15, "1", 0, 2, "assumption: mild short-run scarcity")
    """Mark-up of a firm whose backlog is twice the normal one."""
    longest_stretch: float = param(2.0, "1", 1, 20, "assumption: nobody waits for ever")
    """Longest schedule that a full order book leads a line to quote, against the usual one."""
    normal_backlog: float = param(2.5, "year", 0.5, 10, "assumption: L§3.3d, 2-2.5 from memory")
    """Backlog in years of capacity without scarcity."""
    release_hostility: float = param(0.45, "share", 0, 1, "assumption: no arms to opponents")
    """Hostility of the exporter towards the buyer that bars offers."""
    release_alignment: float = param(-0.5, "1", -1, 1, "assumption: no arms to opposed blocs")
    """Alignment below which sensitive goods are not offered."""
    used_price: float = param(0.4, "share", 0.05, 1, "V29, SIPRI: second-hand valued at 0.4 of new")
    """Price of used equipment against new of the same quality."""
    overhaul_rung: float = param(2.0, "1", 0, 8, "assumption: L§6 ladder, overhaul stage")
    """Rung from which a state can support a fleet type it operates."""
    support_own_cost: float = param(0.95, "share", 0.1, 2, "assumption: no travel, small scale")
    """Cost of support at home against that of the maker."""
    support_wage_share: float = param(0.5, "share", 0, 1, "assumption: half of support is labour")
    """Share of support cost that follows the provider's wage level."""
    technology_gap: float = param(0.03, "1", 0, 1, "assumption: something must be learnt")
    """Lead in know-how that makes a technology offer worth while."""
    wage_share: float = param(0.4, "share", 0, 1, "assumption: labour share of unit cost")
    """Share of unit cost that follows wage pressure."""
    price_memory: float = param(0.5, "1/yr", 0, 1, "assumption: buyers learn prices in two years")
    """Yearly share by which the known market price follows offers."""
    state_discount: float = param(0.3, "share", 0, 1, "assumption: states as owners ask for less return")
    """Share of its mark-up that a wholly state-owned firm forgoes."""
