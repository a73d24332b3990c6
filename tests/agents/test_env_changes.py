from copy import deepcopy
from functools import cached_property

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Discrete
from gymnasium.utils import EzPickle
from gymnasium.wrappers import ClipReward, RenderCollection
from needs import CLIFF, TAXI

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents.env_changes import changed_settings, differences, layers, rebuilt


class Busy(gym.Env, EzPickle):
    """Counts, remembers and caches while it runs; `bonus`, `table`, `level` and `rewards` are settings."""

    observation_space, action_space = Discrete(5), Discrete(2)

    def __init__(self, bonus=1.0):
        EzPickle.__init__(self, bonus)
        self.bonus, self.level, self.wins, self.table = bonus, 0, 0, np.zeros(5)
        self.rewards, self.history, self.visits, self.last = {0: [1.0, (2, 3)]}, [], np.zeros(5), None

    def set_level(self, level):
        self.level = level

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = 0
        return 0, {}

    def step(self, action):
        self._move(action)
        self.history.append(action)
        self.visits[self.place] += 1
        self.wins += self.place == 4
        return self.place, self.bonus, self.place == 4, False, {}

    def _move(self, action):
        self.place = max(0, self.place + (1 if action else -1))
        self.last = action


class Caching(Busy):
    """Computes what agents read when it is read for the first time."""

    def __init__(self):
        super().__init__()
        self._model, self.cache, self._gravity = None, {}, 1.0

    @property
    def tabular_model(self):
        if self._model is None:
            self._model = np.zeros(3)
        return (self._model,)

    @cached_property
    def state_observations(self):
        self.cache["observations"] = np.arange(5)
        return self.cache["observations"]

    @property
    def gravity(self):
        return self._gravity

    @gravity.setter
    def gravity(self, value):
        self._gravity = value


def changed_names(env, make):
    return [setting.name for setting in changed_settings(env, make(), make)]


@pytest.mark.parametrize(
    "env_id",
    [
        *("CartPole-v1", "MountainCar-v0", "Acrobot-v1", "Pendulum-v1", "Blackjack-v1"),
        *(TAXI, "FrozenLake-v1", CLIFF, "CookieJarCorner-v0", "CookieJarRandom-v0"),
    ],
)
def test_running_an_environment_changes_no_setting(env_id):
    env = gym.make(env_id)
    env.action_space.seed(0)
    env.reset(seed=0)
    for _ in range(300):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        if terminated or truncated:
            env.reset()
    assert changed_names(env, lambda: gym.make(env_id)) == []


def test_counters_and_memories_are_no_settings():
    env = Busy()
    for episode in range(40):
        env.reset(seed=episode)
        for _ in range(4):
            env.step(1)
    assert env.wins == 40
    assert changed_names(env, Busy) == []


def test_caches_are_no_settings_but_what_a_setter_sets_is():
    env = Caching()
    assert len(env.tabular_model) + len(env.state_observations) == 6
    assert changed_names(env, Caching) == []
    env.gravity = 2.0
    assert changed_names(env, Caching) == ["_gravity"]


def test_settings_are_found_in_values_lists_dicts_and_arrays():
    env = Busy()
    env.bonus, env.rewards = 2.0, {0: [1.0, (2, 4)]}
    env.table[3] = 1
    env.set_level(2)
    assert changed_names(env, Busy) == ["bonus", "level", "rewards", "table"]


@pytest.mark.parametrize(
    ("env_id", "name", "value"),
    [("CartPole-v1", "gravity", 20.0), ("FrozenLake-v1", "P", {}), (TAXI, "fickle_probability", 1.0)],
)
def test_settings_of_known_environments_are_found(env_id, name, value):
    env = gym.make(env_id)
    setattr(env.unwrapped, name, value)
    assert changed_names(env, lambda: gym.make(env_id)) == [name]


def test_a_random_construction_differs():
    def make():
        return gym.make("FrozenLake-v1", desc=None, map_name=None)

    assert changed_names(make(), make) == ["P", "desc"]


def test_spaces_and_models_are_compared():
    env = gym.make("CookieJarCorner-v0")
    assert differences(env, gym.make("CookieJarCorner-v0"), lambda: env) == []
    likes = gym.make("CookieJarCorner-v0", likes="raisin")
    assert differences(env, likes, lambda: env) == ["tabular_model"]
    bare, other = Busy(), Busy()
    other.observation_space = Discrete(6)
    assert differences(bare, other, Busy) == ["the spaces"]


def test_layers_are_listed_from_the_inside_without_observers():
    env = ClipReward(RenderCollection(gym.make("CookieJarCorner-v0", render_mode="rgb_array")), 0, 1)
    names = [type(layer).__name__ for layer in layers(env)]
    assert names == ["CookieJarEnv", "PassiveEnvChecker", "TimeLimit", "ClipReward"]


def test_an_environment_that_is_copied_by_its_constructor_keeps_changed_settings():
    env = Busy(3.0)
    env.level, env.table[1] = 2, 7.0
    assert deepcopy(env).level == 0  # why `rebuilt` is needed
    copy = rebuilt(env)
    assert (copy.bonus, copy.level, copy.table.tolist()) == (3.0, 2, [0, 7, 0, 0, 0])
    copy.table[1] = 0
    assert env.table[1] == 7


def test_a_function_that_was_replaced_is_a_change():
    def create():
        return ClipReward(gym.make("CartPole-v1"), -1, 1)

    env = create()
    assert differences(env, create(), create) == []
    env.func = lambda reward: -reward
    assert differences(env, create(), create) == ["func"]
