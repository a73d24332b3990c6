"""What the records of a contest add up to: one line for each contender in each environment."""

import json
import math
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.common.bootstrap import Interval, bootstrap_interval, iqm, proportion
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS
from cookie_jar.scripts.comparison.trials import TrialRecord

COMPARED = 12  # of an environment, the best are compared pair by pair
SHOWN = 40  # of an environment, so many are shown: the best settings of a sweep

GOALS = (95.0, 99.0)  # per cent of what is possible
SEED = 0  # of the resampling

Floats = NDArray[np.float64]


class Summary:
    """One contender in one environment, over its seeds; what is summed up is worked out when asked for.

    Args:
        records: one for each seed.
        variant: what tells it from others of the same contender, in words.
        number: its place among these, the best first; 0 where there are no others.

    Attributes:
        env_id: of the environment.
        contender: its name.
        settings: all that are not default.
        is_exact: whether the optimum is known, and so per cent of what is possible.
    """

    def __init__(self, records: Sequence[TrialRecord], variant: str = "", number: int = 0) -> None:
        trial = records[0].trial
        self.env_id, self.algorithm = trial.env_id, trial.algorithm
        self.variant, self.settings, self.number = variant, trial.settings, number
        self.is_exact = records[0].optimum is not None
        self.records = sorted(records, key=lambda record: record.trial.seed)

    @property
    def label(self) -> str:
        """For people."""
        return ALGORITHMS[self.algorithm].label + (f" {self.number}" if self.number else "")

    @cached_property
    def rank(self) -> tuple[int, float, float]:
        """Larger is better: more seeds (finalists of a sweep), the IQM at the end, to a tenth, on the way."""
        return len(self.records), round(float(iqm(self.finals)), 1), float(iqm(self.areas))

    @cached_property
    def finals(self) -> Floats:
        """Per cent of what is possible at the end, greedy, of each seed [n]."""
        return np.array([record.scale(record.evaluations[-1].greedy) for record in self.records])

    @cached_property
    def areas(self) -> Floats:
        """The mean of the greedy per cent over all steps [n]: who is better sooner has more."""
        return np.array([area(record) for record in self.records])

    @cached_property
    def final(self) -> Interval:
        """The IQM of `finals`."""
        return bootstrap_interval([self.finals], SEED)

    @cached_property
    def exploring(self) -> Interval:
        """Per cent of what is possible at the end, as it explores."""
        return bootstrap_interval(
            [np.array([r.scale(r.evaluations[-1].exploring) for r in self.records])], SEED
        )

    @cached_property
    def area(self) -> Interval:
        """The IQM of `areas`."""
        return bootstrap_interval([self.areas], SEED)

    @cached_property
    def regret(self) -> Interval:
        """Happiness that the greedy policy misses at the end; not a number where the optimum is unknown."""
        missed = [np.nan if r.optimum is None else r.optimum - r.evaluations[-1].greedy for r in self.records]
        return bootstrap_interval([np.array(missed)], SEED)

    @cached_property
    def steps(self) -> list[Interval]:
        """Steps to each of `GOALS`, infinite where a middle seed never came there; nan without optimum."""
        return [bootstrap_interval([self._to(goal)[:, 0]], SEED) for goal in GOALS]

    @cached_property
    def seconds(self) -> list[Interval]:
        """The same in seconds of learning."""
        return [bootstrap_interval([self._to(goal)[:, 1]], SEED) for goal in GOALS]

    @property
    def reached(self) -> list[Interval]:
        """The share of seeds that came to each of `GOALS`."""
        number = len(self.records)
        known = [proportion(number - self.never(goal), number) for goal in GOALS]
        return known if self.is_exact else [Interval(math.nan, math.nan, math.nan) for _ in GOALS]

    def never(self, goal: float) -> int:
        """How many seeds never came there."""
        return int(np.isinf(self._to(goal)[:, 0]).sum())

    def missed(self, goals: Sequence[float] = GOALS) -> str:
        """The same in words, for each goal: "0, 1 of 5"."""
        never = ", ".join(str(self.never(goal)) for goal in goals)
        return f"{never} of {len(self.records)}" if self.is_exact else ""

    @property
    def cpu_seconds(self) -> float:
        """Of learning, the median of the seeds."""
        return float(np.median([record.evaluations[-1].cpu_seconds for record in self.records]))

    @property
    def startup(self) -> float:
        """Seconds until learning began, the median of the seeds."""
        return float(np.median([record.startup for record in self.records]))

    @property
    def peak_memory(self) -> int | None:
        """Bytes, the most of all seeds; None where it was not measured."""
        known = [record.peak_memory for record in self.records if record.peak_memory is not None]
        return max(known, default=None)

    def _to(self, goal: float) -> Floats:
        return np.array([to_goal(record, goal) for record in self.records])


