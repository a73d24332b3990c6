import numpy as np
import pygame
import pytest

from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts.viewer.close_up import CloseUp, close_up_height, draw_close_up
from cookie_jar.scripts.viewer.jar_view import JarView

EM = 16
SIZE = (900, 190)
GREYS = 60, 120, 180  # of the pictures at left, middle and right
PICTURES = tuple(np.full((32, 32, 3), grey, np.uint8) for grey in GREYS)


def drawn(view, size=SIZE, em=EM):
    surface = pygame.Surface(size)
    surface.fill(palette.PAPER)
    draw_close_up(surface, surface.get_rect(), view, "chocolate chip", em)
    return to_array(surface)


def columns(picture, colour):
    """The first and the last column with pixels of a colour, or None."""
    found = np.flatnonzero((picture == colour).all(axis=2).any(axis=0))
    return (found[0], found[-1]) if found.size else None


@pytest.mark.parametrize(("size", "em"), [(SIZE, EM), ((640, 192), 15), ((300, 100), 11), ((200, 90), 11)])
def test_three_pictures_of_equal_size_stand_side_by_side(size, em):
    picture = drawn(JarView(PICTURES), size, em)
    places = [columns(picture, (grey,) * 3) for grey in GREYS]
    widths = [right - left + 1 for left, right in places]
    assert min(widths) == max(widths) > 32
    assert places[0][1] < places[1][0]
    assert places[1][1] < places[2][0]
    assert places[0][0] > 0
    assert places[2][1] < size[0] - 1


def test_the_enlarged_picture_is_the_very_picture():
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)
    photo = coarse.repeat(8, axis=0).repeat(8, axis=1)
    plain, shown = (drawn(JarView(three), (900, 300)) for three in (PICTURES, (photo,) * 3))
    left, right = columns(plain, (GREYS[1],) * 3)
    rows = np.flatnonzero((plain[:, left + 5] == GREYS[1]).all(axis=1))
    square = shown[rows[0] : rows[-1] + 1, left : right + 1]
    middles = ((np.arange(4) + 0.5) * len(square) / 4).astype(int)
    np.testing.assert_allclose(square[np.ix_(middles, middles)], coarse, atol=2)


def test_a_bar_is_as_long_as_the_belief():
    belief = 0.25, 0.7, 0.05
    picture = drawn(JarView(PICTURES, belief))
    for place, colour in enumerate((palette.BAR, palette.BAR_BEST, palette.BAR)):
        left, right = columns(picture, (GREYS[place],) * 3)
        bar = (picture[:, left : right + 1] == colour).all(axis=2).sum(axis=1).max()
        assert bar / (right - left + 1) == pytest.approx(belief[place], abs=0.03)


def test_without_a_belief_there_are_no_bars():
    picture = drawn(JarView(PICTURES))
    assert columns(picture, palette.LINE) is not None  # the frames
    assert columns(picture, palette.BAR) is columns(picture, palette.BAR_BEST) is None


@pytest.mark.parametrize("pick", [0, 1, 2])
def test_the_pick_has_a_frame(pick):
    picture = drawn(JarView(PICTURES, (0.2, 0.3, 0.5), pick))
    left, right = columns(picture, (GREYS[pick],) * 3)
    frame = columns(picture, palette.SHIRT)
    assert 0 < left - frame[0] < EM
    assert 0 < frame[1] - right < EM
    assert columns(drawn(JarView(PICTURES, (0.2, 0.3, 0.5))), palette.SHIRT) is None


def test_an_eaten_cookie_is_empty_glass_and_a_closed_jar_is_dark():
    eaten = drawn(JarView((PICTURES[0], None, PICTURES[2]), (0.5, 0.0, 0.5)))
    left, right = columns(eaten, palette.GLASS)
    assert columns(eaten, (GREYS[0],) * 3)[1] < left < right < columns(eaten, (GREYS[2],) * 3)[0]
    closed = drawn(None)
    assert (closed == palette.INK).all(axis=2).mean() > 0.2
    assert columns(closed, palette.GLASS) is None


def test_a_close_up_is_left_out_without_room():
    assert close_up_height(200) == 0
    assert [close_up_height(height) / height for height in (400, 800)] == pytest.approx([0.3, 0.3])


def test_it_is_drawn_anew_when_something_changes():
    window = pygame.Surface((900, 200))
    close_up, area = CloseUp("raisin"), pygame.Rect(0, 5, 900, 190)
    views = [
        None,
        JarView(PICTURES),
        JarView(PICTURES, (0.1, 0.4, 0.5)),
        JarView(PICTURES, (0.1, 0.4, 0.5), 2),
        JarView((PICTURES[0], None, PICTURES[2]), (0.1, 0.4, 0.5), 2),
    ]
    shown = set()
    for view in views:
        close_up.draw(window, area, view, EM)
        shown.add(to_array(window).tobytes())
    assert len(shown) == len(views)
