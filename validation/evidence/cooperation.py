"""Levers of cooperation in development, production and technology."""

from __future__ import annotations

from collections.abc import Iterable

from deftrade.core.tables import Alliances, States
from validation.evidence.conditions import LICENCES_FREE, Condition, no, settled
from validation.evidence.measures import CODEVELOPED, summed
from validation.evidence.rows import Evidence, lever
from validation.evidence.running import alone, put, row


def levers() -> Iterable[Evidence]:
    """Yield levers of cooperation."""
    pact, pool = row("alliances", "Western Compact"), row("alliances", "Crescent Cooperation")
    yield lever(
        Alliances.codevelopment,
        (0, 1),
        CODEVELOPED,
        (1, 0.3),
        "joint requirements are developed together; a pool of one has no joint requirements",
        alone("Crescent Cooperation"),
        rows=[pool],
        base=Condition(also=put(Alliances.pooled_share, 1.0, [pool])),
        source="assumption: who develops together shares the work",
    )
    yield lever(
        States.technology_release,
        (0, 1),
        summed(States.learning_licensed),
        (1, 0.1),
        "who releases know-how grants licences and explains the work",
        settled(bidding__technology_gap=1.0) + LICENCES_FREE,
        source="assumption: craft is learnt as far as its owner shows it",
    )
    yield lever(
        Alliances.technology_sharing,
        (0, 1),
        summed(States.learning_licensed),
        (1, 0.01),
        "members grant each other licences and explain the work",
        no("researching.channel_alliance") + LICENCES_FREE,
        rows=[pact],
        base=Condition(also=put(Alliances.technology_sharing, 0)),
        source="assumption: members keep fewer secrets from each other",
    )
