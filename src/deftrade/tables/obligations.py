"""Offset obligations."""

from deftrade.table import Table, real, refer, small


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
