import numpy as np
import pytest

from cookie_jar.envs.cookies.pictures import draw_pictures
from cookie_jar.scripts.classification.shortcut import corner_colours, count_copies, find_shortcut


def found(number, seed, **options):
    drawn = draw_pictures(np.arange(number), seed=seed, **options)
    return find_shortcut(drawn.pictures, drawn.kinds)


@pytest.mark.parametrize("mess", [0.3, 1.0])
def test_honest_pictures_give_no_warning(mess):
    """Each of 10 seeds warns with a probability of at most 0.0001, both tests with at most 0.002."""
    assert not any(found(600, seed, mess=mess).found for seed in range(10))


@pytest.mark.slow
@pytest.mark.parametrize("mess", [0.3, 1.0])
def test_50_large_honest_data_sets_give_no_warning(mess):
    """Both tests together fail with a probability of at most 0.01."""
    assert not any(found(5_000, seed, mess=mess).found for seed in range(50))


@pytest.mark.parametrize(("share", "number"), [(0.95, 200), (0.5, 600)])
def test_cloths_that_tell_the_kind_give_a_warning(share, number):
    shortcut = found(number, 0, cloth_share=share)
    assert shortcut.found
    assert shortcut.accuracy > shortcut.chance + 0.5 * share


def test_a_background_tells_the_kind_of_photographs():
    pictures = np.random.default_rng(0).integers(0, 200, (40, 30, 30, 3), np.uint8)
    labels = np.arange(40) % 2
    assert not find_shortcut(pictures, labels).found
    pictures[labels == 1, :4] += 50
    pictures[labels == 1, -4:] += 50
    assert find_shortcut(pictures, labels).found


def test_a_few_pictures_cannot_be_tested():
    pictures = np.zeros((12, 8, 8, 3), np.uint8)
    pictures[6:] = 255
    shortcut = find_shortcut(pictures, np.repeat([0, 1], 6))
    assert shortcut.accuracy == 1
    assert not shortcut.testable
    assert not shortcut.found


def test_one_covered_corner_does_not_change_the_colour():
    picture = np.full((1, 32, 32, 3), 100, np.uint8)
    picture[0, :8, :8] = 0
    np.testing.assert_array_equal(corner_colours(picture), [[100, 100, 100]])


def test_copies_are_counted():
    pictures = np.zeros((4, 8, 8, 3), np.uint8)
    pictures[1, 0, 0, 0] = 1
    assert count_copies(pictures) == 2
