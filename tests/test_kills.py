"""What is killed or finds no room leaves nothing half-written that looks whole."""

import pytest

from validation.kills import Trials, can_mount

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trials(tmp_path_factory):
    return Trials(tmp_path_factory.mktemp("kills"))


def test_killed_writers(trials):
    wrong = {number: trials.killed(number) for number in range(16)}
    assert not {number: faults for number, faults in wrong.items() if faults}
    assert trials.stopped >= 8


def test_full_disks(trials):
    mounts = can_mount(trials.place)
    wrong = {number: trials.full(number, mounts=mounts) for number in range(8)}
    assert not {number: faults for number, faults in wrong.items() if faults}
