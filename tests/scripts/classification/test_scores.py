import numpy as np
import pytest
from scipy.stats import beta

from cookie_jar.scripts.classification.scores import (
    accuracy,
    calibration,
    confusion,
    mean_loss,
    worst_mistakes,
)

SURE = np.array([[0.9, 0.1, 0.0], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1], [0.05, 0.0, 0.95]])
LABELS = np.array([0, 0, 0, 1])


def test_an_accuracy_has_the_interval_of_clopper_and_pearson():
    share, low, high = accuracy(np.zeros(10, int), np.array([0] * 8 + [1] * 2))
    assert share == 0.8
    assert low == pytest.approx(beta.ppf(0.025, 8, 3))
    assert high == pytest.approx(beta.ppf(0.975, 9, 2))


@pytest.mark.parametrize("right", [0, 1])
def test_the_interval_of_a_perfect_score_has_a_width(right):
    share, low, high = accuracy(np.full(5, 1), np.full(5, right))
    assert (share, low == 1, high == 0) == (right, False, False)
    assert low < high


def test_rows_of_the_confusion_are_the_true_kinds():
    counts = confusion(LABELS, SURE.argmax(axis=1), 3)
    np.testing.assert_array_equal(counts, [[2, 1, 0], [0, 0, 1], [0, 0, 0]])


def test_the_loss_is_the_mean_cross_entropy_and_finite():
    assert mean_loss(SURE[:2], LABELS[:2]) == pytest.approx(-(np.log(0.9) + np.log(0.2)) / 2)
    assert 500 < mean_loss(SURE[3:], LABELS[3:]) < np.inf


def test_the_most_confident_mistake_comes_first():
    np.testing.assert_array_equal(worst_mistakes(SURE, LABELS, 10), [3, 1])
    np.testing.assert_array_equal(worst_mistakes(SURE, LABELS, 1), [3])
    assert len(worst_mistakes(SURE[:1], LABELS[:1], 5)) == 0


def test_calibration_counts_every_prediction_once():
    found = calibration(SURE, LABELS, bins=2)  # from 1/3 to 2/3, and from 2/3 to 1
    np.testing.assert_array_equal(found.counts, [1, 3])
    np.testing.assert_allclose(found.confidence, [0.6, (0.9 + 0.7 + 0.95) / 3])
    np.testing.assert_allclose(found.accuracy, [1, 1 / 3])
    assert found.error == pytest.approx((0.4 * 1 + (0.85 - 1 / 3) * 3) / 4)
    assert (found.low <= found.accuracy).all()
    assert (found.accuracy <= found.high).all()


def test_calibrated_probabilities_have_a_small_calibration_error():
    rng = np.random.default_rng(0)  # error below 0.03 fails for fewer than one seed in 1,000
    probabilities = rng.dirichlet(np.ones(3), size=5_000)
    labels = (probabilities.cumsum(axis=1) < rng.random((5_000, 1))).sum(axis=1)
    assert calibration(probabilities, labels).error < 0.03


@pytest.mark.parametrize("kinds", [2, 10])
def test_any_number_of_kinds_has_a_calibration(kinds):
    probabilities = np.full((7, kinds), 1 / kinds)
    found = calibration(probabilities, np.zeros(7, int))
    np.testing.assert_array_equal(found.counts, [7])
    assert found.confidence[0] == pytest.approx(1 / kinds)
