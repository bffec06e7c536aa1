"""An embargo cuts deliveries; a cut of support grounds equipment, and both end."""

import numpy as np
import pytest

from validation.replications import embargo


def made(levels):
    """Return an embargo whose measures are all at given levels against 1, in two equal seeds."""
    dates = 2030 + np.arange(len(levels)) / 4
    base = np.ones((2, len(levels), len(embargo.MEASURES)))
    arm = base * np.array(levels)[None, :, None]
    return embargo.Embargo(base, np.stack((arm, arm)), dates)


def test_recovery_is_counted_from_the_end_of_the_embargo():
    levels = np.ones(41)
    levels[5:21] = 0.5  # to 2035-Q1: four quarters after the end
    assert made(levels).recovery(0, embargo.CAPABLE).tolist() == [1, 1]
    assert made(np.ones(41)).recovery(0, embargo.CAPABLE).tolist() == [0, 0]


def test_what_stays_down_has_not_recovered():
    levels = np.ones(41)
    levels[5:] = 0.5
    assert np.isnan(made(levels).recovery(1, embargo.CAPABLE)).all()
    assert made(levels).change(1, embargo.CAPABLE, 2031.25, 2034).mean == pytest.approx(-0.5)
    assert made(levels).trough(1, embargo.CAPABLE).mean == pytest.approx(-0.5)


@pytest.fixture(scope="module")
def found(scenarios):
    return embargo.replicate(scenarios, seeds=(1, 2), years=10)


@pytest.mark.slow
def test_nothing_changes_before_the_embargo(found):
    before = found.dates <= embargo.YEAR
    assert (found.arms[:, :, before] == found.base[None, :, before]).all()


@pytest.mark.slow
def test_nothing_arrives_from_the_imposer(found):
    during = (found.dates > embargo.YEAR) & (found.dates <= embargo.YEAR + embargo.DURATION)
    assert found.base[:, during, embargo.FROM_IMPOSER].sum() > 0
    assert not found.arms[:, :, during, embargo.FROM_IMPOSER].any()


@pytest.mark.slow
def test_the_cut_of_support_grounds_the_imposers_equipment_and_no_other(found):
    end = embargo.YEAR + embargo.DURATION
    spared, cut = (found.change(arm, embargo.READY, embargo.YEAR + 1, end).mean for arm in (0, 1))
    other = found.change(1, embargo.OTHERS, embargo.YEAR + 1, end).mean
    assert cut < -0.15
    assert abs(spared) < 0.15
    assert abs(other) < 0.15
    assert found.trough(1, embargo.CAPABLE).mean < found.trough(0, embargo.CAPABLE).mean < 0
