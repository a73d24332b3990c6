import gymnasium as gym
import numpy as np
import pytest
from needs import TAXI

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AgentError, Optimal, Random, evaluate, optimum, tabular_model


@pytest.mark.parametrize("env_id", ["CookieJar-v0", "CookieJarCorner-v0", "CookieJarHouse-v0", TAXI])
def test_optimal_is_the_optimum(env_id):
    agent = Optimal(env_id)
    model, limit = tabular_model(agent.env), agent.env.spec.max_episode_steps
    best = optimum(model, limit)
    assert evaluate(model, agent.policy, limit).mean_return == pytest.approx(best.mean_return)
    np.testing.assert_array_equal(agent.predict(np.arange(5), deterministic=True)[0], agent.policy[:5])


def test_optimal_chooses_among_all_best_actions():
    # A tie is split evenly: off by more than 0.05 in 4,000 with probability below 1e-8 (Hoeffding).
    agent = Optimal("CookieJar-v0", seed=0)
    best = agent.q_table >= agent.q_table.max(axis=1, keepdims=True) - 1e-9
    state = int(np.flatnonzero(best.sum(axis=1) == 2)[0])
    actions, _ = agent.predict(np.full(4_000, state))
    assert set(actions.tolist()) == set(np.flatnonzero(best[state]).tolist())
    assert (actions == actions[0]).mean() == pytest.approx(0.5, abs=0.05)


def test_optimal_solves_an_environment_that_replaces_another(tmp_path):
    other = gym.make("CookieJar-v0", likes="raisin")
    expected, agent = Optimal(other), Optimal("CookieJar-v0")
    loaded = Optimal.load(agent.save(tmp_path / "optimal"), env=other)
    agent.env = other
    for found in (agent, loaded):
        np.testing.assert_array_equal(found.policy, expected.policy)
        np.testing.assert_array_equal(found.q_table, expected.q_table)


def test_optimal_needs_a_model():
    env = gym.wrappers.RecordEpisodeStatistics(gym.make("CookieJar-v0"))
    with pytest.raises(AgentError, match="tabular model"):
        Optimal(env)


def test_random_is_uniform():
    # Each of 10 shares of 20,000 off by more than 0.02: below 1e-5 in all (Hoeffding).
    agent = Random("CookieJar-v0", seed=0)
    for deterministic in (False, True):
        actions, _ = agent.predict(np.zeros(20_000, int), deterministic=deterministic)
        np.testing.assert_allclose(np.bincount(actions, minlength=10) / 20_000, 0.1, atol=0.02)


def test_learning_saving_and_loading_work_as_for_the_others(tmp_path):
    for kind in (Random, Optimal):
        agent = kind("CookieJarCorner-v0", seed=0).learn(100)
        again = kind.load(agent.save(tmp_path / kind.__name__))
        assert again.num_timesteps == 100
        assert again.predict(0)[0] == agent.predict(0)[0]
