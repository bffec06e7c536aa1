"""Lines: what a firm makes in one category."""

from deftrade.table import Table, flag, identity, real, refer


class Lines(Table):
    """A production line with its quality, cost, capacity and sources."""

    section = "lines"

    uid = identity("Stable id from firm and category")
    firm = refer("Firms", "Owner")
    home = refer("States", "Home state of the owner")
    category = refer("Categories", "What it makes")
    design_origin = refer("States", "State whose consent its licensed design needs; -1 own design")
    component_source = refer("States", "States that make its foreign components", axes=("sources",))
    component_share = real("share", "share", "Share of cost bought from each source", axes=("sources",))
    is_active = flag("In production")
    quality = real("1", "index", "Quality of what it makes")
    experience = real("MUSD", "stock", "Depreciated output", fill=1)
    opening_experience = real("MUSD", "stock", "Experience at the price year's steady state", fill=1)
    unit_cost = real("MUSD/CU", "index", "Cost of a capability unit", fill=1)
    capacity = real("MUSD/yr", "index", "Output the plant allows")
    load = real("MUSD/yr", "index", "Output due")
    parts = real("share", "share", "Share of output that foreign parts allow", fill=1)
    fill = real("share", "share", "Share of due work done", fill=1)
    backlog = real("MUSD", "stock", "Signed work not done")
    output = real("MUSD", "flow", "Work done")
