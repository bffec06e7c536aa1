"""Fleets: equipment held by a state, by category and origin."""

from deftrade.table import Table, identity, real, refer, whole


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
