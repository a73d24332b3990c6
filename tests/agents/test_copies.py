import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils import EzPickle
from needs import TAXI
from toys import Corridor

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents.copies import MAX_COPIED, quiet_copy


@pytest.mark.parametrize("env_id", ["CookieJar-v0", "FrozenLake-v1", TAXI, "CartPole-v1", "Blackjack-v1"])
def test_a_copy_goes_on_alike_and_apart(env_id):
    env = gym.make(env_id)
    env.reset(seed=0)
    copy = quiet_copy(env)
    first, second = ([list(map(str, made.step(i % 2))) for i in range(5)] for made in (copy, env))
    assert first == second


def test_a_copy_keeps_wrappers_and_leaves_out_those_that_record_or_show():
    env = gym.make("FrozenLake-v1", render_mode="rgb_array")
    env = gym.wrappers.TransformReward(env, lambda reward: reward - 1)
    watched = gym.wrappers.RecordEpisodeStatistics(gym.wrappers.RenderCollection(env))
    copy = quiet_copy(watched)
    copy.reset(seed=0)
    assert copy.step(0)[1] == -1
    assert isinstance(copy, gym.wrappers.TransformReward)
    assert copy.unwrapped.render_mode is None
    assert env.unwrapped.render_mode == "rgb_array"
    assert copy.spec.id == "FrozenLake-v1"


class Rebuilt(Corridor, EzPickle):
    """Is copied by the arguments of its constructor."""

    def __init__(self, length=3):
        super().__init__()
        EzPickle.__init__(self, length)
        self.length = length


def test_a_copy_has_what_was_changed_after_making():
    env = Rebuilt()
    env.length, env.P[0][1] = 9, [(1.0, 2, 0.0, False)]
    copy = quiet_copy(env)
    assert (copy.length, copy.P[0][1]) == (9, [(1.0, 2, 0.0, False)])


def test_the_table_of_a_copy_is_its_own():
    env = Corridor()
    copy = quiet_copy(env)
    assert copy.P == env.P
    copy.P[0][0].append(5)
    copy.P[1][0] = copy.P[2] = None
    copy.initial_state_distrib[0] = 7
    assert env.P == Corridor().P
    assert env.initial_state_distrib[0] == 1
    env.P = dict.fromkeys(range(MAX_COPIED + 1), env.P[0])
    assert quiet_copy(env).P is env.P
    env.P = {0: {0: [[1.0, 0, 0.0, False]]}, 1: [np.ones(3)]}
    copy = quiet_copy(env)
    copy.P[0][0][0][0] = 0.5
    copy.P[1][0][0] = 5
    assert env.P[0][0][0][0] == env.P[1][0][0] == 1
