"""Pairs of states, and alliances of several."""

from __future__ import annotations

from deftrade.core.table import Bounds, Table, code, flag, given, identity, lever, real, refer
from deftrade.core.tables.codes import AllianceKind


class Dyads(Table):
    """One row a state, one column a state."""

    section = "relations"
    row_axis = "states"

    distance = given(
        "km",
        "stock",
        "Distance between capitals",
        Bounds(3000, 1, 20040, "world file"),
        axes=("states",),
    )
    hostility = given(
        "share",
        "share",
        "Hostility felt by the row state",
        Bounds(0, 0, 1, "world file"),
        axes=("states",),
    )
    alignment = given(
        "1",
        "index",
        "Political alignment, -1 opposed to 1 united",
        Bounds(0, -1, 1, "world file"),
        axes=("states",),
    )
    buyer_strictness = lever(
        "1",
        "index",
        "Strictness added for one buyer",
        Bounds(0, -5, 20, "assumption: none unless policy"),
        axes=("states",),
    )
    proximity = real("share", "share", "Nearness: 1 next door, 0 far away", axes=("states",))
    hostility_anchor = real("share", "share", "Where hostility drifts back to", axes=("states",))
    opening_alignment = real("1", "index", "Alignment at the opening", axes=("states",))
    alignment_anchor = real("1", "index", "Where alignment drifts back to", axes=("states",))
    allied = real("share", "share", "Tie by common defence pacts, 0 or 1 times cohesion", axes=("states",))
    embargo_years = real("year", "stock", "Years left of the row state's arms embargo", axes=("states",))
    support_embargo_years = real("year", "stock", "Years left of its embargo on support", axes=("states",))
    veto_years = real("year", "stock", "Years left of its veto on components and consent", axes=("states",))
    relation = real("CU/yr", "index", "Recent deliveries, fading over five years", axes=("states",))
    opening_warmth = real(
        "1/yr",
        "rate",
        "Mutual goodwill that trade and common threats brought at the opening",
        axes=("states",),
    )
    goodwill = real(
        "1",
        "index",
        "Accumulated effect of trade and refusals on alignment, fading",
        axes=("states",),
    )
    exports = real(
        "MUSD",
        "flow",
        "What the row state sold to the column state, export credit included",
        axes=("states",),
    )
    deliveries = real("CU", "flow", "Equipment delivered", axes=("states",), role="readout")
    loans = real(
        "MUSD", "stock", "Loans for packages that the column state owes the row state", axes=("states",)
    )
    denial_memory = real(
        "1", "index", "Memory of licences that the row state refused the column state", axes=("states",)
    )
    licensed_refused = real("MUSD", "flow", "Value refused a licence", axes=("states",))
    fleet_row = refer(
        "Fleets",
        "Fleet held by the row state, made by the column state",
        axes=("states", "categories"),
    )


class Alliances(Table):
    """A group of states with a purpose, cohesion and rules."""

    section = "alliances"
    single = "alliance"

    uid = identity("Stable id from the name")
    kind = code(AllianceKind)
    cohesion = given("share", "share", "How far members act together", Bounds(0.6, 0, 1, "world file"))
    burden_target = lever(
        "share",
        "share",
        "Burden every member pledges; 0 is none",
        Bounds(0, 0, 0.15, "V37: the NATO pledge is 2 %"),
    )
    preference = lever(
        "1",
        "index",
        "Bonus for members' offers",
        Bounds(0.3, 0, 5, "L§3.1: alliance adds 0.08-0.60 logit units"),
    )
    pooled_share = lever(
        "share",
        "share",
        "Share of requirements that members pool",
        Bounds(0.15, 0, 1, "V43: European collaborative share 11-18 %"),
    )
    codevelopment = lever(
        "share",
        "share",
        "Share of joint requirements for which members also offer to develop together",
        Bounds(0.5, 0, 1, "assumption: partners look at both ways"),
    )
    technology_sharing = lever(
        "share",
        "share",
        "Know-how released among members",
        Bounds(0.2, 0, 1, "assumption: partial sharing"),
    )
    joint_research = lever(
        "share",
        "share",
        "Share of research budgets that members of a research programme spend jointly",
        Bounds(0.05, 0, 1, "assumption: small unless policy"),
    )
    member = flag("Membership", axes=("states",))
    opening_cohesion = real("share", "share", "Cohesion at the opening")
    members = real("count", "stock", "Number of members", role="readout")
    burden_gap = real("share", "share", "Mean shortfall from the burden target")
    internal_share = real("share", "share", "Share of members' imports from members", role="readout")
