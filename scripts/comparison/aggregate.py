"""Aggregate the records of trials: one summary for each algorithm and its settings in each environment."""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from cookie_jar.scripts.common.bootstrap import holm, p_value
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS
from cookie_jar.scripts.comparison.groups import group_records, variants
from cookie_jar.scripts.comparison.summary import Summary
from cookie_jar.scripts.comparison.trials import TrialRecord

MAX_COMPARED = 20  # maximum number of summaries of an environment that are compared in pairs
MAX_SHOWN = 40  # maximum number of summaries of an environment that are shown


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


def pair_tests(summaries: Sequence[Summary], part: str) -> dict[frozenset[Summary], tuple[float, float]]:
    """Return the p-value of each pair, and that corrected for the number of pairs (`holm`).

    Args:
        summaries: The summaries; those without a run in which they finished or failed are left out.
        part: `finals` or `areas`.
    """
    runs = {summary: summary.outcomes(part) for summary in summaries}
    pairs = [pair for pair in combinations(runs, 2) if all(len(runs[summary]) for summary in pair)]
    p_values = [p_value(runs[one], runs[other]) for one, other in pairs]
    both = zip(p_values, holm(p_values), strict=True)
    return dict(zip(map(frozenset, pairs), both, strict=True))
