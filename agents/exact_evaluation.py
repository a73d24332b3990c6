"""Exact evaluation of any policy: of an agent, a model of another library, a function, or a table."""

from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .asking import Ask, asked
from .checks import checked_env
from .copies import without_observers
from .errors import AgentError
from .evaluation import NO_LIMIT
from .exact import Evaluation, evaluate, optimum, uniform_policy
from .hyperparameters import Flag
from .model import required_model
from .model_table import TabularModel
from .model_trust import Offer
from .numbered import own_range
from .wrappers import opaque_wrapper, time_limit

Floats = NDArray[np.float64]
AGAIN = 3  # times that the policy is asked again in the first states; a random action is often the same twice


class ExactEvaluation(NamedTuple):
    """The exact performance of a policy in an environment, next to a random policy and the optimum.

    `print` shows a table.

    Attributes:
        mean_return: Expected sum of rewards of an episode, without shaping.
        success: Probability that an episode terminates with the highest possible final reward.
        length: Expected number of actions in an episode.
        random: The evaluation of the uniformly random policy.
        optimum: The evaluation of the optimal policy.
        horizon: The maximum number of actions in an episode.
    """

    mean_return: float
    success: float
    length: float
    random: Evaluation
    optimum: Evaluation
    horizon: int

    @property
    def regret(self) -> float:
        """Mean return of the optimum minus that of the policy; 0 for an optimal policy."""
        return self.optimum.mean_return - self.mean_return

    @property
    def percent(self) -> float:
        """Mean return in percent: 0 is the random policy, 100 the optimum; NaN if these two are equal."""
        span = self.optimum.mean_return - self.random.mean_return
        return 100 * (1 - self.regret / span) if span > 0 else float("nan")

    def __str__(self) -> str:
        """Return a table of the random policy, this policy and the optimum."""
        best = self._replace(**self.optimum._asdict())
        rows = {"random": self._replace(**self.random._asdict()), "this policy": self, "optimum": best}
        lines = [f"{'':11}{'return':>12}{'regret':>12}{'of possible':>14}{'success':>11}{'length':>10}"]
        for name, row in rows.items():
            percent = "unknown" if np.isnan(row.percent) else f"{row.percent + 0.0:.1f} %"
            numbers = f"{row.mean_return:12.2f}{row.regret:12.2f}{percent:>14}"
            lines.append(f"{name:11}{numbers}{100 * row.success:9.2f} %{row.length:10.1f}")
        return "\n".join(lines)


def evaluate_exactly(
    policy: Any, env: gym.Env[Any, Any] | str, *, deterministic: bool = True
) -> ExactEvaluation:
    """Compute the performance of a policy exactly, without sampling an episode.

    Functions and models are asked twice for each state that the policy can reach, more often for the first
    states, and for no other state.

    Args:
        policy: One of

            - an agent of this package;
            - a model with the method `predict` of Stable-Baselines3; observations are normalized with the
              `VecNormalize` of the model, if it has one;
            - a function from one observation to an action, or to the probability of each action, float [A];
            - a table: an action for each state, int [S], or probabilities, float [S, A].
        env: A Gymnasium environment with a tabular model, or its id.
        deterministic: Whether to evaluate the greedy policy of an agent or a model, or the one that explores.
            Functions and tables are evaluated as they are.

    Raises:
        AgentError: If the environment has no tabular model (the message says why), the policy is none of the
            above or does not fit the environment, or the policy acts otherwise when asked again.
    """
    env, deterministic = without_observers(checked_env(env)), Flag()("deterministic", deterministic)
    offer, horizon = _offer_of(env), time_limit(env) or NO_LIMIT
    model = offer.unshaped
    ask = asked(policy, env, deterministic)
    table = policy if ask is None else _followed(model, offer.observations, ask)
    score = evaluate(model, table, horizon)
    return ExactEvaluation(
        *score, evaluate(model, uniform_policy(model), horizon), optimum(model, horizon), horizon
    )


def _offer_of(env: gym.Env[Any, Any]) -> Offer:
    """Return the believed table of an environment; the message of the error says what to do without one."""
    if opaque_wrapper(env) is not None:
        raise AgentError(
            f"expected an environment without the wrapper {opaque_wrapper(env)}, which may change its "
            "observations, actions or rewards; pass the bare environment, and a function that does the same"
        )
    try:
        return required_model(env)
    except AgentError as error:
        levels = own_range(env, "levels")
        advice = "estimate with episodes: Evaluator(env), or evaluate_policy of Stable-Baselines3"
        if levels is not None:
            advice = f"evaluate one level at a time, as with the option levels=({levels[0]}, {levels[0]})"
        raise AgentError(f"{error}; {advice}") from None


def _followed(model: TabularModel, observations: NDArray[Any], ask: Ask) -> Floats:
    """Return the probabilities [S, A] of a policy in the states that it can reach, and anything elsewhere.

    Raises:
        AgentError: If the policy acts otherwise when asked again.
    """
    table = uniform_policy(model)
    seen = model.start > 0
    new, again = np.flatnonzero(seen), AGAIN
    while len(new):
        table[new] = ask(observations[new])
        if not all(np.array_equal(table[new], ask(observations[new])) for _ in range(again)):
            raise AgentError(
                "the policy acts otherwise when asked again; expected one answer to the same observation; "
                "instead of drawing at random, return the probabilities (for an agent: deterministic=False)"
            )
        follows = (table[new][:, :, None] * model.probability[new] > 0) & ~model.terminated[new]
        reached = np.zeros_like(seen)
        reached[model.next_state[new][follows]] = True
        new, again = np.flatnonzero(reached & ~seen), 1
        seen = seen | reached
    return table
