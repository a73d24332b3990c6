"""The things in the kitchen, each drawn once for a size and kept."""

from functools import lru_cache
from math import cos, pi, sin

import pygame

from ..dynamics import CLOSED, Action, Cookie
from . import palette
from .canvas import Canvas, Point

HAPPY, HOPING, UNHAPPY = "happy", "hoping", "unhappy"
LOOKS: dict[Action | None, Point] = {
    Action.UP: (0.0, -0.05),
    Action.DOWN: (0.0, 0.04),
    Action.LEFT: (-0.06, 0.0),
    Action.RIGHT: (0.06, 0.0),
    Action.REACH: (0.0, -0.05),
}
CHILD_HEIGHT = 1.3  # tiles


@lru_cache(maxsize=256)
def child(tile: int, mood: str, looks: Point, arms_up: bool) -> pygame.Surface:
    """The child, 1 tile wide and `CHILD_HEIGHT` tall, its feet at the bottom."""
    canvas = Canvas(tile, 1.0, CHILD_HEIGHT)
    for x in (0.41, 0.59):
        canvas.line(palette.TROUSERS, [(x, 1.0), (x, 1.17)], 0.13)
        canvas.ellipse(palette.INK, (x, 1.24), (0.09, 0.045))
    hands = ((0.17, 0.42), (0.83, 0.42)) if arms_up else ((0.2, 1.0), (0.8, 1.0))
    for shoulder, hand in zip(((0.35, 0.82), (0.65, 0.82)), hands, strict=True):
        canvas.line(palette.SHIRT, [shoulder, hand], 0.11)
        canvas.circle(palette.SKIN, hand, 0.065)
    canvas.box(palette.SHIRT, 0.3, 0.73, 0.4, 0.34, radius=0.1)
    _head(canvas, mood, looks)
    return canvas.sprite()


def _head(canvas: Canvas, mood: str, looks: Point) -> None:
    canvas.circle(palette.HAIR, (0.5, 0.4), 0.295)
    canvas.ellipse(palette.SKIN, (0.5, 0.475), (0.255, 0.235))
    dx, dy = looks
    for side in (-1, 1):
        x, y = 0.5 + side * 0.105, 0.45
        canvas.ellipse(palette.PAPER, (x, y), (0.068, 0.078))
        canvas.circle(palette.INK, (x + dx * 0.6, y + dy * 0.7), 0.043)
        canvas.circle(palette.CHEEK, (0.5 + side * 0.185, 0.54), 0.037)
    bend = {HAPPY: 0.085, HOPING: 0.02, UNHAPPY: -0.065}[mood]
    middle = 0.575 if mood != UNHAPPY else 0.625
    mouth = [
        (0.5 + 0.1 * u, middle + bend * (1 - u * u)) for u in (-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1)
    ]
    if mood == HAPPY:
        canvas.polygon(palette.UNHAPPY, mouth)
    canvas.line(palette.INK, mouth, 0.03)
    if mood == UNHAPPY:
        for side in (-1, 1):
            inner, outer = (0.5 + side * 0.06, 0.345), (0.5 + side * 0.17, 0.375)
            canvas.line(palette.HAIR, [inner, outer], 0.028)


@lru_cache(maxsize=32)
def chair(tile: int) -> pygame.Surface:
    """The chair, one tile, its legs at the bottom."""
    canvas = Canvas(tile)
    for x in (0.25, 0.75):
        canvas.line(palette.CHAIR_DARK, [(x, 0.12), (x, 0.92)], 0.07)
    canvas.box(palette.CHAIR, 0.21, 0.13, 0.58, 0.12, radius=0.05)
    canvas.box(palette.CHAIR, 0.21, 0.32, 0.58, 0.09, radius=0.04)
    canvas.box(palette.CHAIR_DARK, 0.17, 0.62, 0.66, 0.1, radius=0.04)
    canvas.box(palette.CHAIR, 0.17, 0.54, 0.66, 0.12, radius=0.05)
    return canvas.sprite()


@lru_cache(maxsize=64)
def cookie(size: int, kind: Cookie) -> pygame.Surface:
    """A cookie, `size` pixels wide: large dark chips, small purple raisins, or plain."""
    canvas = Canvas(size)
    canvas.circle(palette.COOKIE_EDGE, (0.5, 0.5), 0.48)
    canvas.circle(palette.COOKIE, (0.5, 0.48), 0.44)
    dots = [(0.5, 0.5)] + [
        (0.5 + 0.27 * cos(a), 0.48 + 0.27 * sin(a)) for a in (0.3 + 2 * pi * k / 5 for k in range(5))
    ]
    if kind is Cookie.CHOCOLATE_CHIP:
        for x, y in dots:
            canvas.polygon(palette.CHIP, [(x - 0.1, y + 0.07), (x, y - 0.11), (x + 0.1, y + 0.06)])
    if kind is Cookie.RAISIN:
        for x, y in dots[1:]:
            canvas.ellipse(palette.RAISIN, (x, y), (0.075, 0.05))
    return canvas.sprite()


@lru_cache(maxsize=512)
def jar(tile: int, contents: int, cookies: tuple[Cookie, ...]) -> pygame.Surface:
    """The jar, one tile.

    Args:
        tile: pixels.
        contents: the `jar` of a `State`: `CLOSED`, or the places still filled.
        cookies: the cookie at left, middle and right.
    """
    canvas = Canvas(tile)
    canvas.box(palette.GLASS_EDGE, 0.08, 0.24, 0.84, 0.7, radius=0.16)
    canvas.box(palette.GLASS, 0.11, 0.27, 0.78, 0.64, radius=0.14)
    if contents == CLOSED:
        canvas.box(palette.LID, 0.13, 0.12, 0.74, 0.14, radius=0.05)
        canvas.circle(palette.LID, (0.5, 0.1), 0.07)
    else:
        canvas.box(palette.GLASS_EDGE, 0.13, 0.2, 0.74, 0.06, radius=0.03)
    picture = canvas.sprite()
    for place, kind in enumerate(cookies):
        if contents == CLOSED or contents >> place & 1:
            picture.blit(
                cookie(round(tile * 0.245), kind),
                (round(tile * (0.125 + 0.253 * place)), round(tile * 0.6)),
                special_flags=pygame.BLEND_PREMULTIPLIED,
            )
    return picture
