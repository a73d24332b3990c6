import pickle

import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.envs import CookieJarEnv, Kitchen, State
from cookie_jar.envs.arrays import frozen, upper_ends
from cookie_jar.envs.dynamics import CLOSED


def test_frozen_arrays_refuse_writes():
    array = np.zeros(3)
    assert frozen(array) is array
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        ([1.0], [1.0]),
        ([0.25, 0.75], [0.25, 1.0]),
        ([0.5, 0.5, 0.0, 0.0], [0.5, 1.0]),
        ([0.0, 1.0], [0.0, 1.0]),
        ([0.1] * 10, pytest.approx([0.1 * (k + 1) for k in range(10)])),
    ],
)
def test_slices_end_at_one_with_the_last_possible_outcome(probability, expected):
    ends = upper_ends(np.array(probability))
    assert ends == expected
    assert ends[-1] == 1.0


def test_toy_text_s_attributes():
    env = gym.make("CookieJarClumsy-v0").unwrapped
    model = env.tabular_model
    for state, row in env.P.items():
        for action, outcomes in row.items():
            assert sum(outcome[0] for outcome in outcomes) == pytest.approx(1)
            expected = [
                (model.probability[state, action, k], model.next_state[state, action, k],
                 model.reward[state, action, k], model.terminated[state, action, k])
                for k in range(3) if model.probability[state, action, k] > 0
            ]  # fmt: skip
            assert outcomes == expected
    assert env.initial_state_distrib is model.start


def test_toy_text_s_attributes_are_those_of_the_current_kitchen():
    env = CookieJarEnv()
    size, states = len(pickle.dumps(env)), len(env.P)
    assert len(pickle.dumps(env)) == size  # tables are left out
    assert len(pickle.loads(pickle.dumps(env)).P) == states
    without_table = Kitchen.parse(str(env.world.config.kitchen).replace("T", "."))
    env.enter(without_table, State(0, 1, 0, CLOSED, 0))
    assert len(env.P) == len(env.initial_state_distrib) > states
