"""Exact evaluation against other methods."""

import gymnasium as gym
import numpy as np
import pytest
from needs import TAXI
from scipy.optimize import linprog

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import (
    AgentError,
    TabularModel,
    best_stationary,
    discounted_values,
    epsilon_greedy,
    evaluate,
    optimum,
    tabular_model,
    uniform_policy,
    value_iteration,
)

IDS = ["CookieJarCorner-v0", "CookieJarClumsy-v0", "CookieJarHints-v0", "FrozenLake-v1", TAXI]


def chain(length=4):
    """Action 0 stays for 0, action 1 goes right for -1; the last step right gives 10 and ends."""
    shape = (length, 2, 1)
    next_state = np.zeros(shape, np.int64)
    next_state[:, 0, 0] = range(length)
    next_state[:, 1, 0] = [*range(1, length), length - 1]
    reward = np.zeros(shape)
    reward[:, 1, 0] = [-1] * (length - 1) + [10]
    terminated = np.zeros(shape, bool)
    terminated[-1, 1, 0] = True
    return TabularModel(next_state, np.ones(shape), reward, terminated, np.eye(length)[0])


def discounted_values_by_hand(model, policy, gamma):
    """The values of a policy from one system of linear equations."""
    states = len(model.start)
    follow, gain = np.zeros((states, states)), np.zeros(states)
    for s, a, k in np.ndindex(model.next_state.shape):
        weight = policy[s, a] * model.probability[s, a, k]
        gain[s] += weight * model.reward[s, a, k]
        if not model.terminated[s, a, k]:
            follow[s, model.next_state[s, a, k]] += weight
    return np.linalg.solve(np.eye(states) - gamma * follow, gain)


def test_a_chain_by_hand():
    model = chain()
    solution = value_iteration(model, gamma=0.9)
    np.testing.assert_allclose(solution.values, [10 * 0.9**3 - 1 - 0.9 - 0.81, 6.2, 8, 10], atol=1e-9)
    assert solution.policy.tolist() == [1, 1, 1, 1]
    assert optimum(model, 4) == (7.0, 1.0, 4.0)
    assert optimum(model, 3) == (0.0, 0.0, 3.0)  # no time to get there: better not to move
    assert evaluate(model, np.array([1, 1, 1, 1]), 3) == (-3.0, 0.0, 3.0)
    assert evaluate(model, np.array([1, 1, 1, 1]), 4).actions_per_success == 4
    assert evaluate(model, np.array([0, 1, 1, 1]), 9).actions_per_success == float("inf")


def test_a_random_walk_on_the_chain_by_hand():
    # The end needs 4 heads within 5 tosses: all of the first 4, or exactly 3 of them and the fifth.
    result = evaluate(chain(), uniform_policy(chain()), 5)
    assert result.success == pytest.approx(1 / 16 + 4 / 32)
    assert result.length == pytest.approx(5 - 1 / 16)


@pytest.mark.parametrize("env_id", IDS)
def test_optimal_values_satisfy_a_linear_program(env_id):
    model = tabular_model(gym.make(env_id))
    gamma = 0.95
    solution = value_iteration(model, gamma=gamma)
    states, actions, _ = model.next_state.shape
    if states > 600:  # the program is dense: on the large ones, the equations of the greedy policy
        values = discounted_values_by_hand(model, np.eye(actions)[solution.policy], gamma)
    else:
        rows, bounds = [], []
        for s, a in np.ndindex(states, actions):
            row = np.zeros(states)
            row[s] -= 1
            for k, p in enumerate(model.probability[s, a]):
                if not model.terminated[s, a, k]:
                    row[model.next_state[s, a, k]] += gamma * p
            rows.append(row)
            bounds.append(-model.probability[s, a] @ model.reward[s, a])
        program = linprog(np.ones(states), A_ub=np.array(rows), b_ub=bounds, bounds=(None, None))
        values = program.x
    np.testing.assert_allclose(solution.values, values, atol=1e-6)
    assert solution.optimal_actions[np.arange(states), solution.policy].all()


