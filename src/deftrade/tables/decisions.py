"""Decisions: who chose what, against which alternative, by how much."""

from deftrade.table import Table, code, identity, real, refer, whole
from deftrade.tables.codes import DecisionKind, Rule


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
