from itertools import combinations

import pygame
import pytest

from cookie_jar.scripts.viewer.layout import em_of, lay_out_window

SIZES = [(160, 160), (320, 240), (500, 900), (640, 480), (1280, 720), (1920, 1080)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_nothing_overlaps_or_lies_outside(size, count):
    layout = lay_out_window(size, count, panel=True, footer=6.2)
    parts = [*layout.pictures, *(part for part in layout[1:] if part is not None)]
    window = pygame.Rect((0, 0), size)
    assert len(layout.pictures) == count
    assert all(window.contains(part) and part.width > 20 and part.height > 8 for part in parts)
    assert not any(a.colliderect(b) for a, b in combinations(parts, 2))


def test_the_panel_is_at_the_right_of_wide_windows_and_below_in_narrow_ones():
    wide, narrow = (lay_out_window(size, 1, panel=True, footer=0) for size in ((1280, 720), (500, 900)))
    assert wide.panel.left >= wide.pictures[0].right
    assert narrow.panel.top >= narrow.pictures[0].bottom


def test_small_windows_do_without():
    layout = lay_out_window((160, 160), 1, panel=True, footer=6.2)
    assert layout[1:] == (None, None, None)
    assert layout.pictures == (pygame.Rect(0, 0, 160, 160),)


def test_what_is_switched_off_leaves_its_place_to_the_picture():
    layout = lay_out_window((1280, 720), 1, panel=False, footer=0, buttons=False)
    assert layout == ((pygame.Rect(0, 0, 1280, 720),), None, None, None)


def test_letters_grow_with_the_window_within_limits():
    sizes = [em_of(size) for size in SIZES]
    assert sizes == sorted(sizes)
    assert (em_of((160, 160)), em_of((9_000, 9_000))) == (11, 30)
    assert em_of((1280, 720), large=True) == pytest.approx(1.4 * em_of((1280, 720)), abs=0.5)


@pytest.mark.parametrize("size", SIZES)
def test_letters_have_the_same_size_in_points_on_a_retina_screen(size):
    pixels = tuple(2 * side for side in size)
    em = em_of(pixels, density=2.0)
    assert em == pytest.approx(2 * em_of(size), abs=1)
    points = lay_out_window(size, 1, panel=True, footer=6.2)
    retina = lay_out_window(pixels, 1, panel=True, footer=6.2, em=em, density=2.0)
    assert [part is None for part in retina] == [part is None for part in points]
