"""Bids: offers of this step."""

from deftrade.table import Table, flag, real, refer, whole
from deftrade.tables.codes import Mode


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
