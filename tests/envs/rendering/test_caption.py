import pygame
import pytest
from pictures import STORIES, frames

from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.animation import pose_at
from cookie_jar.envs.rendering.caption import caption_height, draw_contents, draw_words
from cookie_jar.envs.rendering.picture import SurfacePicture
from cookie_jar.envs.rendering.pixels import to_array

CORNER = find_kitchen("corner")


def caption(letters, size, progress=1.0):
    """A caption alone, uint8 [height, width, 3]."""
    picture = SurfacePicture(pygame.Surface(size))
    area = pygame.Rect((0, 0), size)
    picture.fill(palette.PAPER, area)
    pose = pose_at(CORNER, frames(CORNER, letters)[-1], progress)
    draw_contents(picture, area, pose)
    draw_words(picture, area, pose.words)
    return to_array(picture.surface)


@pytest.mark.parametrize(("height", "expected"), [(640, 128), (200, 44), (100, 28)])
def test_a_caption_takes_a_fifth_but_stays_readable(height, expected):
    assert caption_height(height) == expected


@pytest.mark.parametrize("size", [(640, 128), (240, 50), (200, 30)])
def test_a_caption_tells_events_apart(size):
    told = {caption(STORIES[event], size).tobytes() for event in ("start", "walk", "vain", "yuck", "yum")}
    assert len(told) == 5


def test_the_gain_appears_when_it_is_felt():
    before, after = caption("r", (640, 128), 0.5), caption("r", (640, 128), 0.7)
    changed = (before != after).any(axis=(0, 2))
    assert changed[:320].any()
    assert changed[320:].any()  # the total at the right, too


def test_an_eaten_cookie_leaves_a_ring():
    chips = [
        (caption(letters, (640, 128)) == palette.CHIP).all(axis=2).sum()
        for letters in (STORIES["open"], STORIES["yum"])
    ]
    assert chips[0] > 50
    assert chips[1] == 0
