"""Buttons, sliders, the timeline and the panel: what they look like, and what a point is on."""

from itertools import pairwise

import numpy as np
import pygame
import pytest

from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.pixels import from_array, to_array
from cookie_jar.scripts.viewer.widgets.bars import draw_bars
from cookie_jar.scripts.viewer.widgets.board import draw_board
from cookie_jar.scripts.viewer.widgets.buttons import Button, button_at, draw_button, lay_out_buttons
from cookie_jar.scripts.viewer.widgets.icons import ICONS
from cookie_jar.scripts.viewer.widgets.panel import Bars, Fact, Panel, draw_panel
from cookie_jar.scripts.viewer.widgets.slider import Slider, draw_slider
from cookie_jar.scripts.viewer.widgets.timeline import Timeline, draw_timeline, position, snapshot_at

AREA = pygame.Rect(20, 30, 400, 90)


def paper(size=(440, 150)):
    surface = pygame.Surface(size)
    surface.fill(palette.PAPER)
    return surface


def test_buttons_lie_side_by_side_and_know_their_points():
    buttons = [Button("a", sign="play"), Button("b", "words"), Button("c", "off", able=False)]
    places = lay_out_buttons(pygame.Rect(10, 10, 400, 30), buttons)
    assert all(a.right < b.left for a, b in pairwise(places))
    assert [button_at(places, buttons, place.center) for place in places] == ["a", "b", None]
    assert button_at(places, buttons, (0, 0)) is None


def test_buttons_without_room_are_left_out():
    buttons = [Button(str(n), "a long name") for n in range(20)]
    places = lay_out_buttons(pygame.Rect(0, 0, 300, 30), buttons)
    assert 0 < sum(place.width > 0 for place in places) < 20
    assert all(place.right <= 300 for place in places)


@pytest.mark.parametrize("sign", ICONS)
def test_every_sign_can_be_told_from_an_empty_button(sign):
    surface = paper((60, 60))
    place = pygame.Rect(10, 10, 40, 40)
    draw_button(surface, place, Button("x", sign=sign))
    assert (to_array(surface)[15:45, 15:45] == palette.INK).all(axis=2).sum() > 10


def test_a_slider_goes_where_the_mouse_is():
    slider = Slider("x", 0.5, 0.0, 2.0)
    values = [slider.at(AREA, x).value for x in (0, AREA.left, AREA.centerx, AREA.right, 9999)]
    assert values == pytest.approx([0, 0, 1, 2, 2], abs=0.01)
    assert slider.at(AREA, AREA.centerx).share == pytest.approx(0.5, abs=0.01)


def test_equal_ways_of_a_logarithmic_slider_are_equal_factors():
    slider = Slider("x", 1.0, 0.01, 100.0, log=True)
    assert slider.share == pytest.approx(0.5)
    assert slider.at(AREA, AREA.centerx).value == pytest.approx(1.0, rel=0.05)
    assert slider._replace(value=1e9).share == 1.0


def test_the_knob_is_where_the_value_is():
    lefts = []
    for value in (0.0, 1.0):
        surface = paper()
        draw_slider(surface, AREA, Slider("x", value, 0.0, 1.0))
        knob = np.argwhere((to_array(surface) == palette.BAR_BEST).all(axis=2))
        lefts.append(knob[:, 1].mean())
    assert lefts[0] < AREA.left + 30
    assert lefts[1] > AREA.right - 30


def test_the_place_of_steps_between_snapshots():
    steps = (0, 100, 1000)
    assert [position(steps, step) for step in (0, 50, 100, 550, 1000, 9999)] == [0, 0.5, 1, 1.5, 2, 2]


@pytest.mark.parametrize("now", [0, 3, 6])
def test_the_timeline_is_marked_where_the_mouse_would_find_it(now):
    timeline = Timeline((0, 100, 200, 400, 800, 1600, 3200), ((0, -2.0), (3200, 1.0)), ((1.0, "best"),), now)
    surface = paper()
    draw_timeline(surface, AREA, timeline)
    red = (to_array(surface)[AREA.top + 12 : AREA.centery] == palette.SHIRT).all(axis=2)
    assert snapshot_at(AREA, timeline, np.argwhere(red)[:, 1].mean()) == now
    assert snapshot_at(AREA, timeline, -50) == 0
    assert snapshot_at(AREA, timeline, 5000) == 6


@pytest.mark.parametrize("steps", [(0,), (0, 100), tuple(range(0, 100_000, 777))])
def test_any_timeline(steps):
    for size in ((60, 30), (300, 80), (1600, 200)):
        curve = ((0, float("nan")), (5, 1.0))
        draw_timeline(paper((1600, 200)), pygame.Rect((0, 0), size), Timeline(steps, curve))


def test_short_bars_are_slivers_and_not_bones():
    surface = paper((400, 200))
    draw_bars(surface, surface.get_rect(), ["a", "b"], [0.01, 1.0])
    sliver = np.argwhere((to_array(surface) == palette.BAR).all(axis=2))
    assert 0 < np.ptp(sliver[:, 1]) + 1 <= 5
    for row in np.unique(sliver[:, 0]):
        columns = np.sort(sliver[sliver[:, 0] == row][:, 1])
        assert (np.diff(columns) == 1).all()


@pytest.mark.parametrize("size", [(100, 60), (240, 400), (400, 900)])
def test_a_panel_stays_in_its_place(size):
    surface = paper((500, 1000))
    bars = Bars(["a"] * 10, [0.1] * 10, 3, "a heading")
    panel = Panel("a title that is long", 1, ("one", "two", "three"), (Fact("1", "x"),) * 4, bars)
    area = pygame.Rect((20, 20), size)
    draw_panel(surface, area, panel, 14)
    outside = to_array(surface).astype(int)
    outside[area.top : area.bottom, area.left : area.right] = palette.PAPER
    assert (outside == palette.PAPER).all()


@pytest.mark.parametrize("size", [(160, 160), (640, 480), (1920, 1080)])
def test_a_board_lies_in_the_middle(size):
    surface = paper(size)
    draw_board(surface, "Keys", [("Space", "pause")] * 12, "more")
    shade = to_array(surface)[0, 0]
    assert tuple(shade) != palette.PAPER
    board = np.argwhere((to_array(surface) == palette.PAPER).all(axis=2))
    assert board.mean(axis=0) == pytest.approx([size[1] / 2, size[0] / 2], rel=0.2)


def test_an_array_is_shown_as_large_as_can_be():
    picture = to_array(from_array(np.full((10, 20, 3), 200, np.uint8), (100, 100), (0, 0, 0)))
    rows = np.flatnonzero((picture == 200).all(axis=(1, 2)))
    assert (rows.min(), rows.max()) == (25, 74)
