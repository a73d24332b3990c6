"""Memory that is used again: never while anyone holds an array of it."""

import copy
import pickle

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.wrappers.vector import FlattenObservation, RecordEpisodeStatistics

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.envs.vector import stepper
from cookie_jar.envs.vector.memory import KEPT, SMALL, Blocks, array_maker

LARGE = SMALL // 8  # environments whose observations are large arrays


def arrays(results):
    obs, rewards, terminated, truncated, infos = results
    parts = {"obs": obs, "rewards": rewards, "terminated": terminated, "truncated": truncated}
    others = {key: value for key, value in infos.items() if not key.startswith("_")}
    return {key: value for key, value in (parts | others).items() if isinstance(value, np.ndarray)}


def views(array):
    """Ways to hold an array without the array itself."""
    yield array
    yield array[:1]
    yield array[1:][::2]
    yield array.reshape(-1, 1).T
    yield array.view(np.uint8)
    yield memoryview(array)
    yield np.ma.array(array, copy=False)
    yield np.frombuffer(array, np.uint8)


@pytest.mark.parametrize("compile_after", [0, 1 << 60])
@pytest.mark.parametrize(
    ("number", "options", "wrap"),
    [
        (3, {}, None),
        (3, {"clumsiness": 0.2}, RecordEpisodeStatistics),
        (LARGE, {}, None),
        (400, {"observation": "grid"}, None),
        (400, {"observation": "factors"}, FlattenObservation),
    ],
)
def test_arrays_that_are_held_never_change(monkeypatch, number, options, wrap, compile_after):
    monkeypatch.setattr(stepper, "COMPILE_AFTER", compile_after)
    envs = gym.make_vec("CookieJarCorner-v0", number, max_episode_steps=20, **options)
    envs = envs if wrap is None else wrap(envs)
    envs.reset(seed=0)
    rng, held = np.random.default_rng(0), []
    for step in range(50):
        for key, array in arrays(envs.step(rng.integers(10, size=number))).items():
            if rng.random() < 0.6:  # of the others, the memory is free
                view = list(views(array))[(step + len(key)) % 8]
                held.append((view, np.array(view).tobytes()))
            del array
    assert len(held) > 100
    assert all(np.array(view).tobytes() == before for view, before in held)


@pytest.mark.parametrize("number", [3, LARGE])
def test_memory_that_nobody_holds_is_used_again(number):
    envs = gym.make_vec("CookieJar-v0", number)
    envs.reset(seed=0)
    found = {name: set() for name in ("obs", "rewards", "terminated", "truncated", "happiness", "event_id")}
    for _ in range(30):
        results = arrays(envs.step(np.zeros(number, np.int64)))
        for name in found:
            found[name].add(results[name].__array_interface__["data"][0])
    assert all(len(places) <= KEPT for name, places in found.items() if name != "obs" or number == LARGE)


def test_a_changed_form_is_not_handed_out_again():
    envs = gym.make_vec("CookieJar-v0", LARGE)
    envs.reset(seed=0)
    for _ in range(6):
        obs, rewards, terminated, truncated, infos = envs.step(np.zeros(LARGE, np.int64))
        for array in (obs, rewards, terminated, truncated, infos["happiness"]):
            assert array.shape == (LARGE,)
            assert array.flags.writeable
            array.setflags(write=False)
        assert (obs.dtype, rewards.dtype, truncated.dtype) == (np.int64, np.float64, np.bool_)
        obs.shape, rewards.dtype = (2, -1), np.uint8


def test_blocks_hold_several_arrays():
    blocks = Blocks((2, 3), np.float64, np.bool_)
    block, (reals, flags) = blocks.take()
    assert block.nbytes == 6 * 9
    assert (reals.shape, reals.dtype, flags.shape, flags.dtype) == ((2, 3), np.float64, (2, 3), np.bool_)
    assert np.shares_memory(block, reals)
    assert np.shares_memory(block, flags)
    assert not np.shares_memory(reals, flags)


def test_few_blocks_are_kept():
    blocks = Blocks((LARGE,), np.float64)
    held = [blocks.first() for _ in range(3 * KEPT)]
    assert len({array.__array_interface__["data"][0] for array in held}) == 3 * KEPT
    last = {array.__array_interface__["data"][0] for array in held[-KEPT:]}
    held.clear()
    assert {blocks.first().__array_interface__["data"][0] for _ in range(3)} < last


def test_copies_have_blocks_of_their_own():
    blocks = Blocks((LARGE,), np.float64)
    held = blocks.first()
    for copied in (copy.deepcopy(blocks), pickle.loads(pickle.dumps(blocks))):
        first, second = copied.first(), copied.first()
        assert not any(np.shares_memory(first, other) for other in (held, second))


@pytest.mark.parametrize("shape", [(3,), (LARGE, 2)])
def test_makers_make_arrays_of_their_form(shape):
    make = array_maker(shape, np.int8)
    first, second = make(), make()
    assert (first.shape, first.dtype) == (shape, np.int8)
    assert not np.shares_memory(first, second)
