"""Licence applications and how they were decided."""

from deftrade.table import Table, code, identity, real, refer, whole
from deftrade.tables.codes import ContractKind, LicenceStatus, Rule


class Applications(Table):
    """One export licence application for one selected offer."""

    sort = "record"

    uid = identity("Stable id from tender and exporter")
    tender = refer("Tenders", "Tender of the offer")
    exporter = refer("States", "Licensing state")
    buyer = refer("States", "Destination")
    category = refer("Categories", "What")
    line = refer("Lines", "Line of the offer")
    kind = code(ContractKind)
    value = real("MUSD", "stock", "Value applied for", role="readout")
    filed = whole("step", "date", "Step of filing", role="readout")
    decided = whole("step", "date", "Step of decision", fill=-(2**31), role="readout")
    waiting = real("year", "stock", "Years of case work left")
    duration = real("year", "stock", "Years of case work needed", role="readout")
    criteria = real("share", "share", "Score of each criterion", axes=("criteria",), role="readout")
    risk = real("1", "index", "Weighted risk", role="readout")
    benefit = real("1", "index", "Weighted benefit", role="readout")
    margin = real("1", "index", "Benefit and tolerance less risk; below 0 is refused", role="readout")
    status = code(LicenceStatus)
    rule = code(Rule, "that decided", role="readout")
    refuser = refer("States", "State whose refusal decided", role="readout")
