import pygame
import pytest
from surfaces import drawn_outside, is_drawn, paper, where

from cookie_jar.envs.rendering import palette
from cookie_jar.scripts.viewer.widgets.boxes import draw_card, draw_notice, draw_tooltip

WORDS = "words that may be longer than the window is wide"


@pytest.mark.parametrize(("size", "height"), [((160, 160), 120), ((1280, 720), 40)])
def test_a_notice_is_at_the_top_and_its_lines_are_whole(size, height):
    window = paper(size)
    draw_notice(window, 11, WORDS)
    assert is_drawn(window)
    assert not drawn_outside(window, pygame.Rect(0, 0, size[0], height))


@pytest.mark.parametrize("mouse", [(0, 0), (399, 299), (200, 299), (399, 10)])
def test_a_tooltip_lies_in_the_window_beside_the_mouse(mouse):
    window = paper((400, 300))
    draw_tooltip(window, 12, mouse, WORDS)
    ground = where(window, palette.INK)
    middle = ground.mean(axis=0)[::-1]
    assert abs(middle[0] - mouse[0]) < 180
    assert 5 < abs(middle[1] - mouse[1]) < 60


@pytest.mark.parametrize("size", [(300, 100), (120, 60)])
def test_a_card_fills_its_area_only(size):
    window, area = paper((400, 300)), pygame.Rect((20, 30), size)
    draw_card(window, area, WORDS, 24)
    assert is_drawn(window)
    assert not drawn_outside(window, area)
