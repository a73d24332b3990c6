"""The story of the learning rate: the same learner with steps too small, right, and too large."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.on_policy import OnPolicy

Floats = NDArray[np.float64]
FIRST, CHECKS = 1_000, 24  # the first check after so many steps, and how many there are


class Curves(NamedTuple):
    """Learning curves of some seeds.

    Attributes:
        steps: when they were judged [k].
        percent: of what is possible, acting with its probabilities [seeds, k].
    """

    steps: Floats
    percent: Floats


def learning_curve(
    agent: OnPolicy, evaluator: Evaluator, rate: float, seed: int, total: int
) -> tuple[Floats, Floats]:
    """The curve of a new learner like this one: the steps [k], and per cent of what is possible [k]."""
    settings = agent.settings() | {"learning_rate": rate, "seed": seed}
    learner = type(agent)(agent.env, **settings)
    steps, scores = [0.0], [evaluator.percent(evaluator.stochastic(learner).mean_return)]
    for stop in np.geomspace(min(FIRST, total), total, CHECKS).astype(int).tolist():
        if stop > learner.num_timesteps:
            learner.learn(stop - learner.num_timesteps, callback_interval=total)
            steps.append(float(learner.num_timesteps))
            scores.append(evaluator.percent(evaluator.stochastic(learner).mean_return))
    return np.array(steps), np.array(scores)
