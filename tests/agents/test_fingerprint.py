from collections import deque
from random import Random

import gymnasium as gym
import numpy as np
import pytest
from needs import TAXI
from toys import Corridor

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import Evaluator, tabular_model
from cookie_jar.agents.fingerprint import MAX_OBJECTS, Position, fingerprint


class Player:
    def __init__(self, x):
        self.x, self.history = x, [{"cell": (x, 1)}]


class Slotted:
    __slots__ = ("x",)

    def __init__(self, x):
        self.x = x


MAKERS = [
    lambda x: x,
    lambda x: {"a": [1, (x, 2)]},
    lambda x: np.array([0, x]),
    lambda x: np.array([None, x], object),
    lambda x: np.full(10**6, x),
    lambda x: np.int64(x),
    lambda x: np.random.default_rng(x),
    lambda x: Random(x),
    lambda x: deque([x]),
    lambda x: {x},
    lambda x: gym.spaces.Discrete(x),
    Player,
    Slotted,
]


@pytest.mark.parametrize("make", MAKERS)
def test_equal_values_have_equal_fingerprints(make):
    assert fingerprint(make(3)) == fingerprint(make(3)) != fingerprint(make(4))


def test_cycles_and_large_objects_end():
    loop = []
    loop.append(loop)
    assert fingerprint(loop) == fingerprint(loop)
    assert fingerprint([[0]] * (10 * MAX_OBJECTS)) != fingerprint([[0]] * (10 * MAX_OBJECTS + 1))


class Nested(Corridor):
    """Changes an object inside of an attribute in place."""

    def __init__(self):
        super().__init__()
        self.player = Player(0)

    def reset(self, *, seed=None, options=None):
        self.player.history[0]["cell"] = (0, 1)
        return super().reset(seed=seed)

    def step(self, action):
        self.state = self.player.history[0]["cell"][0]
        step = super().step(action)
        self.player.history[0]["cell"] = (self.state, 1)
        self.state = self.clock = 0
        return step


ENVS = [
    *(
        lambda i=i: gym.make(i)
        for i in ("CookieJar-v0", "FrozenLake-v1", TAXI, "CartPole-v1", "Blackjack-v1")
    ),
    Corridor,
    Nested,
]


@pytest.mark.parametrize("make", ENVS)
def test_a_step_and_a_reset_are_noticed(make):
    env = make()
    env.reset(seed=0)
    for move in (lambda: env.step(1), env.reset):
        position = Position(env)
        assert not position.is_left(env)
        move()
        assert position.is_left(env)


@pytest.mark.parametrize("make", ENVS)
def test_looking_at_an_environment_is_no_move(make):
    env = make()
    env.reset(seed=0)
    env.step(1)
    position = Position(env)
    assert env.unwrapped.P is not None if hasattr(env.unwrapped, "P") else True
    tabular_model(env)
    Evaluator(env)
    env.action_space.sample()
    assert env.spec is None or env.spec.to_json()
    assert not position.is_left(env)
