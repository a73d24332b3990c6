import hashlib

import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.envs import TEST_LEVELS, TRAIN_LEVELS, VALIDATION_LEVELS, CookieJarEnv
from cookie_jar.envs.config import make_config
from cookie_jar.envs.levels import LEVEL_COUNT, LEVEL_SIZE, level_kitchen
from cookie_jar.envs.shaping import fewest_steps
from cookie_jar.envs.tabular import World


def test_the_same_number_is_always_the_same_kitchen():
    # Published results depend on these maps: if they change, the version in the ids must change.
    maps = "\n\n".join(str(level_kitchen(number)) for number in range(200))
    digest = hashlib.sha256(maps.encode()).hexdigest()
    assert digest == "b117f72e0bde53fa4d76974d7b06459b7b87c1f802c29598270b4a3cec9da0a9"


def test_train_validation_and_test_levels_are_disjoint_and_different():
    parts = [range(first, last + 1) for first, last in (TRAIN_LEVELS, VALIDATION_LEVELS, TEST_LEVELS)]
    assert [len(part) for part in parts] == [1000, 100, 100]
    assert len({level_kitchen(number) for part in parts for number in part}) == 1200


@pytest.mark.slow
def test_all_levels_are_different():
    assert len({level_kitchen.__wrapped__(number).rows for number in range(LEVEL_COUNT)}) == LEVEL_COUNT


@pytest.mark.parametrize("number", range(0, 2000, 101))
def test_levels_are_kitchens_of_one_size_that_can_be_solved(number):
    kitchen = level_kitchen(number)
    assert (kitchen.height, kitchen.width) == (LEVEL_SIZE, LEVEL_SIZE)
    world = World(make_config(kitchen=str(kitchen)))
    assert 7 <= fewest_steps(world.tabular_model)[0] < 60


def test_each_episode_draws_a_level_of_its_range():
    env = gym.make("CookieJarRandom-v0", levels=(20, 24))
    env.reset(seed=0)
    seen = []
    for _ in range(100):
        env.reset()
        seen.append(env.unwrapped.world.config.kitchen)
    # Each of 5 levels misses 100 draws with probability below 2e-9 in all.
    assert set(seen) == {level_kitchen(number) for number in range(20, 25)}


def test_levels_have_no_model_in_common():
    env = CookieJarEnv(levels=(0, 9), observation="grid")
    for name in ("tabular_model", "unshaped_model", "P", "initial_state_distrib"):
        assert not hasattr(env, name)


@pytest.mark.parametrize("number", [0, 7, 1500])
@pytest.mark.parametrize("options", [{}, {"hints": True, "random_start": True}], ids=str)
def test_one_level_has_the_model_of_its_kitchen(number, options):
    level = CookieJarEnv(levels=(number, number), observation="grid", **options)
    kitchen = CookieJarEnv(kitchen=str(level_kitchen(number)), observation="grid", **options)
    for name in ("tabular_model", "unshaped_model"):
        for one, other in zip(getattr(level, name), getattr(kitchen, name), strict=True):
            np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(level.state_observations, kitchen.state_observations)


@pytest.mark.parametrize(
    ("levels", "validation", "test"),
    [
        (TRAIN_LEVELS, VALIDATION_LEVELS, TEST_LEVELS),
        ((990, 1000), None, TEST_LEVELS),
        ((1099, 1999), None, TEST_LEVELS),
        ((1100, 2000), VALIDATION_LEVELS, None),
        ((2099, 2099), VALIDATION_LEVELS, None),
        ((0, 9999), None, None),
        ((2100, 2500), VALIDATION_LEVELS, TEST_LEVELS),
    ],
)
def test_held_out_levels_are_none_that_training_may_see(levels, validation, test):
    env = CookieJarEnv(levels=levels, observation="grid")
    assert (env.validation_levels, env.test_levels) == (validation, test)


def test_one_kitchen_has_no_levels():
    env = CookieJarEnv()
    assert env.levels is None
    assert (env.validation_levels, env.test_levels) == (None, None)
    assert gym.make("CookieJarRandom-v0").unwrapped.levels == TRAIN_LEVELS
