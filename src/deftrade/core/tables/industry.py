"""Industry and what it made: categories of equipment, firms, their lines, and fleets."""

from __future__ import annotations

from deftrade.core.table import Bounds, Table, flag, given, identity, lever, real, refer, whole


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
        Bounds(20, 0.001, 1e5, "assumption: low end of L§3.2 deal sizes"),
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
    quality_effect = given(
        "1",
        "index",
        "Elasticity of what a unit can do to its quality",
        Bounds(2.83, 1, 4, "assumption: a little above the elasticity of cost, so that quality pays"),
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


class Firms(Table):
    """A firm sells from its lines, pays for inputs, keeps cash, hires, researches."""

    section = "firms"
    single = "firm"

    uid = identity("Stable id from the name")
    home = refer("States", "Home state")
    state_share = given("share", "share", "Share owned by the home state", Bounds(0, 0, 1, "world file"))
    civil_revenue = given("MUSD/yr", "index", "Sales outside defence", Bounds(0, 0, 1e6, "world file"))
    margin = lever(
        "share",
        "share",
        "Mark-up on cost",
        Bounds(0.09, -0.2, 0.6, "V55: regulated 8.2-8.6 %, realised 9.8 %"),
    )
    privatisation = lever(
        "1/yr",
        "rate",
        "Share of the state's holding sold a year; below 0, share of private holdings bought",
        Bounds(0, -1, 1, "assumption: none unless policy"),
    )
    research_intensity = lever(
        "share",
        "share",
        "Own research as a share of sales",
        Bounds(0.03, 0, 0.5, "assumption: L§6 3-10 % is from memory"),
    )
    mark_up = real("share", "share", "Mark-up charged, lower where the state owns")
    is_active = flag("Trading")
    entered = whole("step", "date", "Step of entry", role="readout")
    sanction_years = real("year", "stock", "Years left of a sanction on its exports")
    cash = real("MUSD", "stock", "Cash, negative if overdrawn")
    workers = real("jobs", "stock", "Workers")
    workload = real("jobs", "index", "Workers that due work needs")
    revenue = real("MUSD", "flow", "Receipts of the step")
    export_revenue = real("MUSD", "flow", "Receipts for what was sold abroad, export credit included")
    output = real("MUSD", "flow", "Defence work done")
    rents = real("MUSD", "flow", "Rents of contested prices, with the work they are paid for")
    component_output = real("MUSD", "flow", "Components sold to foreign makers, and overhauls")
    bought_in = real("MUSD", "flow", "Materials and foreign components bought for defence work")
    costs = real("MUSD", "flow", "Payments of the step other than dividends", role="readout")
    profit = real("MUSD", "flow", "Receipts less payments before dividends", role="readout")
    smoothed_revenue = real("MUSD/yr", "index", "Receipts a year, smoothed")


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


class Fleets(Table):
    """Holder, category and origin state; rows appear when first needed."""

    uid = identity("Stable id from holder, category, origin")
    holder = refer("States", "Who operates it")
    category = refer("Categories", "What it is")
    origin = refer("States", "Who made it")
    volume = real("CU", "stock", "Volume in service")
    quality = real("1", "index", "Mean quality", fill=1)
    age = real("year", "stock", "Mean age")
    readiness = real("share", "share", "Usable share", fill=1)
    support_need = real("MUSD/yr", "index", "Support it needs")
    support_received = real("MUSD", "flow", "Support delivered")
    recent_deliveries = real("CU/yr", "index", "Deliveries, fading over five years")
    delivered = real("CU", "flow", "Volume received new", role="readout")
    retired = real("CU", "flow", "Volume retired")
    extended = real("CU", "flow", "Volume due to retire that overhaul kept in service")
    lost = real("CU", "flow", "Volume lost to war")
    transferred = real("CU", "flow", "Volume received used less volume given away", role="readout")
    donated = real("CU", "flow", "Volume received as aid")
    support_contract = refer("Contracts", "Support contract in force")
    support_tender = refer("Tenders", "Support tender that runs")
    support_ordinal = whole("count", "stock", "Support tenders opened so far")
    loss_share = real("share", "share", "Share to be lost this step, by event", role="state")
