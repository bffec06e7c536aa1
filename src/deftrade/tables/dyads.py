"""Pairs of states: row is who acts (exporter, imposer), column is on whom."""

from deftrade.table import Bounds, Table, given, lever, real, refer


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
        "Payments received by the row state's firms from the column state",
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
