"""Firms: owners of lines, employers, exporters."""

from deftrade.table import Bounds, Table, flag, given, identity, lever, real, refer, whole


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
    export_revenue = real("MUSD", "flow", "Receipts from abroad")
    output = real("MUSD", "flow", "Defence work done")
    rents = real("MUSD", "flow", "Rents of contested prices, with the work they are paid for")
    component_output = real("MUSD", "flow", "Components sold to foreign makers, and overhauls")
    bought_in = real("MUSD", "flow", "Materials and foreign components bought for defence work")
    costs = real("MUSD", "flow", "Payments of the step other than dividends", role="readout")
    profit = real("MUSD", "flow", "Receipts less payments before dividends", role="readout")
    smoothed_revenue = real("MUSD/yr", "index", "Receipts a year, smoothed")
