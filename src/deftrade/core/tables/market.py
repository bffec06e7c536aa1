"""The market: tenders, bids, contracts, offset obligations, payments."""

from __future__ import annotations

from deftrade.core.table import Table, code, flag, identity, real, refer, small, whole
from deftrade.core.tables.codes import ContractKind, ContractStatus, Item, Mode, Sector, TenderStatus


class Tenders(Table):
    """A buyer's requirement and, once chosen, the terms of the best offer."""

    sort = "record"

    uid = identity("Stable id from buyer, category, kind and the buyer's count")
    buyer = refer("States", "Who buys")
    category = refer("Categories", "What")
    kind = code(ContractKind)
    fleet = refer("Fleets", "Fleet to be supported")
    pool = refer("Alliances", "Pool that buys jointly")
    pool_key = identity("Id of the joint requirement")
    partners = whole("count", "stock", "States that buy jointly, the buyer included", fill=1)
    opened = whole("step", "date", "Step of publication")
    closed = whole("step", "date", "Step of signature or withdrawal", fill=-(2**31), role="readout")
    status = code(TenderStatus)
    volume = real("CU", "stock", "Volume wanted; that of the chosen offer once there is one")
    value = real("MUSD", "stock", "Money set aside; the price of the chosen offer once there is one")
    wanted_volume = real("CU", "stock", "Volume wanted before an offer was chosen")
    wanted_value = real("MUSD", "stock", "Money set aside before an offer was chosen")
    years = real("year", "stock", "Duration of the support wanted")
    offset_rate = real("share", "share", "Offset demanded")
    local_share = real("share", "share", "Work share demanded at home")
    wants_licence = flag("Production under licence demanded")
    accepts_used = flag("Second-hand offers accepted")
    is_reconsidered = flag("Demands were lowered after long waiting")
    rounds = whole("count", "stock", "Rounds without signature")
    refusals = whole("count", "stock", "Licences refused so far")
    refuser = refer("States", "Last state that refused")
    exporter = refer("States", "Home state of the chosen offer")
    line = refer("Lines", "Line of the chosen offer; -1 for used equipment")
    mode = code(Mode, "of the chosen offer")
    price = real("MUSD", "stock", "Price of the chosen offer")
    rent_share = real("share", "share", "Share of that price that is rent")
    concession = real("share", "share", "Share of that price that the exporter's treasury takes over")
    quality = real("1", "index", "Quality of the chosen offer")
    package_share = real("share", "share", "Share that the chosen offer's package adds to the price")
    stretch = real("1", "index", "Schedule of the chosen offer against the usual one", fill=1)
    application = refer("Applications", "Licence application of the chosen offer")


class Bids(Table):
    """One offer of one exporter state's line on one tender."""

    sort = "scratch"

    tender = refer("Tenders", "Tender answered")
    exporter = refer("States", "Home state of the line")
    line = refer("Lines", "Line offered; -1 for used equipment")
    mode = whole("id", "identity", "Code of `Mode`", codes=Mode)
    price = real("MUSD", "stock", "Price")
    rent_share = real("share", "share", "Share of the price that is rent of a contested market")
    concession = real(
        "share", "share", "Share of the price that the treasury takes over to win a rival's client"
    )
    quality = real("1", "index", "Quality offered")
    volume = real("CU", "stock", "Volume offered")
    stretch = real("1", "index", "Schedule quoted against the usual one", fill=1)
    package_share = real("share", "share", "Share that a package adds to the price; 0 is none")
    is_released = flag("Cleared by the exporter's release policy")
    score = real("1", "index", "Value to the buyer, luck included", role="readout")


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


class Obligations(Table):
    """What a seller owes a buyer in offsets."""

    sort = "record"

    contract = refer("Contracts", "Contract it belongs to")
    firm = refer("Firms", "Who owes")
    beneficiary = refer("States", "To whom")
    category = refer("Categories", "Category of the contract")
    amount = real("MUSD", "stock", "Credits owed")
    credited = real("MUSD", "stock", "Credits earned")
    spent = real("MUSD", "stock", "Money spent to earn them", role="readout")
    penalised = real("MUSD", "stock", "Shortfall written off against a penalty")
    horizon = real("year", "stock", "Years in which to earn them")
    years_left = real("year", "stock", "Years until the penalty")
    is_open = small("1 while it runs")


class Postings(Table):
    """Double entry in one row: who paid whom, how much, for what."""

    sort = "scratch"

    item = code(Item, role="readout")
    payer_sector = code(Sector, role="readout")
    payer = whole("id", "identity", "Row of the payer in its sector", role="readout")
    payer_state = refer("States", "State of the payer", role="readout")
    payee_sector = code(Sector, role="readout")
    payee = whole("id", "identity", "Row of the payee in its sector", role="readout")
    payee_state = refer("States", "State of the payee", role="readout")
    amount = real("MUSD", "flow", "Amount", role="readout")
    contract = refer("Contracts", "Contract it belongs to; -1 none", role="readout")
