import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Discrete
from gymnasium.utils import EzPickle
from gymnasium.wrappers import TimeLimit
from needs import TAXI
from toys import Corridor, corridor

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AgentError
from cookie_jar.agents.errors import NotRepeatableError
from cookie_jar.agents.vector import CopiedVectorEnv, make_vector
from cookie_jar.envs import CookieJarVectorEnv


class Walk(gym.Env):
    """A random walk until a random end, with episodes of some length."""

    observation_space, action_space = Discrete(1_000), Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = int(self.np_random.integers(100, 200))
        return self.place, {}

    def step(self, action):
        self.place += int(self.np_random.integers(10)) * (1 if action else -1)
        return max(0, self.place), 1.0, bool(self.np_random.random() < 0.1), False, {}


class Uncopyable(Walk):
    def __deepcopy__(self, memo):
        raise RuntimeError("holds a socket")


class Paid(Walk, EzPickle):
    """Pays `wage`; a deep copy is made by the constructor, and so is paid 1."""

    def __init__(self, wage=1.0):
        EzPickle.__init__(self, wage)
        self.wage, self.table = wage, {0: [wage]}

    def step(self, action):
        obs, _, *rest = super().step(action)
        return obs, self.wage + self.table[0][0], *rest


def steps(envs, actions):
    """Observations, rewards and ends of some steps."""
    return [[np.array(part) for part in envs.step(action)[:4]] for action in actions]


@pytest.mark.parametrize("env_id", ["CookieJar-v0", "CookieJarClumsy-v0"])
def test_a_kitchen_uses_its_own_vector_environment(env_id):
    assert isinstance(make_vector(gym.make(env_id), 3), CookieJarVectorEnv)


def test_a_wrapper_that_may_change_something_is_kept_by_copies():
    wrapped = gym.wrappers.TransformReward(gym.make("CookieJarCorner-v0"), lambda reward: 7.0)
    envs = make_vector(wrapped, 3)
    assert isinstance(envs, CopiedVectorEnv)
    envs.reset(seed=0)
    assert envs.step(np.zeros(3, int))[1].tolist() == [7.0, 7.0, 7.0]


@pytest.mark.parametrize("make", [Walk, lambda: gym.make("CookieJarClumsy-v0"), lambda: gym.make(TAXI)])
@pytest.mark.parametrize("before", [0, 1, 25])
def test_a_restored_state_goes_on_as_the_original(make, before):
    rng = np.random.default_rng(0)
    envs, again = make_vector(make(), 4), make_vector(make(), 4)
    observations = envs.reset(seed=5)[0]
    for action in rng.integers(2, size=(before, 4)):
        observations = envs.step(action)[0]
    again.reset(seed=99)
    np.testing.assert_array_equal(again.set_state(envs.get_state()), observations)
    actions = rng.integers(2, size=(40, 4))
    for mine, other in zip(steps(envs, actions), steps(again, actions), strict=True):
        for a, b in zip(mine, other, strict=True):
            np.testing.assert_array_equal(a, b)


def test_an_episode_that_ends_starts_anew_in_the_same_step():
    envs = make_vector(Walk(), 8)
    envs.reset(seed=0)
    for action in np.ones((60, 8), int):
        observations, _, terminated, _, infos = envs.step(action)
        if terminated.any():
            break
    first = int(np.flatnonzero(terminated)[0])
    assert 100 <= observations[first] < 200  # of the new episode
    assert infos["final_obs"][first] != observations[first]


def test_an_environment_that_cannot_be_copied_is_refused():
    with pytest.raises(AgentError, match=r"expected an environment that can be copied.*holds a socket"):
        make_vector(Uncopyable(), 2)


def test_copies_have_the_settings_that_were_changed_after_the_environment_was_created():
    env = Paid(2.0)
    env.wage, env.table[0] = 5.0, [10.0]
    envs = make_vector(TimeLimit(env, 9), 3)
    envs.reset(seed=0)
    assert envs.step(np.zeros(3, int))[1].tolist() == [15.0, 15.0, 15.0]
    assert env.table == {0: [10.0]}


def test_a_changed_space_cannot_be_copied():
    env = Paid()
    env.observation_space = Discrete(7)
    with pytest.raises(AgentError, match="a copy differs in the spaces"):
        make_vector(env, 2)


def test_a_kitchen_that_was_changed_inside_is_refused():
    env = gym.make("CookieJarCorner-v0")
    env.unwrapped.world = gym.make("CookieJarCorner-v0", likes="raisin").unwrapped.world
    with pytest.raises(AgentError, match="a copy differs in tabular_model"):
        make_vector(env, 2)


@pytest.mark.parametrize(
    ("env", "length"),
    [
        (gym.make("CookieJarCorner-v0", max_episode_steps=5), 5),
        (TimeLimit(gym.make("CookieJarCorner-v0", max_episode_steps=5), 500), 5),
        (TimeLimit(gym.make("CookieJarCorner-v0"), 6), 6),
    ],
)
def test_the_shortest_time_limit_counts(env, length):
    envs = make_vector(env, 2)
    envs.reset(seed=0)
    ends = [bool(envs.step(np.zeros(2, int))[3].all()) for _ in range(length)]
    assert ends == [False] * (length - 1) + [True]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"obs": lambda env, obs: float(obs)}, r"expected whole numbers of Discrete\(4\) as observations"),
        ({"obs": lambda env, obs: 7}, r"expected whole numbers of Discrete\(4\) as observations, got 7"),
        ({"reward": lambda env, reward: "much"}, "reward: expected a number, got 'much'"),
        ({"reward": lambda env, reward: 1j}, "reward: expected a number, got 1j"),
        ({"terminated": lambda env, end: "no"}, "terminated: expected True or False, got 'no'"),
    ],
)
def test_what_a_step_of_a_copy_returns_is_checked(change, message):
    envs = CopiedVectorEnv(corridor(**change), 2)
    envs.reset(seed=0)
    with pytest.raises(AgentError, match=message):
        envs.step(np.array([1, 1]))


def test_an_episode_that_ends_when_repeated_is_no_state():
    envs = CopiedVectorEnv(Corridor(), 1)
    envs.reset(seed=0)
    with pytest.raises(NotRepeatableError):
        envs.set_state([(envs.get_state()[0][0], [1, 1, 1])])


def test_a_vector_environment_without_set_state_is_not_created(monkeypatch):
    env = gym.make("CartPole-v1")

    def fail(*args, **kwargs):
        raise AssertionError

    monkeypatch.setattr(gym, "make_vec", fail)
    assert isinstance(make_vector(env, 2), CopiedVectorEnv)
