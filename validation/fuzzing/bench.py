"""The folder in which cases are tried, one after the other."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Self

from validation.fuzzing import results, written
from validation.fuzzing.judging import WRONG, Attempt, Verdict, judged, judged_outside

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = (*written.KINDS, results.KIND)


class Bench:
    """Tries cases in a folder, which it works in meanwhile.

    Parameters
    ----------
    folder : Path
        An empty folder.
    kinds : sequence of str
        Which kinds of cases.
    """

    def __init__(self, folder: Path, kinds: Sequence[str] = KINDS) -> None:
        self.folder = folder.resolve()
        self.kinds = kinds

    def __enter__(self) -> Self:
        self._before = Path.cwd()
        written.lay_out(self.folder)
        os.chdir(self.folder)
        if results.KIND in self.kinds:
            results.lay_out(self.folder)
        for kind in self.kinds:
            for attempt in results.whole() if kind == results.KIND else written.whole(kind):
                attempt.call()  # what is imported on the way is no part of a case's time
        return self

    def __exit__(self, *_: object) -> None:
        os.chdir(self._before)

    def case(
        self, number: int, *, outside: bool = False, keep: Path | None = None, always: bool = False
    ) -> tuple[str, Verdict]:
        """Try the case of a number; kind and number together make it what it is.

        Parameters
        ----------
        number : int
            Its number; kinds take turns.
        outside : bool
            Whether on the command line.
        keep : Path, optional
            Where the folder at work is copied to if the case goes wrong.
        always : bool
            Whether it is copied in any case.

        Returns
        -------
        str, Verdict
            Its kind, and what became of it.
        """
        kind = self.kinds[number % len(self.kinds)]
        attempt, files = self._spoilt(kind, number)
        before = {place: place.read_bytes() for place in files}
        try:
            for place, content in files.items():
                place.write_bytes(content)
            verdict = judged_outside(attempt) if outside else judged(attempt)
            if keep is not None and (always or verdict.what == WRONG):
                shutil.copytree(self.folder, keep / str(number), dirs_exist_ok=True)
        finally:
            for place, content in before.items():
                place.write_bytes(content)
        return kind, verdict

    def _spoilt(self, kind: str, number: int) -> tuple[Attempt, dict[Path, bytes]]:
        """Return what is tried in a case, and the files that are spoilt for it."""
        luck = random.Random(f"{kind} {number}")
        if kind == results.KIND:
            return results.spoil(luck, self.folder)
        return written.spoil(kind, luck, self.folder)
