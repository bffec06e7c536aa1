"""The parameters of hiring."""

from __future__ import annotations

from deftrade.core.params import Group, param


class HiringParams(Group):
    """Parameters of hiring."""

    pool_floor: float = param(0.0005, "share", 0, 0.1, "assumption: comparable civil skills in any economy")
    """Skilled pool without any defence industry, per job that GDP would carry in it."""
    hiring_team: float = param(200, "jobs", 0, 1e5, "assumption: a young firm's yearly intake")
    """Workers that any firm may hire in a year, whatever its size."""
    hiring_ceiling: float = param(
        0.15, "1/yr", 0, 2, "L§4.5: sustained 8.6-8.9 %, short bursts more", rest=1.0
    )
    """Fastest yearly growth of a firm's workforce."""
    layoff_ceiling: float = param(0.25, "1/yr", 0, 1, "assumption: slow layoffs", rest=0.5)
    """Fastest yearly shrinking of a firm's workforce."""
    soft_budget: float = param(
        0.5, "share", 0, 1, "assumption: Kornai 1986 soft budgets, size unknown", rest=0.0
    )
    """Share by which full state ownership slows layoffs."""
    wage_share: float = param(0.3, "share", 0, 1, "assumption: labour share of output")
    """Wages as a share of the output of a job."""
    pool_growth: float = param(0.15, "1/yr", 0, 1, "assumption: skills follow demand in years", rest=0.9)
    """Yearly share by which the skilled pool follows employment with slack."""
    pool_slack: float = param(0.4, "share", 0, 5, "assumption: comparable civil trades")
    """Skilled workers beyond those employed, in the long run."""
    tight_pool: float = param(0.85, "share", 0, 1, "assumption: shortage above it")
    """Use of the pool above which wages rise."""
    wage_response: float = param(1.0, "1", 0, 10, "assumption: unit response")
    """Wage pressure per use of the pool above the tight point."""
    training_cost: float = param(0.02, "MUSD", 0, 1, "assumption: one training place")
    """Cost of a training place, MUSD."""
    taught: float = param(1.0, "jobs/MUSD", 0, 50, "assumption: a tenth of it trains, at 0.1 MUSD each")
    """Skilled people that a million dollars of bought know-how leaves behind."""
    productivity_trend: float = param(
        0.8, "share", 0, 2, "assumption: most growth is productivity, the rest is people", rest=0.0
    )
    """Share of trend growth of GDP that is growth of productivity."""
    overhead: float = param(0.05, "share", 0, 1, "assumption: staff beyond direct work")
    """Workers beyond those that due work needs."""
