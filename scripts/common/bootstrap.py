"""Statistics for few seeds: interquartile means, bootstrap intervals, probabilities of improvement.

After Agarwal et al. 2021, "Deep reinforcement learning at the edge of the statistical precipice". The
percentile bootstrap of five runs is too narrow: its 95 % interval covers the true value far less often.
Therefore the tails are moved outwards by Student's t ("expanded percentile", Hesterberg 2015, "What teachers
should know about the bootstrap"); a test measures the coverage of both. If all five runs agree, the interval
has zero width, but the true success rate may still be as low as 48 % (`proportion`). Therefore reports also
state the share of successful seeds.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
RESAMPLES = 10_000
ROUNDING = 9  # digits after which two scores count as equal
MAX_SPLITS = 20_000  # of the runs of two algorithms that a permutation test goes through, not samples

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]  # from runs [..., n] to numbers [...]


class Interval(NamedTuple):
    """An estimate and its confidence interval."""

    estimate: float
    low: float
    high: float


def iqm(runs: Floats) -> Floats:
    """Return the interquartile mean over the last axis [..., n]; the trimmed quarters are rounded down."""
    from scipy.stats import trim_mean  # slow to import

    middle: Floats = np.asarray(trim_mean(runs, 0.25, axis=-1))
    return middle


def median(runs: Floats) -> Floats:
    """Return the median over the last axis [..., n]; of two middle runs the mean, infinite if one is."""
    middle: Floats = np.asarray(np.median(runs, axis=-1))
    return middle


def bootstrap_interval(
    strata: Sequence[Floats],
    seed: int,
    statistic: Statistic = iqm,
    level: float = LEVEL,
    *,
    resamples: int = RESAMPLES,
    expanded: bool = True,
) -> Interval:
    """Return a statistic of all runs with its stratified bootstrap interval.

    Args:
        strata: The runs [n] of each environment, resampled independently. Runs may be infinite.
        seed: Seed of the resampling.
        statistic: Function of runs [..., n].
        level: Confidence level.
        resamples: Number of resamples.
        expanded: Whether the tails are moved outwards for small n; otherwise plain percentiles.

    Returns:
        The estimate with its bounds, which are NaN if an environment has fewer than two runs.
    """
    estimate = float(statistic(np.concatenate(strata)))
    fewest = min(len(runs) for runs in strata)
    if fewest < 2:
        return Interval(estimate, np.nan, np.nan)
    rng = np.random.default_rng(seed)
    drawn = [runs[rng.integers(len(runs), size=(resamples, len(runs)))] for runs in strata]
    tail = expanded_tail(level, fewest) if expanded else (1 - level) / 2
    return Interval(estimate, *_bounds(statistic(np.concatenate(drawn, axis=-1)), tail))


def band(
    runs: Floats, seed: int, level: float = LEVEL, resamples: int = 2_000
) -> tuple[Floats, Floats, Floats]:
    """Return the IQM over runs [n, T] at each of T points, and its bounds: three arrays [T]."""
    middle = iqm(runs.T)
    if len(runs) < 2:
        return middle, middle, middle
    draws = np.random.default_rng(seed).integers(len(runs), size=(resamples, len(runs)))
    tail = expanded_tail(level, len(runs))
    points, index = np.unique(runs.T, axis=0, return_inverse=True)  # few: scores change rarely
    bounds = [_bounds(iqm(point[draws]), tail) for point in points]
    low, high = np.array(bounds)[index.ravel()].T
    return middle, low, high


def expanded_tail(level: float, n: int) -> float:
    """Return the tail probability on each side for percentiles of n runs to cover `level`."""
    from scipy.special import ndtr, stdtrit  # slow to import

    return float(ndtr(-np.sqrt(n / (n - 1)) * stdtrit(n - 1, (1 + level) / 2)))


def probability_of_improvement(better: Floats, worse: Floats) -> float:
    """Return the probability that a run of one algorithm [n] beats one of another [m]; ties count half.

    This is the Mann-Whitney U statistic divided by n m.
    """
    ours, theirs = np.round(better, ROUNDING)[:, None], np.round(worse, ROUNDING)[None, :]
    return float((ours > theirs).mean() + (ours == theirs).mean() / 2)


def improvement_interval(
    better: Sequence[Floats], worse: Sequence[Floats], seed: int, resamples: int = RESAMPLES
) -> Interval:
    """Return the probability of improvement averaged over environments, with its bootstrap interval."""
    estimate = float(np.mean([probability_of_improvement(x, y) for x, y in zip(better, worse, strict=True)]))
    fewest = min(len(runs) for runs in (*better, *worse))
    if fewest < 2:
        return Interval(estimate, np.nan, np.nan)
    rng = np.random.default_rng(seed)
    means = np.zeros(resamples)
    for x, y in zip(better, worse, strict=True):
        ours, theirs = np.round(x, ROUNDING)[:, None], np.round(y, ROUNDING)[None, :]
        wins = (ours > theirs) + (ours == theirs) / 2  # compared, not subtracted: runs may be infinite
        rows = rng.integers(len(x), size=(resamples, len(x), 1))
        columns = rng.integers(len(y), size=(resamples, 1, len(y)))
        means += wins[rows, columns].mean(axis=(1, 2)) / len(better)
    return Interval(estimate, *_bounds(means, expanded_tail(LEVEL, fewest)))


def p_value(one: Floats, other: Floats, seed: int = 0) -> float:
    """Return how likely runs of equal algorithms differ at least as much as those of two [n], [m] do.

    This is the two-sided permutation test of the Mann-Whitney statistic: exact where there are at most
    `MAX_SPLITS` ways to split the runs, also with ties. Runs may be infinite. Small numbers of runs cannot
    give a small value: with three each, the smallest is 0.1.

    Args:
        one: The runs of one algorithm.
        other: The runs of the other.
        seed: Seed of the sampled splits.
    """
    from scipy.stats import rankdata  # slow to import

    n, total = len(one), len(one) + len(other)
    ranks = rankdata(np.round(np.concatenate([one, other]), ROUNDING))
    exact = comb(total, n) <= MAX_SPLITS
    if exact:
        sums = ranks[np.array(list(combinations(range(total), n)))].sum(axis=1)
    else:
        tiled = np.tile(ranks, (RESAMPLES, 1))
        sums = np.random.default_rng(seed).permuted(tiled, axis=1)[:, :n].sum(axis=1)
    middle = n * (total + 1) / 2
    extreme = int((np.abs(sums - middle) >= abs(ranks[:n].sum() - middle) - 1e-9).sum())
    return extreme / len(sums) if exact else (1 + extreme) / (1 + len(sums))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values of several tests, corrected for their number (Holm 1979).

    The smallest of m is multiplied by m, the next by m - 1 and so on; none is then smaller than one before
    it, or above 1. If all hypotheses are true, one below 0.05 occurs with a probability of at most 0.05.
    """
    order = np.argsort(p_values, kind="stable")
    factors = np.arange(len(order), 0, -1)
    corrected = np.empty(len(order))
    corrected[order] = np.minimum(np.maximum.accumulate(factors * np.asarray(p_values, float)[order]), 1)
    return [float(value) for value in corrected]


def fewest_runs(tests: int, level: float = LEVEL) -> int:
    """Return how many runs of each algorithm at least one of several tests needs to be significant.

    Even if all runs of one are better than those of the other, `p_value` is 2 / C(2 n, n).
    """
    n = 2
    while 2 * tests / comb(2 * n, n) >= 1 - level:
        n += 1
    return n


def proportion(successes: int, trials: int) -> Interval:
    """Return a share of runs with its exact interval (Clopper and Pearson 1934)."""
    from scipy.stats import binomtest  # slow to import

    bounds = binomtest(successes, trials).proportion_ci(LEVEL)
    return Interval(successes / trials, float(bounds.low), float(bounds.high))


def _bounds(values: Floats, tail: float) -> tuple[float, float]:
    """Return the quantiles at both tails, without interpolation: values may be infinite."""
    low, high = np.quantile(values, (tail, 1 - tail), method="inverted_cdf")
    return float(low), float(high)
