import pygame
import pytest
from surfaces import paper, where

from cookie_jar.envs.rendering import palette
from cookie_jar.scripts.viewer.widgets.buttons import Button, draw_button
from cookie_jar.scripts.viewer.widgets.icons import ICONS


@pytest.mark.parametrize("icon", ICONS)
def test_every_icon_is_inside_its_button(icon):
    surface = paper((60, 60))
    draw_button(surface, pygame.Rect(10, 10, 40, 40), Button("x", icon=icon))
    ink = where(surface, palette.INK)
    assert len(ink) > 10
    assert ink.min() >= 15
    assert ink.max() < 45
