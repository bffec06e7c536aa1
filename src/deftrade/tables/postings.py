"""Postings: every payment of the step, with payer and payee."""

from deftrade.table import Table, code, real, refer, whole
from deftrade.tables.codes import Item, Sector


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
