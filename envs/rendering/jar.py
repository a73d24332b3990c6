"""The glass jar: three cookies side by side, a lid that comes off."""

from functools import lru_cache

import pygame

from ..dynamics import CLOSED, FULL, Cookie
from . import palette
from .canvas import Canvas, Sprite, trimmed
from .cookies import cookie

COOKIE = 0.31  # tiles: the width of a cookie in the jar
COOKIE_MIDDLE = -0.215  # tiles above the foot of the jar
_BOX = (-0.62, -1.25, 0.95, 0.12)


@lru_cache(maxsize=128)
def jar(tile: int, filled: int, cookies: tuple[Cookie, ...], lifted: float) -> Sprite:
    """The jar; its anchor is the middle of its foot.

    Args:
        tile: pixels.
        filled: the set of places that hold a cookie.
        cookies: the cookie at left, middle and right.
        lifted: how far the lid is off, from 0 (closed) to 1.
    """
    sprite = _glass(tile)
    surface = sprite.surface.copy()
    for place, kind in enumerate(cookies):
        if filled >> place & 1:
            x, y = cookie_place(place)
            middle = sprite.anchor[0] + x * tile, sprite.anchor[1] + y * tile
            cookie(round(tile * COOKIE), kind).stand(surface, *middle)
    for part in (_shine(tile), _lid(tile, lifted)):
        surface.blit(part.surface, (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)
    return trimmed(Sprite(surface, sprite.anchor))


def cookie_place(place: int) -> tuple[float, float]:
    """The middle of the cookie at left, middle or right (0, 1, 2), in tiles from the jar's foot."""
    return 0.305 * (place - 1), COOKIE_MIDDLE


def contents(jar_of_state: int) -> int:
    """The set of places that hold a cookie: all while the jar is closed."""
    return FULL if jar_of_state == CLOSED else jar_of_state


@lru_cache(maxsize=8)
def _glass(tile: int) -> Sprite:
    canvas = Canvas(tile, _BOX)
    canvas.ellipse((60, 36, 20, 80), (0.02, 0.0), (0.48, 0.05))
    canvas.box((*palette.GLASS_EDGE, 235), (-0.5, -0.53, 0.5, 0.02), 0.17)
    canvas.box((*palette.GLASS, 225), (-0.475, -0.51, 0.475, -0.005), 0.15)
    canvas.box((*palette.GLASS_EDGE, 235), (-0.4, -0.62, 0.4, -0.48), 0.05)
    canvas.box((*palette.GLASS, 225), (-0.375, -0.6, 0.375, -0.46), 0.04)
    canvas.ellipse((196, 220, 228, 230), (0.0, -0.05), (0.4, 0.045))
    return canvas.sheet()


@lru_cache(maxsize=8)
def _shine(tile: int) -> Sprite:
    """Light on the front of the glass."""
    canvas = Canvas(tile, _BOX)
    canvas.line((255, 255, 255, 190), [(-0.41, -0.36), (-0.41, -0.2)], 0.05)
    canvas.circle((255, 255, 255, 190), (-0.41, -0.11), 0.025)
    canvas.line((255, 255, 255, 120), [(0.38, -0.44), (0.28, -0.45)], 0.03)
    return canvas.sheet()


@lru_cache(maxsize=64)
def _lid(tile: int, lifted: float) -> Sprite:
    """The lid: on the rim, or leaning at the right of the jar."""
    straight = Canvas(tile, (-0.6, -0.6, 0.6, 0.6))
    straight.circle(palette.LID, (0.0, -0.1), 0.07, palette.LID_EDGE)
    straight.box(palette.LID, (-0.43, -0.06, 0.43, 0.08), 0.06, palette.LID_EDGE)
    straight.line(palette.LID_LIT, [(-0.34, -0.015), (0.34, -0.015)], 0.03)
    lid = pygame.transform.rotozoom(straight.surface(), 72 * -lifted, 1.0)
    canvas = Canvas(tile, _BOX).sheet()
    x = canvas.anchor[0] + 0.58 * lifted * tile
    y = canvas.anchor[1] - (0.62 + 0.5 * lifted * (1 - lifted) - 0.24 * lifted) * tile
    place = lid.get_rect(center=(round(x), round(y)))
    canvas.surface.blit(lid, place, special_flags=pygame.BLEND_PREMULTIPLIED)
    return canvas
