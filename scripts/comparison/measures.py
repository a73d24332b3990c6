"""Measures of one run: its mean score, and the steps or seconds to a goal."""

import math
from collections.abc import Callable

import numpy as np

from cookie_jar.scripts.comparison.trials import EvaluationPoint, TrialRecord


def area(record: TrialRecord) -> float:
    """Return the mean greedy score over the steps, each evaluation counting until the next."""
    steps = np.array([point.steps for point in record.evaluations], float)
    scores = np.array([record.scale(point.greedy) for point in record.evaluations])
    if len(steps) < 2:
        return float(scores[-1])
    return float((scores[:-1] * np.diff(steps)).sum() / (steps[-1] - steps[0]))


def first_at_goal(record: TrialRecord, goal: float) -> EvaluationPoint | None:
    """Return the first evaluation whose greedy score reaches a goal in percent, or None."""
    points = (point for point in record.evaluations if record.scale(point.greedy) >= goal - 1e-9)
    return next(points, None)


def to_goal(record: TrialRecord, goal: float, measure: Callable[[EvaluationPoint], float]) -> float:
    """Return the steps or the seconds of training until the greedy policy first reaches a goal.

    Args:
        record: The record of a trial.
        goal: A score in percent.
        measure: Reads the steps or the seconds.

    Returns:
        Infinity if the goal was never reached; NaN if the optimum, and so the goal, is unknown.
    """
    if not record.is_exact:
        return math.nan
    point = first_at_goal(record, goal)
    return math.inf if point is None else float(measure(point))
