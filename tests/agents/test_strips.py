import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Box, Discrete

from cookie_jar.agents import AgentError
from cookie_jar.agents.strips import filled_places, place_pictures, strip_places
from cookie_jar.envs.cookies import strip


def test_the_places_are_those_of_the_environment():
    env = gym.make("CookieJarPicturesJar-v0")
    first, _ = env.reset(seed=0)
    second, *_ = env.step(0)
    strips = np.stack([first, second, np.zeros_like(first)])
    np.testing.assert_array_equal(place_pictures(strips), strip.place_pictures(strips))
    np.testing.assert_array_equal(filled_places(place_pictures(strips)), strip.filled_places(strips))
    assert strip_places(env.observation_space) == 3


@pytest.mark.parametrize(
    "space",
    [
        Discrete(3),
        Box(0, 1, (36, 108, 3), np.float32),
        Box(0, 255, (36, 100, 3), np.uint8),
        Box(0, 255, (36, 108, 1), np.uint8),
        Box(0, 255, (8, 24, 3), np.uint8),
    ],
)
def test_other_observations_are_refused(space):
    with pytest.raises(AgentError, match="expected pictures of places side by side"):
        strip_places(space)
