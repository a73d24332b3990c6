import io

import numpy as np
import pytest
from PIL import Image

from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.envs import CookieJarEnv
from cookie_jar.scripts.common.learning_curve import POINTS, binned_means, draw_curve


@pytest.fixture(scope="module")
def evaluator():
    return Evaluator(CookieJarEnv(kitchen="corner"))


def pixels(png):
    with Image.open(io.BytesIO(png)) as picture:
        return np.array(picture.convert("RGB"))


def test_episodes_are_averaged_over_spans_of_steps():
    ends, returns = np.arange(1, 601), np.arange(600) % 10
    middles, means = binned_means(ends, returns, 600)
    assert len(middles) == len(means) == POINTS
    assert middles[0] == 5.0  # episodes 1 to 9 end before a sixtieth of 600 steps
    assert means[1:-1] == [4.5] * (POINTS - 2)


def test_spans_without_an_episode_are_left_out():
    assert binned_means(np.array([1, 2, 99]), np.array([0.0, 2.0, 5.0]), 120) == (
        [1.0, 2.0, 99.0],
        [0.0, 2.0, 5.0],
    )
    assert binned_means(np.array([10, 20, 999]), np.array([0.0, 2.0, 5.0]), 1_800) == (
        [15.0, 999.0],
        [1.0, 5.0],
    )


def test_every_series_is_seen_in_the_picture(evaluator):
    first = pixels(draw_curve("t", evaluator, [], [], [0, 10], [-2.0, 1.0]))
    assert first.shape == (675, 1200, 3)
    for changed in (
        draw_curve("t", evaluator, [5, 9], [-1.0, 1.0], [0, 10], [-2.0, 1.0]),
        draw_curve("t", evaluator, [], [], [0, 10], [-2.0, 0.0]),
        draw_curve("t", evaluator, [], [], [0, 10], [-2.0, 1.0], {"unseen": [-2.0, -1.0]}),
        draw_curve("another", evaluator, [], [], [0, 10], [-2.0, 1.0]),
    ):
        assert (pixels(changed) != first).any()


def test_a_run_that_has_just_begun_can_be_drawn(evaluator):
    assert pixels(draw_curve("t", evaluator, [], [], [0], [-2.0])).shape == (675, 1200, 3)
