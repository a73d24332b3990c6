import numpy as np
import pytest
from needs import TAXI, needs_c

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import ExpectedSarsa, QLearning, Sarsa
from cookie_jar.scripts.benchmarks.c_library import c_library
from cookie_jar.scripts.benchmarks.tabular import CLearner

IDS = ["CookieJarCorner-v0", "CookieJarClumsy-v0", "CookieJarHints-v0", TAXI]


@needs_c
@pytest.mark.parametrize("env_id", ["CookieJarCorner-v0", "CookieJarClumsy-v0", "CookieJarHints-v0", TAXI])
@pytest.mark.parametrize("kind", [QLearning, Sarsa, ExpectedSarsa])
def test_the_loop_in_c_learns_the_same_to_the_bit(kind, env_id):
    agent, learner = (
        kind(env_id, seed=5, exploration_steps=9_000),
        kind(env_id, seed=5, exploration_steps=9_000),
    )
    in_c = CLearner(c_library("tabular"), learner)
    for steps in (1, 20_000):
        agent.learn(steps, callback_interval=steps)
        in_c.learn(steps)
        np.testing.assert_array_equal(in_c.q_table, agent.q_table)
        assert in_c.returns.tolist() == agent.episode_returns
        assert in_c.lengths.tolist() == agent.episode_lengths
    state = agent.rng.bit_generator.state["state"]["state"]
    assert [int(word) for word in in_c.random[:2]] == [state >> 64, state & (1 << 64) - 1]
