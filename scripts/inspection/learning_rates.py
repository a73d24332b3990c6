"""Learning curves of the same agent with several learning rates."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import Agent
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.agents.training import learn_with_stops
from cookie_jar.scripts.common.console import Console, progress_bar

Floats = NDArray[np.float64]
FIRST_EVALUATION, EVALUATIONS = 1_000, 24  # steps before the first evaluation, and the number of evaluations


class Curves(NamedTuple):
    """Learning curves of several seeds.

    Attributes:
        steps: The steps of the evaluations [k].
        scores: The score of the stochastic policy, in percent of possible [seeds, k]; for classifiers the
            validation loss.
    """

    steps: Floats
    scores: Floats


def learning_curve(
    agent: OnPolicy, evaluator: Evaluator, rate: float, seed: int, total: int
) -> tuple[Floats, Floats]:
    """Train a new agent with the settings of `agent`, another learning rate and another seed.

    Args:
        agent: The agent whose settings are used; it is not changed.
        evaluator: The evaluator of its environment.
        rate: The learning rate.
        seed: The random seed.
        total: The number of training steps.

    Returns:
        The steps [k] of the evaluations, and the score in percent of possible [k].
    """
    settings = agent.settings() | {"learning_rate": rate, "seed": seed}
    steps: list[float] = []
    scores: list[float] = []

    def evaluate(learner: Agent) -> None:
        assert isinstance(learner, OnPolicy)
        steps.append(float(learner.num_timesteps))
        scores.append(evaluator.percent(evaluator.stochastic(learner).mean_return))

    stops = np.geomspace(min(FIRST_EVALUATION, total), total, EVALUATIONS).astype(int).tolist()
    learn_with_stops(type(agent)(agent.env, **settings), stops, evaluate)
    return np.array(steps), np.array(scores)


def learning_curves(
    agent: OnPolicy, evaluator: Evaluator, rates: Sequence[float], seeds: int, total: int, console: Console
) -> dict[float, Curves]:
    """Return the learning curves for each learning rate, with a progress bar; see `learning_curve`."""
    curves: dict[float, Curves] = {}
    with progress_bar(console) as bar:
        task = bar.add_task("training runs", total=len(rates) * seeds)
        for rate in rates:
            scores = []
            for seed in range(seeds):
                steps, score = learning_curve(agent, evaluator, rate, seed, total)
                scores.append(score)
                bar.advance(task)
            curves[rate] = Curves(steps, np.array(scores))
    return curves
