from math import comb

import numpy as np
import pytest

from cookie_jar.scripts.common.bootstrap import proportion
from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.inspection.lesion_draws import (
    FRACTIONS,
    hit_probabilities,
    intervals,
    mean_half_widths,
    scores_with_zeros,
)
from cookie_jar.scripts.inspection.parameters import Parameters


def test_each_fraction_has_draws_of_its_own():
    numbers = np.ones(200)
    view, zeros = Parameters({"numbers": numbers}), []

    def score():
        zeros.append(set(np.flatnonzero(numbers == 0).tolist()))
        return float(len(zeros[-1])), 1.0

    scores = scores_with_zeros(view, score, 3, Console(quiet=True))
    assert scores.shape == (len(FRACTIONS), 3, 2)
    assert scores[:, :, 0].tolist() == [[round(200 * part)] * 3 for part in FRACTIONS]
    assert len(zeros) == 3 * (len(FRACTIONS) - 2) + 2  # none and all of them are scored once
    drawn = zeros[1:-1]
    assert len({frozenset(part) for part in drawn}) == len(drawn)
    assert not any(few <= more for few, more in zip(drawn, drawn[3:15], strict=False))
    assert numbers.all()


@pytest.mark.parametrize(("size", "used"), [(400, 7), (50, 50), (10, 1)])
def test_a_hit_is_drawn_without_replacement(size, used):
    forgotten = [round(part * size) for part in FRACTIONS]
    misses = [comb(size - used, count) / comb(size, count) for count in forgotten]
    assert hit_probabilities(size, used) == pytest.approx(1 - np.array(misses), abs=1e-12)


def test_successes_and_failures_have_the_exact_interval():
    lows, highs = intervals(np.array([[1.0] * 4, [1.0, 0.0, 1.0, 1.0], [0.0] * 4, [0.0] * 4]), 100)
    assert lows.tolist() == pytest.approx([100, 100 * proportion(3, 4).low, 0, 0])
    assert highs.tolist() == pytest.approx([100, 100 * proportion(3, 4).high, 100 * proportion(0, 4).high, 0])


def test_other_scores_have_the_interval_of_student():
    scores = np.array([[1.0, 2.0, 3.0, 4.0, 5.0]] * 3)
    assert mean_half_widths(scores)[0] == pytest.approx(1.9632, abs=1e-4)  # 2.7764 * 1.5811 / sqrt(5)
    lows, highs = intervals(scores)
    assert (lows[1], highs[1]) == pytest.approx((3 - 1.9632, 3 + 1.9632), abs=1e-4)
