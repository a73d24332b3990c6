"""Saving and restoring a vector environment: another one continues with the same numbers."""

import json

import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.envs import CookieJarError
from cookie_jar.envs.config import checked_config
from cookie_jar.envs.levels import level_kitchen
from cookie_jar.envs.observations import FactorsObservation
from cookie_jar.envs.tabular import compile_world
from cookie_jar.envs.vector.simulation import Simulation

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
@pytest.mark.parametrize("steps", [0, 1, 9, 70])  # generators draw their numbers in blocks of 64
def test_a_restored_environment_continues_with_the_same_numbers(name, steps):
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
        {"states": [0] * 6},
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


def test_states_come_with_their_kitchens():
    levels = (5, 9)
    config, observation = checked_config({}, levels), FactorsObservation(level_kitchen(5), 1)
    simulation = Simulation(5, config, levels, observation, None, reuse=False)
    simulation.reset(np.arange(5), range(5), None)
    simulation.step(np.array([0, 1, 2, 3, 4]))
    told = simulation.get_state()
    places = zip(simulation.states(), told["levels"], told["states"], strict=True)
    for (kitchen, state), level, number in places:
        assert kitchen == level_kitchen(level)
        assert state == compile_world(checked_config({"kitchen": str(kitchen)})).state(number)
