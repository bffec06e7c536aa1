"""The path under which the documentation names `deftrade.core.phase`."""

from deftrade.core.phase import Phase, Writer, phase

__all__ = ["Phase", "Writer", "phase"]
