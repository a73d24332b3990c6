import numpy as np
import pygame
import pytest
from pictures import frames

from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.pixels import Sheet, from_array, to_array
from cookie_jar.envs.rendering.scene import Scene

HOME = find_kitchen("home")


@pytest.mark.parametrize("letters", ["rrr!", "l", "rrrrrcuulllc^!1"])
def test_arrays_are_the_same_as_pictures(letters):
    scene = Scene(HOME)
    for frame in (*frames(HOME, letters), *frames(HOME, letters, 3)):
        np.testing.assert_array_equal(scene.draw_array(frame), to_array(scene.draw(frame)))


def test_a_sheet_leaves_its_ground_as_it_was():
    ground = pygame.Surface((6, 4))
    ground.fill((10, 20, 30))
    sheet = Sheet(ground)

    def draw(surface):
        return [surface.fill((200, 0, 0), (1, 1, 2, 2))]

    first, nothing = sheet.array(draw), sheet.array(lambda surface: [])
    assert (first[1:3, 1:3] == (200, 0, 0)).all()
    assert (nothing == (10, 20, 30)).all()


def test_an_array_becomes_a_picture_in_the_middle():
    red = np.zeros((2, 4, 3), np.uint8)
    red[..., 0] = 255
    pixels = to_array(from_array(red, (8, 8), (0, 0, 9)))
    assert (pixels[2:6] == (255, 0, 0)).all()
    assert (pixels[:2] == (0, 0, 9)).all()
