"""Views of single states against the observations of all states at once."""

import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.envs import state_views
from cookie_jar.envs.config import make_config
from cookie_jar.envs.levels import level_kitchen
from cookie_jar.envs.observations import make_observation, state_features
from cookie_jar.envs.state_views import state_view
from cookie_jar.envs.tabular import World

KITCHENS = [
    {"kitchen": "corner", "shuffle_cookies": True},
    {"kitchen": "home", "likes": "plain"},
    {"kitchen": str(level_kitchen(3))},
    {"kitchen": str(level_kitchen(5)), "shuffle_cookies": True},
]
LIMITS = [64_000_000, 200_000, 0]  # rows of a table, drawn ones, computed


@pytest.mark.parametrize("options", KITCHENS, ids=str)
@pytest.mark.parametrize("kind", ["factors", "vector", "grid", "pixels"])
@pytest.mark.parametrize("one_of_many", [False, True])
@pytest.mark.parametrize("limit", LIMITS)
def test_a_view_is_the_observation_of_the_state(monkeypatch, options, kind, one_of_many, limit):
    monkeypatch.setattr(state_views, "MAX_TABLE", limit)
    monkeypatch.setattr(state_views, "MAX_LEVEL_TABLE", limit)
    world = World(make_config(**options))
    observation = make_observation(kind, world, one_of_many)
    view = state_view(observation, world, one_of_many)
    observation.add(world.config.kitchen)
    states = np.arange(0, world.num_states, 7)
    expected = observation.observe(state_features(world, 0))[states]
    seen = [view(state) for state in states.tolist()]
    np.testing.assert_array_equal(seen, expected)
    assert {(each.dtype, each.flags.writeable) for each in seen} == {(expected.dtype, True)}
    seen[0][...] = 7
    np.testing.assert_array_equal(view(0), expected[0])
    assert seen[1] in observation.space


@pytest.mark.parametrize("kind", ["factors", "vector", "grid", "pixels"])
@pytest.mark.parametrize("options", [{}, {"levels": (0, 9)}], ids=str)
def test_each_observation_of_an_episode_is_that_of_its_state(kind, options):
    env = gym.make("CookieJar-v0", observation=kind, **options)
    observed, _ = env.reset(seed=0)
    for action in np.random.default_rng(0).integers(10, size=60).tolist():
        number = env.unwrapped.world.number(env.unwrapped.get_state())
        np.testing.assert_array_equal(observed, env.unwrapped.observe([number])[0])
        observed, _, terminated, _, _ = env.step(action)
        if terminated or action == 9:
            observed, _ = env.reset()
