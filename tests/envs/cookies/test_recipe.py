"""The recipe: densities that integrate to 1, Bayes' theorem, and the ceiling."""

import numpy as np
import pytest
from scipy.stats import norm

from cookie_jar.envs import Cookie, OptionError
from cookie_jar.envs.cookies import recipe
from cookie_jar.envs.cookies.recipe import DARKNESS, DOT_SIZE, DOTS, SIZE, STRETCH

TYPICAL = (0.38, 7.0, 0.05, 0.7, 1.3)
COLUMNS = [(kind, column) for kind in Cookie for column in (SIZE, DOT_SIZE, DARKNESS, STRETCH)]


def attributes(column: int, values: np.ndarray) -> np.ndarray:
    rows = np.tile(TYPICAL, (len(values), 1))
    rows[:, column] = values
    return rows


def relative_density(kind: int, column: int, values: np.ndarray) -> np.ndarray:
    """The density of one attribute, in units of the typical cookie's density of that attribute."""
    whole = recipe.log_likelihood(attributes(column, values))[:, kind]
    return np.exp(whole - recipe.log_likelihood(np.array([TYPICAL]))[0, kind])


@pytest.mark.parametrize(("kind", "column"), COLUMNS)
def test_density_inside_and_mass_at_the_ends_sum_to_one(kind, column):
    low, high = recipe.LOWEST[column], recipe.HIGHEST[column]
    ends, steps = np.array([low, high]), np.linspace(low, high, 20_001)
    middles = (steps[1:] + steps[:-1]) / 2
    typical = TYPICAL[column]
    if column == STRETCH:  # the recipe holds logarithms
        ends, middles, typical = np.exp(ends), np.exp(middles), np.log(typical)
    density = norm(recipe.MEANS[kind, column], recipe.SPREADS[kind, column]).pdf(typical)
    inside = relative_density(kind, column, middles).sum() * (steps[1] - steps[0])
    total = density * (inside + relative_density(kind, column, ends).sum())
    assert total == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("kind", Cookie)
def test_the_probabilities_of_the_numbers_of_dots_sum_to_one(kind):
    normal = norm(recipe.MEANS[kind, DOTS], recipe.SPREADS[kind, DOTS])
    dots = np.arange(1.0, recipe.MAX_DOTS + 1)
    typical = normal.cdf(TYPICAL[DOTS] + 0.5) - normal.cdf(TYPICAL[DOTS] - 0.5)
    assert typical * relative_density(kind, DOTS, dots).sum() == pytest.approx(1 - normal.cdf(0.5), abs=1e-9)


def test_dots_that_do_not_exist_say_nothing():
    rows = np.array([[0.38, 0, 0, 0, 1], [0.38, 0, 0.09, 1, 2]])
    likelihood = recipe.log_likelihood(rows)
    assert np.array_equal(likelihood[0], likelihood[1])
    size = norm(recipe.MEANS[:, SIZE], recipe.SPREADS[:, SIZE]).pdf(0.38)
    none = norm(recipe.MEANS[:, DOTS], recipe.SPREADS[:, DOTS]).cdf(0.5)
    assert np.exp(likelihood[0]) == pytest.approx(size * none)


def test_the_posterior_is_that_of_a_histogram():
    # Frequencies of the kinds among 300,000 cookies in 6 cells of darkness, compared with the posterior
    # averaged over the cell: 5 standard errors, error probability below 1e-4 in all.
    rng, number = np.random.default_rng(0), 100_000
    drawn = np.concatenate(
        [
            recipe.draw_attributes(np.full(number, kind), rng.random((number, 5)).clip(1e-12, 1 - 1e-12))
            for kind in Cookie
        ]
    )
    kinds = np.repeat(np.arange(3), number)
    posterior = np.exp(recipe.log_posterior(drawn))
    cell = np.digitize(drawn[:, DARKNESS], np.linspace(0.2, 1, 5))
    for darkness in range(6):
        for kind in Cookie:
            expected, frequency = posterior[cell == darkness, kind], kinds[cell == darkness] == kind
            error = np.sqrt((expected * (1 - expected)).sum()) + 1
            assert abs(frequency.sum() - expected.sum()) < 5 * error


@pytest.mark.parametrize("kind", Cookie)
def test_attributes_have_the_moments_of_the_recipe(kind):
    # 100,000 cookies, hardly any of them clipped in size or dot size: 5 standard errors.
    uniforms = np.random.default_rng(1).random((100_000, 5)).clip(1e-12, 1 - 1e-12)
    drawn = recipe.draw_attributes(np.full(100_000, kind), uniforms)
    drawn = drawn[drawn[:, DOTS] > 0]
    for column in (SIZE, DOT_SIZE):
        mean, spread = recipe.MEANS[kind, column], recipe.SPREADS[kind, column]
        assert abs(drawn[:, column].mean() - mean) < 5 * spread / np.sqrt(len(drawn))
        assert drawn[:, column].std() == pytest.approx(spread, rel=0.02)
    assert np.array_equal(drawn[:, DOTS], np.rint(drawn[:, DOTS]))
    assert drawn[:, STRETCH].min() >= 1


def test_a_chocolate_chip_cookie_is_the_bigger_one_with_smaller_and_darker_dots():
    raisin, chip = recipe.MEANS[Cookie.RAISIN], recipe.MEANS[Cookie.CHOCOLATE_CHIP]
    assert chip[SIZE] > raisin[SIZE]
    assert chip[DOTS] > raisin[DOTS]
    assert chip[DOT_SIZE] < raisin[DOT_SIZE]
    assert chip[DARKNESS] > raisin[DARKNESS]


def test_the_extremes_of_the_uniform_numbers_are_clipped():
    uniforms = np.array([[2.0**-53] * 5, [1 - 2.0**-53] * 5])
    low, high = recipe.draw_attributes(np.array([2, 0]), uniforms)
    assert low.tolist() == [*recipe.LOWEST[:2], *recipe.WITHOUT_DOTS]
    assert high[[SIZE, DOTS, DOT_SIZE]].tolist() == recipe.HIGHEST[[SIZE, DOTS, DOT_SIZE]].tolist()
    assert np.isfinite(recipe.log_posterior(np.array([low, high]))).all()


def test_the_ceiling_is_the_known_one():
    found = recipe.ceiling()
    assert found.accuracy == pytest.approx(0.969, abs=0.003)
    assert found.by_kind == pytest.approx((0.956, 0.987, 0.963), abs=0.003)
    assert found.accuracy == pytest.approx(np.mean(found.by_kind))
    assert 0 < found.standard_error < 0.0005


@pytest.mark.parametrize("wrong", [[], [1.0] * 5, [[1.0] * 4], [[np.nan] * 5], "x", None, [["a"] * 5]])
def test_impossible_attributes_are_refused(wrong):
    with pytest.raises(OptionError, match=r"attributes: expected finite numbers of shape \(n, 5\)"):
        recipe.log_posterior(wrong)
