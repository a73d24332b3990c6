import numpy as np
import pytest

from cookie_jar.envs import OptionError
from cookie_jar.envs.cookies.strip import GLASS, STRIP, filled_places, make_strips, place_pictures


@pytest.fixture
def pictures():
    return np.random.default_rng(0).integers(0, 256, size=(5, 3, 32, 32, 3), dtype=np.uint8)


def test_a_place_of_a_strip_is_the_very_picture(pictures):
    strips = make_strips(pictures, np.ones((5, 3), np.bool_))
    assert strips.shape == (5, *STRIP)
    for strip, three in zip(strips, pictures, strict=True):
        for place, picture in enumerate(three):
            np.testing.assert_array_equal(strip[2:34, 2 + 36 * place : 34 + 36 * place], picture)
        np.testing.assert_array_equal(place_pictures(strip), three)
    np.testing.assert_array_equal(place_pictures(strips), pictures)


def test_frames_and_empty_places_are_of_glass(pictures):
    there = np.array([[True, False, True]] * 5)
    strips = make_strips(pictures, there)
    assert (strips[:, :, 36:72] == GLASS).all()
    assert (strips[:, :2] == GLASS).all()
    assert (strips[:, :, -2:] == GLASS).all()
    np.testing.assert_array_equal(filled_places(strips), there)
    assert filled_places(strips[0]).tolist() == [True, False, True]
    assert not filled_places(np.zeros(STRIP, np.uint8)).any()


def test_the_pictures_of_a_strip_are_copies(pictures):
    strips = make_strips(pictures, np.ones((5, 3), np.bool_))
    place_pictures(strips)[:] = 0
    assert filled_places(strips).all()


@pytest.mark.parametrize(
    "strip", [None, np.zeros((36, 108, 3)), np.zeros((32, 96, 3), np.uint8), [[1], [1, 2]]]
)
def test_other_arrays_are_refused(strip):
    for use in (place_pictures, filled_places):
        with pytest.raises(OptionError, match=r"strip: expected uint8 of shape \(\.\.\., 36, 108, 3\), got"):
            use(strip)
