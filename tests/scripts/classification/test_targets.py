"""How well each model does, and what each lesson shows, on fixed seeds.

The error probability of a bound is that another seed misses it, from the mean and the standard deviation
over ten other seeds (100 to 109), as if normally distributed: below 1e-6 for the accuracies of all models and
of the honest network, and for the shortcut on its own set. Larger ones, per seed: 2e-3 for overfitting, 4e-4
for each bound of the learning rates (from losses after single steps), 4e-2 for the shortcut when swapped.

The last one is that large although the lesson was changed to meet its bound: with 1,000 steps and 95 % of the
cloths swapped, 6 of the ten seeds were above 35 % (24 to 44 %). The 300 steps and the swap of all cloths were
chosen on the seeds 101 and 102; the 4e-2 is from the other eight (14 to 35 %).
"""

import pytest

from cookie_jar.agents import CLASSIFIERS
from cookie_jar.agents.features import measure
from cookie_jar.envs.cookies.recipe import ceiling
from cookie_jar.scripts.classification import experiments

SEEDS = (11, 12, 13)
PICTURES = 5_000  # for training, and as many for the test

pytestmark = pytest.mark.slow


def silent(steps):
    """No progress bar."""


@pytest.fixture(scope="module", params=SEEDS)
def seed(request):
    return request.param


@pytest.fixture(scope="module")
def accuracies(seed):
    """The accuracy in percent of each model on new pictures, with the numbers that it keeps."""
    pictures, labels = experiments.training(PICTURES, seed)
    test, wanted = experiments.held_out(PICTURES, seed)
    found = {}
    for name in ("features", "softmax", "conv"):
        train, new = (measure(pictures), measure(test)) if name == "features" else (pictures, test)
        model = CLASSIFIERS[name](seed=seed).fit(train, labels)
        found[name] = 100 * model.score(new, wanted), model.num_parameters
    return found


def test_the_ceiling_is_computed_with_a_small_error():
    assert ceiling().accuracy == pytest.approx(0.969, abs=0.003)
    assert ceiling().standard_error < 0.0005


def test_fifteen_numbers_on_measured_features_are_right_for_91_percent(accuracies):
    accuracy, numbers = accuracies["features"]
    assert accuracy >= 91
    assert numbers == 15


def test_softmax_on_pixels_underfits(accuracies):
    accuracy, numbers = accuracies["softmax"]
    assert 65 <= accuracy <= 74
    assert numbers == 9_219


def test_the_network_is_right_for_91_percent_and_18_points_better_than_softmax(accuracies):
    accuracy, numbers = accuracies["conv"]
    assert accuracy >= 91
    assert accuracy >= accuracies["softmax"][0] + 18
    assert numbers == 3_507
    assert accuracy < 100 * ceiling().accuracy + 1  # standard error 0.3


def test_few_pictures_without_flips_are_overfitted(seed):
    curve = experiments.overfitting(seed, silent)
    losses = curve.held_out_loss
    assert losses[-1] >= 1.5 * min(losses)
    assert curve.steps[losses.index(min(losses))] < curve.steps[-1] / 4
    assert curve.training_loss[-1] < 0.05


def test_three_learning_rates_are_too_small_good_and_too_large(seed):
    small, good, large = (
        experiments.end_loss(curve) for curve in experiments.learning_rates(seed, silent).values()
    )
    assert 0.65 < small < 1.05
    assert good < 0.6
    assert large > 1


def test_a_shortcut_is_better_than_the_ceiling_until_the_cloths_are_swapped(seed):
    found = experiments.shortcut(seed, silent)
    own, swapped = (100 * score.estimate for score in found["shortcut"])
    assert own >= 96
    assert swapped <= 35
    honest, honest_swapped = (100 * score.estimate for score in found["honest"])
    assert honest >= 88
    assert honest_swapped >= 85
