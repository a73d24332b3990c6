"""How good is it? Exactly where the environment has a model, else by episodes from fixed seeds."""

from typing import Any

import gymnasium as gym

from cookie_jar.agents import Agent, Evaluation, evaluate, optimum, tabular_model, uniform_policy
from cookie_jar.agents.model import time_limit

EPISODES = 100
FIRST_SEED = 1_000_000
NO_LIMIT = 1_000  # actions, where the environment has no time limit


class Judge:
    """Scores greedy policies in one environment.

    Attributes:
        exact: whether scores come from the model, without sampling noise.
        random: what acting at random is worth.
        optimum: what the best behaviour is worth, or None where there is no model.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        self._env = env
        self._model = tabular_model(env, true_happiness=True)
        self.horizon = time_limit(env) or NO_LIMIT
        self.exact = self._model is not None
        self.optimum: Evaluation | None = None
        if self._model is None:
            env.action_space.seed(FIRST_SEED)
            self.random = self._sample(lambda _: env.action_space.sample())
        else:
            self.random = evaluate(self._model, uniform_policy(self._model), self.horizon)
            self.optimum = optimum(self._model, self.horizon)

    def greedy(self, agent: Agent) -> Evaluation:
        """What the agent's greedy policy is worth."""
        if self._model is not None:
            return evaluate(self._model, agent.policy, self.horizon)
        return self._sample(lambda obs: agent.predict(obs, deterministic=True)[0])

    def percent(self, happiness: float) -> float:
        """The place between the random policy (0) and the optimum (100); not a number without a model."""
        if self.optimum is None or self.optimum.happiness == self.random.happiness:
            return float("nan")
        span = self.optimum.happiness - self.random.happiness
        return 100 * (happiness - self.random.happiness) / span

    def _sample(self, act: Any) -> Evaluation:
        """The mean of some episodes, in an environment of their own."""
        assert self._env.spec is not None
        env = gym.make(self._env.spec)
        happiness, successes, length = 0.0, 0, 0
        for episode in range(EPISODES):
            obs, info = env.reset(seed=FIRST_SEED + episode)
            for _ in range(self.horizon):
                obs, reward, terminated, truncated, info = env.step(act(obs))
                happiness += info.get("happiness", float(reward))
                length += 1
                if terminated or truncated:
                    break
            successes += bool(info.get("is_success", False))
        env.close()
        return Evaluation(happiness / EPISODES, successes / EPISODES, length / EPISODES)
