"""Features of pictures that are painted here: discs with dark dots on a cloth."""

import numpy as np
import pytest

from cookie_jar.agents import AgentError
from cookie_jar.agents.features import FEATURES, measure

PLACES = [(0, 0), (0.2, 0), (-0.2, 0), (0, 0.2), (0, -0.2), (0.15, 0.15)]


def painted(radius, dots, dot_radius, darkness, cloth=(0.9, 0.9, 0.95), side=32):
    """A picture of a cookie, drawn eight times as fine and averaged."""
    fine = 8 * side
    y, x = (np.indices((fine, fine)) + 0.5) / fine - 0.5
    picture = np.empty((fine, fine, 3))
    picture[:] = cloth
    dough = np.array([0.85, 0.65, 0.4])
    picture[np.hypot(x, y) < radius] = dough
    for left, up in PLACES[:dots]:
        picture[np.hypot(x - left, y - up) < dot_radius] = dough * (1 - darkness)
    small = picture.reshape(side, 8, side, 8, 3).mean(axis=(1, 3))
    return np.rint(small * 255).astype(np.uint8)


@pytest.mark.parametrize("side", [32, 64])
@pytest.mark.parametrize("cloth", [(0.9, 0.9, 0.95), (0.4, 0.25, 0.15), (0.3, 0.5, 0.7)])
@pytest.mark.parametrize(("radius", "dots"), [(0.35, 1), (0.4, 4), (0.32, 6)])
def test_features_are_those_of_the_picture(side, cloth, radius, dots):
    [found] = measure(painted(radius, dots, 0.055, 0.6, cloth, side)[None])
    size, number, dot_size, darkness = found
    assert size == pytest.approx(radius, abs=0.015)
    assert number == dots
    assert dot_size == pytest.approx(0.055, abs=0.012)
    assert 0.4 < darkness < 0.65  # less than painted, because small dots are partly edge


def test_a_plain_cookie_has_no_dots():
    [found] = measure(painted(0.35, 0, 0.05, 0.5)[None])
    assert dict(zip(FEATURES, found, strict=True))["dots"] == 0
    assert found[3] < 0.1


def test_each_picture_is_measured_alone():
    pictures = np.array([painted(0.35, 2, 0.05, 0.6), painted(0.4, 5, 0.04, 0.8), painted(0.3, 0, 0.04, 0.8)])
    together = measure(pictures)
    for picture, row in zip(pictures, together, strict=True):
        np.testing.assert_allclose(measure(picture[None])[0], row)
    assert measure(pictures[:0]).shape == (0, 4)


@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("shape", [(32, 32), (8, 8), (9, 40)])
def test_pictures_without_a_cookie_have_finite_features(value, shape):
    assert np.isfinite(measure(np.full((2, *shape, 3), value, np.uint8))).all()


def test_noise_has_finite_features():
    noise = np.random.default_rng(0).integers(0, 256, (50, 32, 32, 3)).astype(np.uint8)
    assert np.isfinite(measure(noise)).all()


def test_small_pictures_are_refused():
    with pytest.raises(AgentError, match="at least 8 x 8 pixels"):
        measure(np.zeros((1, 7, 9, 3), np.uint8))
