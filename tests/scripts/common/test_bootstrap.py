from inspect import signature

import numpy as np
import pytest
from scipy import stats

from cookie_jar.scripts.common.bootstrap import (
    band,
    bootstrap_interval,
    expanded_tail,
    fewest_runs,
    holm,
    improvement_interval,
    iqm,
    median,
    p_value,
    probability_of_improvement,
    proportion,
)


@pytest.mark.parametrize(
    ("runs", "middle"),
    [
        ([3, 1, 2, 100, -50], 2),  # one of five goes on each side: the mean of 1, 2, 3
        ([0, 1, 2, 3, 4, 5, 6, 70], 3.5),  # two of eight: the mean of 2, 3, 4, 5
        ([1, 2, 6], 3),  # of three, a quarter rounds down to none
        ([5], 5),
        ([1, 2, 3, 4, np.inf], 3),
        ([1, 2, np.inf, np.inf, np.inf], np.inf),
    ],
)
def test_iqm_by_hand(runs, middle):
    assert iqm(np.array(runs, float)) == middle


@pytest.mark.parametrize(
    ("runs", "middle"),
    [
        ([3, 1, 2, 100, -50], 2),
        ([1, 2], 1.5),
        ([5], 5),
        ([1, 2, np.inf, np.inf], np.inf),  # one of the two middle runs
        ([1, 2, 3, np.inf, np.inf], 3),
        ([np.inf, np.inf], np.inf),
    ],
)
def test_the_median_of_runs_that_may_be_infinite(runs, middle):
    assert median(np.array(runs, float)) == middle


@pytest.mark.parametrize(
    ("p_values", "corrected"),
    [
        ([], []),
        ([0.03], [0.03]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),  # 3 * 0.01, then 2 * 0.03, and no less for 0.04
        ([0.02, 0.02], [0.04, 0.04]),
        ([1, 1, 0.5], [1, 1, 1]),
    ],
)
def test_the_correction_of_holm_by_hand(p_values, corrected):
    assert holm(p_values) == pytest.approx(corrected)


@pytest.mark.parametrize(("tests", "runs"), [(1, 4), (6, 5), (7, 6), (16, 6), (1000, 9)])
def test_how_many_runs_several_tests_need(tests, runs):
    assert fewest_runs(tests) == runs
    for number, is_enough in ((runs, True), (runs - 1, False)):
        smallest = p_value(np.arange(number) + 100.0, np.arange(number) * 1.0)
        if tests < 100:  # many runs are sampled, not gone through
            assert (tests * smallest < 0.05) == is_enough


def test_iqm_works_on_the_last_axis():
    runs = np.array([[1.0, 2, 3, 4, 5], [10, 20, 30, 40, 50]])
    np.testing.assert_array_equal(iqm(runs), [3, 30])


def test_a_plain_interval_is_the_one_of_scipy():
    runs = np.random.default_rng(0).exponential(size=30)
    mine = bootstrap_interval([runs], seed=1, expanded=False, resamples=50_000)
    rng = "rng" if "rng" in signature(stats.bootstrap).parameters else "random_state"  # before SciPy 1.15
    theirs = stats.bootstrap(
        (runs,), lambda x, axis: stats.trim_mean(x, 0.25, axis=axis), method="percentile",
        n_resamples=50_000, **{rng: np.random.default_rng(2)},
    ).confidence_interval  # fmt: skip
    assert mine.estimate == pytest.approx(stats.trim_mean(runs, 0.25))
    assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), rel=0.02)


def test_strata_are_resampled_for_themselves():
    """Far apart and without spread in themselves: nothing can vary."""
    mine = bootstrap_interval([np.zeros(5), np.full(5, 100.0)], seed=0)
    assert mine == (50, 50, 50)
    assert (
        bootstrap_interval([np.arange(10.0)], seed=0).high > bootstrap_interval([np.arange(10.0)], seed=0).low
    )


@pytest.mark.parametrize("runs", [5, pytest.param(10, marks=pytest.mark.slow)])
def test_coverage(runs):
    """2,000 experiments: 95 % has a standard error of 0.5 %, so a right method fails in 1 of 10,000."""
    rng = np.random.default_rng(3)
    hits = plain = 0
    for experiment in range(2_000):
        sample = [rng.normal(size=runs)]
        _, low, high = bootstrap_interval(sample, experiment, resamples=1_000)
        hits += low <= 0 <= high
        _, low, high = bootstrap_interval(sample, experiment, resamples=200, expanded=False)
        plain += low <= 0 <= high
    assert 0.93 <= hits / 2_000 <= 0.985
    assert plain / 2_000 < 0.93


