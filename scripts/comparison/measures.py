"""Measures of one run: its mean score, and the steps or seconds to a goal."""

import math
from collections.abc import Callable
from itertools import takewhile

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
    return next((point for point in record.evaluations if _is_at(record, point, goal)), None)


def stays_at_goal(record: TrialRecord, goal: float) -> EvaluationPoint | None:
    """Return the first evaluation from which on all greedy scores reach a goal in percent, or None."""
    later = takewhile(lambda point: _is_at(record, point, goal), reversed(record.evaluations))
    return min(later, key=lambda point: point.steps, default=None)


def to_goal(
    record: TrialRecord,
    goal: float,
    measure: Callable[[EvaluationPoint], float],
    find: Callable[[TrialRecord, float], EvaluationPoint | None] = stays_at_goal,
) -> float:
    """Return the steps or the seconds of training until the greedy policy reaches a goal, and stays there.

    Args:
        record: The record of a trial.
        goal: A score in percent.
        measure: Reads the steps or the seconds.
        find: Returns the evaluation; `first_at_goal` for that of the first crossing.

    Returns:
        Infinity if there is no such evaluation; NaN if the optimum, and so the goal, is unknown.
    """
    if not record.is_exact:
        return math.nan
    point = find(record, goal)
    return math.inf if point is None else float(measure(point))


def _is_at(record: TrialRecord, point: EvaluationPoint, goal: float) -> bool:
    return record.scale(point.greedy) >= goal - 1e-9
