"""Events that go wrong on purpose; in a module of their own, so that other processes can load them."""

import os
import signal
from pathlib import Path

from deftrade.scenario.events.effect import Effect
from deftrade.scenario.events.kinds import Event


class Raises(Effect):
    """Fails in the runs with some seeds."""

    seeds: list[int]

    def apply(self, world):
        if world.draws.seed in self.seeds:
            raise ZeroDivisionError("a fault on purpose")


class Dies(Effect):
    """Kills its process in the runs with some seeds, as often as told, counted in a folder."""

    seeds: list[int]
    folder: str
    times: int

    def apply(self, world):
        marks = Path(self.folder)
        if world.draws.seed in self.seeds and len(list(marks.iterdir())) < self.times:
            (marks / f"{os.getpid()}").touch()
            os.kill(os.getpid(), signal.SIGKILL)


class Interrupts(Effect):
    """Interrupts the process that plays the run, as a terminal does with all processes of a command."""

    def apply(self, world):
        os.kill(os.getpid(), signal.SIGINT)


class Slows(Effect):
    """Takes its time, so that there is a moment to interfere."""

    seconds: float

    def apply(self, world):
        import time

        time.sleep(self.seconds)


def at_start(scenario, effect):
    """Return an event in a scenario's first step."""
    return Event(float(scenario.calendar.start), "war", effect)
