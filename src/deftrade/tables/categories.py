"""Categories of equipment: data, not code."""

from deftrade.table import Bounds, Table, given, identity, real


class Categories(Table):
    """What distinguishes aircraft from artillery; every number may be set by the world."""

    section = "categories"
    single = "category"

    uid = identity("Stable id from the name")
    declining_balance = given(
        "1",
        "index",
        "Yearly retirement rate times service life",
        Bounds(1.65, 0.5, 3, "L§9: BEA declining balance 1.65 over the life"),
    )
    demand_share = given(
        "share",
        "share",
        "Share of procurement spending",
        Bounds(None, 0, 1, "V30: category mix of transfers, own calculation"),
    )
    smallest_order = given(
        "MUSD",
        "stock",
        "Smallest order worth a contract",
        Bounds(20, 0, 1e5, "assumption: low end of L§3.2 deal sizes"),
    )
    lead_time = given(
        "year",
        "stock",
        "Signature to first delivery, off the shelf",
        Bounds(2.0, 0, 30, "L§3.3b: first delivery 2.0 years, own calculation"),
    )
    delivery_span = given(
        "year",
        "stock",
        "First to last delivery",
        Bounds(3.0, 0.1, 30, "L§3.3b: last delivery about 3 years later"),
    )
    lifetime = given(
        "year",
        "stock",
        "Service life; retirement rate is 1.65 over it",
        Bounds(20, 2, 80, "L§9: BEA geometric rates, declining balance 1.65"),
    )
    learning_slope = given(
        "share",
        "share",
        "Unit cost ratio at doubled experience",
        Bounds(0.85, 0.5, 1, "assumption: L§4 slopes are from memory"),
    )
    labour_intensity = given(
        "1",
        "index",
        "Jobs per output against the home average",
        Bounds(1.0, 0.1, 10, "assumption: relative within industry"),
    )
    capacity_growth = given(
        "1/yr",
        "rate",
        "Fastest yearly growth of a line's capacity",
        Bounds(0.09, 0, 3, "L§4.5: complex platforms 5-10 %, munitions from owned plant 60-100 %"),
    )
    quality_growth = given(
        "1/yr",
        "rate",
        "Growth of frontier quality",
        Bounds(0.015, 0, 0.2, "assumption: L§6 frontier 1.5-3 %/yr is from memory"),
    )
    sensitivity = given(
        "share",
        "share",
        "How closely exports are controlled",
        Bounds(0.5, 0, 1, "assumption: ordinal rank of control lists"),
    )
    support_rate = given(
        "1/yr",
        "rate",
        "Support a fleet needs, share of replacement value a year",
        Bounds(0.035, 0, 0.5, "assumption: sustainment near a tenth of spending"),
    )
    package_share = given(
        "share",
        "share",
        "Share added to the price for training, weapons and infrastructure; 0 is no package",
        Bounds(0, 0, 2, "assumption: bare equipment unless the world says so"),
    )
    rung_assembly = given(
        "1",
        "index",
        "Rung that allows assembly",
        Bounds(2, 0, 8, "L§6: Bitzinger's ladder, stage list from memory"),
    )
    rung_licence = given(
        "1",
        "index",
        "Rung that allows licensed production",
        Bounds(3, 0, 8, "L§6: Bitzinger's ladder, stage list from memory"),
    )
    rung_design = given(
        "1",
        "index",
        "Rung that allows own design and export",
        Bounds(6, 0, 8, "L§6: Bitzinger's ladder, stage list from memory"),
    )
    frontier_quality = real("1", "index", "Quality of the best equipment, 1 in the price year", fill=1)
    market_price = real("MUSD/CU", "index", "Average price of recent offers", fill=1)
