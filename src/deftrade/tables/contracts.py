"""Contracts: what was signed and how far it is."""

from deftrade.table import Table, code, identity, real, refer, whole
from deftrade.tables.codes import ContractKind, ContractStatus, Mode


class Contracts(Table):
    """A signed purchase of equipment, support or technology."""

    sort = "record"

    uid = identity("Stable id: that of its tender")
    tender = refer("Tenders", "Tender it ended")
    buyer = refer("States", "Who pays")
    supplier = refer("States", "Home state of the seller")
    line = refer("Lines", "Line that makes it; -1 for used equipment")
    firm = refer("Firms", "Seller; -1 for the supplier's government")
    partner = refer("Lines", "Local line that does the work share; -1 none")
    category = refer("Categories", "What")
    kind = code(ContractKind)
    mode = code(Mode)
    fleet = refer("Fleets", "Fleet that receives or is supported")
    source_fleet = refer("Fleets", "Fleet that gives used equipment; -1 none")
    volume = real("CU", "stock", "Volume ordered")
    quality = real("1", "index", "Quality ordered")
    price = real("MUSD", "stock", "Price, overruns included")
    rent_share = real("share", "share", "Share of the price that is rent: paid, but no work")
    planned_price = real("MUSD", "stock", "Price at signature", role="readout")
    credit_share = real("share", "share", "Share of the price paid by the supplier's state")
    package_share = real("share", "share", "Share that its package adds to the price; 0 is none")
    support_years = real("year", "stock", "Years of support for its fleet that its package still owes")
    loan_share = real("share", "share", "Share of the price that the supplier's government lends")
    down_payment = real("share", "share", "Share paid at signature")
    signed = whole("step", "date", "Step of signature", role="readout")
    ended = whole("step", "date", "Step of completion or cancellation", fill=-(2**31), role="readout")
    lead = real("year", "stock", "Years of work before the first delivery")
    span = real("year", "stock", "Years from first to last delivery")
    progress = real("year", "stock", "Years of schedule done")
    paid = real("MUSD", "stock", "Paid so far")
    delivered = real("CU", "stock", "Delivered so far")
    local_share = real("share", "share", "Share of work done by the buyer's industry")
    stalled = real("year", "stock", "Years that an embargo has stopped it")
    status = code(ContractStatus)
