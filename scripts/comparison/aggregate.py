"""Aggregate the records of trials: one summary for each algorithm and its settings in each environment."""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.common.bootstrap import Interval, bootstrap_interval, iqm, proportion
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS
from cookie_jar.scripts.comparison.trials import EvaluationPoint, TrialRecord

MAX_COMPARED = 12  # maximum number of summaries of an environment that are compared in pairs
MAX_SHOWN = 40  # maximum number of summaries of an environment that are shown

GOALS = (95.0, 99.0)  # scores in percent whose sample complexity is reported
SEED = 0  # seed of the bootstrap

Floats = NDArray[np.float64]


class Summary:
    """One algorithm with one setting in one environment, over its seeds; statistics are computed on access.

    Args:
        records: One record for each seed.
        variant: The settings that differ from others of the same algorithm, as text.
        number: The rank among these settings, from 1; 0 if there are no others.

    Attributes:
        env_id: Id of the environment.
        algorithm: Name of the algorithm.
        settings: All settings that differ from the defaults.
        is_exact: Whether the optimum is known, so that scores are in percent.
    """

    def __init__(self, records: Sequence[TrialRecord], variant: str = "", number: int = 0) -> None:
        trial = records[0].trial
        self.env_id, self.algorithm = trial.env_id, trial.algorithm
        self.variant, self.settings, self.number = variant, trial.settings, number
        self.is_exact = records[0].optimum is not None
        self.records = sorted(records, key=lambda record: record.trial.seed)

    @property
    def label(self) -> str:
        """The name of the algorithm for figures and tables."""
        return ALGORITHMS[self.algorithm].label + (f" {self.number}" if self.number else "")

    @cached_property
    def rank(self) -> tuple[int, float, float]:
        """Sort key, larger is better: number of seeds (finalists), final IQM to a tenth, mean IQM."""
        return len(self.records), round(float(iqm(self.finals)), 1), float(iqm(self.areas))

    @cached_property
    def finals(self) -> Floats:
        """The final score of the greedy policy for each seed [n]."""
        return np.array([record.scale(record.evaluations[-1].greedy) for record in self.records])

    @cached_property
    def areas(self) -> Floats:
        """The score of the greedy policy averaged over training, for each seed [n]."""
        return np.array([area(record) for record in self.records])

    @cached_property
    def final(self) -> Interval:
        """The IQM of `finals`."""
        return bootstrap_interval([self.finals], SEED)

    @cached_property
    def exploring(self) -> Interval:
        """The IQM of the final score with exploration."""
        scores = [record.scale(record.evaluations[-1].exploring) for record in self.records]
        return bootstrap_interval([np.array(scores)], SEED)

    @cached_property
    def area(self) -> Interval:
        """The IQM of `areas`."""
        return bootstrap_interval([self.areas], SEED)

    @cached_property
    def regret(self) -> Interval:
        """The IQM of optimum minus final greedy return; NaN if the optimum is unknown."""
        regrets = [
            np.nan if record.optimum is None else record.optimum - record.evaluations[-1].greedy
            for record in self.records
        ]
        return bootstrap_interval([np.array(regrets)], SEED)

    @cached_property
    def steps(self) -> list[Interval]:
        """The IQM of the steps to each of `GOALS`; infinite where the middle seeds never reach it."""
        return self._to_goals(lambda point: point.steps)

    @cached_property
    def seconds(self) -> list[Interval]:
        """The IQM of the seconds of training to each of `GOALS`."""
        return self._to_goals(lambda point: point.seconds)

    @property
    def reached(self) -> list[Interval]:
        """The share of seeds that reached each of `GOALS`; NaN if the optimum is unknown."""
        if not self.is_exact:
            return [Interval(math.nan, math.nan, math.nan) for _ in GOALS]
        number = len(self.records)
        return [proportion(number - self.never(goal), number) for goal in GOALS]

    def never(self, goal: float) -> int:
        """Return the number of seeds that never reached a goal."""
        return sum(first_at_goal(record, goal) is None for record in self.records)

    def never_text(self, goals: Sequence[float] = GOALS) -> str:
        """Return how many seeds never reached each goal, such as "0, 1 of 5"; "" without an optimum."""
        never = ", ".join(str(self.never(goal)) for goal in goals)
        return f"{never} of {len(self.records)}" if self.is_exact else ""

    @property
    def cpu_seconds(self) -> float:
        """Processor time of training, the median over seeds."""
        return float(np.median([record.evaluations[-1].cpu_seconds for record in self.records]))

    @property
    def startup(self) -> float:
        """Seconds until training began, the median over seeds."""
        return float(np.median([record.startup for record in self.records]))

    @property
    def peak_memory(self) -> int | None:
        """Peak memory in bytes, the maximum over seeds; None if it was not measured."""
        measured = [record.peak_memory for record in self.records if record.peak_memory is not None]
        return max(measured, default=None)

    def _to_goals(self, measure: Callable[[EvaluationPoint], float]) -> list[Interval]:
        values = [[to_goal(record, goal, measure) for record in self.records] for goal in GOALS]
        return [bootstrap_interval([np.array(row)], SEED) for row in values]


