import numpy as np
import pygame
import pytest

from cookie_jar.envs.rendering.canvas import Canvas, round_box, shades
from cookie_jar.envs.rendering.drawing import drawing
from cookie_jar.envs.rendering.pixels import to_array

RED, BLUE = (200, 0, 0), (0, 0, 200)


def colours(canvas):
    return to_array(canvas.surface()).astype(int)


@pytest.mark.parametrize(
    "draw",
    [
        lambda canvas: canvas.circle(RED, (0.5, 0.5), 0.3, BLUE),
        lambda canvas: canvas.ellipse(RED, (0.5, 0.5), (0.3, 0.2), BLUE),
        lambda canvas: canvas.box(RED, (0.2, 0.3, 0.8, 0.7), 0.1, BLUE),
        lambda canvas: canvas.line(RED, [(0.2, 0.5), (0.8, 0.5)], 0.2, BLUE),
        lambda canvas: canvas.polygon(RED, [(0.2, 0.2), (0.8, 0.2), (0.5, 0.9)], BLUE),
    ],
    ids=["circle", "ellipse", "box", "line", "polygon"],
)
def test_a_shape_has_its_colour_inside_and_its_edge_around(draw):
    canvas = Canvas(100)
    draw(canvas)
    pixels = colours(canvas)
    assert tuple(pixels[50, 50]) == RED
    assert (pixels == BLUE).all(axis=2).any()
    assert not pixels[:10].any()


def test_an_area_in_tiles_is_as_large_in_pixels():
    canvas = Canvas(50, (-1.0, -1.0, 1.0, 1.0))
    canvas.box(RED, (-0.5, 0.0, 0.5, 0.5))
    sprite = canvas.sprite()
    assert sprite.surface.get_size() == (50, 25)
    assert sprite.anchor == (25, 0)


def test_a_sprite_stands_on_its_anchor():
    canvas = Canvas(20, (-0.5, -0.5, 0.5, 0.5))
    canvas.box(RED, (-0.5, -0.5, 0.5, 0.5))
    picture = pygame.Surface((100, 100))
    assert canvas.sprite().stand(picture, 40, 60) == pygame.Rect(30, 50, 20, 20)
    assert (to_array(picture)[50:70, 30:50] == RED).all()


def test_later_shapes_lie_over_stamps_and_stamps_over_earlier_shapes():
    @drawing((-0.2, -0.2, 0.2, 0.2), most=1)
    def patch(pen):
        pen.box(BLUE, (-0.2, -0.2, 0.2, 0.2))

    canvas = Canvas(50)
    canvas.box(RED, (0.0, 0.0, 1.0, 1.0))
    canvas.stamp(patch, at=(0.5, 0.5))
    canvas.box((0, 200, 0), (0.5, 0.0, 1.0, 1.0))
    pixels = colours(canvas)
    assert [tuple(pixels[25, x]) for x in (5, 20, 30)] == [RED, BLUE, (0, 200, 0)]


def test_text_is_written_around_its_middle():
    canvas = Canvas(60, (-1.0, -1.0, 1.0, 1.0))
    canvas.write("oo", 0.5, RED, (0.0, 0.0))
    columns = np.flatnonzero(colours(canvas).any(axis=(0, 2)))
    assert columns.mean() == pytest.approx(60, abs=2)


def test_a_shadow_grows_towards_its_middle():
    radii, alphas = zip(*shades(0.4, 70), strict=True)
    assert radii[0][0] == 0.4
    assert list(radii) == sorted(radii, reverse=True)
    assert list(alphas) == sorted(alphas)
    assert alphas[-1] == 70


def test_a_round_box_leaves_its_corners():
    picture = pygame.Surface((40, 40))
    round_box(picture, RED, pygame.Rect(0, 0, 40, 40), 12)
    pixels = to_array(picture)
    assert not pixels[0, 0].any()
    assert tuple(pixels[20, 0]) == tuple(pixels[0, 20]) == RED
