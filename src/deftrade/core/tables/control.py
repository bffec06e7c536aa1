"""Export control and what was decided: licence applications, and the log of decisions."""

from __future__ import annotations

from deftrade.core.table import Table, code, identity, real, refer, whole
from deftrade.core.tables.codes import ContractKind, DecisionKind, LicenceStatus, Rule


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


class Decisions(Table):
    """One logged decision."""

    sort = "record"

    step = whole("step", "date", "When", role="readout")
    kind = code(DecisionKind, role="readout")
    actor = refer("States", "State that decided; -1 none", role="readout")
    subject = identity("Id of the tender, application, firm or alliance", role="readout")
    row = whole("id", "identity", "Its row in its own table", role="readout")
    chosen = whole("id", "identity", "Row chosen: exporter, 1 yes or 0 no", role="readout")
    runner_up = whole("id", "identity", "Best alternative; -1 none", role="readout")
    margin = real("1", "index", "Advantage of the choice; what would flip it", role="readout")
    rule = code(Rule, role="readout")
