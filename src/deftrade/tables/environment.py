"""What all states share at a date: one row."""

from deftrade.table import Table, real, whole


class Environment(Table):
    """The common environment and the counters of clipped formulas."""

    oil_gap = real("1", "index", "Log deviation of the oil price from its trend")
    oil_shock = real("1", "index", "Scheduled shift of the log oil price that fades", role="state")
    clipped = whole("count", "flow", "Rows that a clip changed this step", axes=("clips",), role="readout")
    considered = whole(
        "count", "flow", "Rows that a clip looked at this step", axes=("clips",), role="readout"
    )
