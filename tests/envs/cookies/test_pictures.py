"""Numbered pictures: the same number, the same picture; odd arguments are refused in one line."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from cookie_jar.envs import TEST_PICTURES, TRAIN_PICTURES, Cookie, OptionError, draw_pictures
from cookie_jar.envs.cookies.pictures import picture_kinds

NAN = float("nan")
NUMBERS = np.array([0, 7, 999_999, 1_000_000, 2**53 - 1])


def same(one, other) -> bool:
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(one, other, strict=True))


def test_shapes_and_types():
    drawn = draw_pictures(NUMBERS, size=16)
    assert drawn.pictures.shape == (5, 16, 16, 3)
    assert drawn.attributes.shape == (5, 5)
    assert [array.dtype for array in drawn] == [np.uint8, np.int64, np.float64, np.int64]
    assert np.array_equal(drawn.numbers, NUMBERS)


def test_numbers_to_learn_from_and_to_test_on_are_disjoint():
    assert TRAIN_PICTURES == (0, 999_999)
    assert TEST_PICTURES == (1_000_000, 1_999_999)


@pytest.mark.parametrize("options", [{}, {"shift": "mess"}, {"seed": 5, "size": 24, "cloth_share": 0.5}])
def test_a_picture_does_not_depend_on_the_batch(options):
    numbers = np.random.default_rng(0).permutation(2_100)
    whole = draw_pictures(numbers, **options)
    places = [0, 1, 1023, 1024, 2099]
    parts = [draw_pictures(numbers[[place]], **options) for place in places]
    for place, part in zip(places, parts, strict=True):
        assert same([array[[place]] for array in whole], part)


@pytest.mark.parametrize("kind", [list, tuple, np.int8, np.uint8, np.uint64, np.int32])
def test_a_picture_does_not_depend_on_the_type_of_the_numbers(kind):
    numbers = np.arange(5)
    given = kind(numbers) if kind in (list, tuple) else numbers.astype(kind)
    assert same(draw_pictures(given), draw_pictures(range(5)))


def test_the_arguments_are_not_changed_nor_kept():
    numbers, kinds = np.arange(3), np.array([2, 1, 0])
    drawn = draw_pictures(numbers, kinds)
    drawn.numbers[:], drawn.kinds[:] = 9, 0
    assert numbers.tolist() == [0, 1, 2]
    assert kinds.tolist() == [2, 1, 0]


@pytest.mark.parametrize("option", [{"seed": 1}, {"mess": 0.4}, {"shift": "jar"}, {"cloth_share": 1.0}])
def test_every_option_changes_the_pictures(option):
    assert not np.array_equal(draw_pictures(NUMBERS, **option).pictures, draw_pictures(NUMBERS).pictures)


def test_pictures_of_different_numbers_differ():
    drawn = draw_pictures(range(500)).pictures.reshape(500, -1)
    assert len(np.unique(drawn, axis=0)) == 500


def test_another_process_draws_the_same_pictures():
    code = (
        "import hashlib; from cookie_jar.envs import draw_pictures;"
        "print(hashlib.sha256(draw_pictures(range(64)).pictures.tobytes()).hexdigest())"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.strip() == hashlib.sha256(draw_pictures(range(64)).pictures.tobytes()).hexdigest()


def test_kinds_are_those_of_the_numbers_unless_given():
    kinds = picture_kinds(range(30_000))
    assert np.abs(np.bincount(kinds) - 10_000).max() < 5 * np.sqrt(30_000 * 2 / 9)  # 5 standard errors
    assert np.array_equal(draw_pictures(range(50)).kinds, kinds[:50])
    assert same(draw_pictures(range(50)), draw_pictures(range(50), kinds[:50]))


def test_a_number_exists_as_each_kind_in_the_same_surroundings():
    drawn = draw_pictures([7, 7, 7], list(Cookie), mess=0).pictures.astype(int)
    assert np.abs(drawn[0, 0] - drawn[1, 0]).max() <= 2  # the corners differ by the shadow at most
    assert not np.array_equal(drawn[0], drawn[1])


@pytest.mark.parametrize("kind", Cookie)
def test_a_larger_picture_shows_the_same_cookie(kind):
    small = draw_pictures(range(50), [kind] * 50).pictures.astype(float)
    large = draw_pictures(range(50), [kind] * 50, size=128).pictures.astype(float)
    shrunk = large.reshape(50, 32, 4, 32, 4, 3).mean(axis=(2, 4))
    difference = np.abs(shrunk - small).mean(axis=(1, 2, 3))
    assert difference.mean() < 8  # of 255, mostly noise
    others = np.abs(shrunk - np.roll(small, 1, axis=0)).mean(axis=(1, 2, 3))
    assert (difference < others).all()


def test_dots_lie_in_the_middle_too():
    # The share of dark pixels in the middle is near that of the ring around. With a hole, it would be 0.
    drawn = draw_pictures(range(2000), [Cookie.CHOCOLATE_CHIP] * 2000, mess=0).pictures.mean(axis=3)
    y, x = np.indices((32, 32)) - 15.5
    distance = np.hypot(x, y)
    dark = drawn < 100
    middle, ring = dark[:, distance < 3].mean(), dark[:, (distance > 4) & (distance < 8)].mean()
    assert 0.6 < middle / ring < 1.6


def test_dots_are_darker_for_darker_kinds():
    drawn = [draw_pictures(range(200), [kind] * 200, mess=0).pictures[:, 8:24, 8:24] for kind in Cookie]
    raisin, chip, plain = (picture.mean(axis=3).min(axis=(1, 2)).mean() for picture in drawn)
    assert chip < raisin < plain


@pytest.mark.parametrize(
    "numbers",
    [
        *(None, 3, 1.0, True, "12", b"12", {1, 2}, {1: 2}, object(), [], np.array([]), np.array(3)),
        *([1.0], [NAN], [True], [1, True], [None], ["1"], [[1]], [[1], [2, 3]], [-1], [2**53], [2**70]),
        *(np.array([-1], np.int8), np.array([2**63], np.uint64), np.zeros((2, 2), int), np.array([True])),
    ],
)
def test_odd_numbers_are_refused(numbers):
    with pytest.raises(OptionError, match=r"^numbers: expected at least one integer") as caught:
        draw_pictures(numbers)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300
    with pytest.raises(OptionError, match=r"^numbers: "):
        picture_kinds(numbers)


@pytest.mark.parametrize("kinds", [[], [3], [-1], [0.0], [True], [0, 1], 1, "raisin", [[0]], [NAN]])
def test_odd_kinds_are_refused(kinds):
    with pytest.raises(OptionError, match=r"^kinds: expected"):
        draw_pictures([5], kinds)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("size", value) for value in (7, 257, 0, -32, 32.0, True, None, "32", NAN)),
        *(("seed", value) for value in (-1, 2**63, 1.0, True, None, "0", NAN)),
        *(("mess", value) for value in (-0.1, 1.1, NAN, True, None, "0.3", 1j, 10**400, float("inf"))),
        *(("cloth_share", value) for value in (-0.1, 1.1, NAN, False, None, [0.5])),
        *(("shift", value) for value in ("", "Evening", "evenin", None, 0, True, ["none"])),
    ],
)
def test_odd_options_are_refused(option, value):
    with pytest.raises(OptionError, match=f"^{option}: expected") as caught:
        draw_pictures([5], **{option: value})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("numbers", [range(10**6), range(10**30), np.zeros(10**6, np.int8)])
def test_more_pictures_than_memory_should_hold_are_refused(numbers):
    with pytest.raises(OptionError, match=r"^numbers: expected at most 349,525 in one call"):
        draw_pictures(numbers)


@pytest.mark.parametrize("size", [8, 9, 256])
@pytest.mark.parametrize("mess", [0, 1, np.float32(0.5)])
def test_the_extreme_sizes_and_messes_work(size, mess):
    drawn = draw_pictures(range(3), size=np.int64(size), mess=mess)
    assert drawn.pictures.shape == (3, size, size, 3)
    assert (drawn.pictures.std(axis=(1, 2, 3)) > 5).all()
