"""The vector environment against as many single environments, step by step."""

import warnings

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from cookie_jar.envs import (
    IDS,
    Action,
    ActionError,
    CookieJarVectorEnv,
    OptionError,
    ResetNeededError,
    State,
    StateError,
)
from cookie_jar.envs.observations import OBSERVATIONS

MODES = list(AutoresetMode)


def assert_same(ours, theirs):
    """Compare numbers, types and keys, except `event`, which only single environments return."""
    if isinstance(theirs, dict):
        theirs = {key: value for key, value in theirs.items() if key.removeprefix("_") != "event"}
        assert ours.keys() == theirs.keys()
        for key in theirs:
            assert_same(ours[key], theirs[key])
    elif theirs.dtype == object:
        for mine, other in zip(ours, theirs, strict=True):
            assert (mine is None) == (other is None)
            if isinstance(other, dict):
                assert_same(mine, other)
            else:
                np.testing.assert_array_equal(mine, other)
    else:
        assert ours.dtype == theirs.dtype
        if not np.array_equal(ours, theirs):  # much faster than the function that says what differs
            np.testing.assert_array_equal(ours, theirs)
            raise AssertionError(f"{ours} is not {theirs}")


def both(env_id, mode, n, **options):
    vector = gym.make_vec(env_id, n, autoreset_mode=mode, action_masks=True, **options)
    single = SyncVectorEnv([lambda: gym.make(env_id, **options)] * n, autoreset_mode=mode)
    assert isinstance(vector, CookieJarVectorEnv)
    assert vector.single_observation_space == single.single_observation_space
    assert vector.observation_space == single.observation_space
    assert vector.action_space == single.action_space
    assert vector.metadata["autoreset_mode"] is mode
    assert vector.autoreset_mode is single.autoreset_mode  # which TorchRL reads
    return vector, single


def compare(env_id, mode, seed, steps, n=5, **options):
    vector, single = both(env_id, mode, n, **options)
    for ours, theirs in zip(vector.reset(seed=seed), single.reset(seed=seed), strict=True):
        assert_same(ours, theirs)
    rng = np.random.default_rng(seed)
    ends = 0
    for _ in range(steps):
        actions = rng.integers(vector.single_action_space.n, size=n)
        mine, others = vector.step(actions), single.step(actions)
        for ours, theirs in zip(mine, others, strict=True):
            assert_same(ours, theirs)
        over = mine[2] | mine[3]
        ends += over.sum()
        if mode is AutoresetMode.DISABLED and over.any():
            resets = [env.reset(options={"reset_mask": over.copy()}) for env in (vector, single)]
            for ours, theirs in zip(*resets, strict=True):
                assert_same(ours, theirs)
    return ends


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("seed", [0, 12345])
def test_equal_to_single_environments(env_id, mode, seed):
    steps = 50 if env_id == "CookieJarPicturesJar-v0" else 150  # which ends with each picture
    assert compare(env_id, mode, seed, steps=steps, max_episode_steps=40) >= 10


@pytest.mark.parametrize("mode", MODES)
def test_equal_over_many_episodes_that_end_both_ways(mode):
    options = {
        "kitchen": "corner",
        "random_start": True,
        "shuffle_cookies": True,
        "clumsiness": 0.3,
        "hints": True,
    }
    assert compare("CookieJar-v0", mode, 7, steps=1_500, max_episode_steps=9, **options) > 500


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("observation", OBSERVATIONS)
@pytest.mark.parametrize("env_id", ["CookieJarClumsy-v0", "CookieJarCorner-v0"])
def test_equal_with_every_observation(env_id, mode, observation):
    options = {"observation": observation, "shuffle_cookies": True, "random_start": True}
    compare(env_id, mode, 3, steps=80, max_episode_steps=20, **options)


@pytest.mark.parametrize("observation", ["factors", "vector", "grid", "pixels"])
def test_equal_with_levels(observation):
    options = {"levels": (10, 13), "observation": observation, "clumsiness": 0.1, "random_start": True}
    compare("CookieJarRandom-v0", AutoresetMode.SAME_STEP, 5, steps=100, max_episode_steps=7, **options)