@pytest.mark.parametrize("env_id", IDS)
def test_discounted_values_against_a_dense_solve_and_value_iteration(env_id):
    model = tabular_model(gym.make(env_id))
    solution = value_iteration(model, gamma=0.9)
    np.testing.assert_allclose(discounted_values(model, solution.policy, 0.9), solution.values, atol=1e-8)
    noisy = epsilon_greedy(model, solution.policy, 0.3)
    np.testing.assert_allclose(noisy.sum(axis=1), 1)
    np.testing.assert_allclose(
        discounted_values(model, noisy, 0.9), discounted_values_by_hand(model, noisy, 0.9), atol=1e-8
    )


@pytest.mark.parametrize("env_id", IDS)
def test_actions_and_probabilities_mean_the_same_policy(env_id):
    model = tabular_model(gym.make(env_id))
    policy = value_iteration(model).policy
    table = np.eye(model.next_state.shape[1])[policy]
    assert evaluate(model, policy, 150) == pytest.approx(evaluate(model, table, 150))
    assert epsilon_greedy(model, policy, 1.0) == pytest.approx(uniform_policy(model))


@pytest.mark.parametrize("env_id", IDS)
def test_evaluation_against_simulation(env_id):
    # A mean of 2,000 is off by more than 5 standard errors with probability below 1e-6 (15 means).
    env = gym.make(env_id)
    model, limit = tabular_model(env, unshaped=True), env.spec.max_episode_steps
    policy = value_iteration(model, gamma=0.9).policy
    noisy = 0.7 * np.eye(model.next_state.shape[1])[policy] + 0.3 * uniform_policy(model)
    cumulative = noisy.cumsum(axis=1)
    rng = np.random.default_rng(7)
    returns, lengths, successes = [], [], []
    obs, _ = env.reset(seed=8)  # not 7: the same seed gives both the same stream
    for _ in range(2_000):
        total, length, over = 0.0, 0, False
        while not over:
            action = min(int((cumulative[obs] < rng.random()).sum()), noisy.shape[1] - 1)
            obs, reward, terminated, truncated, info = env.step(action)
            total += info.get("happiness", reward)
            length += 1
            over = terminated or truncated
        returns.append(total)
        lengths.append(length)
        successes.append(terminated and reward > 0)
        obs, _ = env.reset()
    exact = evaluate(model, noisy, limit)
    for value, sample in ((exact.mean_return, returns), (exact.length, lengths), (exact.success, successes)):
        assert np.mean(sample) == pytest.approx(value, abs=5 * np.std(sample) / len(sample) ** 0.5 + 1e-9)


def test_the_random_policy():
    figures = {"CookieJar-v0": 1 / 1423, "CookieJarCorner-v0": 0.3525}
    for env_id, success in figures.items():
        model = tabular_model(gym.make(env_id))
        assert evaluate(model, uniform_policy(model), 200).success == pytest.approx(success, rel=1e-3)


@pytest.mark.parametrize("env_id", IDS)
def test_nothing_beats_the_optimum(env_id):
    env = gym.make(env_id)
    model = tabular_model(env, unshaped=True)
    best = optimum(model, 100).mean_return
    for gamma in (0.5, 0.9, 0.99, 0.999):
        policy = value_iteration(model, gamma=gamma).policy
        assert evaluate(model, policy, 100).mean_return <= best + 1e-9


def test_all_optimal_actions_are_found():
    model = tabular_model(gym.make("CookieJar-v0"))
    solution = value_iteration(model)
    rows = np.arange(len(model.start))
    worse = [0, 0]
    for action in range(10):
        after = np.where(model.terminated, 0.0, solution.values[model.next_state])[:, action, 0]
        value = model.reward[rows, action, 0] + 0.99 * after
        optimal = solution.optimal_actions[:, action]
        np.testing.assert_allclose(value[optimal], solution.values[optimal], atol=1e-12)
        assert (value[~optimal] < solution.values[~optimal] - 1e-6).all()
        worse[0] += optimal.sum()
        worse[1] += (~optimal).sum()
    assert worse[0] > len(rows)  # there are ties
    assert worse[1] > worse[0]


