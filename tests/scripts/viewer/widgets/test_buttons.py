from itertools import pairwise

import pygame
from surfaces import is_drawn, paper, where

from cookie_jar.envs.rendering import palette
from cookie_jar.scripts.viewer.widgets.buttons import Button, draw_button, lay_out_buttons


def test_buttons_lie_side_by_side():
    buttons = [Button("a", icon="play"), Button("b", "words"), Button("c", "off", why_not="not now")]
    area = pygame.Rect(10, 10, 400, 30)
    places = lay_out_buttons(area, buttons)
    assert all(a.right < b.left for a, b in pairwise(places))
    assert all(place.width > 0 and area.contains(place) for place in places)


def test_buttons_without_room_are_left_out():
    buttons = [Button(str(n), "a long name") for n in range(20)]
    places = lay_out_buttons(pygame.Rect(0, 0, 300, 30), buttons)
    assert 0 < sum(place.width > 0 for place in places) < 20
    assert all(place.right <= 300 for place in places)
    surface = paper((300, 30))
    draw_button(surface, places[-1], buttons[-1])
    assert not is_drawn(surface)


def test_a_button_shows_whether_it_is_on_and_available():
    place, colours = pygame.Rect(10, 10, 80, 40), []
    for button in (
        Button("x", on=True),
        Button("x"),
        Button("x", "words"),
        Button("x", "words", why_not="not now"),
    ):
        surface = paper((100, 60))
        draw_button(surface, place, button)
        colours.append((surface.get_at((85, 30))[:3], len(where(surface, palette.INK)) > 0))
    assert colours[0][0] == palette.BAR_BEST
    assert colours[1][0] == palette.PAPER_DARK
    assert [ink for _, ink in colours[2:]] == [True, False]
