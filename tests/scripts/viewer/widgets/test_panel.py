import pygame
import pytest
from surfaces import drawn_outside, is_drawn, paper, where

from cookie_jar.envs.rendering import palette
from cookie_jar.scripts.common.bars import Bars
from cookie_jar.scripts.viewer.widgets.panel import Fact, Panel, draw_panel

PANEL = Panel("a title that is long", 1, ("one", "two", "three"), (Fact("1", "x"),) * 4)


@pytest.mark.parametrize("size", [(100, 60), (240, 400), (400, 900)])
def test_a_panel_stays_in_its_place(size):
    surface, area = paper((500, 1000)), pygame.Rect((20, 20), size)
    draw_panel(surface, area, PANEL._replace(bars=Bars(["a"] * 10, [0.1] * 10, 3, "a heading")), 14)
    assert not drawn_outside(surface, area)
    assert is_drawn(surface)


def test_the_phase_is_marked():
    rows = []
    for phase in range(3):
        surface = paper((300, 400))
        draw_panel(surface, surface.get_rect(), PANEL._replace(phase=phase), 14)
        rows.append(where(surface, palette.SHIRT)[:, 0].mean())
    assert rows[0] < rows[1] < rows[2]


def test_a_note_takes_the_place_of_the_bars():
    rows = []
    for note in ("", "a note of some words"):
        surface = paper((300, 500))
        draw_panel(surface, surface.get_rect(), PANEL._replace(note=note), 14)
        rows.append(where(surface, palette.MUTED)[:, 0].max())
    assert rows[0] < rows[1]
