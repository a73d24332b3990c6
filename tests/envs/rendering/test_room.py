import pytest

from cookie_jar.envs import Kitchen
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.envs.rendering.room import is_solid, room_surface, shows_face

KITCHEN = Kitchen.parse("#####\n#SC.#\n#.#.#\n#...#\n##J##")


@pytest.mark.parametrize(
    ("place", "solid", "face"),
    [
        ((0, 2), True, True),  # the outer wall above the floor
        ((2, 2), True, True),  # a wall inside
        ((4, 1), True, False),  # the outer wall below
        ((1, 1), False, False),
        ((4, 2), False, False),  # the jar, in front of the kitchen
        ((-1, 0), True, False),  # outside of the map
    ],
)
def test_walls_with_floor_below_show_a_face(place, solid, face):
    assert is_solid(KITCHEN, *place) == solid
    assert shows_face(KITCHEN, *place) == face


def test_a_jar_in_the_upper_wall_belongs_to_it():
    assert is_solid(Kitchen.parse("#J##\n#SC#\n####"), 0, 1)


def test_a_room_is_drawn_once_for_each_size():
    first, layout = room_surface(KITCHEN, (200, 200), (0, 0, 200, 200))
    assert room_surface(KITCHEN, (200, 200), (0, 0, 200, 200))[0] is first
    assert room_surface(KITCHEN, (200, 200), (0, 0, 200, 150))[1].tile < layout.tile
    assert to_array(first).shape == (200, 200, 3)
