"""Masks from observations: equal to those of the tables, in every state."""

import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments

KINDS = ["state", "factors", "vector", "grid"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "options",
    [{}, {"kitchen": "corner"}, {"clumsiness": 0.2}, {"clumsiness": 0.9}, {"shuffle_cookies": True}],
    ids=str,
)
def test_they_are_those_of_the_table_in_every_state(kind, options):
    env = gym.make("CookieJar-v0", observation=kind, **options).unwrapped
    masks = env.observation_masks(env.state_observations)
    assert masks.dtype == np.int8
    np.testing.assert_array_equal(masks, env.world.action_mask)


@pytest.mark.parametrize("kind", ["vector", "grid"])
def test_an_environment_with_levels_knows_the_masks_of_others(kind):
    masks_of = gym.make("CookieJarRandom-v0", observation=kind).unwrapped.observation_masks
    others = [
        gym.make("CookieJarRandom-v0", observation=kind, levels=(level, level)).unwrapped
        for level in (2_000, 2_001, 2_050)
    ]
    together = np.concatenate([env.state_observations for env in others])
    expected = np.concatenate([env.world.action_mask for env in others])
    np.testing.assert_array_equal(masks_of(together), expected)


def test_a_step_reports_the_same_mask():
    env = gym.make("CookieJarRandom-v0", clumsiness=0.2)
    obs, info = env.reset(seed=0)
    env.action_space.seed(0)
    for _ in range(300):
        np.testing.assert_array_equal(env.unwrapped.observation_masks(obs[None])[0], info["action_mask"])
        obs, _, terminated, truncated, info = env.step(env.action_space.sample())
        if terminated or truncated:
            obs, info = env.reset()


@pytest.mark.parametrize(
    ("env_id", "options"),
    [
        ("CookieJar-v0", {"observation": "pixels"}),
        ("CookieJarPictures-v0", {}),
        ("CookieJarRandom-v0", {"observation": "factors"}),
    ],
)
def test_observations_that_do_not_show_enough_have_none(env_id, options):
    with pytest.raises(AttributeError, match="do not show which actions change something; use state"):
        _ = gym.make(env_id, **options).unwrapped.observation_masks
