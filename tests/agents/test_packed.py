import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import QLearning, TabularModel
from cookie_jar.agents.model import SamplingTables
from cookie_jar.agents.packed import packed_outcomes


def assert_holds(model, score):
    """The words of a packed model hold the model and the scores, to the bit."""
    words, bits, rewards = packed_outcomes(model, score)
    words = words.reshape(model.next_state.shape)
    np.testing.assert_array_equal(words >> bits, model.next_state)
    np.testing.assert_array_equal(words & 1 == 1, model.terminated)
    found = rewards[(words & ((1 << bits) - 1)) >> 1]
    for column, wanted in enumerate((model.reward, score)):
        assert found[..., column].tobytes() == np.ascontiguousarray(wanted).tobytes()
    return words.dtype


@pytest.mark.parametrize("env_id", ["CookieJar-v0", "CookieJarClumsy-v0", "CookieJarHints-v0", "Taxi-v4"])
def test_words_hold_the_model(env_id):
    tables = SamplingTables.of(gym.make(env_id))
    assert assert_holds(tables.model, tables.score) == np.int32


@pytest.mark.parametrize(("states", "dtype"), [(20_000, np.int32), (60_000, np.int64)])
def test_words_are_as_long_as_the_numbers_need(states, dtype):
    rng, shape = np.random.default_rng(0), (states, 1, 1)
    reward, score = rng.normal(size=shape), rng.integers(-2, 3, shape).astype(float)
    reward[0], reward[1] = 0.0, -0.0
    model = TabularModel(
        rng.integers(0, states, shape), np.ones(shape), reward, rng.random(shape) < 0.5,
        np.ones(states) / states,
    )  # fmt: skip
    assert assert_holds(model, score) == dtype


def test_agents_of_one_model_share_the_tables():
    tables = [SamplingTables.of(gym.make("CookieJar-v0")) for _ in range(2)]
    assert tables[0] is tables[1]
    assert SamplingTables.of(gym.make("CookieJar-v0", max_episode_steps=50)) is not tables[0]
    assert SamplingTables.of(gym.make("CookieJarHints-v0")) is not tables[0]


def test_a_table_that_was_changed_is_packed_again():
    env = gym.make("FrozenLake-v1")
    before = QLearning(env, seed=0).learn(5_000).q_table.copy()
    env.unwrapped.P[14][2] = [(p, s, 5 * r, over) for p, s, r, over in env.unwrapped.P[14][2]]
    tables = SamplingTables.of(env)
    assert tables is None or tables.packed.rewards.max() == 5
    assert before.max() <= 1
