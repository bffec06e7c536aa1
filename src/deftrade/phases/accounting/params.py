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
    tax_displacement: float = param(0.5, "share", 0, 2, "assumption: half of taxes cut spending")
    """Civil spending lost per tax-financed spending."""
    debt_displacement: float = param(0.3, "share", 0, 2, "assumption: lenders partly crowd out")
    """Civil spending lost per debt-financed spending."""
    reallocation_displacement: float = param(1.0, "share", 0, 2, "by definition: one for one")
    """Civil spending lost per spending taken from other budgets."""
    skill_displacement: float = param(0.5, "share", 0, 2, "assumption: half of scarce skills are drawn")
    """Civil jobs lost per skilled job where the pool is fully used."""
    value_share: float = param(0.5, "share", 0, 1, "assumption: half of output is bought in")
    """Value added as a share of civil output."""
    exchange_feedback: float = param(
        5.0, "1", 0, 100, "assumption: a deficit of 1 % of GDP takes 5 % of exchange", rest=0.0
    )
    """Scarcity of foreign exchange added by a risen arms trade deficit, per share of GDP."""
    exchange_pace: float = param(0.3, "1/yr", 0, 1, "assumption: reserves last a few years")
    """Yearly share by which the smoothed trade deficit follows the present one."""
