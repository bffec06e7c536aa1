"""The parameters of researching, for the phase and its parts."""

from __future__ import annotations

from deftrade.core.params import Group, param


class ResearchingParams(Group):
    """Parameters of researching."""

    # The ladder of production (`climbing`).
    rung_pace: float = param(0.2, "1/yr", 0, 2, "L§6: 5-10 years a rung, from memory", rest=0.0)
    """Rungs climbed a year at most."""
    rung_decay: float = param(0.25, "1", 0, 1, "assumption: skills are lost more slowly than won")
    """Pace of falling down the ladder against climbing it."""
    rung_experience: float = param(30, "MUSD", 0.1, 1e5, "assumption: rungs need practice")
    """Production experience at which half of the missing practice is made up."""
    unpractised: float = param(0.5, "share", 0, 1, "assumption: half is in the papers, half in the hands")
    """Share of know-how that counts towards a rung without any practice."""
    relatedness: float = param(0.05, "share", 0, 1, "assumption: some skills serve every category")
    """Share of the experience in other categories that counts as practice; 0 lets none count."""

    # Joint research (`pooling`).
    joint_access: float = param(3.0, "1", 0, 100, "assumption: who pays little has little say")
    """Most that a member learns of others' joint research, as a multiple of what it pays in."""

    # Reproduction of foreign products (`renewal.entering`).
    copy_hazard: float = param(
        0.2, "1/yr", 0, 2, "calibrated: 3 % of mere importers export in 15 years (SIPRI)", rest=0.0
    )
    """Yearly hazard that a state below the design rung without a line reproduces what it operates."""
    copy_stock: float = param(5, "MUSD", 0, 1e5, "assumption: a quarter of a development programme")
    """Research stock from which reproduction is possible."""
    copy_quality: float = param(0.6, "share", 0, 1, "assumption: simpler than what is copied")
    """Quality of a reproduction against what the state operates."""

    # Mergers and takeovers (`renewal.merging`).
    merger_hazard: float = param(0.02, "1/yr", 0, 2, "assumption: idle rivals merge within decades", rest=0.0)
    """Yearly hazard that a firm with little to do joins an idle rival at home."""
    merger_load: float = param(0.5, "share", 0, 1, "assumption: well below normal use of plant")
    """Use of capacity below which firms consider it."""

    # What a new line costs (`renewal.investing`).
    founding_cost: float = param(0.6, "year", 0, 10, "assumption: plant costs half a year's output or more")
    """Cost of new plant, in years of the output it allows; 0 founds lines for nothing."""
    founding_cash: float = param(0.25, "year", 0, 5, "assumption: the buffer that firms keep")
    """Cash that owners add, in years of that output."""
    founding_funds: float = param(0.1, "share", 0, 10, "assumption: investors look at the home market")
    """Money that investors risk on a line, as a share of the home state's yearly equipment budget."""

    # Trade in shares of firms (`renewal.privatising`).
    share_trade: float = param(1.0, "1", 0, 1, "assumption: switch of sales of shares", rest=0.0)
    """Switch of sales and purchases of shares by the state."""
    share_price: float = param(0.8, "year", 0, 10, "assumption: firms are worth most of a year's sales")
    """Worth of a whole firm, in years of its smoothed receipts."""

    # Owners, distress, closure and entry (`renewal`).
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

    # Spending, learning and products (`phase`).
    practice_weight: float = param(0.1, "share", 0, 1, "assumption: a tenth of work done is learning")
    """Weight of production experience beside research in absorptive capacity."""
    crowd_in: float = param(0.45, "1", 0, 2, "V64: Moretti et al. 2025, 0.5-0.6; drafts 0.3-0.43")
    """Elasticity of firms' own research to public grants."""
    fund_years: float = param(4.0, "year", 0.1, 50, "assumption: then the money is better spent at home")
    """Technology fund, in years of saving, above which nothing is added."""
    stock_kept: float = param(0.85, "1/yr", 0, 1, "assumption: research fades at 15 % a year")
    """Share of the research stock kept after a year."""
    frontier_growth: float = param(1.0, "1", 0, 5, "assumption: 1 is each category's own", rest=0.0)
    """Switch and scale of frontier growth."""
    own_growth: float = param(0.3, "1", 0, 2, "assumption: diminishing returns to effort")
    """Elasticity of own progress to the research stock against the opening."""
    catch_up: float = param(
        0.12, "1/yr", 0, 1, "assumption: L§6 half-life 8-15 years for licensed systems", rest=0.0
    )
    """Yearly closing of the technology gap at full absorption and with all channels full."""
    absorption_floor: float = param(0.1, "share", 0, 1, "assumption: newcomers learn slowly")
    """Absorptive capacity without any research or production."""
    absorption_half: float = param(20, "MUSD", 1, 1e5, "assumption: a serious programme")
    """Research and production a year at which absorptive capacity is half full."""
    channel_open: float = param(0.15, "share", 0, 1, "assumption: open knowledge, small")
    """Strength of open knowledge."""
    channel_licensed: float = param(0.45, "share", 0, 1, "assumption: hands-on work teaches most")
    """Strength of licensed and shared work."""
    channel_offset: float = param(0.1, "share", 0, 1, "L§3.3d Brauer and Dunne 2005: little transfer")
    """Strength of offset credits."""
    channel_purchased: float = param(0.3, "share", 0, 1, "assumption: bought know-how")
    """Strength of technology contracts."""
    channel_alliance: float = param(0.2, "share", 0, 1, "assumption: shared programmes")
    """Strength of sharing in alliances."""
    channel_half: float = param(40, "MUSD", 0.1, 1e5, "assumption: a modest programme a year")
    """Yearly work, credits or purchases at which a channel is half full."""
    quality_pace: float = param(0.12, "1/yr", 0, 1, "assumption: model changes take years", rest=0.0)
    """Yearly share by which a line's quality follows know-how."""
    own_design: float = param(
        0.5, "1/yr", 0, 10, "assumption: two years from ability to an own model", rest=0.0
    )
    """Yearly hazard that a maker able to design replaces a licensed design by its own."""
    design_parity: float = param(0.9, "share", 0.1, 2, "assumption: a little is given up for freedom")
    """Know-how, against the quality of the licensed product, from which its maker replaces it."""
    substitution_cost: float = param(0.5, "1", 0, 20, "assumption: half a year of the parts' cost")
    """Public cost of a substitution programme, per MUSD a year of parts replaced."""
