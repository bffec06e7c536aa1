"""What a paired difference says, in words: how strong the evidence is and what would make it stronger.

`LADDER` is the one place that ties numbers to words; documents quote it by `ladder_table`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, isfinite, nan
from typing import NamedTuple

from deftrade.core.units import unit_of
from deftrade.core.wording import distance, interval, is_naught, number, whole
from deftrade.experiments.compare.power import ALPHA, detectable, fewest_moved, pairs_to_tell
from deftrade.experiments.statistics import FEWEST_MOVED, FEWEST_OPENINGS, least_p, share_moved_at_most
from deftrade.results.indicators import title


class Rung(NamedTuple):
    """A step of the ladder: evidence stronger than its limit has its words.

    Parameters
    ----------
    below : float
        Largest p value, after Holm's correction for all questions asked together.
    words : str
        What is said.
    """

    below: float
    words: str


LADDER = (
    Rung(0.001, "practically certain"),
    Rung(0.01, "very likely real"),
    Rung(ALPHA, "likely real"),
    Rung(inf, "cannot tell"),
)
"""Evidence in words, strongest first.

assumption: limits of one in a thousand, a hundred and twenty, as statistics customarily draws them.
"""

SAME = 0.01
"""An interval within this share of the baseline's mean either way says that nothing much happens.

assumption: one per cent is less than what statistics of military spending and trade can measure.
"""

SAME_WORDS = "practically the same"
"""What is said where an interval lies within `SAME` and nothing worth a number is told."""

NOTHING = 1e-4
"""An interval within this share of the baseline's mean is worth no number, however surely it is not zero.

assumption: levels are told with three digits, so a ten-thousandth changes none of them.
"""


@dataclass(frozen=True)
class Measured:
    """One indicator of one policy against the baseline, in numbers.

    Parameters
    ----------
    name, unit : str
        The indicator and its unit.
    pairs, moved : int
        Pairs in which it was measured, and those in which it differs.
    baseline, policy : float
        Means.
    mean, spread, low, high : float
        Of the differences: mean, standard deviation, 95 % interval.
    p, p_family, p_words : float
        P value alone; corrected for the family; and the one that words go by, corrected after no p
        value was let below what a sign test of the pairs that moved could give.
    open_questions : int
        How many of the family are not told apart, over which more runs would share their error.
    acts : bool
        Whether anything at all differs in any pair of runs.
    each : str
        What is counted as a pair: a ``run`` and its twin, or where they are drawn an ``opening``, of
        whose pairs the mean is taken.
    """

    name: str
    unit: str
    pairs: int
    moved: int
    baseline: float
    policy: float
    mean: float
    spread: float
    low: float
    high: float
    p: float
    p_family: float
    p_words: float
    open_questions: int = 1
    acts: bool = True
    each: str = "run"


@dataclass(frozen=True)
class Verdict:
    """What is said about one indicator.

    Parameters
    ----------
    evidence : str
        The rung's words, that it is practically the same, or why there is no rung.
    words : str
        The evidence with what qualifies it: how close to the baseline, how many more runs would tell.
    direction : int
        1 raised, -1 lowered, 0 not told from zero or not worth a number.
    same_within : float
        Share of the baseline's mean within which the difference lies, if below `SAME`; else nan.
    detectable : float
        Smallest true difference that these pairs tell with 80 % power, among all open questions; nan
        where so few moved that they cannot tell anything.
    more : float
        Further runs that would tell, if the true difference is the one seen; infinite if out of
        reach, 0 where it is told, nan where nothing can be said.
    sentence : str
        All of it for a reader.
    """

    evidence: str
    words: str
    direction: int
    same_within: float
    detectable: float
    more: float
    sentence: str

    @property
    def short(self) -> str:
        """The evidence with what qualifies it, as short as fits beside a figure."""
        if not isfinite(self.same_within):
            return self.evidence.partition(", so")[0].partition(";")[0]
        if self.is_told:
            return f"{self.evidence}, but little"
        within = f"{number(100 * max(self.same_within, NOTHING), 2)} %"
        return f"{self.evidence}: within {within}" if self.evidence == SAME_WORDS else self.evidence

    @property
    def is_told(self) -> bool:
        """Whether the difference is told from zero and worth a number."""
        return self.direction != 0


def judge(found: Measured) -> Verdict:
    """Return direction, evidence, further pairs needed and sentence for one indicator's paired difference."""
    special = _without_interval(found)
    if special:
        return Verdict(special, special, 0, nan, nan, nan, f"{title(found.name)}: {special}")
    rung = next(rung for rung in LADDER if found.p_words < rung.below or rung is LADDER[-1])
    told = rung is not LADDER[-1]
    more = 0.0 if told else max(_pairs_needed(found) - found.pairs, 1.0)
    evidence = SAME_WORDS if _is_same(found, told=told) else rung.words
    direction = (1 if found.mean > 0 else -1) if told and evidence != SAME_WORDS else 0
    words = _words(found, evidence, direction, more)
    return Verdict(
        evidence,
        words,
        direction,
        _same_within(found),
        _detectable(found),
        more,
        _sentence(found, words, direction),
    )


def _open_alpha(found: Measured) -> float:
    """Return the chance of a false finding that is left to each open question."""
    return ALPHA / max(found.open_questions, 1)


def _pairs_needed(found: Measured) -> float:
    """Return how many pairs would tell, if the true difference and the share that moves are those seen."""
    able = ceil(fewest_moved(found.open_questions) * found.pairs / found.moved)
    return max(pairs_to_tell(found.mean, found.spread, _open_alpha(found)), able)


