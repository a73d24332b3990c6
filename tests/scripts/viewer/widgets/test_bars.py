from math import nan

import numpy as np
import pygame
import pytest
from pictures import check
from surfaces import drawn_outside, is_drawn, paper, where

from cookie_jar.envs import Action
from cookie_jar.envs.rendering import palette
from cookie_jar.scripts.common.bars import Bars
from cookie_jar.scripts.viewer.widgets import bars as widget

EM = 11
NAMES = [action.label for action in Action]


def draw_bars(surface, rect, bars, em=EM):
    widget.draw_bars(surface, rect, bars, em)


SIZES = [(200, 220), (320, 500), (900, 700)]


def extent(surface, colour):
    """Return the first and the last column of a colour."""
    columns = where(surface, colour)[:, 1]
    return columns.min(), columns.max()


@pytest.mark.parametrize("size", SIZES)
def test_bars_reach_from_the_least_to_the_best(size):
    """Values from 1.22 to 1.25 differ by the whole width, as those from -1 to 1 do."""
    surface = paper(size)
    draw_bars(surface, surface.get_rect(), Bars(NAMES, [1.22, 1.235, *[1.22] * 7, 1.25], label="values"))
    (left, middle), (start, end) = extent(surface, palette.BAR), extent(surface, palette.BAR_BEST)
    assert left == pytest.approx(start, abs=1)
    assert middle - left == pytest.approx((end - start) / 2, abs=2)
    assert where(surface, palette.BAR_BEST)[:, 0].min() > 0.7 * size[1]


@pytest.mark.parametrize("size", SIZES)
def test_negative_values_have_bars_of_their_own_colour(size):
    surface = paper(size)
    draw_bars(surface, surface.get_rect(), Bars(NAMES, [-1.0, -0.5, *[-0.75] * 7, 0.5]))
    (left, minus), (start, end) = extent(surface, palette.BAR_MINUS), extent(surface, palette.BAR_BEST)
    assert left == pytest.approx(start, abs=1)
    assert minus - left == pytest.approx((end - start) / 3, abs=2)
    assert len(where(surface, palette.BAR_MINUS_BEST)) == 0


@pytest.mark.parametrize("size", SIZES)
def test_bars_from_zero_go_to_their_side(size):
    surface = paper(size)
    bars = Bars(NAMES, [-1.0, 0.5, *[0.0] * 7, 1.0], label="values", from_zero=True)
    draw_bars(surface, surface.get_rect(), bars)
    columns, counts = np.unique(where(surface, palette.MUTED)[:, 1], return_counts=True)
    zero = columns[counts.argmax()]
    assert extent(surface, palette.BAR_MINUS)[1] <= zero <= extent(surface, palette.BAR)[0]
    left, right = (np.ptp(where(surface, c)[:, 1]) for c in (palette.BAR_MINUS, palette.BAR_BEST))
    assert left == pytest.approx(right, abs=3)


@pytest.mark.parametrize("value", [-0.3, 0.0, 0.3])
def test_values_that_were_not_learned_have_no_bar(value):
    surface = paper((320, 500))
    tried = [False, True, *[False] * 8]
    draw_bars(surface, surface.get_rect(), Bars(NAMES, [value, 0.5, *[value] * 8], tried=tried))
    rows = where(surface, palette.BAR_BEST)[:, 0]
    assert 0 < np.ptp(rows) < 40
    assert not any(len(where(surface, colour)) for colour in (palette.BAR, palette.BAR_MINUS))


def test_all_of_several_greatest_values_are_marked():
    surface = paper((300, 300))
    draw_bars(surface, surface.get_rect(), Bars(NAMES, [0.5, 0.5, *[0.1] * 8]))
    rows = where(surface, palette.BAR_BEST)[:, 0]
    assert rows.max() - rows.min() > 30


def test_bars_stay_in_their_place():
    surface, rect = paper((400, 400)), pygame.Rect(100, 80, 200, 220)
    draw_bars(
        surface, rect, Bars(NAMES, np.linspace(-1234.5, 99999.0, 10), 3, "a heading that is far too long")
    )
    assert not drawn_outside(surface, rect)
    assert is_drawn(surface)


@pytest.mark.parametrize("values", [[0.0] * 10, [float("nan")] * 10, [float("inf"), *[1.0] * 9], [-1.0] * 10])
def test_any_values(values):
    surface = paper((200, 220))
    draw_bars(surface, surface.get_rect(), Bars(NAMES, values))
    bars = sum(len(where(surface, c)) for c in (palette.BAR_BEST, palette.BAR_MINUS_BEST))
    assert (bars > 0) == np.isfinite(values).any()


def test_probabilities_are_percentages_of_the_whole_width():
    widths = []
    for value in (0.5, 1.0):
        surface = paper((300, 300))
        draw_bars(surface, surface.get_rect(), Bars(NAMES, [value, *[0.0] * 9], probabilities=True))
        widths.append(np.ptp(where(surface, palette.BAR_BEST)[:, 1]))
    assert widths[0] == pytest.approx(widths[1] / 2, abs=0.06 * widths[1])


def test_each_name_has_a_value():
    with pytest.raises(ValueError, match="expected one value for each of 10 names, got 3"):
        draw_bars(paper((200, 220)), pygame.Rect(0, 0, 200, 220), Bars(NAMES, [1.0, 2.0, 3.0]))


def test_short_bars_are_slivers_and_not_bones():
    surface = paper((400, 200))
    draw_bars(surface, surface.get_rect(), Bars(["a", "b"], [0.01, 1.0], from_zero=True))
    sliver = where(surface, palette.BAR)
    assert 0 < np.ptp(sliver[:, 1]) + 1 <= 5
    for row in np.unique(sliver[:, 0]):
        columns = np.sort(sliver[sliver[:, 0] == row][:, 1])
        assert (np.diff(columns) == 1).all()


def test_the_least_value_can_be_seen():
    surface = paper((400, 200))
    draw_bars(surface, surface.get_rect(), Bars(["a", "b"], [-2.0, -1.0]))
    assert len(where(surface, palette.BAR_MINUS)) > 0


def test_the_picture():
    surface = paper((320, 320))
    values = [-0.3, -0.2, 0.4, -0.5, 0.4, 0.0, nan, 0.1, -0.02, 0.05]
    tried = [True] * 5 + [False] + [True] * 4
    draw_bars(surface, surface.get_rect(), Bars(NAMES, values, 2, "what it expects", tried=tried), 18)
    check("bars", surface)