def summarize(records: Iterable[TrialRecord]) -> list[Summary]:
    """By environment, contender (in their usual order), and settings and steps (the best first).

    The order of the records does not matter: it is that in which they were finished.
    """
    groups: dict[tuple[str, str, str, int], dict[int, TrialRecord]] = {}
    for record in records:
        trial = record.trial
        key = trial.env_id, trial.algorithm, json.dumps(trial.settings), trial.timesteps
        groups.setdefault(key, {})[trial.seed] = record
    sides: dict[tuple[str, str], list[Summary]] = {}
    for (env_id, algorithm, _, steps), seeds in sorted(groups.items()):
        variant = next(iter(seeds.values())).trial.variant
        if len({key[3] for key in groups if key[0] == env_id}) > 1:
            variant = ", ".join(word for word in (variant, f"{steps:,} steps") if word)
        sides.setdefault((env_id, algorithm), []).append(Summary(list(seeds.values()), variant))
    names = list(ALGORITHMS)
    ordered = sorted(sides, key=lambda side: (side[0], names.index(side[1])))
    return [summary for side in ordered for summary in _numbered(sides[side])]


def _numbered(group: Sequence[Summary]) -> list[Summary]:
    """The best first, with their places where there are several."""
    ranked = sorted(group, key=lambda summary: summary.rank, reverse=True)
    for number, summary in enumerate(ranked, start=1):
        summary.number = number if len(ranked) > 1 else 0
    return ranked


def area(record: TrialRecord) -> float:
    """The mean of the greedy per cent over the steps, each check counting until the next."""
    steps = np.array([check.steps for check in record.evaluations], float)
    scores = np.array([record.scale(check.greedy) for check in record.evaluations])
    if len(steps) < 2:
        return float(scores[-1])
    return float((scores[:-1] * np.diff(steps)).sum() / (steps[-1] - steps[0]))


def to_goal(record: TrialRecord, goal: float) -> tuple[float, float]:
    """Steps and seconds of learning until the greedy policy was first that good; infinite if it never was.

    Not numbers where the optimum, and so the goal, is unknown.
    """
    if record.optimum is None:
        return math.nan, math.nan
    there = (check for check in record.evaluations if record.scale(check.greedy) >= goal - 1e-9)
    check = next(there, None)
    return (math.inf, math.inf) if check is None else (float(check.steps), check.seconds)


def variants(records: Iterable[TrialRecord]) -> list[tuple[str, str, list[Summary]]]:
    """For each environment and contender, its settings, the best first."""
    groups: dict[tuple[str, str], list[Summary]] = {}
    for summary in summarize(records):
        groups.setdefault((summary.env_id, summary.algorithm), []).append(summary)
    return [(*names, group) for names, group in groups.items()]


def by_env(lines: Sequence[Summary]) -> list[str]:
    """The environments, each once."""
    return list(dict.fromkeys(summary.env_id for summary in lines))


def title(lines: Sequence[Summary]) -> str:
    """What the table of one environment shows."""
    seeds = max(len(summary.records) for summary in lines)
    steps = max(record.trial.timesteps for summary in lines for record in summary.records)
    unit = "per cent of what is possible" if lines[0].is_exact else "happiness (no optimum is known)"
    return f"{lines[0].env_id}: {steps:,} steps, {counted(seeds, 'seed')}; {unit}, interquartile means"


def counted(number: int, noun: str) -> str:
    """So many things: "1 seed", "5 seeds"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def best_summaries(lines: Sequence[Summary], number: int) -> list[Summary]:
    """So many of them at most, in their order."""
    best = sorted(lines, key=lambda summary: summary.rank, reverse=True)[:number]
    return [summary for summary in lines if summary in best]
