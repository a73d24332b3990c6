"""Summaries: one algorithm with one setting in one environment, over its seeds."""

import math
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.common.bootstrap import (
    Interval,
    Statistic,
    bootstrap_interval,
    iqm,
    median,
    proportion,
)
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS, observation_of
from cookie_jar.scripts.comparison.groups import group_of
from cookie_jar.scripts.comparison.measures import area, first_at_goal, stays_at_goal, to_goal
from cookie_jar.scripts.comparison.trials import DIGITS, EvaluationPoint, TrialRecord

GOALS = (95.0, 99.0)  # scores in percent whose sample complexity is reported
SEED = 0  # seed of the bootstrap
UNKNOWN = Interval(math.nan, math.nan, math.nan)

Floats = NDArray[np.float64]


class Summary:
    """One algorithm with one setting in one environment, over its seeds; statistics are computed on access.

    Means are over the seeds that finished. In shares and probabilities, and in the steps to a goal, the seeds
    that failed count as seeds that never reached it. Seeds that were planned, but have not been run, count in
    shares alone: nothing is known of them. The steps to a goal are a median, in which a seed that never
    reaches it counts as infinite; an interquartile mean would leave such seeds out.

    Args:
        records: One record for each seed that finished.
        variant: What differs from other summaries of the environment, as text.
        number: The rank among those of the same algorithm, from 1; 0 if there are no others.
        failed: One record for each seed that failed, or has not been run.

    Attributes:
        failed: The records of the seeds that failed.
        not_run: Those of the seeds that have not been run.
        trial: One of the trials.
        env_id: Id of the environment.
        algorithm: Name of the algorithm.
        settings: All settings that differ from the defaults.
        scale: The returns of the random policy and of the optimum, or None if scores are returns.
    """

    def __init__(
        self,
        records: Sequence[TrialRecord],
        variant: str = "",
        number: int = 0,
        failed: Sequence[TrialRecord] = (),
    ) -> None:
        self.records, self.failed, self.not_run = (
            sorted(part, key=lambda record: record.trial.seed)
            for part in (
                records,
                [record for record in failed if record.was_run],
                [record for record in failed if not record.was_run],
            )
        )
        self.trial = [*self.records, *self.failed, *self.not_run][0].trial
        self.env_id, self.algorithm = self.trial.env_id, self.trial.algorithm
        self.variant, self.settings, self.number = variant, self.trial.settings, number
        self.scale = group_of(self.records[0]).scale if self.records else None

    @property
    def is_exact(self) -> bool:
        """Whether scores are in percent."""
        return self.scale is not None

    @property
    def digits(self) -> int:
        """The decimals of scores."""
        return DIGITS[self.is_exact]

    @property
    def n_seeds(self) -> int:
        """The number of seeds, including those that failed or have not been run."""
        return len(self.records) + len(self.failed) + len(self.not_run)

    @property
    def seeds_text(self) -> str:
        """The number of seeds that finished, such as "4 of 5"; "5" if all did."""
        return f"{self.n_seeds}" if self.is_complete else f"{len(self.records)} of {self.n_seeds}"

    @property
    def is_complete(self) -> bool:
        """Whether all seeds finished."""
        return len(self.records) == self.n_seeds

    @property
    def name(self) -> str:
        """The name of the algorithm, with its rank."""
        return ALGORITHMS[self.algorithm].label + (f" {self.number}" if self.number else "")

    @property
    def observation(self) -> str:
        """What the agent observes, such as "factors"; "" if it is unknown."""
        return observation_of(self.env_id, self.settings)

    @property
    def label(self) -> str:
        """The name for figures, with the number of seeds that finished if not all did."""
        return self.name + ("" if self.is_complete else f" ({self.seeds_text} seeds)")

    @cached_property
    def rank(self) -> tuple[int, float, float]:
        """Sort key, larger is better: number of seeds (finalists), final IQM as in the table, mean IQM."""
        if not self.records:
            return 0, -math.inf, -math.inf
        return len(self.records), round(float(iqm(self.finals)), self.digits), float(iqm(self.areas))

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
        return _interval(self.finals)

    @property
    def worst(self) -> float:
        """The lowest final score of a seed; minus infinity if a seed failed, NaN if none was run."""
        return float(min(self.outcomes("finals"), default=math.nan))

    @cached_property
    def exploring(self) -> Interval:
        """The IQM of the final score with exploration."""
        scores = [record.scale(record.evaluations[-1].exploring) for record in self.records]
        return _interval(scores)

    @cached_property
    def area(self) -> Interval:
        """The IQM of `areas`."""
        return _interval(self.areas)

    @property
    def final_return(self) -> float:
        """The IQM of the final return, not scaled."""
        return _interval([record.evaluations[-1].greedy for record in self.records]).estimate

    @cached_property
    def regret(self) -> Interval:
        """The IQM of optimum minus final greedy return; NaN if the optimum is unknown."""
        regrets = [
            np.nan if record.optimum is None else record.optimum - record.evaluations[-1].greedy
            for record in self.records
        ]
        return _interval(regrets)

    @cached_property
    def steps(self) -> list[Interval]:
        """The median of the steps from which each of `GOALS` is kept; infinite if half the seeds never do."""
        return self._to_goals(lambda point: point.steps)

    @cached_property
    def first_steps(self) -> list[Interval]:
        """The median of the steps to the first evaluation at each of `GOALS`, after which it may be lost."""
        return self._to_goals(lambda point: point.steps, first_at_goal)

    @cached_property
    def seconds(self) -> list[Interval]:
        """The same in seconds of training; NaN if the runs were made differently."""
        if not self.made_alike:
            return [UNKNOWN for _ in GOALS]
        return self._to_goals(lambda point: point.seconds)

    @property
    def made_alike(self) -> bool:
        """Whether all runs were made on the same kind of machine, so that their times are comparable."""
        return len({record.made_with for record in self.records}) == 1

    @property
    def reached(self) -> list[Interval]:
        """The share of seeds that reached each of `GOALS` and kept it; NaN if the optimum is unknown."""
        if not self.is_exact:
            return [UNKNOWN for _ in GOALS]
        return [proportion(self.n_seeds - self.never(goal), self.n_seeds) for goal in GOALS]

    def never(self, goal: float) -> int:
        """Return the number of seeds that never reached a goal to stay, or did not finish."""
        return self.n_seeds - sum(stays_at_goal(record, goal) is not None for record in self.records)

    def never_text(self, goals: Sequence[float] = GOALS) -> str:
        """Return how many seeds never stayed at each goal, such as "0, 1 of 5"; "" without an optimum."""
        never = ", ".join(str(self.never(goal)) for goal in goals)
        return f"{never} of {self.n_seeds}" if self.is_exact else ""

    def outcomes(self, part: str) -> Floats:
        """Return `finals` or `areas`, with minus infinity for each seed that failed."""
        return np.append(getattr(self, part), np.full(len(self.failed), -np.inf))

    @property
    def cpu_seconds(self) -> float:
        """Processor time of training, the median over seeds; NaN if the runs were made differently."""
        return self._median([record.evaluations[-1].cpu_seconds for record in self.records])

    @property
    def startup(self) -> float:
        """Seconds until training began, the median over seeds; NaN if the runs were made differently."""
        return self._median([record.startup for record in self.records])

    @property
    def peak_memory(self) -> int | None:
        """Peak memory in bytes, the maximum over seeds; None if it was not measured."""
        measured = [record.peak_memory for record in self.records if record.peak_memory is not None]
        return max(measured, default=None)

    def _median(self, values: Sequence[float]) -> float:
        return float(np.median(values)) if self.made_alike else math.nan

    def _to_goals(
        self,
        measure: Callable[[EvaluationPoint], float],
        find: Callable[[TrialRecord, float], EvaluationPoint | None] = stays_at_goal,
    ) -> list[Interval]:
        if not self.is_exact:
            return [UNKNOWN for _ in GOALS]
        never = [math.inf] * len(self.failed)
        return [
            _interval([*(to_goal(r, goal, measure, find) for r in self.records), *never], median)
            for goal in GOALS
        ]


def _interval(values: Sequence[float] | Floats, statistic: Statistic = iqm) -> Interval:
    """Return a statistic of values with its bootstrap interval; NaN without values."""
    return bootstrap_interval([np.array(values, float)], SEED, statistic) if len(values) else UNKNOWN
