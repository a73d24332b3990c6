import numpy as np
import pygame
import pytest
from surfaces import is_drawn, paper, where

from cookie_jar.envs.rendering import palette
from cookie_jar.scripts.viewer.widgets.levels import Level, draw_levels, room_for, spread

PLOT = pygame.Rect(20, 20, 200, 100)


@pytest.mark.parametrize(
    ("heights", "moved"),
    [
        ([30, 60], [30, 60]),
        ([30, 32], [30, 40]),
        ([95, 98, 99], [80, 90, 100]),
        ([-5, 50], [0, 50]),
        ([], []),
    ],
)
def test_names_keep_their_distance_and_stay_inside(heights, moved):
    assert spread(heights, 10, 0, 100) == moved


def test_no_line_crosses_a_name():
    surface = paper((400, 140))
    levels = [Level(40, "one"), Level(42, "two", palette.BAR_BEST, dashed=False), Level(119, "three")]
    draw_levels(surface, PLOT, levels, 20, 400)
    grey, blue = where(surface, palette.MUTED), where(surface, palette.BAR_BEST)
    assert set(np.unique(grey[grey[:, 1] < PLOT.right][:, 0])) == {40, 119}
    assert (grey[:, 1] > PLOT.right).any()
    assert (blue[:, 1] > PLOT.right).all()  # it has no line of its own


def test_names_become_smaller_before_they_take_too_much_room():
    wide, narrow = (room_for(["optimum 1.37"], 20, width) for width in (1_000, 250))
    assert 0 < narrow < wide
    assert narrow <= 100
    assert room_for(["optimum 1.37"], 20, 60) == 0
    surface = paper((60, 140))
    draw_levels(surface, pygame.Rect(0, 0, 60, 140), [Level(70, "optimum 1.37")], 20, 60)
    assert is_drawn(surface)
