"""What a plain YAML scalar means: YAML 1.2's core types, less what surprises people.

``NO``, ``on`` and ``yes`` are text (a state may be called NO), and so are ``010``, ``12:30:00``,
``2024-01-01``, ``0x1F``, ``1_000``, ``.inf`` and ``True``.
"""

from __future__ import annotations

import math
import re

from deftrade.scenario.yaml.nodes import Scalar

_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_REAL = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_MOST_DIGITS = 40


def resolve_scalar(text: str) -> Scalar:
    """Return the value of an unquoted scalar.

    Raises
    ------
    OverflowError
        The number has too many digits or is beyond floating point.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _REAL.fullmatch(text) is None:
        return text
    if _WHOLE.fullmatch(text):
        if len(text) > _MOST_DIGITS:
            raise OverflowError(f"a number of more than {_MOST_DIGITS} digits")
        return int(text)
    number = float(text)
    if math.isinf(number):
        raise OverflowError("a number beyond 1.8e308")
    return number
