import re

import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.envs import Action, CookieJarVectorEnv, Kitchen, State, StateError
from cookie_jar.envs.ansi import cookies_text
from cookie_jar.envs.binary_observations import PLANES
from cookie_jar.envs.config import make_config
from cookie_jar.envs.dynamics import CARRIED, CLOSED
from cookie_jar.envs.levels import level_kitchen
from cookie_jar.envs.observations import (
    make_observation,
    observation_table,
    state_features,
)
from cookie_jar.envs.tabular import World

OPTIONS = [{"kitchen": "corner", "shuffle_cookies": True}, {"kitchen": "home"}]


def observe(name, **options):
    """Return the world, the observation, and the observations of all states."""
    world = World(make_config(**options))
    observation = make_observation(name, world, False)
    observation.add(world.config.kitchen)
    return world, observation, observation.observe(state_features(world, 0))


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("name", ["state", "factors", "grid", "pixels"])
def test_every_state_looks_different_and_lies_in_the_space(name, options):
    world, observation, observed = observe(name, **options)
    states = [world.state(number) for number in range(world.num_states)]
    if name in ("grid", "pixels"):  # these do not show the place of an eaten cookie
        states = [(*state[:4], re.sub(r"\([^)]*\)", "", cookies_text(state))) for state in states]
    assert len({picture.tobytes() for picture in observed}) == len(set(states))
    for picture in observed[:: max(1, world.num_states // 50)]:
        assert picture in observation.space
        assert np.asarray(picture).dtype == observation.space.dtype


KINDS = ["state", "factors", "vector", "grid", "pixels"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("options", [*OPTIONS, {"kitchen": str(level_kitchen(3))}], ids=str)
@pytest.mark.parametrize("many_kitchens", [False, True])
def test_a_table_holds_the_observation_of_each_state(kind, options, many_kitchens):
    if kind == "state" and many_kitchens:
        return
    world = World(make_config(**options))
    observation = make_observation(kind, world, many_kitchens)
    table = observation_table(observation, world)
    observation.add(mirrored(world.config.kitchen))
    observation.add(world.config.kitchen)
    expected = observation.observe(state_features(world, 1))
    np.testing.assert_array_equal(table, expected)
    assert (table.dtype, table.flags.writeable) == (expected.dtype, False)
    assert observation_table(observation, world) is table  # computed once, shared
    assert observation_table(make_observation(kind, world, many_kitchens), world) is table


def mirrored(kitchen):
    """Return another kitchen of the same size."""
    return Kitchen(tuple(row[::-1] for row in kitchen.rows))


def test_a_table_that_would_be_too_large_is_none():
    world = World(make_config(kitchen="house"))
    assert observation_table(make_observation("grid", world, False), world) is None
    assert observation_table(make_observation("factors", world, False), world).shape == (118_575, 5)


def test_factors_are_the_parts_of_the_state():
    world, observation, observed = observe("factors", kitchen="corner", shuffle_cookies=True)
    carried = observation.space.nvec[1] - 1
    for number, factors in enumerate(observed.tolist()):
        state = world.state(number)
        row, column = world.config.kitchen.places[state.child]
        assert factors[0] == row * 4 + column
        if state.chair == CARRIED:
            assert factors[1] == carried
        else:
            row, column = world.config.kitchen.places[state.chair]
            assert factors[1] == row * 4 + column
        assert factors[2:] == [state.standing, state.jar, state.arrangement]


def test_the_grid_by_hand():
    world, _, observed = observe("grid", kitchen="#J##\n#SC#\n####", shuffle_cookies=True)
    state = State(child=0, chair=0, standing=1, jar=0b101, arrangement=3)  # chocolate chip, plain, raisin
    grid = dict(zip(PLANES, observed[world.number(state)], strict=True))
    assert grid["obstacle"].tolist() == [[1, 0, 1, 1], [1, 0, 0, 1], [1, 1, 1, 1]]
    places = {name: [tuple(place) for place in np.argwhere(plane)] for name, plane in grid.items()}
    at_jar, at_child = [(0, 1)], [(1, 1)]
    assert places["jar"] == places["open"] == at_jar
    assert places["child"] == places["chair"] == places["standing"] == at_child
    assert places["carried"] == []
    assert places["chocolate chip left"] == places["raisin right"] == at_jar
    assert sum(len(found) for name, found in places.items() if " " in name) == 2
    closed = observed[0]
    assert closed[PLANES.index("open")].sum() == 0
    assert sum(closed[PLANES.index(name)].sum() for name in PLANES if " " in name) == 3


def test_pixels_are_large_enough_and_in_colour():
    for kitchen, shape in (("corner", (36, 48, 3)), ("home", (50, 80, 3)), ("house", (130, 190, 3))):
        space = gym.make("CookieJar-v0", kitchen=kitchen, observation="pixels").observation_space
        assert (space.shape, space.dtype) == (shape, np.uint8)
        assert min(space.shape[:2]) >= 36


def test_pixels_show_the_kitchen():
    _, _, observed = observe("pixels", kitchen="home")
    picture = observed[0].reshape(5, 10, 8, 10, 3)
    wall, floor, table = picture[4, :, 0], picture[1, :, 1], picture[2, :, 3]
    assert np.abs(wall.mean((0, 1)) - floor.mean((0, 1))).max() > 50
    assert np.abs(table.mean((0, 1)) - floor.mean((0, 1))).max() > 20


@pytest.mark.parametrize("observation", ["factors", "vector", "grid", "pixels"])
def test_observations_are_objects_of_their_own(observation):
    env = gym.make("CookieJar-v0", observation=observation)
    first, _ = env.reset(seed=0)
    second = env.step(Action.LEFT)[0]
    assert not np.shares_memory(first, second)
    first[...] = 0
    np.testing.assert_array_equal(env.step(Action.LEFT)[0], second)


def test_levels_share_one_space_and_differ():
    for observation in ("factors", "vector", "grid", "pixels"):
        vector = CookieJarVectorEnv(30, levels=(0, 99), observation=observation)
        obs, _ = vector.reset(seed=0)
        assert len({each.tobytes() for each in obs}) > 15
        assert obs in vector.observation_space
    assert CookieJarVectorEnv(2, observation="factors").single_observation_space.nvec[3] == CLOSED + 1


def test_observations_of_all_states():
    env = gym.make("CookieJarCorner-v0", observation="factors").unwrapped
    for state in range(40):
        observed, _ = env.reset(options={"state": state})
        np.testing.assert_array_equal(env.state_observations[state], observed)
    assert not hasattr(gym.make("CookieJarRandom-v0").unwrapped, "state_observations")


@pytest.mark.parametrize("options", [{"kitchen": "corner"}, {"shuffle_cookies": True, "clumsiness": 0.2}])
def test_the_vector_is_that_of_flattened_factors(options):
    factors = gym.make("CookieJar-v0", observation="factors", random_start=True, **options)
    vector = gym.make("CookieJarVector-v0", random_start=True, **options)
    flat = gym.wrappers.FlattenObservation(factors)
    assert vector.observation_space == gym.spaces.Box(0, 1, flat.observation_space.shape, np.float32)
    for seed in range(20):
        for ours, theirs in (
            (vector.reset(seed=seed), flat.reset(seed=seed)),
            (vector.step(4), flat.step(4)),
        ):
            assert ours[0].dtype == np.float32
            np.testing.assert_array_equal(ours[0], theirs[0])
    distinct = np.unique(vector.unwrapped.state_observations, axis=0)
    assert len(distinct) == vector.unwrapped.world.num_states


def test_the_vector_shows_the_maps_of_levels():
    env = gym.make("CookieJar-v0", levels=(3, 9), observation="vector")
    for seed in range(10):
        observed, _ = env.reset(seed=seed)
        kitchen = env.unwrapped.world.config.kitchen
        places = kitchen.height * kitchen.width
        obstacles, jar = observed[-2 * places :].reshape(2, kitchen.height, kitchen.width)
        assert {tuple(place) for place in np.argwhere(obstacles == 1)} == set(kitchen.find("#T"))
        assert np.argwhere(jar == 1).tolist() == [list(kitchen.jar)]


@pytest.mark.parametrize("numbers", [[40], [-1], 3, [0.5], [[1]], [[1], [2, 3]], None, [True]])
def test_a_number_that_is_no_state_is_not_observed(numbers):
    env = gym.make("CookieJarCorner-v0", observation="factors").unwrapped
    assert env.observe([0, 39]).shape == (2, 5)
    with pytest.raises(StateError, match="expected numbers"):
        env.observe(numbers)


PPO_TASKS = [
    ("MlpPolicy", "vector", {"n_steps": 64, "n_epochs": 4}, 40_000),
    ("MlpPolicy", "state", {"n_steps": 64, "n_epochs": 4}, 40_000),
    ("MlpPolicy", "factors", {"n_steps": 64, "n_epochs": 4}, 40_000),
    ("MlpPolicy", "grid", {"n_steps": 64, "n_epochs": 4}, 40_000),
    ("CnnPolicy", "pixels", {"n_steps": 64, "n_epochs": 4}, 25_000),
]


@pytest.mark.slow
@pytest.mark.parametrize(("policy", "observation", "settings", "steps"), PPO_TASKS)
def test_sb3_s_ppo_learns_from_every_observation(policy, observation, settings, steps):
    sb3 = pytest.importorskip("stable_baselines3")
    import torch
    from stable_baselines3.common.env_util import make_vec_env
    from stable_baselines3.common.evaluation import evaluate_policy

    torch.set_num_threads(1)
    options = {"kitchen": "corner", "observation": observation, "hints": True, "random_start": True}
    env = make_vec_env("CookieJar-v0", n_envs=16, seed=0, env_kwargs=options)
    model = sb3.PPO(policy, env, batch_size=256, learning_rate=1e-3, seed=0, device="cpu", **settings)
    plain = make_vec_env("CookieJar-v0", n_envs=8, seed=1, env_kwargs=options | {"hints": False})
    before, _ = evaluate_policy(model, plain, n_eval_episodes=40, deterministic=False)
    model.learn(steps)
    after, _ = evaluate_policy(model, plain, n_eval_episodes=40, deterministic=False)
    # From random starts the optimum is about 1.47; a random policy is below 0.
    assert before < 0.5
    assert after > 1.2
