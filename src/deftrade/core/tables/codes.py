"""Closed lists whose members stand in columns as small whole numbers."""

from enum import IntEnum


class ContractKind(IntEnum):
    """What is traded."""

    EQUIPMENT = 0
    SUPPORT = 1
    TECHNOLOGY = 2


class Mode(IntEnum):
    """How equipment is obtained."""

    OFF_THE_SHELF = 0
    LICENSED = 1
    DOMESTIC = 2
    SECOND_HAND = 3
    CODEVELOPMENT = 4


class TenderStatus(IntEnum):
    """Where a tender stands."""

    OPEN = 0
    SELECTED = 1
    APPROVED = 2
    SIGNED = 3
    WITHDRAWN = 4


class LicenceStatus(IntEnum):
    """Where a licence application stands."""

    PENDING = 0
    GRANTED = 1
    REFUSED = 2
    WITHDRAWN = 3


class Rule(IntEnum):
    """The rule that decided a licence application or another logged decision."""

    NONE = 0
    EMBARGO = 1
    OBLIGATIONS = 2
    HUMAN_RIGHTS = 3
    INTERNAL_SITUATION = 4
    REGIONAL_STABILITY = 5
    ALLIES_SECURITY = 6
    BUYER_BEHAVIOUR = 7
    DIVERSION = 8
    ECONOMIC_CAPACITY = 9
    CONSENT = 10
    SANCTION = 11


class ContractStatus(IntEnum):
    """Where a contract stands."""

    ACTIVE = 0
    COMPLETED = 1
    CANCELLED = 2


class AllianceKind(IntEnum):
    """What an alliance is for."""

    DEFENCE_PACT = 0
    PROCUREMENT_POOL = 1
    RESEARCH_PROGRAMME = 2
    CONTROL_REGIME = 3


class Sector(IntEnum):
    """Who holds an account; every sector but firms has one account a state."""

    GOVERNMENT = 0
    FIRM = 1
    HOUSEHOLDS = 2
    CIVIL = 3
    FINANCE = 4


class Item(IntEnum):
    """What a payment is for."""

    TAX = 0
    BORROWING = 1
    REALLOCATION = 2
    PERSONNEL = 3
    OPERATIONS = 4
    RESEARCH_GRANT = 5
    EQUIPMENT = 6
    SUPPORT = 7
    TECHNOLOGY = 8
    SECOND_HAND = 9
    COMPONENTS = 10
    WORK_SHARE = 11
    OFFSET_SPENDING = 12
    OFFSET_PENALTY = 13
    MATERIALS = 14
    WAGES = 15
    OWN_RESEARCH = 16
    CIVIL_SALES = 17
    DIVIDENDS = 18
    RECAPITALISATION = 19
    EXPORT_CREDIT = 20
    TRAINING = 21
    REPAYMENT = 22
    LOAN = 23
    LOAN_REPAYMENT = 24
    LOAN_INTEREST = 25
    INTEREST = 26
    SHARES = 27
    INVESTMENT = 28
    OVERHAUL = 29
    CONTROL_AGENCY = 30
    ROYALTY = 31


class TradeLine(IntEnum):
    """What is paid for in arms trade; the lines add up to what crosses borders."""

    EQUIPMENT = 0
    SECOND_HAND = 1
    SUPPORT = 2
    TECHNOLOGY = 3
    COMPONENTS = 4
    WORK_SHARES = 5
    OFFSETS = 6


SOLD = (
    TradeLine.EQUIPMENT,
    TradeLine.SECOND_HAND,
    TradeLine.SUPPORT,
    TradeLine.TECHNOLOGY,
    TradeLine.COMPONENTS,
)
"""Lines that are sold and bought: exports and imports. The others go with a state's own purchases."""

LINE_OF_ITEM = {
    Item.EQUIPMENT: TradeLine.EQUIPMENT,
    Item.SECOND_HAND: TradeLine.SECOND_HAND,
    Item.SUPPORT: TradeLine.SUPPORT,
    Item.TECHNOLOGY: TradeLine.TECHNOLOGY,
    Item.ROYALTY: TradeLine.TECHNOLOGY,
    Item.COMPONENTS: TradeLine.COMPONENTS,
    Item.WORK_SHARE: TradeLine.WORK_SHARES,
    Item.OFFSET_SPENDING: TradeLine.OFFSETS,
    Item.OFFSET_PENALTY: TradeLine.OFFSETS,
}
"""The line in which a payment counts where it crosses a border."""

LINE_OF_KIND = {
    ContractKind.EQUIPMENT: TradeLine.EQUIPMENT,
    ContractKind.SUPPORT: TradeLine.SUPPORT,
    ContractKind.TECHNOLOGY: TradeLine.TECHNOLOGY,
}
"""The line in which export credit for a contract counts: it pays part of the same price."""


class DecisionKind(IntEnum):
    """What sort of decision a log row holds."""

    AWARD = 0
    LICENCE = 1
    DIVERSION = 2
    FINDING = 3
    ACCESSION = 4
    EXIT = 5
    FIRM_EXIT = 6
    FIRM_ENTRY = 7
    RECAPITALISATION = 8
    WITHDRAWAL = 9
    LEADER_CHANGE = 10
    MERGER = 11
    DIVERSION_EMBARGO = 12
    RECONSIDERATION = 13
    LINE_OPENED = 14


CRITERIA = (
    "obligations",
    "human_rights",
    "internal_situation",
    "regional_stability",
    "allies_security",
    "buyer_behaviour",
    "diversion",
    "economic_capacity",
)
"""The eight criteria of the EU Common Position 2008/944/CFSP, in its order."""

CLIPS = ("fiscal_cap", "frontier", "skilled_pool", "alignment")
"""Formulas that need a clip; each is counted and reported."""

LEAST_QUALITY = 0.01
"""Quality, against the frontier of the price year, below which nothing is offered."""

RUNGS = 8
"""Rungs on the ladder of production (L§6: Krause 1992, Bitzinger 2003)."""

SOURCES = 3
"""How many foreign component sources a line distinguishes."""
