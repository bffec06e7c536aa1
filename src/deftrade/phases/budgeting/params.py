"""The parameters of budgeting, for the phase and its parts."""

from __future__ import annotations

from deftrade.core.params import Group, param


class BudgetingParams(Group):
    """Parameters of budgeting."""

    # Loans for packages (`shared.lending`).
    loan_years: float = param(10, "year", 1, 50, "assumption: a decade, as the package itself")
    """Years over which loans for packages are repaid on average."""
    loan_interest: float = param(0.02, "1/yr", 0, 0.2, "assumption: real, below what markets ask")
    """Real interest on loans for packages."""

    # Pledges (`pledging`).
    pledge_compliance: float = param(1.0, "share", 0, 1, "by definition: effort says how much")
    """Scale of pledges of both kinds; 0 lets nobody heed one."""
    pledge_own: float = param(0.8, "share", 0, 1, "assumption: what a government sets itself it mostly meets")
    """Share of the shortfall from a pledge of its own that enters a state's desired burden."""
    pledge_margin: float = param(0.1, "share", 0, 1, "assumption: who honours a pledge clears it a little")
    """How far above what allies ask a state aims that honours it."""
    pledge_base: float = param(0.2, "share", 0, 1, "calibrated: V37, 3 to 6 members in the calm 2014-21")
    """Effort towards allied pledges without alarm and without a peer who honours them."""
    pledge_peer: float = param(0.5, "share", 0, 1, "assumption: laggards are shamed by those who pay")
    """Effort added where all fellow members honour the pledge."""
    pledge_alarm: float = param(1.5, "share", 0, 5, "calibrated: V37, 7 to 23 members in two years")
    """Effort added per hyperbolic tangent of the log of a risen threat."""
    pledge_pace: float = param(0.5, "1/yr", 0, 1, "assumption: one or two budgets")
    """Yearly share by which effort follows its goal."""
    pledge_urgency: float = param(
        1.2, "1/yr", 0, 5, "calibrated: V37, 7 to 23 members in two years", rest=0.0
    )
    """Pace of rising budgets added by full effort, per hyperbolic tangent of a risen threat."""

    # Income, burden and budget (`phase`).
    income_elasticity: float = param(
        1.05, "1", 0.5, 1.5, "L§1c: 1.09 in cross-section, 0.3-1.0 in time series"
    )
    """Elasticity of military expenditure to GDP."""
    reaction: float = param(0.3, "1", 0, 0.95, "assumption: L§1c, magnitude contested")
    """Elasticity of the burden to rivals' strength."""
    free_riding: float = param(0.15, "1", 0, 0.9, "assumption: L§1c, sign found, size from memory")
    """Elasticity by which allies' strength lowers the burden."""
    adjustment: float = param(
        0.2, "1/yr", 0, 1, "assumption: L§1c partial adjustment 0.1-0.3 from memory", rest=0.0
    )
    """Yearly share of the gap to the desired burden that is closed."""
    recession_adjustment: float = param(
        0.35, "1/yr", 0, 1, "assumption: cuts in recessions exceed rises in booms (L§1c)", rest=0.0
    )
    """The same when the burden is to fall in a recession."""
    recession_gap: float = param(-0.02, "1", -0.5, 0, "assumption: a shallow recession")
    """Log deviation of GDP from which a state is in recession."""
    taste_spread: float = param(
        0.35, "1", 0, 2, "assumption: V36 asks for more, which would drown policy in luck", rest=0.0
    )
    """Stationary spread of a log shift of the burden that domestic politics brings."""
    taste_persistence: float = param(0.9, "1/yr", 0, 0.99, "assumption: governments last years")
    """Yearly persistence of that shift."""
    fiscal_cap: float = param(0.2, "share", 0.02, 0.6, "assumption: above any peacetime burden")
    """Largest burden the economy bears."""
    gdp_spread: float = param(0.02, "1", 0, 0.2, "assumption: business cycle", rest=0.0)
    """Stationary spread of the log GDP gap."""
    gdp_persistence: float = param(0.7, "1", 0, 0.99, "assumption: yearly persistence")
    """Yearly persistence of the GDP gap."""
    oil_spread: float = param(0.25, "1", 0, 1, "assumption: volatile oil price", rest=0.0)
    """Stationary spread of the log oil price."""
    oil_persistence: float = param(0.75, "1", 0, 0.99, "assumption: yearly persistence")
    """Yearly persistence of the oil price."""
    oil_pass_through: float = param(0.4, "1", 0, 1, "assumption: part of rents is spent")
    """Effect of the oil price on GDP, per share of oil in it."""
    scheduled_shocks: float = param(1.0, "1", 0, 1, "assumption: switch of scheduled shocks to GDP")
    """Effect of scheduled GDP shocks."""
    shock_persistence: float = param(0.6, "1", 0, 1, "assumption: half gone in 16 months")
    """Yearly persistence of scheduled GDP and oil shocks."""
    trend: float = param(1.0, "1", 0, 1, "assumption: 1 lets economies grow", rest=0.0)
    """Switch of trend growth."""
    growth_feedback: float = param(0.0, "1", -1, 1, "V65: meta-analytic mean about 0 (Yesilyurt 2019)")
    """Yearly growth of trend GDP that a burden above that of the opening adds, per share of GDP."""
    fund_years: float = param(1.5, "year", 0, 10, "assumption: programmes need some saving")
    """Equipment fund, in years of budget, above which money lapses."""
    lapse: float = param(0.5, "1/yr", 0, 1, "assumption: unspent appropriations return to the treasury")
    """Yearly share of the fund above that which lapses."""
    debt_repayment: float = param(0.05, "1/yr", 0, 1, "assumption: twenty-year loans")
    """Share of defence debt repaid a year."""
    interest: float = param(0.02, "1/yr", 0, 0.3, "assumption: real rate on public debt")
    """Real interest on public debt up to the reference."""
    debt_premium: float = param(
        0.03, "1/yr", 0, 0.1, "L§5: 2-3 basis points a point (Gamber and Seliski), 3 (Plante et al.)"
    )
    """Rise of that interest per share of GDP by which public debt exceeds the reference."""
    debt_reference: float = param(0.5, "share", 0, 3, "assumption: the default of other public debt")
    """Public debt, as a share of GDP, up to which interest does not rise."""
    debt_ceiling: float = param(1.5, "share", 0.1, 3, "assumption: few states have ever owed more")
    """Public debt, as a share of GDP, from which nobody lends for defence."""
    debt_reserve: float = param(0.3, "share", 0.01, 3, "assumption: doubts come before refusals")
    """Distance to the ceiling, as a share of GDP, from which lenders lend less of what is wanted."""