def _detectable(found: Measured) -> float:
    """Return the difference that the pairs at hand tell; nan where so few can tell nothing."""
    if found.moved < fewest_moved(found.open_questions):
        return nan
    return detectable(found.spread, found.pairs, _open_alpha(found))


def _without_interval(found: Measured) -> str:
    """Return why there is no interval, or that nothing moved; empty if there is one."""
    if found.pairs == 0:
        return "cannot be measured in any pair of runs"
    if found.moved == 0 and not found.acts:
        return "no effect at all: the policy cannot act on it"
    if found.moved == 0:
        most = 100 * share_moved_at_most(found.pairs)
        return f"no effect in {_any_of(found)}, so in at most {number(most, 2)} % of {found.each}s"
    if found.each == "opening" and found.pairs < FEWEST_OPENINGS:
        return f"cannot tell: fewer than {FEWEST_OPENINGS} openings give no interval"
    if found.pairs == 1:
        return "one pair of runs tells nothing; ask for more"
    if not isfinite(found.low):
        return _too_few_moved(found)
    return ""


def _too_few_moved(found: Measured) -> str:
    """Return that too few pairs differ for an interval, and how many would be enough."""
    unless = "unless all do, " if found.pairs < FEWEST_MOVED else ""
    further = ceil(FEWEST_MOVED * found.pairs / found.moved) - found.pairs
    seen = f"it differs in {found.moved} of {found.pairs} {_units(found)}"
    return f"cannot tell: {seen}; {unless}{FEWEST_MOVED} are needed, about {_runs(further, found.each)}"


def _units(found: Measured) -> str:
    """Return what is counted, in words."""
    return "pairs" if found.each == "run" else "openings"


def _any_of(found: Measured) -> str:
    """Return pairs of which none moved, in words."""
    if found.each == "opening":
        return f"any of {found.pairs} openings"
    return "the one pair of runs" if found.pairs == 1 else f"any of {found.pairs} pairs of runs"


def _same_within(found: Measured) -> float:
    """Return within what share of the baseline the whole interval lies, nan if not within `SAME`."""
    if not found.baseline:
        return nan
    widest = max(-found.low, found.high) / abs(found.baseline)
    return widest if widest <= SAME else nan


def _is_unseen(found: Measured) -> bool:
    """Return whether the whole interval is too small for the digits in which it would be told."""
    return is_naught(found.low, found.unit) and is_naught(found.high, found.unit)


def _is_same(found: Measured, *, told: bool) -> bool:
    """Return whether nothing worth a number happens; what is told from zero must be smaller for that."""
    if told:
        return _same_within(found) <= NOTHING or is_naught(found.mean, found.unit)
    return isfinite(_same_within(found)) or _is_unseen(found)


def _closeness(found: Measured) -> str:
    """Return how close to the baseline the interval lies; closer than `NOTHING` tells no more."""
    share = _same_within(found)
    if not isfinite(share):
        return "too little to show"
    return f"within {number(100 * max(share, NOTHING), 2)} % of the baseline"


def _words(found: Measured, evidence: str, direction: int, more: float) -> str:
    """Return the words of evidence, with how small an effect is or how many more runs would tell."""
    if direction:
        little = f", but little: {_closeness(found)}" if isfinite(_same_within(found)) else ""
        return f"{evidence}{little}"
    if evidence == SAME_WORDS:
        return f"{evidence}: {_closeness(found)}{_alone(found)}"
    return f"{evidence}, {more_runs(more, found.each)}{_alone(found)}"


def _sentence(found: Measured, words: str, direction: int) -> str:
    """Return the finding as a sentence without its subject, the policy."""
    name = title(found.name)
    if not direction:
        within = "" if _is_unseen(found) else f" ({_interval(found, 1)})"
        return f"{name}: {words}{within}"
    size = distance(abs(found.mean), found.unit)
    verb = "raises" if direction > 0 else "lowers"
    return f"{verb} {name} by {size}, {_interval(found, direction)}, {words}"


def _alone(found: Measured) -> str:
    """Return a remark where the indicator alone is told, but may be chance among so many questions."""
    hidden = max(found.p, float(least_p(found.moved))) < ALPHA <= found.p_words
    return "; told if asked alone" if hidden else ""


def _interval(found: Measured, sign: int) -> str:
    """Return the interval in words, turned round for a difference that is told as a fall."""
    low, high = sorted((sign * found.low, sign * found.high))
    return f"95 % interval {interval(low, high, found.unit)} {unit_of(found.unit).difference}".strip()


def more_runs(more: float, each: str = "run") -> str:
    """Return how many more runs or openings would tell, in words."""
    if not isfinite(more):
        return f"and no number of {each}s within reach would"
    return f"{_runs(more, each)} would"


def _runs(more: float, each: str) -> str:
    """Return a number of further runs or openings in words."""
    return f"{whole(more)} more {each}{'' if more == 1 else 's'}"


def ladder_table() -> str:
    """Return the ladder as a Markdown table."""
    rows = ["| p value after Holm's correction | said |", "|---|---|"]
    limits = [rung.below for rung in LADDER]
    for place, rung in enumerate(LADDER):
        limit = f"below {limits[place]:g}" if isfinite(rung.below) else f"{limits[place - 1]:g} and above"
        rows.append(f"| {limit} | {rung.words} |")
    return "\n".join(rows)
