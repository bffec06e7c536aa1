"""Alliances: defence pacts, pools, research programmes, control regimes."""

from deftrade.table import Bounds, Table, code, flag, given, identity, lever, real
from deftrade.tables.codes import AllianceKind


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
