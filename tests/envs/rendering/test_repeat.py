import numpy as np
import pytest

from cookie_jar.envs.rendering.repeat import Repeat, find_repeat


@pytest.mark.parametrize(
    ("visited", "repeat"),
    [
        ("abbbb", Repeat(2, 2)),
        ("aaaa", Repeat(1, 1)),
        ("xyabcabcabc", Repeat(3, 5)),
        ("xyabcabcabca", Repeat(3, 5)),
        ("xyabcabca", None),  # two turns, and nothing to leave out
        ("abcdef", None),
        ("abbbc", None),  # the loop ends before the episode
        ("a", None),
    ],
)
def test_only_a_loop_until_the_end_counts(visited, repeat):
    assert find_repeat(visited, [0] * (len(visited) - 1)) == repeat


def test_the_same_state_with_another_action_is_no_loop():
    assert find_repeat("aaaaaa", [0, 1, 0, 0, 0]) == Repeat(3, 3)
    assert find_repeat("aaaaaa", [0, 1, 2, 3, 4]) is None


def test_twice_is_the_end_of_the_second_turn():
    assert (Repeat(1, 1).twice, Repeat(3, 5).twice) == (2, 8)
    assert (Repeat(1, 1).words, Repeat(3, 5).words) == ("act 1 repeats", "acts 3 to 5 repeat")


@pytest.mark.parametrize(
    "make",
    [
        lambda n: np.array([n, 0.5]),
        lambda n: {"state": np.array([n]), "pictures": np.zeros((2, 2))},
        lambda n: (n, np.array([1])),
    ],
    ids=["array", "dict", "tuple"],
)
def test_observations_are_compared_by_value(make):
    assert find_repeat([make(n) for n in (0, 1, 1, 1, 1)], [0] * 4) == Repeat(2, 2)
    assert find_repeat([make(n) for n in range(4)], [0] * 3) is None
