import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401
from cookie_jar.scripts.viewer.jar_view import has_jar_pictures, jar_pictures


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ("CookieJarPictures-v0", True),
        ("CookieJarPicturesCorner-v0", True),
        ("CookieJarPicturesJar-v0", True),
        ("CookieJarCorner-v0", False),
    ],
)
def test_environments_with_pictures(env, expected):
    assert has_jar_pictures(gym.make(env).observation_space) == expected


def test_other_pictures_are_not_those_of_a_jar():
    env = gym.make("CookieJarCorner-v0", observation="pixels")
    assert not has_jar_pictures(env.observation_space)


def test_a_closed_jar_has_no_pictures():
    obs, _ = gym.make("CookieJarPicturesCorner-v0").reset(seed=0)
    assert jar_pictures(obs) is None


def test_the_pictures_are_the_very_ones_and_eaten_cookies_have_none():
    env = gym.make("CookieJarPicturesJar-v0")
    obs, _ = env.reset(seed=0)
    everything = jar_pictures(obs)
    np.testing.assert_array_equal(everything, env.unwrapped.jar_pictures)
    wrong = next(pick for pick in range(3) if env.unwrapped.world.actions[pick] != _liked(env))
    obs, *_ = env.step(wrong)
    left = jar_pictures(obs)
    assert left[wrong] is None
    for place in {0, 1, 2} - {wrong}:
        np.testing.assert_array_equal(left[place], everything[place])


def _liked(env):
    """The action that picks the liked cookie."""
    world, state = env.unwrapped.world, env.unwrapped.get_state()
    best = world.tabular_model.reward[world.number(state), :, 0].argmax()
    return world.actions[best]
