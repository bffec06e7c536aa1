"""Evidence that every lever and every event acts, and through which channel.

A row of evidence says who is moved from a low to a high value, which indicator answers and in which
direction, and what cuts the channel so that nothing is left of the answer. The tests run all rows;
``python -m validation.evidence`` measures them and writes the table that is part of the package
(`deftrade.report.measured`), which ``deftrade describe --evidence`` shows.

To add rows, write a module with a function ``levers()`` or ``events()`` that yields them, and name it
in `validation.evidence.registry`. Rows of levers are made by `rows.lever`, rows of events by
`rows.happening`; both take ``source=``: what the expected direction is known from. Indicators are in
`measures`, what cuts a channel in `conditions`, names and treatments in `running`.

All rows run on the first years of the baseline scenario, whose opening is settled once and copied: the
run's luck and policy play no part in it. `running.play_on` takes another scenario.
"""

from validation.evidence.registry import events, levers, nothing_happens
from validation.evidence.rows import Evidence

__all__ = ["Evidence", "events", "levers", "nothing_happens"]
