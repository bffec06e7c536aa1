"""The parameters of accounting."""

from __future__ import annotations

from deftrade.core.params import Group, param


class AccountingParams(Group):
    """Parameters of accounting."""

    indirect: float = param(0.8, "1", 0, 5, "V62: Type I 1.65-2.03, so 0.65-1.03 indirect per direct")
    """Jobs at suppliers per direct job, before import leakage."""
    induced: float = param(0.3, "1", 0, 3, "V62: Type II 2.0-2.8, low end (L§5)")
    """Jobs from spent wages per direct and indirect job."""
    civil_intensity: float = param(1.25, "1", 0.1, 5, "V61: alternatives employ 1.2-2.8 times as many")
    """Civil jobs per spending against defence jobs per spending."""
    civil_leakage: float = param(0.2, "share", 0, 1, "assumption: about as much as defence firms buy")
    """Share of what civil firms buy in that comes from abroad."""
    consumption: float = param(0.6, "share", 0, 1, "assumption: three quarters spent, four fifths at home")
    """Spending on civil work at home per lasting change of households' income."""
    crowding_out: float = param(0.3, "share", 0, 1, "assumption: lenders partly crowd out")
    """Civil spending lost per borrowed spending."""
    slack: float = param(0.5, "share", 0, 1, "assumption: half would find no other work")
    """Share of jobs carried or lost that full employment would not make up for; 0: net is nothing."""
    uniformed_pay: float = param(0.4, "1", 0.05, 3, "assumption: a third above pay in defence firms")
    """Personnel spending per uniformed job against what a worker of a firm makes."""
    value_share: float = param(0.5, "share", 0, 1, "assumption: half of output is bought in")
    """Value added as a share of civil output."""
    exchange_feedback: float = param(
        5.0, "1", 0, 100, "assumption: a deficit of 1 % of GDP takes 5 % of exchange", rest=0.0
    )
    """Scarcity of foreign exchange added by a risen arms trade deficit, per share of GDP."""
    exchange_pace: float = param(0.3, "1/yr", 0, 1, "assumption: reserves last a few years")
    """Yearly share by which the smoothed trade deficit follows the present one."""
