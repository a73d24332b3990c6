import numpy as np
import pygame
import pytest
from surfaces import is_drawn, paper, where

from cookie_jar.envs.rendering import palette
from cookie_jar.scripts.viewer.widgets.timeline import Timeline, draw_timeline, position, snapshot_at

AREA = pygame.Rect(20, 30, 400, 90)


def test_the_place_of_steps_between_snapshots():
    steps = (0, 100, 1000)
    assert [position(steps, step) for step in (-5, 0, 50, 100, 550, 1000, 9999)] == [0, 0, 0.5, 1, 1.5, 2, 2]


@pytest.mark.parametrize("now", [0, 3, 6])
def test_the_timeline_is_marked_where_the_mouse_would_find_it(now):
    timeline = Timeline((0, 100, 200, 400, 800, 1600, 3200), ((0, -2.0), (3200, 1.0)), ((1.0, "best"),), now)
    surface = paper((440, 150))
    draw_timeline(surface, AREA, timeline)
    red = where(surface, palette.SHIRT)
    line = red[(red[:, 0] >= AREA.top + 12) & (red[:, 0] < AREA.centery)]
    assert snapshot_at(AREA, timeline, line[:, 1].mean()) == now
    assert snapshot_at(AREA, timeline, -50) == 0
    assert snapshot_at(AREA, timeline, 5000) == 6


def test_the_knob_grows_while_it_is_held():
    pixels = []
    for held in (False, True):
        surface = paper((440, 150))
        draw_timeline(surface, AREA, Timeline((0, 100, 200), now=1), held)
        pixels.append(len(where(surface, palette.SHIRT)))
    assert pixels[0] < pixels[1]


@pytest.mark.parametrize("steps", [(0,), (0, 100), tuple(range(0, 100_000, 777))])
@pytest.mark.parametrize("size", [(60, 30), (300, 80), (1600, 200)])
def test_any_timeline(steps, size):
    surface = paper((1600, 200))
    draw_timeline(surface, pygame.Rect((0, 0), size), Timeline(steps, ((0, float("nan")), (5, 1.0))))
    assert is_drawn(surface)
    red = where(surface, palette.SHIRT)
    assert np.ptp(red[:, 0]) > 5
