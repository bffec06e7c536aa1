"""Check any result: a run, a batch, or an answer to an experiment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from deftrade.experiments.batch.verify import is_batch, verify_batch
from deftrade.experiments.compare.files import holds_answer
from deftrade.experiments.compare.verify import verify_comparison
from deftrade.provenance.verify_run import verify as verify_single

if TYPE_CHECKING:
    from collections.abc import Callable

    from deftrade.files.check import Check


def verify(
    folder: str | Path, rerun: int = 0, *, progress: Callable[[int, int], None] | None = None
) -> Check:
    """Check every file of a result against its hash and, if asked, its values against runs anew.

    Parameters
    ----------
    folder : str or Path
        Folder of a run, a batch, or an answer to an experiment.
    rerun : int
        How many runs of a batch to play again and compare; 1 for a single run. A comparison that
        stands in a batch is made again from its runs.
    progress : callable, optional
        Called as runs are played again, with what is done and what there is to do.

    Returns
    -------
    Check
        ``is_sound``, and what was found wrong: ``damages`` of files, ``differences`` of values.

    Raises
    ------
    OutputError
        The folder is no result, or other code made it and a run anew would show nothing.
    """
    place = Path(folder)
    if is_batch(place):
        found = verify_batch(place, rerun, progress=progress)
        if rerun and found.is_sound and holds_answer(place):
            return replace(found, differences=verify_comparison(place))
        return found
    return verify_single(place, rerun=rerun > 0, progress=progress)