def test_coverage_of_all_or_nothing():
    """If 7 seeds in 10 reach 100 and the others stay at 5, the interval misses the truth when all five agree.

    This happens in one comparison of six (0.7 ** 5), and resampling cannot avoid it: see `proportion`.
    """
    rng = np.random.default_rng(4)
    truth = (0.05 * 5 + 0.45 * 100) / 0.5  # the middle half of all seeds: from the quantile 0.25 to 0.75
    samples = [np.where(rng.random(5) < 0.7, 100.0, 5.0) for _ in range(1_000)]
    found = {}  # of 32 different samples
    for sample in samples:
        if tuple(sample) not in found:
            found[tuple(sample)] = bootstrap_interval([sample], 0, resamples=2_000)
    intervals = [found[tuple(sample)] for sample in samples]
    covered = np.array([low <= truth <= high for _, low, high in intervals])
    agree = np.array([np.ptp(sample) == 0 for sample in samples])
    assert not covered[agree].any()
    assert covered[~agree].all()
    assert agree.mean() == pytest.approx(0.7**5, abs=0.05)  # 4 standard errors: 1 failure in 16,000
    share = [proportion(number, 5) for number in range(6)]
    shares = [share[int((sample == 100).sum())] for sample in samples]
    assert np.mean([low <= 0.7 <= high for _, low, high in shares]) >= 0.95


def test_the_expanded_tail_by_hand():
    """For n = 5, sqrt(5/4) x 2.7764 = 3.104 standard deviations; for many runs nothing changes."""
    assert expanded_tail(0.95, 5) == pytest.approx(stats.norm.cdf(-3.1041), rel=1e-3)
    assert expanded_tail(0.95, 10_000_000) == pytest.approx(0.025, rel=1e-5)


def test_the_same_seed_gives_the_same_interval():
    runs = np.random.default_rng(0).normal(size=40)
    assert bootstrap_interval([runs], 7) == bootstrap_interval([runs], 7) != bootstrap_interval([runs], 8)


def test_one_run_has_no_interval():
    estimate, low, high = bootstrap_interval([np.array([4.0])], 0)
    assert estimate == 4
    assert np.isnan([low, high]).all()


def test_infinite_runs_give_infinite_bounds():
    estimate, low, high = bootstrap_interval([np.array([10.0, 20, 30, np.inf, np.inf])], 0)
    assert (estimate, high) == (np.inf, np.inf)
    assert np.isfinite(low)


def test_improvement_by_hand_and_by_scipy():
    x, y = np.array([1.0, 2, 3]), np.array([2.0, 2, 0])
    assert probability_of_improvement(x, y) == pytest.approx(
        (1 + 2 + 3) / 9
    )  # 1 beats 0; 2 beats 0 and ties twice; 3 beats all
    rng = np.random.default_rng(0)
    x, y = rng.integers(5, size=20).astype(float), rng.integers(6, size=30).astype(float)
    assert probability_of_improvement(x, y) == pytest.approx(stats.mannwhitneyu(x, y).statistic / 600)
    assert probability_of_improvement(x, y) + probability_of_improvement(y, x) == pytest.approx(1)


def test_improvement_has_an_interval():
    rng = np.random.default_rng(0)
    x, y = rng.normal(1, 1, 20), rng.normal(0, 1, 20)
    estimate, low, high = improvement_interval([x], [y], seed=0)
    assert low < estimate < high
    assert low > 0.5
    assert improvement_interval([x, y], [y, x], seed=0).estimate == pytest.approx(0.5)
    same = np.full(5, 100.0)
    assert improvement_interval([same], [same + 1e-12], seed=0) == (0.5, 0.5, 0.5)


def test_a_band_is_an_interval_at_each_point():
    runs = np.random.default_rng(0).normal(size=(6, 3)) + np.array([0, 10, 20])
    middle, low, high = band(runs, seed=0)
    np.testing.assert_allclose(middle, iqm(runs.T))
    assert (low < middle).all()
    assert (middle < high).all()
    assert high[0] < low[1]


def test_five_of_five_is_not_certainty():
    estimate, low, high = proportion(5, 5)
    assert (estimate, high) == (1, 1)
    assert low == pytest.approx(0.025 ** (1 / 5))


def test_improvement_of_seeds_that_all_failed_is_a_tie_with_bounds() -> None:
    failed = np.full(3, -np.inf)
    assert improvement_interval([failed], [failed], seed=0) == (0.5, 0.5, 0.5)
    assert improvement_interval([np.zeros(3)], [failed], seed=0) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("one", "other", "p"),
    [
        ([4, 5, 6], [1, 2, 3], 2 / 20),  # the most extreme two of the 20 ways to split six runs
        ([1, 2, 3], [4, 5, 6], 2 / 20),
        ([1, 1], [1, 1], 1),
        ([7], [1, 2, 3], 2 / 4),
        ([1, 2], [-np.inf, -np.inf], 2 / 6),
        (range(10, 15), range(5), 2 / 252),
    ],
)
def test_p_values_by_hand(one, other, p):
    assert p_value(np.array(one, float), np.array(other, float)) == pytest.approx(p)


def test_p_values_agree_with_scipy_without_ties():
    one, other = np.random.default_rng(0).normal([[1], [0]], size=(2, 7))
    assert p_value(one, other) == pytest.approx(stats.mannwhitneyu(one, other, method="exact").pvalue)
    many, more = np.random.default_rng(0).normal([[0.5], [0]], size=(2, 30))
    sampled = p_value(many, more)  # 10,000 splits: the error of p = 0.05 is 0.002
    assert sampled == pytest.approx(stats.mannwhitneyu(many, more, method="exact").pvalue, abs=0.01)
    assert sampled == p_value(many, more)
