"""Tenders: requirements on the market."""

from deftrade.table import Table, code, flag, identity, real, refer, whole
from deftrade.tables.codes import ContractKind, Mode, TenderStatus


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
