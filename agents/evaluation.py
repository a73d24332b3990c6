"""How good is it? Exactly where the environment has a model, else by episodes from fixed seeds."""

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
NO_LIMIT = 1_000  # actions, where the environment has no time limit
LEVELS = 10  # of those that an environment draws from, as many are judged


class ExactModel(NamedTuple):
    """An environment that can be judged exactly: its model, and what is observed in each state [S, ...]."""

    model: TabularModel
    observations: NDArray[Any]


class Evaluator:
    """Scores greedy policies in one environment.

    Where episodes are of different levels, some of these are judged, and the means reported.

    Args:
        env: the environment.
        levels: the first and the last of the numbered levels to judge in; by default the environment's own.

    Attributes:
        exact: whether scores come from the model, without sampling noise.
        horizon: most actions of an episode.
        random: what acting at random is worth.
        optimum: what the best behaviour is worth, or None where there is no model.
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
        """How the scores come about, in words."""
        if not self.exact:
            return f"means of {EPISODES} episodes from fixed seeds"
        many = f", mean of {len(self._models)} levels" if len(self._models) > 1 else ""
        return f"exact, without sampling noise{many}"

    def greedy(self, agent: Agent) -> Evaluation:
        """What the agent's greedy policy is worth."""
        if not self.exact:
            return self._sample(lambda observed: agent.predict(np.array(observed), deterministic=True)[0])
        return _mean([evaluate(m, agent.best(obs), self.horizon) for m, obs in self._models])

    def stochastic(self, agent: Agent) -> Evaluation:
        """What acting with the agent's probabilities is worth."""
        if self.exact:
            return _mean(
                [evaluate(m, action_probabilities(agent, obs), self.horizon) for m, obs in self._models]
            )
        own, agent.rng = agent.rng, np.random.default_rng(FIRST_SEED)  # to be judged changes nobody
        try:
            return self._sample(lambda observed: agent.predict(np.array(observed))[0])
        finally:
            agent.rng = own

    def scores(self, agent: Agent) -> tuple[Evaluation, Evaluation | None]:
        """What the greedy policy is worth, and acting with probabilities, where the agent has any.

        Where there is no model, the second one is left out: it would take as many episodes again.
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
        """The place between the random policy (0) and the optimum (100); not a number without a model."""
        if self.optimum is None or self.optimum.mean_return == self.random.mean_return:
            return float("nan")
        span = self.optimum.mean_return - self.random.mean_return
        return 100 * (mean_return - self.random.mean_return) / span

    def _sample(self, act: Callable[[Sequence[Any]], Iterable[Any]]) -> Evaluation:
        """The mean of some episodes, all at the same time; success is nan where nobody tells."""
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
    """The probability of each action [n, A] for observations [n, ...], as the agent explores."""
    if hasattr(agent, "probabilities"):
        given: NDArray[np.float64] = agent.probabilities(observations)
        return given
    actions, epsilon = int(agent.action_space.n), float(getattr(agent, "exploration_final_eps", 0.0))
    greedy = np.eye(actions)[agent.best(observations)]
    return epsilon / actions + (1 - epsilon) * greedy


def own_levels(env: gym.Env[Any, Any]) -> tuple[int, int] | None:
    """The first and the last of the numbered levels that episodes are drawn from, where they are."""
    levels: tuple[int, int] | None = getattr(env.unwrapped, "levels", None)
    return levels


def unseen_levels(env: gym.Env[Any, Any]) -> tuple[int, int] | None:
    """The first and the last of the levels to test on, where the environment names any."""
    levels: tuple[int, int] | None = getattr(env.unwrapped, "test_levels", None)
    return levels


def _models(env: gym.Env[Any, Any], levels: tuple[int, int] | None) -> list[ExactModel]:
    """What is to be judged exactly; nothing where there is no model."""
    if levels is None:
        return _model_of(env)
    first, last = levels
    numbers = np.unique(np.linspace(first, last, LEVELS).astype(int)).tolist()
    return [exact for number in numbers for exact in _model_of(_level(env, number))]


def _model_of(env: gym.Env[Any, Any]) -> list[ExactModel]:
    model, observations = tabular_model(env, unshaped=True), state_observations(env)
    return [] if model is None or observations is None else [ExactModel(model, observations)]


def _level(env: gym.Env[Any, Any], number: int) -> gym.Env[Any, Any]:
    """The same environment with that level as its only kitchen."""
    assert env.spec is not None
    options = env.spec.kwargs | {"levels": (number, number), "render_mode": None}
    return gym.make(env.spec.id, **options)


def _mean(scores: Sequence[Evaluation]) -> Evaluation:
    return Evaluation(*np.mean(scores, axis=0).tolist())
