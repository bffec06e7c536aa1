"""How licence applications were judged: every term of the balance test, own and of those who consent."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from deftrade.explanations.replaying import Watch
from deftrade.phases.judging import (
    Shared,
    benefit,
    criteria_scores,
    regime_denials,
    share_findings,
    strictness,
)
from deftrade.phases.licensing import _case, _sources, _weigh, balance_margin
from deftrade.tables.codes import CRITERIA, ContractKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from deftrade.phases.judging import Case
    from deftrade.phases.licensing import LicensingParams
    from deftrade.world import World

    Float = NDArray[np.float64]

BENEFITS = {"alignment": "strategic", "idle lines": "commercial"}
"""Terms of benefit by what people call them, with the parameters that carry them."""

THREAT = "threat to the buyer"
"""The term of benefit that all cases of a step share."""


@dataclass(frozen=True)
class View:
    """How one state judged one application.

    Parameters
    ----------
    state : int
        Who judged.
    is_source : bool
        Whether it was asked for consent, as maker of the design or of parts.
    margin : float
        What is left of tolerance and benefits after risk; below 0 is a refusal, infinite without
        control.
    parts : dict of str to float
        Terms of the margin: ``tolerance``, the benefits, the criteria (below 0) and ``luck``.
    scores, weights : dict of str to float
        Score of each criterion, 0 to 1, and its weight: base, state and sensitivity of the goods.
    strictness : float
        What risk is multiplied with.
    lever : float
        What policy sets strictness to: the state's own, or its re-export rule.
    embargo, veto : bool
        Whether an embargo on the buyer, or a veto against the exporter, decided alone.
    """

    state: int
    is_source: bool
    margin: float
    parts: dict[str, float]
    scores: dict[str, float]
    weights: dict[str, float]
    strictness: float
    lever: float
    embargo: bool
    veto: bool

    @property
    def risk(self) -> float:
        """Weighted risk before strictness."""
        return sum(self.scores[name] * self.weights[name] for name in self.scores)

    @property
    def greatest_strictness(self) -> float:
        """Strictness up to which the balance test grants; infinite where there is no risk."""
        rest = sum(value for name, value in self.parts.items() if name not in CRITERIA)
        return rest / self.risk if self.risk > 0 else float("inf")


@dataclass
class Judgements:
    """Keeps how applications were judged at the steps of their decision.

    Parameters
    ----------
    wanted : iterable of (step, application)
        What to keep.
    """

    wanted: Iterable[tuple[int, int]]
    kept: dict[int, list[View]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._wanted = frozenset(self.wanted)
        self._memory: Float = np.zeros((0, 0))

    def watch(self) -> Watch:
        """Return what looks at the phase."""
        return Watch("licensing", self._before, self._after, frozenset(step for step, _ in self._wanted))

    def _before(self, world: World, params: LicensingParams) -> None:
        """Keep what is remembered of denials: the step's own refusals come after all judgements."""
        self._memory = world.dyads.denial_memory * world.clock.keep(params.denial_kept)

    def _after(self, world: World, params: LicensingParams) -> None:
        """Judge again what was decided at this step."""
        ripe = np.array(sorted(row for step, row in self._wanted if step == world.clock.step))
        shared = self._shared(world, params)
        for row in ripe:
            one = np.array([row])
            case = _case(world, one, shared)
            views = [self._own(world, params, case, one)]
            views += self._consents(world, params, case, one)
            self.kept[int(row)] = views

    def _shared(self, world: World, params: LicensingParams) -> Shared:
        """Return what all judgements of the step shared."""
        before = cast(
            "World",
            SimpleNamespace(alliances=world.alliances, dyads=SimpleNamespace(denial_memory=self._memory)),
        )
        return share_findings(world, params)._replace(denials=regime_denials(before))

    def _own(self, world: World, params: LicensingParams, case: Case, row: NDArray[np.int64]) -> View:
        """Return the exporter's own view."""
        uid = world.applications.uid[row]
        margin = float(balance_margin(world, params, _weigh(world, params, case), uid)[0])
        strict = float(strictness(world, case, params.no_undercut)[0])
        return _view(world, params, case, row, ("judgement", strict, margin))

    def _consents(
        self, world: World, params: LicensingParams, case: Case, row: NDArray[np.int64]
    ) -> list[View]:
        """Return the views of all states whose design or parts are inside, as if all were asked."""
        asked: list[View] = []
        seen = {int(case.exporter[0]), int(case.buyer[0]), -1}
        for source in _sources(world, params, row):
            if int(source[0]) in seen:
                continue
            seen.add(int(source[0]))
            rule = float(world.states.re_export_rule[source[0]])
            asked.append(_view(world, params, case._replace(exporter=source), row, ("consent", rule, None)))
        return asked


def _view(
    world: World,
    params: LicensingParams,
    case: Case,
    row: NDArray[np.int64],
    how: tuple[str, float, float | None],
) -> View:
    """Return a state's view with its terms; without a margin, the terms make it."""
    purpose, strict, margin = how
    state, buyer = int(case.exporter[0]), int(case.buyer[0])
    scores = criteria_scores(case)[0]
    sensitivity = 0.5 + world.categories.sensitivity[case.category[0]]
    weights = case.shared.weight[state] * sensitivity
    draw = world.luck.uniform(f"licensing.{purpose}", world.applications.uid[row], world.states.uid[[state]])
    parts = {"tolerance": params.tolerance, **_benefits(world, params, case)}
    parts |= {name: -strict * float(weights[i] * scores[i]) for i, name in enumerate(CRITERIA)}
    parts["luck"] = float(params.judgement_spread * np.log(draw / (1 - draw))[0])
    dyads = world.dyads
    support = world.applications.kind[row[0]] == ContractKind.SUPPORT
    years = dyads.support_embargo_years if support else dyads.embargo_years
    is_source = purpose == "consent"
    exporter = int(world.applications.exporter[row[0]])
    own = sum(parts.values()) if strict > 0 else float("inf")
    return View(
        state,
        is_source,
        own if margin is None else margin,
        parts,
        dict(zip(CRITERIA, scores.tolist(), strict=True)),
        dict(zip(CRITERIA, weights.tolist(), strict=True)),
        strict,
        strict if is_source else float(world.states.export_strictness[state]),
        bool(years[state, buyer] > 0),
        bool(is_source and dyads.veto_years[state, exporter] > 0),
    )


def _benefits(world: World, params: LicensingParams, case: Case) -> dict[str, float]:
    """Return what each term of benefit adds."""
    plight = case.shared.plight
    calm = case._replace(shared=case.shared._replace(plight=np.zeros_like(plight)))
    nil: dict[str, Any] = dict.fromkeys(BENEFITS.values(), 0.0)
    terms = {
        word: float(benefit(world, params.model_copy(update={**nil, name: getattr(params, name)}), calm)[0])
        for word, name in BENEFITS.items()
    }
    return {**terms, THREAT: float(plight[case.buyer[0]])}
