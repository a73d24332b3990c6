"""Exact evaluation of agents, models of other libraries, functions and tables."""

from types import SimpleNamespace

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Box
from gymnasium.wrappers import FlattenObservation, RecordEpisodeStatistics, TimeLimit
from needs import CLIFF, TAXI
from toys import Corridor

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import (
    AgentError,
    Evaluator,
    Optimal,
    QLearning,
    Random,
    Reinforce,
    evaluate,
    evaluate_exactly,
    optimum,
    tabular_model,
    uniform_policy,
    value_iteration,
)

CORNER = "CookieJarCorner-v0"


class Model:
    """A model with the interface of Stable-Baselines3, that acts by a table of actions."""

    def __init__(self, env, table, **attributes):
        self.observation_space, self.action_space = env.observation_space, env.action_space
        self.table = table
        vars(self).update(attributes)

    def predict(self, observation, state=None, episode_start=None, deterministic=False):
        return self.table[observation], state


class Remembers(Model):
    def predict(self, observation, state=None, episode_start=None, deterministic=False):
        return self.table[observation], (np.zeros(1),)


class Masked(Model):
    def predict(self, observation, state=None, episode_start=None, deterministic=False, action_masks=None):
        return self.table[observation], state


def test_a_corridor_by_hand():
    env = TimeLimit(Corridor(), 5)
    result = evaluate_exactly(lambda state: 1, env)
    assert (result.mean_return, result.success, result.length) == (1.0, 1.0, 3.0)
    assert (result.regret, result.percent, result.horizon) == (0.0, 100.0, 5)
    assert evaluate_exactly(lambda state: 0, env)[:3] == (0.0, 0.0, 5.0)
    # Within 5 fair tosses: rrr, lrrr, llrrr, rlrrr, and rrlrr (left in the first cell stays there).
    assert evaluate_exactly(lambda state: [0.5, 0.5], env).success == pytest.approx(1 / 8 + 1 / 16 + 3 / 32)


@pytest.mark.parametrize("env_id", [CORNER, "FrozenLake-v1", TAXI, CLIFF])
def test_all_kinds_of_policies_give_the_same(env_id):
    env = gym.make(env_id)
    agent, model = Optimal(env), tabular_model(env)
    horizon = env.spec.max_episode_steps or 1_000
    table = agent.policy
    results = [
        evaluate_exactly(policy, env) for policy in (agent, table, table.__getitem__, Model(env, table))
    ]
    one_hot = np.eye(env.action_space.n)[table]
    results += [evaluate_exactly(policy, env) for policy in (one_hot, lambda state: one_hot[state])]
    assert all(result == results[0] for result in results)
    assert results[0][:3] == evaluate(model, table, horizon)
    assert results[0].optimum == optimum(model, horizon)
    assert results[0].random == evaluate(model, uniform_policy(model), horizon)
    assert evaluate_exactly(Random(env), env, deterministic=False).percent == pytest.approx(0)


@pytest.mark.parametrize("observation", ["factors", "vector", "grid", "pixels"])
def test_functions_get_single_observations(observation):
    env = gym.make(CORNER, observation=observation)
    plain = gym.make(CORNER)
    space, table = env.observation_space, Optimal(plain).policy
    states = {env.unwrapped.state_observations[state].tobytes(): state for state in range(40)}
    seen = []

    def policy(obs):
        assert space.contains(obs)
        state = states[obs.tobytes()]
        seen.append(state)
        obs[...] = 0  # a policy may change its observation
        return table[state]

    assert evaluate_exactly(policy, env) == evaluate_exactly(table, plain)
    assert len(set(seen)) == 7  # the states that are reached
    assert len(seen) == 2 * 7 + 2  # asked twice in each, and more often in the first


def test_functions_get_real_numbers():
    class Positions(Corridor):
        """A corridor whose observations are single real numbers."""

        def __init__(self):
            super().__init__()
            self.observation_space, self.state_observations = Box(0, 1, ()), np.linspace(0, 1, 4, dtype="f4")

        def reset(self, **options):
            return self.state_observations[super().reset(**options)[0]], {}

        def step(self, action):
            state, *rest = super().step(action)
            return self.state_observations[state], *rest

    seen = []
    assert evaluate_exactly(lambda obs: seen.append(obs) or 1, Positions()).success == 1
    assert sorted(set(seen)) == pytest.approx([0, 1 / 3, 2 / 3])


def test_agents_are_judged_as_by_an_evaluator():
    env = gym.make("CookieJarHints-v0", kitchen="corner")
    agent, evaluator = Reinforce(env, seed=0).learn(500), Evaluator(env)
    for deterministic, expected in ((True, evaluator.greedy(agent)), (False, evaluator.stochastic(agent))):
        result = evaluate_exactly(agent, env, deterministic=deterministic)
        assert result[:3] == pytest.approx(expected)
        assert (result.random, result.optimum) == (evaluator.random, evaluator.optimum)
        assert result.percent == pytest.approx(evaluator.percent(expected.mean_return))


