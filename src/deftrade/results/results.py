"""Results of a run as tidy tables."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from deftrade.results.ledger import flow_matrix
from deftrade.results.outputs import OUTPUTS
from deftrade.results.run import Kept

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Results(Kept):
    """What a run left behind, as tidy tables.

    Parameters
    ----------
    run : Run
        A finished run.
    """

    def __repr__(self) -> str:
        scenario = self.scenario
        calendar = scenario.calendar
        span = f"{calendar.start} to {calendar.end - 1}"
        tables = ", ".join(output.name for output in OUTPUTS if output.is_kept(self))
        return f"Results({scenario.name}: {span}, seed {scenario.seed}; tables {tables})"

    def summary(self) -> str:
        """Return the page that a run's folder holds as ``summary.md``, without its figures."""
        return str(_presenter("summary").summary(self))

    def plot(self, figure: str = "capability") -> Figure:
        """Return a figure of the run.

        Parameters
        ----------
        figure : str
            ``capability``, ``burden``, ``trade``, ``jobs``, ``technology``, ``alliances``, ``network``
            or ``licences``.

        Raises
        ------
        KeyError
            There is no such figure, or this run keeps nothing that it could show.
        """
        drawn: Figure = _presenter("figures").draw(self, figure)
        return drawn

    def to_frame(self, name: str) -> pd.DataFrame:
        """Return a table as a tidy DataFrame: one row a step and entity, or one row a record.

        Parameters
        ----------
        name : str
            ``states``, ``firms``, ``alliances``, ``flows``, ``contracts``, ``licences``,
            ``accounts``, ``transactions``, ``tiv``, ``decisions``, ``tenders``, ``obligations`` or
            ``indicators``; ``fleets`` where the outputs ask for it.

        Returns
        -------
        pandas.DataFrame
            Units and meanings of columns are in ``.attrs["units"]`` and ``.attrs["meanings"]``.
        """
        offered = {output.name: output for output in OUTPUTS if output.is_kept(self)}
        if name not in offered:
            raise KeyError(f"no table {name!r}; there are {', '.join(offered)}")
        return offered[name].make(self)

    def flow_matrix(self, date: str | int | None = None, state: str | None = None) -> pd.DataFrame:
        """Return the transaction-flow matrix: who paid whom for what.

        Parameters
        ----------
        date : str or int, optional
            A step such as ``"2031-Q1"``, or a year; without it, the whole run.
        state : str, optional
            One state, with a column for all others; without it, the world.

        Returns
        -------
        pandas.DataFrame
            Rows are items of payment and, last, the change in balances; columns are sectors. Amounts
            in MUSD are positive where received and negative where paid; every row and every column
            sums to zero.

        Raises
        ------
        KeyError
            There is no such step or state.
        """
        return flow_matrix(self, date, state)


def _presenter(name: str) -> Any:
    """Return a module that tells or draws results.

    Presenters stand above results and import them; they are found by name when a reader asks, as the
    package finds its public names.
    """
    return import_module(f"deftrade.report.{name}")
