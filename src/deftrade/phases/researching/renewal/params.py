"""Parameters of the renewal of firms."""

from __future__ import annotations

from deftrade.core.params import Group, param
from deftrade.phases.researching.renewal.investing import InvestParams
from deftrade.phases.researching.renewal.merging import MergeParams
from deftrade.phases.researching.renewal.owning import OwnParams


class ReproduceParams(Group):
    """Parameters of reproduction."""

    copy_hazard: float = param(
        0.2, "1/yr", 0, 2, "calibrated: 3 % of mere importers export in 15 years (SIPRI)", rest=0.0
    )
    """Yearly hazard that a state below the design rung without a line reproduces what it operates."""
    copy_stock: float = param(5, "MUSD", 0, 1e5, "assumption: a quarter of a development programme")
    """Research stock from which reproduction is possible."""
    copy_quality: float = param(0.6, "share", 0, 1, "assumption: simpler than what is copied")
    """Quality of a reproduction against what the state operates."""


class RenewParams(OwnParams, InvestParams, MergeParams, ReproduceParams):
    """Parameters of the renewal of firms."""

    newcomer_experience: float = param(0.1, "share", 0.001, 1, "assumption: little at the start")
    """Experience of a new line against what its cost norm supposes."""
    buffer: float = param(0.25, "year", 0, 5, "assumption: a quarter of yearly receipts in cash")
    """Cash, in years of receipts, that firms keep before they pay owners."""
    payout: float = param(0.5, "1/yr", 0, 1, "assumption: owners are paid within two years")
    """Yearly share of cash above the buffer that is paid to owners."""
    distress: float = param(-0.5, "year", -5, 0, "assumption: lenders wait a few months")
    """Cash, in years of receipts, below which a firm is in distress."""
    public_share: float = param(0.5, "share", 0, 1, "by definition: half of the shares decide")
    """Share of the state in a firm from which it counts as public and may be rescued."""
    exit_hazard: float = param(0.5, "1/yr", 0, 10, "assumption: distress lasts about two years", rest=0.0)
    """Yearly hazard that a firm in distress closes or is taken over."""
    entry_hazard: float = param(
        0.08, "1/yr", 0, 2, "assumption: L§6, a decade from capability to entry", rest=0.0
    )
    """Yearly hazard that a state at the design rung without a line opens one."""
    entry_stock: float = param(20, "MUSD", 0, 1e5, "assumption: a development programme")
    """Research stock from which entry is possible."""
    entry_capacity: float = param(15, "MUSD/yr", 0.1, 1e5, "assumption: a first small plant")
    """Smallest capacity of a new line."""
    entry_share: float = param(0.2, "share", 0, 2, "assumption: planned for part of home demand")
    """Capacity of a new line as a share of the home state's yearly demand in the category."""
    revenue_memory: float = param(0.5, "1/yr", 0, 1, "assumption: two-year view")
    """Yearly share by which smoothed receipts follow present ones."""
