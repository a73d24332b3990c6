import pygame
import pytest

from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts.common.value_scale import ValueScale
from cookie_jar.scripts.viewer.legend import GAP, ROW, draw_legend, legend_rows
from cookie_jar.scripts.viewer.overlays import OVERLAYS

SCALE = ValueScale(-1, 2)
ALL = set(OVERLAYS) - {"probabilities"}


def row_width(row, em):
    return sum(item.width for item in row) + round(em * GAP) * (len(row) - 1)


@pytest.mark.parametrize("em", [9, 17, 24, 40])
@pytest.mark.parametrize("room", [60, 200, 480, 880, 2000])
def test_the_rows_are_never_wider_than_their_room(em, room):
    rows = legend_rows(ALL, SCALE, room, em)
    assert len(rows) <= 2
    assert all(row_width(row, em) <= room for row in rows)


def test_a_wide_window_has_one_row_and_a_narrow_one_two_with_all_items():
    wide, narrow = legend_rows(ALL, SCALE, 2000, 17), legend_rows(ALL, SCALE, 550, 17)
    assert (len(wide), len(narrow)) == (1, 2)
    assert len(wide[0]) == sum(map(len, narrow)) == 8


@pytest.mark.parametrize(
    ("shown", "items"),
    [(set(), 0), ({"trail"}, 1), ({"values"}, 2), ({"arrows"}, 6), ({"values", "probabilities"}, 3)],
)
def test_it_explains_what_is_shown(shown, items):
    assert sum(map(len, legend_rows(shown, SCALE, 2000, 17))) == items


def test_it_is_drawn_inside_of_its_area():
    em, rows = 17, legend_rows(ALL, SCALE, 550, 17)
    surface = pygame.Surface((640, 120))
    surface.fill(palette.PAPER)
    area = pygame.Rect(30, 20, 560, round(ROW * em) * len(rows))
    draw_legend(surface, area, rows, em)
    drawn = (to_array(surface) != palette.PAPER).any(axis=2)
    assert drawn[area.top : area.bottom, area.left : area.right].mean() > 0.05
    drawn[area.top : area.bottom, area.left : area.right] = False
    assert not drawn.any()
