from itertools import count

from cookie_jar.scripts.benchmarks.timing import Measurement, alternate


def test_the_ratio_is_the_median_of_pairs():
    assert Measurement("x", "s", [2.0, 9.0, 4.0], "y", [1.0, 3.0, 1.0]).ratio == 3.0
    assert Measurement("x", "s", [1.0]).ratio is None


def test_both_are_measured_in_turn():
    clock = count()
    ours, peer = alternate(3, lambda: next(clock), lambda: next(clock))
    assert (ours, peer) == ([0, 2, 4], [1, 3, 5])
