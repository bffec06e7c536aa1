"""From paired runs to findings: one verdict an indicator and policy, one interval a date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from deftrade.errors import ExperimentError
from deftrade.experiments import statistics
from deftrade.experiments.compare.power import ALPHA
from deftrade.experiments.compare.verdicts import Measured, Verdict, judge
from deftrade.results.indicators import HEADLINES, INDICATORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deftrade.core.arrays import Float
    from deftrade.experiments.compare.pairs import Trajectories
    from deftrade.results.indicators import Indicator


class Luck(NamedTuple):
    """Over what luck a difference was measured.

    Parameters
    ----------
    openings : int
        Openings that were drawn; 0 means this opening only.
    pairs, moved : int
        Pairs of runs, and those in which the indicator differs.
    within, between, intraclass : float
        See `deftrade.experiments.statistics.Shares`.
    """

    openings: int
    pairs: int
    moved: int
    within: float
    between: float
    intraclass: float


@dataclass(frozen=True)
class Finding:
    """What the runs say about one indicator of one policy.

    Parameters
    ----------
    policy : str
        Name of its cell.
    indicator : Indicator
        Name, unit, scope and meaning.
    measured : Measured
        The numbers.
    error : float
        Standard error of the mean difference.
    baseline_spread : float
        Standard deviation of the baseline's runs.
    wide_low, wide_high : float
        Interval that holds together with those of the whole family.
    variance_reduction : float
        How many times as many unpaired runs would be needed for the same error.
    verdict : Verdict
        In words.
    luck : Luck
        Over which openings and pairs.
    """

    policy: str
    indicator: Indicator
    measured: Measured
    error: float
    baseline_spread: float
    wide_low: float
    wide_high: float
    variance_reduction: float
    verdict: Verdict
    luck: Luck

    def row(self) -> dict[str, Any]:
        """Return the finding by column of the table of indicators."""
        found, item, verdict = self.measured, self.indicator, self.verdict
        return {
            "policy": self.policy,
            "indicator": item.name,
            "meaning": item.meaning,
            "unit": item.unit,
            "scope": item.scope,
            "openings": self.luck.openings,
            "pairs": self.luck.pairs,
            "pairs_moved": self.luck.moved,
            "baseline_mean": found.baseline,
            "policy_mean": found.policy,
            "baseline_spread": self.baseline_spread,
            "difference": found.mean,
            "standard_error": self.error,
            "spread_in_openings": self.luck.within,
            "spread_of_openings": self.luck.between,
            "intraclass": self.luck.intraclass,
            "low": found.low,
            "high": found.high,
            "family_low": self.wide_low,
            "family_high": self.wide_high,
            "p": found.p,
            "p_holm": found.p_family,
            "evidence": verdict.evidence,
            "detectable": verdict.detectable,
            "more_runs": verdict.more * (self.luck.pairs / found.pairs if found.pairs else 1.0),
            "variance_reduction": self.variance_reduction,
            "told": verdict.sentence,
        }


def chosen_indicators(names: str | Sequence[str] | None) -> tuple[Indicator, ...]:
    """Return the family of indicators that is asked about.

    Parameters
    ----------
    names : str or sequence of str, optional
        One indicator, several, or ``all``; without it the main ones.

    Raises
    ------
    ExperimentError
        There is no such indicator.
    """
    known = {item.name: item for item in INDICATORS}
    if not names:
        return tuple(known[name] for name in HEADLINES)
    names = [names] if isinstance(names, str) else names
    if list(names) == ["all"]:
        return INDICATORS
    if unknown := [name for name in names if name not in known]:
        from deftrade.scenario.yaml.nearest import nearest

        meant = nearest(unknown[0], known)
        hint = f"; did you mean {meant}?" if meant else ""
        told = ", ".join(map(repr, unknown))
        raise ExperimentError(f"there is no indicator {told}{hint}\n    allowed: all, {', '.join(known)}")
    return tuple(known[name] for name in dict.fromkeys(names))


def find(
    values: Mapping[str, Float],
    indicators: tuple[Indicator, ...],
    acts: Mapping[str, bool],
    openings: int = 0,
) -> tuple[Finding, ...]:
    """Return findings of every policy and indicator; all of them are one family of questions.

    Parameters
    ----------
    values : mapping of str to (runs, k) float
        Indicators by cell, the baseline first.
    indicators : tuple of Indicator
        What the columns are.
    acts : mapping of str to bool
        For each policy, whether it can act or anything at all differs in any pair.
    openings : int
        Openings that were drawn: every statistic is then one of their means. 0 is one alone.
    """
    base, *policies = values
    family = len(policies) * len(indicators)
    apart = {name: statistics.apart(values[name], values[base]) for name in policies}
    parts = {name: statistics.estimate(apart[name], openings=openings) for name in policies}
    p = np.concatenate([parts[name].p for name in policies])
    least = statistics.least_p(np.concatenate([parts[name].moved for name in policies]))
    adjusted = np.stack([statistics.holm(p), statistics.holm(np.maximum(p, least))])
    still_open = int((~(adjusted[1] < ALPHA)).sum())
    alone = statistics.estimate(values[base])
    spread = statistics.quiet(alone.spread, np.abs(alone.mean))
    found = []
    for place, name in enumerate(policies):
        own = adjusted[:, place * len(indicators) : (place + 1) * len(indicators)]
        known = np.isfinite(values[name] - values[base])
        one, other = (
            statistics.by_opening(np.where(known, values[each], np.nan), openings) for each in (base, name)
        )
        measured = _measured(one, other, parts[name], indicators, own)
        wide = statistics.simultaneous(apart[name], family, openings=openings)
        gained = statistics.variance_reduction(one, other)
        luck = _luck(apart[name], openings)
        for column, (item, numbers) in enumerate(zip(indicators, measured, strict=True)):
            each = "opening" if openings else "run"
            asked = replace(numbers, open_questions=still_open, acts=acts[name], each=each)
            found.append(
                Finding(
                    name,
                    item,
                    asked,
                    float(parts[name].error[column]),
                    float(spread[column]),
                    float(wide[0][column]),
                    float(wide[1][column]),
                    float(gained[column]),
                    judge(asked),
                    luck[column],
                )
            )
    return tuple(found)


def _luck(apart: Float, openings: int) -> list[Luck]:
    """Return over what luck each column of paired differences was measured."""
    known = np.isfinite(apart)
    found = statistics.shares(apart, openings)
    return [
        Luck(
            openings,
            int(known[:, k].sum()),
            int((known[:, k] & (apart[:, k] != 0)).sum()),
            float(found.within[k]),
            float(found.between[k]),
            float(found.intraclass[k]),
        )
        for k in range(apart.shape[1])
    ]


def _measured(
    base: Float,
    policy: Float,
    parts: statistics.Estimates,
    indicators: tuple[Indicator, ...],
    adjusted: Float,
) -> list[Measured]:
    """Return the numbers of each indicator of one policy, means over the pairs that have both."""
    known = np.isfinite(policy - base)
    count = known.sum(axis=0)
    means = [
        np.divide(
            np.where(known, each, 0.0).sum(axis=0), count, out=np.full(count.shape, np.nan), where=count > 0
        )
        for each in (base, policy)
    ]
    return [
        Measured(
            name=item.name,
            unit=item.unit,
            pairs=int(parts.pairs[k]),
            moved=int(parts.moved[k]),
            baseline=float(means[0][k]),
            policy=float(means[1][k]),
            mean=float(parts.mean[k]),
            spread=float(parts.spread[k]),
            low=float(parts.low[k]),
            high=float(parts.high[k]),
            p=float(parts.p[k]),
            p_family=float(adjusted[0, k]),
            p_words=float(adjusted[1, k]),
        )
        for k, item in enumerate(indicators)
    ]


def trajectory_rows(trajectories: Trajectories, openings: int = 0) -> dict[str, Any]:
    """Return paired differences at every date as columns of a table, one row a policy, quantity and date.

    Intervals are for each date by itself.
    """
    base, *policies = trajectories.values
    kinds = ("policy", "quantity", "unit", "date", "year", "time", "baseline_mean", "policy_mean",
             "difference", "low", "high", "baseline_low", "baseline_high", "policy_low",
             "policy_high")  # fmt: skip
    parts: dict[str, list[Any]] = {kind: [] for kind in kinds}
    for name in policies:
        one, other = trajectories.values[base], trajectories.values[name]
        runs, rows, columns = one.shape
        apart = statistics.estimate(statistics.apart(other, one).reshape(runs, -1), openings=openings)
        shape = (rows, columns)
        numbers = {
            "baseline_mean": _mean(one),
            "policy_mean": _mean(other),
            "difference": apart.mean.reshape(shape),
            "low": apart.low.reshape(shape),
            "high": apart.high.reshape(shape),
        }
        for who, values in (("baseline", one), ("policy", other)):
            numbers[f"{who}_low"], numbers[f"{who}_high"] = _band(values)
        for kind, values in numbers.items():
            parts[kind].append(values.T.ravel())
        parts["policy"] += [name] * (rows * columns)
        parts["quantity"] += np.repeat(trajectories.columns, rows).tolist()
        parts["unit"] += np.repeat(trajectories.units, rows).tolist()
        parts["date"] += list(trajectories.dates) * columns
        parts["year"].append(np.tile(trajectories.years, columns))
        parts["time"].append(np.tile(trajectories.times, columns))
    return {
        kind: np.concatenate(values) if isinstance(values[0], np.ndarray) else values
        for kind, values in parts.items()
    }


def _mean(values: Float) -> Float:
    """Return means over the runs that came to their end, nan if none did."""
    done = values[np.isfinite(values).any(axis=(1, 2))]
    return done.mean(axis=0) if len(done) else np.full(values.shape[1:], np.nan)


def _band(values: Float) -> Float:
    """Return the band of the runs that came to their end."""
    done = values[np.isfinite(values).any(axis=(1, 2))]
    return statistics.band(done) if len(done) else np.full((2, *values.shape[1:]), np.nan)
