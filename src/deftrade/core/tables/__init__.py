"""The data dictionary: every table of the world, declarations only."""

from deftrade.core.table import Table
from deftrade.core.tables.control import Applications, Decisions
from deftrade.core.tables.industry import Categories, Firms, Fleets, Lines
from deftrade.core.tables.market import Bids, Contracts, Obligations, Postings, Tenders
from deftrade.core.tables.relations import Alliances, Dyads
from deftrade.core.tables.states import Environment, States

ALL = (
    Environment,
    Categories,
    States,
    Dyads,
    Firms,
    Lines,
    Alliances,
    Fleets,
    Tenders,
    Bids,
    Applications,
    Contracts,
    Obligations,
    Postings,
    Decisions,
)
"""Every table, in the order in which worlds are built and hashed."""

SECTIONS: dict[str, type[Table]] = {
    table.section: table for table in (States, Categories, Firms, Lines, Alliances, Dyads)
}
"""Tables whose entries a scenario file gives, by the section that holds them, in the order of files."""

ENTITIES = {section: table for section, table in SECTIONS.items() if table.single}
"""Tables of entities that files name."""

POLICY = {
    section: table
    for section, table in ENTITIES.items()
    if any(column.role == "lever" for column in table.columns)
}
"""Tables of named entities that have levers; pairs of states have some too."""

SERIES: dict[str, type[Table]] = {table.section: table for table in (States, Firms, Alliances)}
"""Tables that are kept as series of one row a step and entity."""

ON_REQUEST: dict[str, type[Table]] = {"fleets": Fleets}
"""Larger tables that are kept as such series only where outputs ask for them."""

FLOWS: dict[str, type[Table]] = {"flows": Dyads}
"""Tables of pairs that are kept where they are not zero."""

__all__ = [
    "ALL",
    "ENTITIES",
    "FLOWS",
    "ON_REQUEST",
    "POLICY",
    "SECTIONS",
    "SERIES",
    "Alliances",
    "Applications",
    "Bids",
    "Categories",
    "Contracts",
    "Decisions",
    "Dyads",
    "Environment",
    "Firms",
    "Fleets",
    "Lines",
    "Obligations",
    "Postings",
    "States",
    "Tenders",
]
