"""Turns of alignment and hostility, and moves between alliances."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from deftrade.core.tables import Dyads, States
from validation.evidence.conditions import NO_PLEDGE, no, together
from validation.evidence.measures import COHESION, level, ordered_from, summed
from validation.evidence.rows import Evidence, happening
from validation.evidence.running import FOCUS, event, members, row, states


def events() -> Iterable[Evidence]:
    """Yield turns of alignment and hostility, and moves between alliances."""
    noor, ally, rival, armed = states(FOCUS, "Westmark", "Kharan", "Tamasheq")
    pact = row("alliances", "Western Compact")
    unmoved = no("allying.alignment_pace", "allying.alignment_effect")
    calm = no("budgeting.reaction", "budgeting.free_riding") + NO_PLEDGE
    anchor = (Dyads.alignment_anchor,)
    far = row("states", "Dolmani")  # a customer that has others to turn to
    apart = event("alignment", between=[far, ally], to=-1.0)
    yield happening(
        "alignment",
        apart,
        ordered_from("Westmark", "Dolmani"),
        (-1, 0.15),
        "alignment follows, supplier choice and release after it",
        unmoved,
        beside=anchor,
        source="V20: political distance deters trade",
    )
    compact = [int(place) for place in np.flatnonzero(members("Western Compact"))]
    split = together(
        *(
            event("alignment", between=[one, other], to=-0.9)
            for one in compact
            for other in compact
            if one < other
        )
    )
    yield happening(
        "alignment",
        split,
        COHESION,
        (-1, 0.03),
        "estranged members hold together less",
        unmoved,
        beside=anchor,
        source="L§8: alliances end after changes of threat, value or regime",
    )
    yield happening(
        "leader",
        event("leader", state=far, towards=ally, by=-2.0),
        ordered_from("Westmark", "Dolmani"),
        (-1, 0.15),
        "alignment follows, supplier choice and release after it",
        unmoved,
        beside=anchor,
        source="V20: political distance deters trade",
    )
    yield happening(
        "hostility",
        event("hostility", between=[noor, rival], to=1.0),
        summed(States.milex, FOCUS),
        (1, 0.02),
        "threat, burden, budget",
        calm,
        whole=False,
        source="V39-V40: arms races",
    )
    safe = calm + no("assessing.capability_weight")
    yield happening(
        "accession",
        event("accession", alliance=pact, state=armed),
        # It spends more than the pledge, which would make others spend more.
        level(States.burden, "Tamasheq"),
        (-1, 0.1),
        "allies' strength lets a member spend less",
        safe,
        whole=False,
        source="L§1: members ride free on the spending of allies",
    )
    yield happening(
        "exit",
        event("exit", alliance=pact, state=noor),
        level(States.burden),
        (1, 0.08),
        "a state alone spends more",
        safe,
        whole=False,
        source="L§1: members ride free on the spending of allies",
    )