def test_equal_when_a_cookie_is_eaten_at_the_time_limit():
    story = [3, 4, 2, 4, 5, 6, 8]
    for mode in MODES:
        vector, single = both("CookieJarCorner-v0", mode, 2, max_episode_steps=7)
        vector.reset(seed=0), single.reset(seed=0)
        for action in story:
            mine, others = vector.step(np.full(2, action)), single.step(np.full(2, action))
        assert mine[2].all()
        assert mine[3].all()
        for ours, theirs in zip(mine, others, strict=True):
            assert_same(ours, theirs)


@pytest.mark.parametrize("mode", MODES)
def test_partial_resets_at_any_moment(mode):
    options = {"random_start": True, "clumsiness": 0.2, "max_episode_steps": 12}
    vector, single = both("CookieJar-v0", mode, 4, **options)
    vector.reset(seed=0), single.reset(seed=0)
    rng = np.random.default_rng(1)
    for _ in range(120):
        actions = rng.integers(10, size=4)
        mine, others = vector.step(actions), single.step(actions)
        for ours, theirs in zip(mine, others, strict=True):
            assert_same(ours, theirs)
        mask = rng.random(4) < 0.3
        if mode is AutoresetMode.DISABLED:
            mask |= mine[2] | mine[3]
        if mask.any():
            seeds = [int(seed) if seed < 50 else None for seed in rng.integers(99, size=4)]
            resets = [env.reset(seed=seeds, options={"reset_mask": mask.copy()}) for env in (vector, single)]
            for ours, theirs in zip(*resets, strict=True):
                assert_same(ours, theirs)


def test_seeds():
    vector, single = both("CookieJarHints-v0", AutoresetMode.NEXT_STEP, 3)
    for seeds in ([5, 1, 9], [None, 4, None]):
        assert_same(vector.reset(seed=seeds)[0], single.reset(seed=seeds)[0])
    assert_same(vector.reset()[0], single.reset()[0])  # the generators continue
    first = vector.reset(seed=8)[0]
    np.testing.assert_array_equal(vector.reset(seed=8)[0], first)
    assert vector.reset()[0].shape == (3,)
    CookieJarVectorEnv(3, random_start=True).reset()  # without any seed


def test_masks_only_when_asked_for():
    vector = gym.make_vec("CookieJar-v0", 3)
    _, infos = vector.reset(seed=0)
    assert "action_mask" not in infos
    assert "action_mask" not in vector.step(np.zeros(3, int))[4]


def test_every_call_returns_arrays_of_its_own():
    vector = gym.make_vec("CookieJar-v0", 4)
    vector.reset(seed=0)
    first = vector.step(np.full(4, Action.RIGHT))
    kept = [part.copy() for part in first[:4]]
    first[0][:] = 99  # the environment must not depend on it
    second = vector.step(np.full(4, Action.RIGHT))
    for a, b in zip(first[:4], second[:4], strict=True):
        assert not np.shares_memory(a, b)
    assert (kept[0] != second[0]).all()
    assert (second[1] == -0.01).all()


def test_changed_results_change_nothing_else():
    for keep in (True, False):
        vector = gym.make_vec("CookieJar-v0", 2, copy=keep, max_episode_steps=1)
        obs, _ = vector.reset(seed=0)
        obs[:] = 1_600
        obs, rewards, terminated, truncated, infos = vector.step(np.zeros(2, int))
        assert (obs < 50).all()
        terminated |= truncated
        rewards *= 10
        assert not infos["is_success"].any()
        assert (infos["happiness"] == -0.01).all()


def test_copy_false_reuses_them_and_gives_the_same_numbers():
    fast, slow = gym.make_vec("CookieJarHints-v0", 4, copy=False), gym.make_vec("CookieJarHints-v0", 4)
    fast.reset(seed=0), slow.reset(seed=0)
    rng, before = np.random.default_rng(0), None
    for _ in range(450):
        actions = rng.integers(10, size=4)
        a, b = fast.step(actions), slow.step(actions)
        for mine, other in zip(a[:4], b[:4], strict=True):
            np.testing.assert_array_equal(mine, other)
        if before is not None:
            assert all(np.shares_memory(x, y) for x, y in zip(a[:4], before, strict=True))
        before = a[:4]


