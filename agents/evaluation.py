"""Evaluation of agents: exact if the environment has a model, otherwise by episodes from fixed seeds."""

import sys
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from functools import cached_property
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .base import Agent
from .checks import checked_env
from .copies import quiet_copy
from .env_changes import differences
from .errors import AgentError, shown
from .exact import Evaluation, backward_induction, evaluate, stationary, uniform_policy
from .hyperparameters import Interval, Whole
from .model import TabularModel, offered_model
from .model_check import STEPS
from .numbered import NUMBERED, checked_range, own_range, remade, seeing_state
from .on_policy import OnPolicy
from .rewards import checked_flag, finite_reward, success, unshaped_reward
from .wrappers import time_limit

EPISODES = 100
FIRST_SEED = 1_000_000
NO_LIMIT = 1_000  # maximum actions in an episode, if the environment has no time limit
LEVELS = 10  # evaluated during training, if the environment draws from more
ALL_LEVELS = 100  # evaluated for a final score: all test levels, or all validation levels


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

    If the environment draws its episodes from numbered levels, results are means over some of these levels,
    evenly spaced.
    If the environment shows numbered pictures instead of the state, policies are evaluated by episodes, and
    the random policy and the optimum exactly: the optimum is that of an agent that knows the state.

    Args:
        env: The environment.
        levels: The first and the last level; by default those that the environment draws from.
        pictures: The first and the last picture; by default those that the environment draws from.
        max_levels: The largest number of levels to evaluate; by default 10, so that an evaluation is fast.

    Attributes:
        exact: Whether policies are evaluated on the model, without sampling noise.
        horizon: The maximum number of actions in an episode.
        numbered: What the environment draws its episodes from by number: "levels", "pictures" or "".
        random: The evaluation of the uniformly random policy.
        optimum: The evaluation of the optimal policy, which knows the time left, or None without a model.

    Raises:
        AgentError: If `env` is not an environment or cannot be copied, or levels or pictures are not two
            whole numbers.
    """

    def __init__(
        self,
        env: gym.Env[Any, Any],
        levels: tuple[int, int] | None = None,
        pictures: tuple[int, int] | None = None,
        *,
        max_levels: int | None = None,
    ) -> None:
        env = checked_env(env)
        own = {name: own_range(env, name) for name in NUMBERED}
        asked = {"levels": levels, "pictures": pictures}
        chosen = {name: own[name] if r is None else checked_range(name, r) for name, r in asked.items()}
        self._observation_space, self._action_space = env.observation_space, env.action_space
        self._env = env if chosen == own else remade(env, {n: r for n, r in chosen.items() if r is not None})
        self.numbered = " and ".join(name for name in own if own[name] is not None)
        self.horizon = time_limit(env) or NO_LIMIT
        most = Whole(1)("max_levels", LEVELS if max_levels is None else max_levels)
        self._levels = chosen["levels"]
        self._models = _models(env, self._levels, most)
        self.exact = len(self._models) > 0
        self.optimum: Evaluation | None = None
        self._last: dict[tuple[int, int], tuple[NDArray[Any], Evaluation]] = {}
        self._solved: list[tuple[TabularModel, Evaluation, NDArray[np.int64]]] = []
        seeing = None if self.exact or own["pictures"] is None else seeing_state(env)
        known = self._models if seeing is None else _models(seeing, self._levels, most)
        if known:
            models = [exact.model for exact in known]
            solved = [backward_induction(m, self.horizon) for m in models]
            self._solved = [(m, *solution) for m, solution in zip(models, solved, strict=True)]
            self.random = _mean([evaluate(m, uniform_policy(m), self.horizon) for m in models])
            self.optimum = _mean([best for best, _ in solved])
        else:
            actions = deepcopy(env.action_space)  # leaves the environment unchanged
            actions.seed(FIRST_SEED)
            self.random = self._sample(lambda observed: [actions.sample() for _ in observed])

    @property
    def how(self) -> str:
        """A phrase that says how results are computed."""
        if not self.exact:
            known = "" if self.optimum is None else "; random and optimum exact, the optimum knows the state"
            return f"means of {EPISODES} episodes from fixed seeds{known}"
        if self._levels is None or len(self._models) == 1:
            return "exact, without sampling noise"
        (first, last), count = self._levels, len(self._models)
        part = "" if count == last - first + 1 else f" of {last - first + 1:,}"
        return f"exact, without sampling noise, mean of {count}{part} levels ({first:,} to {last:,})"

    @cached_property
    def best_stationary(self) -> Evaluation | None:
        """The evaluation of the best policy found that does not know the time left; None without a model.

        See `exact.best_stationary`. It is computed when it is first asked for.
        """
        found = [stationary(model, self.horizon, best, policy) for model, best, policy in self._solved]
        return _mean(found) if found else None

    def greedy(self, agent: Agent) -> Evaluation:
        """Evaluate the greedy policy of an agent.

        Raises:
            AgentError: If `agent` is not an agent, or is for other spaces.
        """
        self._check(agent)
        if not self.exact:
            return self._sample(lambda observed: agent.predict(_batch(observed), deterministic=True)[0])
        return _mean([self._evaluate(n, agent.best(obs)) for n, (_, obs) in enumerate(self._models)])

    def stochastic(self, agent: Agent) -> Evaluation:
        """Evaluate the exploring policy of an agent.

        Raises:
            AgentError: If `agent` is not an agent, or is for other spaces.
        """
        self._check(agent)
        if self.exact:
            policies = [action_probabilities(agent, obs) for _, obs in self._models]
            return _mean([self._evaluate(n, policy) for n, policy in enumerate(policies)])
        own, agent.rng = agent.rng, np.random.default_rng(FIRST_SEED)  # leaves the agent unchanged
        try:
            return self._sample(lambda observed: agent.predict(_batch(observed))[0])
        finally:
            agent.rng = own

    def scores(self, agent: Agent) -> tuple[Evaluation, Evaluation | None]:
        """Evaluate the greedy policy, and for policy gradient agents also the stochastic policy.

        Without a model, the second result is None, because it would take as many episodes again.

        Raises:
            AgentError: If `agent` is not an agent, or is for other spaces.
        """
        self._check(agent)
        if not self.exact or not isinstance(agent, OnPolicy):
            return self.greedy(agent), None
        greedy, sampled = [], []
        for number, (_, observations) in enumerate(self._models):
            probabilities = agent.probabilities(observations)
            greedy.append(self._evaluate(number, probabilities.argmax(axis=1)))
            sampled.append(self._evaluate(number, probabilities))
        return _mean(greedy), _mean(sampled)

    def percent(self, mean_return: float) -> float:
        """Return a mean return in percent: 0 is the random policy, 100 the optimum; NaN without a model.

        Raises:
            AgentError: If the mean return is not a finite number.
        """
        mean_return = Interval(-sys.float_info.max, sys.float_info.max)("mean_return", mean_return)
        if self.optimum is None or self.optimum.mean_return == self.random.mean_return:
            return float("nan")
        span = self.optimum.mean_return - self.random.mean_return
        return 100 * (mean_return - self.random.mean_return) / span

    def _evaluate(self, number: int, policy: NDArray[Any]) -> Evaluation:
        """Evaluate a policy on a model; the score of the last policy of each shape is kept."""
        last = self._last.get((number, policy.ndim))
        if last is not None and np.array_equal(last[0], policy):
            return last[1]
        score = evaluate(self._models[number].model, policy, self.horizon)
        self._last[number, policy.ndim] = policy.copy(), score
        return score

    def _check(self, agent: object) -> None:
        """Raise an AgentError unless an agent can act in the environment."""
        if not isinstance(agent, Agent):
            raise AgentError(f"expected an agent, got {shown(agent)}")
        for mine, other in (
            (self._observation_space, agent.observation_space),
            (self._action_space, agent.action_space),
        ):
            if mine != other:
                raise AgentError(f"expected an agent for {shown(mine)}, got one for {shown(other)}")

    def _sample(self, act: Callable[[Sequence[Any]], Iterable[Any]]) -> Evaluation:
        """Return the means over `EPISODES` episodes; success is NaN if the environment does not report it."""
        envs = _copies(self._env)
        observations = [env.reset(seed=FIRST_SEED + i)[0] for i, env in enumerate(envs)]
        running, totals = list(range(EPISODES)), np.zeros(3)
        for _ in range(self.horizon):
            actions = act([observations[i] for i in running])
            for i, action in zip(list(running), actions, strict=True):
                observations[i], reward, terminated, truncated, info = envs[i].step(action)
                totals += unshaped_reward(info, finite_reward(reward)), 0, 1
                if checked_flag("terminated", terminated) or checked_flag("truncated", truncated):
                    totals[1] += success(info)
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


def _batch(observations: Sequence[Any]) -> Any:
    """Return observations as one array [n, ...], or as a dict of such arrays."""
    if isinstance(observations[0], dict):
        return {name: np.array([observed[name] for observed in observations]) for name in observations[0]}
    return np.array(observations)


def _models(env: gym.Env[Any, Any], levels: tuple[int, int] | None, most: int) -> list[ExactModel]:
    """Return the models to evaluate on, at most as many as given; empty without a model."""
    if levels is None:
        return _model_of(env, STEPS)
    first, last = levels
    numbers = np.unique(np.linspace(first, last, min(most, last - first + 1)).astype(int)).tolist()
    steps = STEPS // len(numbers)  # all levels have the same dynamics
    models = [_model_of(remade(env, {"levels": (number, number)}), steps) for number in numbers]
    return [exact for found in models for exact in found] if all(models) else []


def _model_of(env: gym.Env[Any, Any], steps: int) -> list[ExactModel]:
    offer = offered_model(env, steps)
    return [] if offer is None else [ExactModel(offer.unshaped, offer.observations)]


def _copies(env: gym.Env[Any, Any]) -> list[gym.Env[Any, Any]]:
    """Return `EPISODES` copies of an environment, to evaluate without an effect on its episode.

    Raises:
        AgentError: If the environment can neither be copied nor made again as it is.
    """
    try:
        return [quiet_copy(env) for _ in range(EPISODES)]
    except Exception as error:  # for example, a window cannot be copied
        reason = f"{type(error).__name__}: {error}"[:200]
    try:
        if env.spec is None:
            raise AgentError("the environment has no spec")
        copies = [gym.make(env.spec, render_mode=None) for _ in range(EPISODES)]
        if differences(env, copies[0], lambda: copies[-1]):
            raise AgentError("the environment was changed after its creation")
        return copies
    except Exception:
        raise AgentError(f"expected an environment that can be copied, got {env}; {reason}") from None


def _mean(scores: Sequence[Evaluation]) -> Evaluation:
    return Evaluation(*np.mean(scores, axis=0).tolist())
