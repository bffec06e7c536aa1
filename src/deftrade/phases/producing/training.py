"""Training that comes with packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deftrade.core.arrays import total

if TYPE_CHECKING:
    from deftrade.core.world import World
    from deftrade.phases.producing.params import ProducingParams
    from deftrade.phases.producing.working import Work


def train_people(world: World, params: ProducingParams, done: Work) -> None:
    """Count the skilled people whom packages train as they are carried out."""
    contracts = world.contracts
    share = contracts.package_share[done.rows]
    extras = done.value * share / (1 + share)
    world.states.package_training = params.training_jobs * total(
        contracts.buyer[done.rows], extras, len(world.states)
    )