def summarize(records: Iterable[TrialRecord]) -> list[Summary]:
    """Group records by environment, algorithm, settings and steps.

    Args:
        records: The records, in any order.

    Returns:
        Summaries in the order of environments and of `ALGORITHMS`; settings of one algorithm best first.
    """
    groups: dict[tuple[str, str, str, int], dict[int, TrialRecord]] = {}
    for record in records:
        trial = record.trial
        key = trial.env_id, trial.algorithm, json.dumps(trial.settings), trial.timesteps
        groups.setdefault(key, {})[trial.seed] = record
    by_algorithm: dict[tuple[str, str], list[Summary]] = {}
    for (env_id, algorithm, _, steps), seeds in sorted(groups.items()):
        variant = next(iter(seeds.values())).trial.variant
        if len({key[3] for key in groups if key[0] == env_id}) > 1:
            variant = ", ".join(word for word in (variant, f"{steps:,} steps") if word)
        by_algorithm.setdefault((env_id, algorithm), []).append(Summary(list(seeds.values()), variant))
    names = list(ALGORITHMS)
    ordered = sorted(by_algorithm, key=lambda key: (key[0], names.index(key[1])))
    return [summary for key in ordered for summary in _ranked(by_algorithm[key])]


def _ranked(group: Sequence[Summary]) -> list[Summary]:
    """Return summaries sorted from best to worst, with their ranks if there are several."""
    ranked = sorted(group, key=lambda summary: summary.rank, reverse=True)
    for number, summary in enumerate(ranked, start=1):
        summary.number = number if len(ranked) > 1 else 0
    return ranked


def ranked_variants(records: Iterable[TrialRecord]) -> list[tuple[str, str, list[Summary]]]:
    """Return the settings of each environment and algorithm, the best first."""
    groups: dict[tuple[str, str], list[Summary]] = {}
    for summary in summarize(records):
        groups.setdefault((summary.env_id, summary.algorithm), []).append(summary)
    return [(*names, group) for names, group in groups.items()]


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
    if record.optimum is None:
        return math.nan
    point = first_at_goal(record, goal)
    return math.inf if point is None else float(measure(point))


def env_ids_of(summaries: Sequence[Summary]) -> list[str]:
    """Return the ids of the environments, each once."""
    return list(dict.fromkeys(summary.env_id for summary in summaries))


def title(summaries: Sequence[Summary]) -> str:
    """Return the title of the table of one environment."""
    seeds = max(len(summary.records) for summary in summaries)
    steps = max(record.trial.timesteps for summary in summaries for record in summary.records)
    unit = "percent of the possible return" if summaries[0].is_exact else "return (the optimum is unknown)"
    seeds_text = "1 seed" if seeds == 1 else f"{seeds:,} seeds"
    return f"{summaries[0].env_id}: {steps:,} steps, {seeds_text}; {unit}, interquartile means"


def best_summaries(summaries: Sequence[Summary], number: int) -> list[Summary]:
    """Return the best summaries, at most a given number, in their order."""
    best = sorted(summaries, key=lambda summary: summary.rank, reverse=True)[:number]
    return [summary for summary in summaries if summary in best]
