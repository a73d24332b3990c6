"""Aggregate the records of trials: one summary for each algorithm and its settings in each environment."""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.common.bootstrap import Interval, bootstrap_interval, iqm, proportion
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS
from cookie_jar.scripts.comparison.groups import group_of, group_records, variants
from cookie_jar.scripts.comparison.measures import area, first_at_goal, to_goal
from cookie_jar.scripts.comparison.trials import EvaluationPoint, TrialRecord

MAX_COMPARED = 12  # maximum number of summaries of an environment that are compared in pairs
MAX_SHOWN = 40  # maximum number of summaries of an environment that are shown

GOALS = (95.0, 99.0)  # scores in percent whose sample complexity is reported
SEED = 0  # seed of the bootstrap
UNKNOWN = Interval(math.nan, math.nan, math.nan)

Floats = NDArray[np.float64]


class Summary:
    """One algorithm with one setting in one environment, over its seeds; statistics are computed on access.

    Means are over the seeds that finished. In shares and probabilities, and in the steps to a goal, the seeds
    that failed count as seeds that never reached it. Seeds that were planned, but have not been run, count in
    shares alone: nothing is known of them.

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
    def label(self) -> str:
        """The name for figures, with the number of seeds that finished if not all did."""
        return self.name + ("" if self.is_complete else f" ({self.seeds_text} seeds)")

    @cached_property
    def rank(self) -> tuple[int, float, float]:
        """Sort key, larger is better: number of seeds (finalists), final IQM to a tenth, mean IQM."""
        if not self.records:
            return 0, -math.inf, -math.inf
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
        return _interval(self.finals)

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
        """The IQM of the steps to each of `GOALS`; infinite where the middle seeds never reach it."""
        return self._to_goals(lambda point: point.steps)

    @cached_property
    def seconds(self) -> list[Interval]:
        """The IQM of the seconds of training to each of `GOALS`; NaN if the runs were made differently."""
        if not self.made_alike:
            return [UNKNOWN for _ in GOALS]
        return self._to_goals(lambda point: point.seconds)

    @property
    def made_alike(self) -> bool:
        """Whether all runs were made on the same kind of machine, so that their times are comparable."""
        return len({record.made_with for record in self.records}) == 1

    @property
    def reached(self) -> list[Interval]:
        """The share of seeds that reached each of `GOALS`; NaN if the optimum is unknown."""
        if not self.is_exact:
            return [UNKNOWN for _ in GOALS]
        return [proportion(self.n_seeds - self.never(goal), self.n_seeds) for goal in GOALS]

    def never(self, goal: float) -> int:
        """Return the number of seeds that never reached a goal, including those that did not finish."""
        return self.n_seeds - sum(first_at_goal(record, goal) is not None for record in self.records)

    def never_text(self, goals: Sequence[float] = GOALS) -> str:
        """Return how many seeds never reached each goal, such as "0, 1 of 5"; "" without an optimum."""
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

    def _to_goals(self, measure: Callable[[EvaluationPoint], float]) -> list[Interval]:
        if not self.is_exact:
            return [UNKNOWN for _ in GOALS]
        never = [math.inf] * len(self.failed)
        return [_interval([*(to_goal(r, goal, measure) for r in self.records), *never]) for goal in GOALS]


def _interval(values: Sequence[float] | Floats) -> Interval:
    """Return the IQM of values with its bootstrap interval; NaN without values."""
    return bootstrap_interval([np.array(values, float)], SEED) if len(values) else UNKNOWN


def summarize(records: Iterable[TrialRecord]) -> list[Summary]:
    """Group records that differ in their seeds alone; see `groups.Group`.

    Args:
        records: The records, in any order, including those of failed runs.

    Returns:
        Summaries in the order of environments and of `ALGORITHMS`; settings of one algorithm best first.
    """
    groups = group_records(records)
    texts = variants(groups)
    by_algorithm: dict[tuple[str, str], list[Summary]] = {}
    for group, (finished, failed) in groups.items():
        summary = Summary([*finished.values()], texts[group], failed=[*failed.values()])
        by_algorithm.setdefault((group.env_id, group.algorithm), []).append(summary)
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


def env_ids_of(summaries: Sequence[Summary]) -> list[str]:
    """Return the ids of the environments, each once."""
    return list(dict.fromkeys(summary.env_id for summary in summaries))


def by_table(summaries: Sequence[Summary]) -> list[list[Summary]]:
    """Return the summaries of each table: of one environment, with scores on one scale.

    Summaries without a finished run are in the first table of their environment.
    """
    tables: dict[tuple[str, object], list[Summary]] = {}
    for summary in summaries:
        scales = [other.scale for other in summaries if other.env_id == summary.env_id and other.records]
        scale = summary.scale if summary.records or not scales else scales[0]
        tables.setdefault((summary.env_id, scale), []).append(summary)
    return list(tables.values())


def title(summaries: Sequence[Summary]) -> str:
    """Return the title of a table: the environment, steps, seeds, failed runs, and the unit."""
    trials = [summary.trial for summary in summaries]
    steps = _range([trial.timesteps for trial in trials], "step")
    seeds = _range([summary.n_seeds for summary in summaries], "seed")
    exact = any(summary.is_exact for summary in summaries)
    unit = "percent of the possible return" if exact else "return (the optimum is unknown)"
    failed = _seeds_named(summaries, "FAILED", lambda summary: summary.failed)
    not_run = _seeds_named(summaries, "NOT RUN", lambda summary: summary.not_run)
    return f"{summaries[0].env_id}: {steps}, {seeds}{failed}{not_run}; {unit}, interquartile means"


def _seeds_named(
    summaries: Sequence[Summary], word: str, records_of: Callable[[Summary], Sequence[TrialRecord]]
) -> str:
    """Return the seeds of some records as text, such as "; FAILED: PPO seeds 2, 3"; "" if there are none."""
    texts = [
        f"{summary.name} seed{'s' * (len(records) > 1)} "
        f"{', '.join(str(record.trial.seed) for record in records[:20])}"
        for summary in summaries
        if (records := records_of(summary))
    ]
    return f"; {word}: {'; '.join(texts)}" if texts else ""


def _range(numbers: Sequence[int], unit: str) -> str:
    """Return numbers as text, such as "5 seeds" or "2 to 5 seeds"."""
    low, high = min(numbers), max(numbers)
    text = f"{low:,} to {high:,}" if low < high else f"{high:,}"
    return f"{text} {unit}{'s' * (high != 1)}"


def best_summaries(summaries: Sequence[Summary], number: int) -> list[Summary]:
    """Return the best summaries, at most a given number, in their order."""
    best = sorted(summaries, key=lambda summary: summary.rank, reverse=True)[:number]
    return [summary for summary in summaries if summary in best]
