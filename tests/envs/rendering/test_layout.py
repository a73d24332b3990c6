import pygame
import pytest

from cookie_jar.envs import Kitchen
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.layout import SMALLEST_TILE, kitchen_layout

KITCHENS = [
    *map(find_kitchen, ("corner", "home", "house")),
    Kitchen.parse("#####\n#...#\nJ.S.#\n#.C.#\n#####"),
]


@pytest.mark.parametrize("kitchen", KITCHENS, ids=lambda kitchen: f"{kitchen.width}x{kitchen.height}")
@pytest.mark.parametrize("size", [(640, 640), (300, 900), (900, 300)])
def test_a_kitchen_fills_its_area(kitchen, size):
    area = pygame.Rect((50, 20), size)
    layout = kitchen_layout(kitchen, area)
    assert area.contains(layout.room)
    assert max(layout.room.width / area.width, layout.room.height / area.height) > 0.85
    for row, column in kitchen.places:
        assert layout.room.contains(layout.rect(row, column))


def test_points_and_tiles_agree():
    layout = kitchen_layout(find_kitchen("home"), pygame.Rect(0, 0, 640, 480))
    assert layout.pixel((3, 2)) == layout.rect(2, 3).topleft


def test_a_tile_is_never_too_small():
    assert kitchen_layout(find_kitchen("house"), pygame.Rect(0, 0, 5, 5)).tile == SMALLEST_TILE
