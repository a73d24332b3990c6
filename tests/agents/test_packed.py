import gymnasium as gym
import numpy as np
import pytest
from needs import TAXI

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import PPO, AgentError, DynaQ, QLearning, TabularModel, tabular_model
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


@pytest.mark.parametrize("env_id", ["CookieJar-v0", "CookieJarClumsy-v0", "CookieJarHints-v0", TAXI])
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


class Line(gym.Env):
    """A line of states with a step forwards or none, and a table that can be written to."""

    action_space = gym.spaces.Discrete(2)

    def __init__(self, states=6):
        self.observation_space, self._state = gym.spaces.Discrete(states), 0
        shape = (states, 2, 1)
        following = np.minimum(np.arange(states)[:, None, None] + [[0], [1]], states - 1)
        self.tabular_model = TabularModel(
            following, np.ones(shape), np.full(shape, -1.0), following == states - 1, np.eye(states)[0]
        )

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._state = 0
        return 0, {}

    def step(self, action):
        at, model = (self._state, int(action), 0), self.tabular_model
        self._state = int(model.next_state[at])
        return self._state, float(model.reward[at]), bool(model.terminated[at]), False, {}


@pytest.mark.parametrize(
    ("kind", "states", "steps"), [(QLearning, 7, 0), (DynaQ, 8, 0), (PPO, 9, 64)]
)  # of different sizes, so that no other test has made the same tables
def test_agents_learn_on_the_table_that_was_checked(kind, states, steps):
    """Compiled loops do not check indices: a state that was written into the table later would crash them."""
    agent = kind(Line(states), seed=0, use_model=True)
    if steps:  # this kind looks for a table when it begins to learn
        agent.learn(steps)
    agent.env.tabular_model.next_state[:, 1] = 0  # no episode would end
    assert agent.learn(4_096).num_episodes > 10


def test_a_table_that_was_changed_is_not_that_of_another_environment():
    first = Line(5)
    QLearning(first, use_model=True)
    first.tabular_model.reward[...] = -5.0
    assert tabular_model(Line(5)).reward.min() == -1
    assert SamplingTables.of(Line(5)).packed.rewards.min() == -1


def test_next_states_are_checked_again_when_they_are_packed():
    model = Line().tabular_model
    model.next_state[2] = 6
    tables = SamplingTables(model, model.reward, 0)
    for name in ("packed", "next_state"):
        with pytest.raises(AgentError, match="next states below 6: the table has changed"):
            getattr(tables, name)


@pytest.mark.parametrize("kind", [QLearning, PPO])
def test_an_environment_that_grows_does_not_fit_the_agent(kind):
    agent, larger = kind(Line(), use_model=True), Line(7)
    agent.env.observation_space, agent.env.tabular_model = larger.observation_space, larger.tabular_model
    with pytest.raises(AgentError, match=r"expected an environment of \(6, 2\) states and actions"):
        agent.learn(100, reset_num_timesteps=True)
