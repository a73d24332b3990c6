"""A vector environment can tell where it stands, and another one goes on from there."""

import json

import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.envs import CookieJarError

OPTIONS = {
    "plain": {},
    "clumsy": {"clumsiness": 0.3},
    "anywhere": {"random_start": True, "shuffle_cookies": True, "observation": "factors"},
    "levels": {"levels": (5, 9), "observation": "grid"},
    "next step": {"autoreset_mode": "NEXT_STEP"},
    "endless": {"max_episode_steps": None, "clumsiness": 0.1},
}


def make(name):
    options = {"max_episode_steps": 9, "autoreset_mode": "SAME_STEP", "kitchen": "corner"} | OPTIONS[name]
    if name == "levels":
        del options["kitchen"]
    return gym.make_vec("CookieJar-v0", 5, **options)


def walk(envs, steps, seed):
    rng, told = np.random.default_rng(seed), []
    for _ in range(steps):
        obs, *results, _ = envs.step(rng.integers(10, size=5))
        told.append((obs, *results))
    return told


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("steps", [0, 1, 9, 70])  # a stream draws its numbers in blocks of 64
def test_another_one_goes_on_in_the_same_way(name, steps):
    envs, other = make(name), make(name)
    envs.reset(seed=4)
    walk(envs, steps, 0)
    state = json.loads(json.dumps(envs.get_state()))
    observed = other.set_state(state)
    assert json.loads(json.dumps(other.get_state())) == state
    for mine, theirs in zip(walk(envs, 90, 1), walk(other, 90, 1), strict=True):
        for a, b in zip(mine, theirs, strict=True):
            np.testing.assert_array_equal(a, b)
    assert observed.shape == envs.observation_space.shape


def test_there_is_no_state_before_the_first_reset():
    with pytest.raises(CookieJarError, match="reset"):
        make("plain").get_state()


@pytest.mark.parametrize(
    "change",
    [
        {"states": [0] * 4},
        {"states": [0, 0, 0, 0, 999]},
        {"states": [-1] * 5},
        {"acts_left": [0] * 5},
        {"ended": [7]},
        {"levels": [3] * 5},
    ],
)
def test_an_impossible_state_is_refused(change):
    envs = make("plain")
    envs.reset(seed=0)
    with pytest.raises(CookieJarError, match="expected"):
        envs.set_state(envs.get_state() | change)


def test_observations_of_all_states():
    env = gym.make("CookieJarCorner-v0", observation="factors").unwrapped
    for state in range(40):
        observed, _ = env.reset(options={"state": state})
        np.testing.assert_array_equal(env.state_observations[state], observed)
    assert not hasattr(gym.make("CookieJarRandom-v0").unwrapped, "state_observations")
    assert gym.make("CookieJarRandom-v0").unwrapped.levels == (0, 999)
    assert env.levels is None
