import io

import numpy as np
import pygame
import pytest
from PIL import Image, ImageSequence

from cookie_jar.envs import State
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.film import encode_animation
from cookie_jar.envs.rendering.frame import Frame
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.envs.rendering.scene import Scene

SIZE = 320, 180


def walk():
    """Return pictures of a child in successive cells; the first two are equal."""
    kitchen = find_kitchen("home")
    scene, start = Scene(kitchen, SIZE), kitchen.child_start
    states = [State(cell, kitchen.chair_start, 0, 7, 0) for cell in (start, start, *range(6))]
    return [scene.draw(Frame(state)) for state in states]


def frames(gif):
    """Return the composed pictures [height, width, 3] and the durations."""
    shown, durations = [], []
    with Image.open(io.BytesIO(gif)) as image:
        assert image.info["loop"] == 0
        for frame in ImageSequence.Iterator(image):
            durations.append(frame.info["duration"])
            shown.append(np.asarray(frame.convert("RGB")))
    return shown, durations


def test_the_pictures_come_back_with_almost_their_colours():
    pictures = walk()
    found, durations = frames(encode_animation(pictures, [80] * len(pictures), "gif"))
    assert durations == [160, *[80] * (len(pictures) - 2)]
    for picture, pixels in zip(pictures[1:], found, strict=True):
        assert np.abs(to_array(picture).astype(int) - pixels).mean() < 0.5  # of 255


def test_unchanged_pixels_keep_exactly_their_colour():
    pictures = walk()[1:]
    found, _ = frames(encode_animation(pictures, [40] * len(pictures), "gif"))
    for before, after, old, new in zip(pictures, pictures[1:], found, found[1:], strict=False):
        same = (to_array(before) == to_array(after)).all(axis=2)
        assert same.any()
        assert not same.all()
        np.testing.assert_array_equal(old[same], new[same])


@pytest.mark.parametrize("colours", [1, 2, 7, 200, 5_000])
def test_any_number_of_colours(colours):
    """A few colours are kept to the bit, many approximately."""
    rng = np.random.default_rng(0)
    cells = rng.choice(1 << 15, colours, replace=False)
    palette = np.stack([cells >> 10, cells >> 5 & 31, cells & 31], axis=1) * 8
    pictures = []
    for _ in range(3 if colours > 1 else 1):
        pixels = palette[rng.integers(colours, size=(64, 48))].astype(np.uint8)
        pictures.append(pygame.image.frombuffer(pixels.tobytes(), (48, 64), "RGB"))
    found, _ = frames(encode_animation(pictures, [40] * len(pictures), "gif"))
    errors = [np.abs(to_array(p).astype(int) - f).max() for p, f in zip(pictures, found, strict=True)]
    assert max(errors) == 0 if colours < 10 else max(errors) < 60


def test_a_picture_that_stays_long_is_shown_as_long_as_a_gif_can():
    _, durations = frames(encode_animation(walk()[:3], [400_000, 400_000, 80], "gif"))
    assert durations == [655_350, 80]
