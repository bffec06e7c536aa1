"""Spoilt files are taken, or refused with their place; `python -m validation.fuzzing` tries 100,000."""

import pytest

from validation.fuzzing.bench import Bench
from validation.fuzzing.judging import TAKEN, WRONG
from validation.fuzzing.written import KINDS


@pytest.mark.parametrize(
    ("numbers", "outside"),
    [
        pytest.param(range(150), False, id="a few"),
        pytest.param(range(150, 2000), False, id="2,000", marks=pytest.mark.slow),
        pytest.param(range(2000, 2000 + 2 * len(KINDS)), True, id="command line", marks=pytest.mark.slow),
    ],
)
def test_spoilt_files_are_taken_or_refused_with_their_place(numbers, outside, tmp_path):
    with Bench(tmp_path, KINDS) as bench:
        found = {number: bench.case(number, outside=outside) for number in numbers}
    wrong = {f"{kind} {number}": why for number, (kind, (what, why)) in found.items() if what == WRONG}
    assert not wrong
    assert {kind for kind, _ in found.values()} == set(KINDS)
    assert outside or any(what == TAKEN for _, (what, _) in found.values())