@pytest.mark.parametrize(
    ("env_id", "options", "gamma"),
    [
        ("CookieJarHouse-v0", {}, 0.7),
        ("CookieJar-v0", {}, 0.3),
        ("CookieJar-v0", {"happiness": {"act": 0.0}}, 1.0),
        ("CookieJar-v0", {}, 1.0),
        ("FrozenLake-v1", {"is_slippery": False}, 1.0),
        ("CookieJarCorner-v0", {"happiness": {"act": -1e6, "cookie_liked": 1e6}, "clumsiness": 0.2}, 0.999),
    ],
)
def test_the_optimal_policy_reaches_the_optimum_with_any_sensible_gamma(env_id, options, gamma):
    env = gym.make(env_id, **options)
    model = tabular_model(env)
    best = optimum(model, 200)
    reached = evaluate(model, value_iteration(model, gamma).policy, 200)
    assert reached.mean_return == pytest.approx(best.mean_return, rel=1e-9)
    assert reached.success == pytest.approx(best.success)
    assert reached.length == pytest.approx(best.length)


def test_of_optimal_policies_the_one_of_the_shortest_episodes_is_evaluated():
    lake = tabular_model(gym.make("FrozenLake-v1", is_slippery=False))
    assert optimum(lake, 100) == pytest.approx((1.0, 1.0, 6.0))
    patient = tabular_model(gym.make("CookieJar-v0", happiness={"act": 0.0}))
    assert optimum(patient, 200).length == pytest.approx(15)


@pytest.mark.parametrize(
    "policy",
    [
        np.ones((40, 10)), np.full(40, -1), np.full(40, 10), np.zeros(39, int), np.zeros((40, 1), int),
        np.full((40, 10), np.nan), np.zeros((40, 10)), [0] * 39, np.zeros(40),
    ],
)  # fmt: skip
def test_what_is_no_policy_is_refused(policy):
    model = tabular_model(gym.make("CookieJarCorner-v0"))
    with pytest.raises(AgentError, match="expected a policy"):
        evaluate(model, policy, 20)


@pytest.mark.parametrize("gamma", [-0.5, 1.5, float("nan"), "much"])
def test_bad_discounts(gamma):
    model = tabular_model(gym.make("CookieJarCorner-v0"))
    with pytest.raises(AgentError, match="gamma"):
        value_iteration(model, gamma)
    with pytest.raises(AgentError, match="gamma"):
        discounted_values(model, np.zeros(40, int), gamma)
    with pytest.raises(AgentError, match="below 1"):
        discounted_values(model, np.zeros(40, int), 1.0)


def test_values_that_grow_for_ever_are_refused(monkeypatch):
    monkeypatch.setattr("cookie_jar.agents.solving.MAX_SWEEPS", 1_000)
    model = tabular_model(gym.make("CookieJarCorner-v0", happiness={"act": 0.1}))
    with pytest.raises(AgentError, match="do not converge"):
        value_iteration(model, gamma=1.0)


@pytest.mark.parametrize("name", ["CookieJar-v0", "CookieJarClumsy-v0", TAXI])
def test_the_clock_does_not_matter_where_there_is_time(name):
    model = tabular_model(gym.make(name))
    assert best_stationary(model, 200) == pytest.approx(optimum(model, 200))


def test_on_a_frozen_lake_the_clock_is_worth_two_percent():
    model = tabular_model(gym.make("FrozenLake8x8-v1"))
    best, stationary = optimum(model, 200).mean_return, best_stationary(model, 200).mean_return
    assert 0.97 < stationary / best < 0.985
    assert stationary >= evaluate(model, value_iteration(model, 0.99).policy, 200).mean_return


def test_a_single_action_leaves_no_time_to_plan():
    """With one action left, a small reward now is best; the best policy for two actions goes on."""
    next_state = np.array([[[0], [1]], [[1], [1]]])
    reward = np.array([[[1.0], [0.0]], [[0.0], [5.0]]])
    terminated = np.array([[[True], [False]], [[True], [True]]])
    model = TabularModel(next_state, np.ones((2, 2, 1)), reward, terminated, np.array([1.0, 0.0]))
    assert best_stationary(model, 1).mean_return == optimum(model, 1).mean_return == 1.0
    assert best_stationary(model, 2).mean_return == optimum(model, 2).mean_return == 5.0
    assert best_stationary(model, 0) == optimum(model, 0) == (0.0, 0.0, 0.0)
