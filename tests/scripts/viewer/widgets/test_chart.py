import numpy as np
import pytest
from pictures import check
from surfaces import is_drawn, paper, where

from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts.viewer.widgets.chart import (
    Axis,
    Series,
    draw_chart,
    short_number,
    value_range,
)


def test_a_rising_line_rises():
    surface = paper((300, 200))
    draw_chart(surface, surface.get_rect(), [Series([0, 1, 2, 3], [0.0, 1.0, 2.0, 3.0])])
    line = np.argwhere(np.abs(to_array(surface).astype(int) - palette.BAR_BEST).sum(axis=2) < 150)
    assert np.corrcoef(line[:, 0], line[:, 1])[0, 1] < -0.99


@pytest.mark.parametrize(
    ("xs", "ys"), [([], []), ([5], [1.0]), ([1, 2], [float("nan")] * 2), ([0, 10, 1e6], [1.0, 1.0, 1.0])]
)
def test_any_curve(xs, ys):
    for size in ((160, 110), (900, 600)):
        surface = paper(size)
        series = Series(xs, ys), Series(xs, ys, "another")
        draw_chart(surface, surface.get_rect(), series, lines=[(1.0, "optimum")])
        lines = len(where(surface, palette.BAR_MINUS_BEST))
        assert lines > 0  # at least the name of the second line
        assert is_drawn(surface)


def test_a_place_without_room_stays_empty():
    surface = paper((40, 20))
    draw_chart(surface, surface.get_rect(), [Series([0, 1], [0.0, 1.0])], lines=[(1.0, "optimum")])
    assert not is_drawn(surface)


def test_points_that_are_not_finite_are_left_out():
    nan, inf = float("nan"), float("inf")
    assert Series([1, 2, 3, 4], [nan, 0.5, inf, 1.0]).finite_points() == [(2, 0.5), (4, 1.0)]


def test_the_axis_shows_the_whole_run_from_its_first_step():
    surface = paper((300, 200))
    draw_chart(surface, surface.get_rect(), [Series([0, 10], [1.0, 1.0])], last=100.0)
    line = np.argwhere(np.abs(to_array(surface).astype(int) - palette.BAR_BEST).sum(axis=2) < 150)
    assert np.ptp(line[:, 1]) < 50


def test_the_picture():
    surface = paper((320, 320))
    xs = np.linspace(1_000, 100_000, 50)
    ys = -2 + 3.3 / (1 + np.exp(-(xs - 40_000) / 6_000))
    series = Series(xs, ys, "greedy"), Series(xs, ys - 0.5, "exploring")
    draw_chart(surface, surface.get_rect(), series, lines=[(-2.2, "random"), (1.37, "optimum")])
    check("chart", surface)


def test_values_lie_between_the_ends():
    axis = Axis(-1.0, 3.0, 10.0, 410.0)
    assert [axis.pixel(x) for x in (-1.0, 0.0, 3.0)] == pytest.approx([10, 110, 410])
    assert Axis(2.0, 2.0, 0.0, 100.0).pixel(2.0) == 50


def test_ticks_are_few_and_round():
    assert Axis(-2.2, 1.37, 0, 100).ticks(4) == [-2, -1, 0, 1]
    assert Axis(0.0, 100_000.0, 0, 100).ticks(4) == [0, 25_000, 50_000, 75_000, 100_000]
    for high in (1e-6, 0.3, 7.0, 12_345.0):
        assert 1 <= len(Axis(0.0, high, 0, 100).ticks(5)) <= 6


def test_the_range_of_values_is_never_empty():
    assert value_range([3.0, float("nan"), -1.0, float("inf")]) == (-1.0, 3.0)
    assert value_range([2.0, 2.0]) == (1.5, 2.5)
    assert value_range([]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (0.25, "0.25"), (-2.0, "-2"), (25_000, "25k"), (1_500_000, "1.5M")]
)
def test_short_numbers(value, text):
    assert short_number(value) == text
