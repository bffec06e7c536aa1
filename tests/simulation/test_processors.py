"""Runs have the same bits on every processor, so that published numbers can be had again anywhere."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "deftrade"

AFTER_THE_RUN = {"cli", "dashboard", "experiments", "explanations", "report"}
"""Components that look at runs, or prepare their scenarios from numbers that are written down."""

FORBIDDEN = frozenset({
    *("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "power", "float_power", "pow"),
    *("sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "arctan2", "hypot", "cbrt"),
    *("dot", "matmul", "einsum", "inner", "vdot", "tensordot", "NormalDist"),
})  # fmt: skip
"""Functions whose last bits depend on the processor."""

EXEMPT = {
    # Chooses where to look more closely, with room for the last bits.
    ("phases/bidding/packaging.py", "@"),
}


def uses(tree):
    """Yield what a module takes from the processor's own library: names of functions, and operators."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in FORBIDDEN
            and getattr(node.value, "id", "")
            in (
                "np",
                "math",
            )
        ):
            yield node.attr
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            yield "@"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            # A square is a multiplication; whole numbers raised to whole numbers are exact.
            constants = [part.value for part in (node.left, node.right) if isinstance(part, ast.Constant)]
            if node.right is not None and not ((constants and constants[-1] == 2) or len(constants) == 2):
                yield "**"


SIMULATED = [
    path.relative_to(PACKAGE).as_posix()
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.relative_to(PACKAGE).parts[0].removesuffix(".py") not in AFTER_THE_RUN
]


@pytest.mark.parametrize("name", SIMULATED)
def test_nothing_that_enters_a_run_depends_on_the_processor(name):
    path = PACKAGE / name
    found = {use for use in uses(ast.parse(path.read_text(encoding="utf-8"))) if (name, use) not in EXEMPT}
    assert not found, (
        f"{name} uses {sorted(found)}; see deftrade.core.elementary and deftrade.core.arrays.product"
    )


PROGRAM = """
import sys
from deftrade import load, start, step
run = start(load(sys.argv[1], years=int(sys.argv[2])))
while not run.is_done:
    step(run)
print(list(run.digests.values()))
"""


def plain_processor():
    """Return an environment in which NumPy, BLAS and the C library use what every x86-64 has."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    there = [name for name in __cpu_dispatch__ if __cpu_features__[name]]
    return {
        "NPY_DISABLE_CPU_FEATURES": " ".join(there),
        "OPENBLAS_CORETYPE": "Nehalem",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2,-AVX2_Usable,-FMA_Usable",
    }


@pytest.mark.parametrize(
    ("scenario", "years"),
    [("crescent_cooperation", 3), pytest.param("world_synthetic", 1, marks=pytest.mark.slow)],
)
def test_runs_have_the_same_bits_on_a_plainer_processor(scenario, years):
    command = [sys.executable, "-c", PROGRAM, str(ROOT / "scenarios" / f"{scenario}.yaml"), str(years)]
    results = [
        subprocess.run(command, env={**os.environ, **more}, capture_output=True, text=True, check=True).stdout
        for more in ({}, plain_processor())
    ]
    assert results[0].count("'") >= 4
    assert results[0] == results[1]
