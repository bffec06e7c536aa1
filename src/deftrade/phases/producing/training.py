"""Training that comes with packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deftrade.core.arrays import total
from deftrade.core.params import Group, param

if TYPE_CHECKING:
    from deftrade.core.world import World
    from deftrade.phases.producing.working import Work


class PackageTrainingParams(Group):
    """Parameters of the training in packages."""

    training_jobs: float = param(1.0, "jobs/MUSD", 0, 50, "assumption: most trainees are crews")
    """Skilled people that industry gains per MUSD which packages add to the price of equipment."""


def train_people(world: World, params: PackageTrainingParams, done: Work) -> None:
    """Count the skilled people whom packages train as they are carried out."""
    contracts = world.contracts
    share = contracts.package_share[done.rows]
    extras = done.value * share / (1 + share)
    world.states.package_training = params.training_jobs * total(
        contracts.buyer[done.rows], extras, len(world.states)
    )
