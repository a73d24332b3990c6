"""Evaluation of agents: exact if the environment has a model, otherwise by episodes from fixed seeds."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .base import Agent
from .exact import Evaluation, evaluate, optimum, uniform_policy
from .model import TabularModel, state_observations, tabular_model, time_limit
from .on_policy import OnPolicy

EPISODES = 100
FIRST_SEED = 1_000_000
NO_LIMIT = 1_000  # maximum actions in an episode, if the environment has no time limit
LEVELS = 10  # number of evaluated levels, if the environment draws from many


class ExactModel(NamedTuple):
    """A model of an environment, with the observation in each state.

    Attributes:
        model: The tabular model, with unshaped rewards.
        observations: The observation in each state [S, ...].
    """

    model: TabularModel
    observations: NDArray[Any]


class Evaluator:
    """Evaluates agents in one environment.

    If the environment draws its episodes from numbered levels, results are means over some of these levels.

    Args:
        env: The environment.
        levels: The first and the last level; by default those that the environment draws from.

    Attributes:
        exact: Whether results are computed on the model, without sampling noise.
        horizon: The maximum number of actions in an episode.
        random: The evaluation of the uniformly random policy.
        optimum: The evaluation of the optimal policy, or None without a model.
    """

    def __init__(self, env: gym.Env[Any, Any], levels: tuple[int, int] | None = None) -> None:
        self._env = env
        self.horizon = time_limit(env) or NO_LIMIT
        self._models = _models(env, levels if levels is not None else own_levels(env))
        self.exact = len(self._models) > 0
        self.optimum: Evaluation | None = None
        if self.exact:
            models = [exact.model for exact in self._models]
            self.random = _mean([evaluate(m, uniform_policy(m), self.horizon) for m in models])
            self.optimum = _mean([optimum(m, self.horizon) for m in models])
        else:
            env.action_space.seed(FIRST_SEED)
            self.random = self._sample(lambda observed: [env.action_space.sample() for _ in observed])

    @property
    def how(self) -> str:
        """A phrase that says how results are computed."""
        if not self.exact:
            return f"means of {EPISODES} episodes from fixed seeds"
        many = f", mean of {len(self._models)} levels" if len(self._models) > 1 else ""
        return f"exact, without sampling noise{many}"

    def greedy(self, agent: Agent) -> Evaluation:
        """Evaluate the greedy policy of an agent."""
        if not self.exact:
            return self._sample(lambda observed: agent.predict(np.array(observed), deterministic=True)[0])
        return _mean([evaluate(m, agent.best(obs), self.horizon) for m, obs in self._models])

    def stochastic(self, agent: Agent) -> Evaluation:
        """Evaluate the exploring policy of an agent."""
        if self.exact:
            return _mean(
                [evaluate(m, action_probabilities(agent, obs), self.horizon) for m, obs in self._models]
            )
        own, agent.rng = agent.rng, np.random.default_rng(FIRST_SEED)  # leaves the agent unchanged
        try:
            return self._sample(lambda observed: agent.predict(np.array(observed))[0])
        finally:
            agent.rng = own

    def scores(self, agent: Agent) -> tuple[Evaluation, Evaluation | None]:
        """Evaluate the greedy policy, and for policy gradient agents also the stochastic policy.

        Without a model, the second result is None, because it would take as many episodes again.
        """
        if not self.exact or not isinstance(agent, OnPolicy):
            return self.greedy(agent), None
        greedy, sampled = [], []
        for model, observations in self._models:
            probabilities = agent.probabilities(observations)
            greedy.append(evaluate(model, probabilities.argmax(axis=1), self.horizon))
            sampled.append(evaluate(model, probabilities, self.horizon))
        return _mean(greedy), _mean(sampled)

    def percent(self, mean_return: float) -> float:
        """Return a mean return in percent: 0 is the random policy, 100 the optimum; NaN without a model."""
        if self.optimum is None or self.optimum.mean_return == self.random.mean_return:
            return float("nan")
        span = self.optimum.mean_return - self.random.mean_return
        return 100 * (mean_return - self.random.mean_return) / span

    def _sample(self, act: Callable[[Sequence[Any]], Iterable[Any]]) -> Evaluation:
        """Return the means over `EPISODES` episodes; success is NaN if the environment does not report it."""
        assert self._env.spec is not None
        envs = [gym.make(self._env.spec) for _ in range(EPISODES)]
        observations = [env.reset(seed=FIRST_SEED + i)[0] for i, env in enumerate(envs)]
        running, totals = list(range(EPISODES)), np.zeros(3)
        for _ in range(self.horizon):
            actions = act([observations[i] for i in running])
            for i, action in zip(list(running), actions, strict=True):
                observations[i], reward, terminated, truncated, info = envs[i].step(action)
                totals += info.get("happiness", float(reward)), 0, 1
                if terminated or truncated:
                    totals[1] += info.get("is_success", np.nan)
                    running.remove(i)
            if not running:
                break
        return Evaluation(*(totals / EPISODES).tolist())


def action_probabilities(agent: Agent, observations: NDArray[Any]) -> NDArray[np.float64]:
    """Return the probability of each action [n, A] when an agent explores, for observations [n, ...]."""
    if hasattr(agent, "probabilities"):
        given: NDArray[np.float64] = agent.probabilities(observations)
        return given
    actions, epsilon = int(agent.action_space.n), float(getattr(agent, "exploration_final_eps", 0.0))
    greedy = np.eye(actions)[agent.best(observations)]
    return epsilon / actions + (1 - epsilon) * greedy


def own_levels(env: gym.Env[Any, Any]) -> tuple[int, int] | None:
    """Return the first and the last level that an environment draws from, or None without levels."""
    levels: tuple[int, int] | None = getattr(env.unwrapped, "levels", None)
    return levels


def unseen_levels(env: gym.Env[Any, Any]) -> tuple[int, int] | None:
    """Return the first and the last test level of an environment, or None without test levels."""
    levels: tuple[int, int] | None = getattr(env.unwrapped, "test_levels", None)
    return levels


def _models(env: gym.Env[Any, Any], levels: tuple[int, int] | None) -> list[ExactModel]:
    """Return the models to evaluate on; empty without a model."""
    if levels is None:
        return _model_of(env)
    first, last = levels
    numbers = np.unique(np.linspace(first, last, LEVELS).astype(int)).tolist()
    return [exact for number in numbers for exact in _model_of(_level(env, number))]


def _model_of(env: gym.Env[Any, Any]) -> list[ExactModel]:
    model, observations = tabular_model(env, unshaped=True), state_observations(env)
    return [] if model is None or observations is None else [ExactModel(model, observations)]


def _level(env: gym.Env[Any, Any], number: int) -> gym.Env[Any, Any]:
    """Return the environment restricted to one level."""
    assert env.spec is not None
    options = env.spec.kwargs | {"levels": (number, number), "render_mode": None}
    return gym.make(env.spec.id, **options)


def _mean(scores: Sequence[Evaluation]) -> Evaluation:
    return Evaluation(*np.mean(scores, axis=0).tolist())