def test_the_exploration_of_a_model_counts_if_asked_for():
    env = gym.make(CORNER)
    agent = QLearning(env, seed=0, exploration_final_eps=0.3).learn(5_000)
    model = Model(env, agent.policy, exploration_rate=0.3)
    for deterministic in (True, False):
        ours = evaluate_exactly(agent, env, deterministic=deterministic)
        assert evaluate_exactly(model, env, deterministic=deterministic)[:3] == pytest.approx(ours[:3])
    with pytest.raises(AgentError, match="does not report how it explores"):
        evaluate_exactly(Model(env, agent.policy), env, deterministic=False)


def test_wrappers_that_only_record_are_left_out():
    env = gym.make(CORNER)
    agent = Optimal(env)
    assert evaluate_exactly(agent, RecordEpisodeStatistics(env)) == evaluate_exactly(agent, CORNER)


def test_the_change_of_a_wrapper_belongs_to_the_function():
    env = gym.make(CORNER, observation="factors")
    wrapped, table = FlattenObservation(env), Optimal(CORNER).policy
    states = {
        wrapped.observation(row).tobytes(): state
        for state, row in enumerate(env.unwrapped.state_observations)
    }
    with pytest.raises(
        AgentError, match=r"without the wrapper FlattenObservation.*a function that does the same"
    ):
        evaluate_exactly(lambda obs: table[states[obs.tobytes()]], wrapped)
    assert evaluate_exactly(lambda obs: table[states[wrapped.observation(obs).tobytes()]], env).regret == 0


def test_the_table_shows_three_policies():
    lines = str(evaluate_exactly(Optimal(CORNER), CORNER)).splitlines()
    assert lines[0].split() == ["return", "regret", "of", "possible", "success", "length"]
    assert lines[2].split() == ["this", "policy", "1.45", "0.00", "100.0", "%", "100.00", "%", "7.0"]
    assert len({len(line) for line in lines}) == 1
    same = TimeLimit(Corridor(), 1)
    assert "unknown" in str(
        evaluate_exactly(lambda state: 0, same)
    )  # the random policy and the optimum are equal


ENV = gym.make(CORNER)
ZEROS = np.zeros(40, int)


@pytest.mark.parametrize(
    ("policy", "env", "message"),
    [
        (lambda state: 10, ENV, "an action below 10, or 10 probabilities that sum to 1, got 10 for"),
        (lambda state: -1, ENV, "got -1"),
        (lambda state: None, ENV, "got None"),
        (lambda state: True, ENV, "got True"),
        (lambda state: (np.array(3), None), ENV, "array"),
        (lambda state: np.zeros(10), ENV, "probabilities"),
        (lambda state: np.full(10, np.nan), ENV, "probabilities"),
        (np.zeros((40, 10)), ENV, "expected a policy: an action below 10 for each of 40 states"),
        (None, ENV, "expected a policy"),
        (Model, ENV, "the class Model; create an object"),
        (SimpleNamespace(predict=lambda obs: 0), ENV, "an argument `deterministic`; pass a function"),
        (
            SimpleNamespace(predict=lambda obs, deterministic: [0]),
            ENV,
            r"expected actions and a state \(None\), got \[0\]",
        ),
        (
            SimpleNamespace(predict=lambda obs, deterministic: ([[0], [0, 1]], None)),
            ENV,
            "predict: expected 1 actions below 10",
        ),
        (Model(ENV, ZEROS + 10), ENV, "predict: expected 1 actions below 10"),
        (Model(ENV, ZEROS / 2), ENV, "predict: expected 1 actions below 10"),
        (Remembers(ENV, ZEROS), ENV, "Remembers remembers"),
        (Masked(ENV, ZEROS), ENV, "Masked needs the action masks"),
        (Model(gym.make(TAXI), ZEROS), ENV, r"for Discrete\(40\), got one for Discrete\(500\)"),
        (QLearning(TAXI), ENV, r"for Discrete\(40\), got one for Discrete\(500\)"),
        *[(Random(ENV, seed=n), ENV, "acts otherwise when asked.*deterministic=False") for n in range(12)],
        (ZEROS, "CartPole-v1", "offers no table; estimate with episodes"),
        (ZEROS, "CookieJarRandom-v0", r"levels=\(0, 0\)"),
        (ZEROS, None, "expected a Gymnasium environment or its id"),
    ],
)
def test_what_cannot_be_judged_is_refused(policy, env, message):
    with pytest.raises(AgentError, match=message) as caught:
        evaluate_exactly(policy, env)
    assert "\n" not in str(caught.value)


def test_a_function_that_draws_at_random_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(AgentError, match="return the probabilities"):
        evaluate_exactly(lambda state: int(rng.integers(10)), "CookieJarClumsy-v0")


def test_one_level_is_judged():
    env = gym.make("CookieJarRandom-v0", levels=(5, 5))
    result = evaluate_exactly(lambda grid: int(grid.sum()) % 10, env)
    assert result.regret > 0
    assert evaluate_exactly(value_iteration(tabular_model(env)).policy, env).regret == pytest.approx(0)
