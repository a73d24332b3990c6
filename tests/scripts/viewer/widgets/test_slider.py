import pygame
import pytest
from surfaces import paper, where

from cookie_jar.envs.rendering import palette
from cookie_jar.scripts.viewer.widgets.slider import Slider, draw_slider

AREA = pygame.Rect(20, 30, 400, 90)


def test_a_slider_goes_where_the_mouse_is():
    slider = Slider("x", 0.5, 0.0, 2.0)
    middle = slider.groove(AREA).centerx
    values = [slider.at(AREA, x).value for x in (0, AREA.left, middle, AREA.right, 9999)]
    assert values == pytest.approx([0, 0, 1, 2, 2], abs=0.01)
    assert slider.at(AREA, middle).share == pytest.approx(0.5, abs=0.01)


def test_equal_ways_of_a_logarithmic_slider_are_equal_factors():
    slider = Slider("x", 1.0, 0.01, 100.0, log=True)
    assert slider.share == pytest.approx(0.5)
    assert slider.at(AREA, slider.groove(AREA).centerx).value == pytest.approx(1.0, rel=0.05)
    assert slider._replace(value=1e9).share == 1.0


def test_the_knob_is_where_the_value_is():
    lefts = []
    for value in (0.0, 1.0):
        surface = paper((440, 150))
        draw_slider(surface, AREA, Slider("x", value, 0.0, 1.0))
        lefts.append(where(surface, palette.BAR_BEST)[:, 1].mean())
    assert lefts[0] < AREA.left + 30
    assert lefts[1] == pytest.approx(Slider("x", 0.5, 0.0, 1.0).groove(AREA).right, abs=4)
