"""How licence applications were judged: every term of the balance test, own and of those who consent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.tables.codes import CRITERIA
from deftrade.explanations.replay.replay import Watch
from deftrade.phases.licensing import margins
from deftrade.phases.licensing.judging import share_findings
from deftrade.phases.licensing.phase import (
    case_of,
    consent_grounds,
    is_cut,
    is_vetoed,
    own_grounds,
    remembered_denials,
    sources,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from deftrade.core.arrays import Int
    from deftrade.core.world import World
    from deftrade.phases.licensing import LicensingParams
    from deftrade.phases.licensing.judging import Case, Shared
    from deftrade.phases.licensing.margins import Grounds


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
    risk : float
        Weighted risk before strictness.
    benefit : float
        Benefit to who judged, without tolerance and luck.
    greatest_strictness : float
        Strictness up to which the balance test grants; infinite where there is no risk.
    lacking_tolerance : float
        How much more tolerance would bring the balance to 0; negative where less would.
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
    risk: float
    benefit: float
    greatest_strictness: float
    lacking_tolerance: float
    embargo: bool
    veto: bool


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
        self._shared: Shared | None = None

    def watch(self) -> Watch:
        """Return the hook by which a replay calls this before and after `licensing`."""
        return Watch("licensing", self._before, self._after, frozenset(step for step, _ in self._wanted))

    def _before(self, world: World, params: LicensingParams) -> None:
        """Keep what all judgements share: the step's own refusals come after all of them."""
        self._shared = share_findings(world, params, remembered_denials(world, params))

    def _after(self, world: World, params: LicensingParams) -> None:
        """Judge again what was decided at this step."""
        if self._shared is None:
            return
        for row in sorted(row for step, row in self._wanted if step == world.clock.step):
            one = np.array([row])
            case = case_of(world, one, self._shared)
            own = own_grounds(world, params, case, world.applications.uid[one])
            lever = float(world.states.export_strictness[case.exporter[0]])
            self.kept[row] = [
                _view(world, params, one, case, own, lever),
                *_consents(world, params, case, one),
            ]


def _consents(world: World, params: LicensingParams, case: Case, row: Int) -> list[View]:
    """Return the views of all states whose design or parts are inside, as if all were asked."""
    views = []
    for source in dict.fromkeys(sources(world, params, row, case)[2].tolist()):
        asked = case._replace(exporter=np.array([source]))
        grounds = consent_grounds(world, asked, world.applications.uid[row])
        views.append(_view(world, params, row, asked, grounds, None))
    return views


def _view(
    world: World, params: LicensingParams, row: Int, case: Case, grounds: Grounds, lever: float | None
) -> View:
    """Return a state's view with its terms; a source's strictness, its rule, is what policy sets."""
    terms = margins.margin_terms(grounds, params)
    effects = margins.effects(terms)
    strict = float(terms.strictness[0])
    is_source = lever is None
    parts: dict[str, float] = {}
    for name, effect in effects._asdict().items():
        one = effect[0]
        parts |= _by_criterion(one) if name == "criteria" else {margins.WORDS[name]: float(one)}
    return View(
        int(case.exporter[0]),
        is_source,
        float(margins.margin(terms)[0]),
        parts,
        _by_criterion(terms.scores[0]),
        _by_criterion(margins.full_weights(terms)[0]),
        strict,
        strict if lever is None else lever,
        float(margins.risk(terms)[0]),
        float(margins.benefit(terms)[0]),
        float(margins.greatest_strictness(terms)[0]),
        float(margins.lacking_tolerance(grounds, params)[0]),
        bool(is_cut(world, row, case.exporter, case.buyer)[0]),
        is_source and bool(is_vetoed(world, case.exporter, world.applications.exporter[row])[0]),
    )


def _by_criterion(values: NDArray[np.float64]) -> dict[str, float]:
    """Return values by the names of the criteria."""
    return dict(zip(CRITERIA, values.tolist(), strict=True))
