"""Set up before any test module is imported: no window, one thread, repeatable examples."""

import os

import hypothesis
import pytest
import threadpoolctl

os.environ["MPLBACKEND"] = "Agg"
for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ[f"{name}_NUM_THREADS"] = "1"
# pytest-randomly has imported NumPy by now, so the variables above reach only subprocesses and
# libraries still to be loaded; this reaches the BLAS that is already here.
threadpoolctl.threadpool_limits(limits=1)

hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("repeatable")


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files anew from the model as it is"
    )
    parser.addoption(
        "--skips-fail", action="store_true", help="fail where a test is skipped that is not marked may_skip"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Let nothing go unseen for want of a package where everything should be there."""
    report = yield
    expected = hasattr(report, "wasxfail") or item.get_closest_marker("may_skip")
    if report.skipped and item.config.option.skips_fail and not expected:
        report.outcome, report.longrepr = "failed", f"skipped, but not marked may_skip: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _settle_equal_worlds_once():
    """Give runs a copy of the opening where an equal world was settled before: that takes longest."""
    from tests.worlds import opened_once

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("deftrade.simulation.open_world", opened_once)
        yield
