"""The two kinds of pictures mean the same by their arguments."""

import io

import numpy as np
import pygame
import pytest

from cookie_jar.envs import Cookie
from cookie_jar.envs.rendering.jar import cookie
from cookie_jar.envs.rendering.picture import SurfacePicture, SvgPicture
from cookie_jar.envs.rendering.pixels import to_array

RED, SIZE = (200, 0, 0), (60, 40)


def drawn(picture):
    """Where a picture is not black, bool [height, width]."""
    if isinstance(picture, SurfacePicture):
        surface = picture.surface
    else:
        surface = pygame.Surface(SIZE)
        document = picture.document("").encode()
        surface.blit(pygame.image.load(io.BytesIO(document), "picture.svg"), (0, 0))
    return to_array(surface).max(axis=2) > 100


@pytest.fixture(params=["pygame", "svg"])
def picture(request):
    return SurfacePicture(pygame.Surface(SIZE)) if request.param == "pygame" else SvgPicture(SIZE)


def test_areas_are_drawn_only_inside_of_the_clip(picture):
    picture.clip(pygame.Rect(10, 10, 20, 20))
    picture.fill(RED, (0, 0, 15, 40))
    picture.clip(None)
    picture.fill(RED, pygame.Rect(50, 0, 10, 5))
    expected = np.zeros((40, 60), bool)
    expected[10:30, 10:15] = expected[:5, 50:] = True
    np.testing.assert_array_equal(drawn(picture), expected)


def test_a_ring_has_an_outer_radius_and_a_hole(picture):
    picture.ring(RED, (30, 20), 15, 4)
    pixels = drawn(picture)
    assert pixels[20, [16, 17, 43]].all()
    assert not pixels[20, [13, 21, 30, 39, 46]].any()


def test_a_stamp_has_tiles_of_its_size(picture):
    picture.stamp(cookie, Cookie.CHOCOLATE_CHIP, at=(30, 20), size=30)
    rows, columns = np.nonzero(drawn(picture))
    assert (np.ptp(rows), np.ptp(columns)) == pytest.approx((29, 29), abs=2)
    assert (rows.mean(), columns.mean()) == pytest.approx((20, 30), abs=1)


def test_a_trail_fades_towards_its_start(picture):
    picture.trail((255, 255, 255), [(5, 20), (30, 20), (55, 20)], [40, 40, 250], 6)
    pixels = drawn(picture)
    assert pixels[20, 40:50].all()
    assert not pixels[20, 10:20].any()


def test_text_has_an_end_or_its_middle_at_a_point():
    for align, edge in (("left", 0), ("center", 0.5), ("right", 1)):
        picture = SurfacePicture(pygame.Surface(SIZE))
        picture.write("oo", 20, RED, (30, 20), align)
        [area] = picture.changed
        assert area.left + edge * area.width == pytest.approx(30, abs=1)
        assert area.centery == pytest.approx(20, abs=1)
