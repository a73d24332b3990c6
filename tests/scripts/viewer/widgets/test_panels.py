"""Bars, charts, axes and letters."""

import numpy as np
import pygame
import pytest

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts.viewer.widgets.axes import Axis, short_number
from cookie_jar.scripts.viewer.widgets.bars import draw_bars
from cookie_jar.scripts.viewer.widgets.chart import Series, draw_chart

NAMES = ["up", "down", "left", "right", "chair", "climb", "reach", "pick left", "pick middle", "pick right"]


def paper(size):
    surface = pygame.Surface(size)
    surface.fill(palette.PAPER)
    return surface


def where(surface, colour):
    """Rows and columns of the pixels of a colour [n, 2]."""
    return np.argwhere((to_array(surface) == colour).all(axis=2))


@pytest.mark.parametrize("size", [(200, 220), (320, 500), (900, 700)])
def test_bars_go_to_their_side_and_the_greatest_is_marked(size):
    surface = paper(size)
    draw_bars(surface, surface.get_rect(), NAMES, [-1.0, 0.5, *[0.0] * 7, 1.0], label="values")
    zero = where(surface, palette.MUTED)[:, 1]
    columns, counts = np.unique(zero, return_counts=True)
    zero = columns[counts.argmax()]
    assert where(surface, palette.BAR_MINUS)[:, 1].max() <= zero
    assert where(surface, palette.BAR)[:, 1].min() >= zero
    best = where(surface, palette.BAR_BEST)
    assert best[:, 0].min() > 0.85 * size[1]
    left, right = (np.ptp(where(surface, c)[:, 1]) for c in (palette.BAR_MINUS, palette.BAR_BEST))
    assert left == pytest.approx(right, abs=3)


def test_all_of_several_greatest_values_are_marked():
    surface = paper((300, 300))
    draw_bars(surface, surface.get_rect(), NAMES, [0.5, 0.5, *[0.1] * 8])
    rows = where(surface, palette.BAR_BEST)[:, 0]
    assert rows.max() - rows.min() > 30


def test_bars_stay_in_their_place():
    surface = paper((400, 400))
    rect = pygame.Rect(100, 80, 200, 220)
    draw_bars(surface, rect, NAMES, np.linspace(-1234.5, 99999.0, 10), 3, "a heading that is far too long")
    outside = to_array(surface).astype(int)
    outside[rect.top : rect.bottom, rect.left : rect.right] = palette.PAPER
    assert (outside == palette.PAPER).all()


@pytest.mark.parametrize("values", [[0.0] * 10, [float("nan")] * 10, [float("inf"), *[1.0] * 9], [-1.0] * 10])
def test_any_values(values):
    draw_bars(paper((200, 220)), pygame.Rect(0, 0, 200, 220), NAMES, values)


def test_probabilities_are_percentages_of_the_whole_width():
    surface = paper((300, 300))
    draw_bars(surface, surface.get_rect(), NAMES, [0.5, *[0.0] * 9], probabilities=True)
    half = np.ptp(where(surface, palette.BAR_BEST)[:, 1])
    surface = paper((300, 300))
    draw_bars(surface, surface.get_rect(), NAMES, [1.0, *[0.0] * 9], probabilities=True)
    whole = np.ptp(where(surface, palette.BAR_BEST)[:, 1])
    assert half == pytest.approx(whole / 2, abs=0.06 * whole)


def test_each_name_has_a_value():
    with pytest.raises(ValueError, match="expected one value for each of 10 names, got 3"):
        draw_bars(paper((200, 220)), pygame.Rect(0, 0, 200, 220), NAMES, [1.0, 2.0, 3.0])


def test_a_rising_line_rises():
    surface = paper((300, 200))
    draw_chart(surface, surface.get_rect(), [0, 1, 2, 3], [0.0, 1.0, 2.0, 3.0])
    line = np.argwhere(np.abs(to_array(surface).astype(int) - palette.BAR_BEST).sum(axis=2) < 150)
    assert np.corrcoef(line[:, 0], line[:, 1])[0, 1] < -0.99


@pytest.mark.parametrize("log_x", [False, True])
@pytest.mark.parametrize(
    ("xs", "ys"), [([], []), ([5], [1.0]), ([1, 2], [float("nan")] * 2), ([0, 10, 1e6], [1.0, 1.0, 1.0])]
)
def test_any_curve(xs, ys, log_x):
    for size in ((40, 20), (160, 110), (900, 600)):
        surface = paper(size)
        second = Series(xs, ys, "another")
        draw_chart(surface, surface.get_rect(), xs, ys, second=second, lines=[(1.0, "optimum")], log_x=log_x)


def test_a_logarithmic_axis():
    axis = Axis(1.0, 10_000.0, 0.0, 400.0, log=True)
    assert [axis.pixel(x) for x in (1, 10, 100, 10_000)] == pytest.approx([0, 100, 200, 400])
    assert axis.ticks(5) == [1, 10, 100, 1000, 10_000]
    assert len(Axis(1.0, 1e9, 0.0, 400.0, log=True).ticks(4)) <= 5


def test_ticks_are_few_and_round():
    assert Axis(-2.2, 1.37, 0, 100).ticks(4) == [-2, -1, 0, 1]
    assert Axis(0.0, 100_000.0, 0, 100).ticks(4) == [0, 25_000, 50_000, 75_000, 100_000]
    for high in (1e-6, 0.3, 7.0, 12_345.0):
        assert 1 <= len(Axis(0.0, high, 0, 100).ticks(5)) <= 6


def test_short_numbers():
    assert [short_number(value) for value in (0.0, 0.25, -2.0, 25_000, 1_500_000)] == [
        "0",
        "0.25",
        "-2",
        "25k",
        "1.5M",
    ]


def test_letters_that_do_not_fit_get_dots_or_lines_or_become_smaller():
    text = "the quick brown fox"
    assert lettering.ellipsis(text, 20, 10_000) == text
    cut = lettering.ellipsis(text, 20, 100)
    assert cut.endswith("...")
    assert lettering.width(cut, 20) <= 100
    assert lettering.ellipsis(text, 20, 1) == ""
    assert lettering.wrap(text, 20, 100) == ("the quick", "brown fox")
    assert lettering.fit(text, 40, 120) < 40
    assert lettering.width(text, lettering.fit(text, 40, 120)) <= 120
    assert lettering.fit(text, 20, 10_000) == 20


def test_letters_are_as_wide_as_they_say_and_smooth():
    line = lettering.line("smooth", 24, palette.INK)
    assert line.get_width() == lettering.width("smooth", 24)
    alphas = pygame.surfarray.array_alpha(line)
    assert len(np.unique(alphas)) > 20
