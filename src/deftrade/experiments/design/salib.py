"""SALib (Herman and Usher 2017; Iwanaga et al. 2022), which stands in an extra of its own."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from deftrade.errors import ExperimentError

if TYPE_CHECKING:
    from collections.abc import Sequence


def require() -> None:
    """Refuse to go on without SALib.

    Raises
    ------
    ExperimentError
        With the command that installs it.
    """
    if find_spec("SALib") is None:
        raise ExperimentError(
            'Morris and Sobol need SALib, which is not installed: pip install "deftrade[sensitivity]"'
        )


def problem(names: Sequence[str]) -> dict[str, Any]:
    """Return SALib's description of a unit cube whose axes have these names."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
