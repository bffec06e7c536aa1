"""What hangs on what: ties between decisions that differ."""

from deftrade.explanations.two_runs.ties import Tie, Web


def test_where_no_decision_differs_nothing_hangs_on_one():
    web = Web([], [])
    assert web.latest(Tie(0, 1, 2, frozenset({3})), 0, alone=False) == (-1, "")