def test_starting_from_a_state():
    vector = gym.make_vec("CookieJar-v0", 3)
    assert vector.reset(options={"state": 17})[0].tolist() == [17] * 3
    assert vector.reset(options={"state": np.array([4, 5, 6])})[0].tolist() == [4, 5, 6]
    state = gym.make("CookieJar-v0").unwrapped.world.state(33)
    assert vector.reset(options={"state": state})[0].tolist() == [33] * 3
    mask = np.array([True, False, True])
    obs, infos = vector.reset(options={"state": np.array([7, 8, 9]), "reset_mask": mask})
    assert obs.tolist() == [7, 33, 9]
    assert infos["_happiness"].tolist() == mask.tolist()


@pytest.mark.parametrize("actions", [[0, 10, 0], [[0, 1, 2]], ["a", "b", "c"]])
def test_bad_actions_leave_everything_as_it_was(actions):
    vector, other = (gym.make_vec("CookieJarClumsy-v0", 3) for _ in range(2))
    vector.reset(seed=0), other.reset(seed=0)
    with pytest.raises(ActionError, match=r"expected integers of shape \(3,\), each below 10"):
        vector.step(actions)
    for _ in range(50):
        mine, its = vector.step(np.array([3, 3, 3])), other.step([3, 3, 3])
        for a, b in zip(mine[:4], its[:4], strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"autoreset_mode": "SOMETIMES"}, "NEXT_STEP, SAME_STEP, DISABLED, got 'SOMETIMES'"),
        ({"observation": "smell"}, "state, factors, vector, grid, pixels, pictures, got 'smell'"),
        ({"levels": (0, 10**9), "observation": "grid"}, "levels: expected"),
        ({"levels": (0, 3)}, "state numbers differ"),
        ({"num_envs": 0}, "num_envs: expected an integer from 1 to 10,000,000, got 0"),
        ({"render_mode": "human"}, "render_mode: expected one of rgb_array, rgb_array_list, got 'human'"),
        ({"max_episode_steps": 0}, "max_episode_steps"),
        ({"max_episode_steps": 2.5}, "max_episode_steps"),
        ({"colour": 1}, "got an unexpected keyword argument 'colour'"),
        ({"clumsiness": 2.0}, "clumsiness"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(OptionError, match=message):
        CookieJarVectorEnv(**{"num_envs": 2} | options)


def test_bad_resets():
    vector = CookieJarVectorEnv(2)
    with pytest.raises(ResetNeededError, match="before the first step"):
        vector.step(np.zeros(2, int))
    with pytest.raises(ResetNeededError, match="reset all"):
        vector.reset(options={"reset_mask": np.array([True, False])})
    for options in ([1], {"reset_mask": [True, False]}, {"reset_mask": np.zeros(2, bool)}):
        with pytest.raises(OptionError):
            vector.reset(options=options)
    with pytest.raises(OptionError, match="seed: expected a non-negative integer"):
        vector.reset(seed=[7, -1])
    for state in (1615, State(0, 0, 1, 2, 3)):
        with pytest.raises(StateError):
            vector.reset(options={"state": state})


def test_disabled_refuses_to_step_over_an_end():
    vector = CookieJarVectorEnv(2, max_episode_steps=1, autoreset_mode="DISABLED")
    vector.reset(seed=0)
    vector.step(np.zeros(2, int))
    with pytest.raises(ResetNeededError, match="reset_mask"):
        vector.step(np.zeros(2, int))
    vector.reset()
    vector.step(np.zeros(2, int))


def test_pictures_of_all():
    vector = gym.make_vec("CookieJarRandom-v0", 3, render_mode="rgb_array")
    with pytest.raises(ResetNeededError):
        vector.render()
    vector.reset(seed=0)
    pictures = vector.render()
    assert [picture.shape for picture in pictures] == [(640, 640, 3)] * 3
    assert len({picture.tobytes() for picture in pictures}) == 3


def test_making_it_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for env_id in IDS:
            vector = gym.make_vec(env_id, 2)
            vector.reset(seed=0)
            vector.close()
