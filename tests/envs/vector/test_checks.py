import re

import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from cookie_jar.envs import ActionError, OptionError, State, StateError
from cookie_jar.envs.config import make_config
from cookie_jar.envs.tabular import compile_world
from cookie_jar.envs.vector.checks import (
    check_actions,
    check_limit,
    check_mask,
    check_mode,
    check_seeds,
    check_states,
)

CORNER = compile_world(make_config(kitchen="corner"))


@pytest.mark.parametrize("mode", AutoresetMode)
def test_a_mode_by_itself_its_name_or_its_value(mode):
    assert check_mode(mode) is check_mode(mode.name) is check_mode(mode.value) is mode


def test_an_unknown_mode():
    with pytest.raises(OptionError, match="NEXT_STEP, SAME_STEP, DISABLED, got 'SOMETIMES'"):
        check_mode("SOMETIMES")


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int32, np.uint64, np.int64, list])
def test_actions_of_every_integer_kind(kind):
    given = [0, 9, 3] if kind is list else np.array([0, 9, 3], kind)
    actions = check_actions(given, 3)
    assert actions.tolist() == [0, 9, 3]
    assert actions.dtype == np.int64


@pytest.mark.parametrize(
    ("actions", "got"),
    [
        ([0, 10, 0], "got 10 at place 1"),
        ([0, 0, -1], "got -1 at place 2"),
        ([0, 1, 2**40], "at place 2"),
        ([0, 1], "shape \\(2,\\)"),
        ([0.0, 1.0, 2.0], "got float64 of shape"),
        ([True, False, True], "got bool"),
        (3, "shape \\(\\)"),
        (None, "got object"),
    ],
)
def test_bad_actions(actions, got):
    with pytest.raises(ActionError, match=r"expected integers of shape \(3,\), each below 10") as caught:
        check_actions(actions, 3)
    assert re.search(got, str(caught.value))


@pytest.mark.parametrize(
    ("seed", "expected"),
    [(None, [None, None]), (5, [5, 6]), (np.int64(5), [5, 6]), ([3, None], [3, None]), ((1, 1), [1, 1])],
)
def test_seeds(seed, expected):
    assert list(check_seeds(seed, 2)) == expected


@pytest.mark.parametrize("seed", [[1, 2, 3], [1], -1, [-1, 1], True, 1.5, [1.0, 2.0], "ab"])
def test_bad_seeds(seed):
    with pytest.raises(OptionError, match="seed: expected a non-negative integer, or 2 of them"):
        check_seeds(seed, 2)


def test_limits():
    assert check_limit(None) is None
    assert check_limit(1) == 1
    for limit in (0, -3, 2.5, True, "10"):
        with pytest.raises(OptionError, match="max_episode_steps: expected"):
            check_limit(limit)


def test_masks():
    assert check_mask(np.array([True, False, True]), 3).tolist() == [0, 2]
    for mask in ([True, False, True], np.ones(3), np.ones(2, bool), None):
        with pytest.raises(OptionError, match=r"a bool array of shape \(3,\)"):
            check_mask(mask, 3)
    with pytest.raises(OptionError, match="at least one True"):
        check_mask(np.zeros(3, bool), 3)


def test_states():
    assert check_states(CORNER.state(7), CORNER, 3).tolist() == [7] * 3
    assert check_states(7, CORNER, 2).tolist() == [7, 7]
    assert check_states(np.array([4, 39], np.int8), CORNER, 2).tolist() == [4, 39]
    for state in (40, -1, [0, 40], [1, 2, 3], 1.0, "x", State(0, 0, 1, 2, 3)):
        with pytest.raises(StateError, match="a State"):
            check_states(state, CORNER, 2)
