"""Explanations from Python: one thing of one run, or the difference of two runs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deftrade.errors import ExplanationError
from deftrade.explanations.one_thing.alliances import explain_alliance
from deftrade.explanations.one_thing.contracts import explain_contract
from deftrade.explanations.one_thing.firms import explain_firm
from deftrade.explanations.one_thing.jumps import explain_series
from deftrade.explanations.one_thing.licences import explain_licence
from deftrade.explanations.replay.sources import open_source
from deftrade.explanations.two_runs.between import between
from deftrade.explanations.two_runs.figures import chains, draw
from deftrade.files.writing import check_writable
from deftrade.scenario.yaml.characters import composed

if TYPE_CHECKING:
    from deftrade.explanations.replay.explanation import Explanation
    from deftrade.explanations.replay.sources import Source
    from deftrade.results.results import Results

    Told = Source | Results | Path | str

_EXPLAINERS = {
    "contract": (explain_contract, "NUMBER", 1, 1),
    "licence": (explain_licence, "NUMBER", 1, 1),
    "alliance": (explain_alliance, "NAME", 1, 1),
    "firm": (explain_firm, "NAME", 1, 1),
    "series": (explain_series, "STATE COLUMN [DATE]", 2, 3),
}
"""What can be explained: by what, how it is named, and how many words that takes."""

KINDS = tuple(_EXPLAINERS)


def explain(run: Told, kind: str, *what: str | int) -> Explanation:
    """Explain one thing of a run by replaying it exactly.

    Parameters
    ----------
    run : Results, Path or str
        A run in memory, or the folder of its result.
    kind : str
        ``contract``, ``licence``, ``alliance``, ``firm`` or ``series``.
    *what : str or int
        The number of the contract or licence, the name of the alliance or firm, or a state, a column
        and, if not its largest jump is meant, a date.

    Returns
    -------
    Explanation
        Prints as Markdown, shows as HTML in notebooks; ``to_dict`` gives plain data.

    Raises
    ------
    ExplanationError
        There is no such thing, or no exact replay.
    OutputError
        The folder holds no result.

    Examples
    --------
    >>> from deftrade import explain, load, simulate
    >>> results = simulate(load("scenarios/crescent_cooperation.yaml", years=1))
    >>> print(explain(results, "contract", 480).title)
    Contract 480: Qasira buys armour from Westmark
    """
    if kind not in _EXPLAINERS:
        raise ExplanationError(f"{kind!r} cannot be explained; these can: {', '.join(KINDS)}")
    explainer, form, least, most = _EXPLAINERS[kind]
    words = [composed(str(word)) for word in what]
    if not least <= len(words) <= most:
        raise ExplanationError(f"{kind} wants {form}, found {' '.join(words) or 'nothing'}")
    return explainer(open_source(run), *words)  # type: ignore[operator]


def explain_between(
    a: Told, b: Told, indicator: str = "", *, figure: str | Path | None = None
) -> Explanation:
    """Explain where two runs of one world and seed part, and what came of it.

    Parameters
    ----------
    a, b : Results, Path or str
        Runs in memory, or folders of results.
    indicator : str
        Indicator of the focus state whose difference is traced; empty for none.
    figure : str or Path, optional
        Where the chains are drawn, as ``.png`` and ``.svg``; folders that are missing are made.

    Raises
    ------
    ExplanationError
        The worlds or seeds differ, the indicator cannot be traced, or no replay is exact.
    OutputError
        A folder holds no result, or the figure cannot be written.
    """
    stem = None if figure is None else Path(figure).with_suffix("")
    if stem is not None:
        check_writable(stem.parent)
        stem.parent.mkdir(parents=True, exist_ok=True)
    one, other = open_source(a), open_source(b)
    told, lineage = between(one, other, indicator)
    if stem is not None:
        if lineage is None:
            raise ExplanationError("a figure shows the chains to an indicator; name one")
        draw(lineage, told.title, stem)
    return told if lineage is None else replace(told, drawing=partial(chains, lineage, told.title))
