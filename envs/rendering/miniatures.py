"""The small simple sprites of `PixelObservation`.

Agents learn from them, so they must not change with the pictures for people: other pixels would make
another environment.
"""

from functools import lru_cache

import pygame

from ..kitchen import JAR, TABLE, WALL, Kitchen
from .canvas import Canvas

INK = (48, 38, 36)
PAPER = (255, 250, 240)
FLOORS = (243, 226, 196), (236, 215, 180)  # light, dark
WALL_COLOUR = (72, 104, 122)
WALL_FACE = (94, 130, 148)
COUNTER = (200, 140, 92), (166, 108, 66)  # top, side
TABLE_WOOD = (196, 136, 84), (148, 96, 56)
SKIN = (246, 205, 166)
HAIR = (104, 62, 38)
SHIRT = (214, 72, 56)
TROUSERS = (48, 84, 150)
CHEEK = (240, 150, 128)
CHAIR = (240, 178, 40)
CHAIR_DARK = (186, 126, 16)
GLASS = (222, 240, 246)
LID = (214, 72, 56)
COOKIE = (222, 170, 104)
CHIP = (62, 34, 22)
RAISIN = (112, 62, 110)

CHILD_HEIGHT = 1.3  # tiles


@lru_cache(maxsize=8)
def child(tile: int, arms_up: bool) -> pygame.Surface:
    """Return the child, 1 tile wide and `CHILD_HEIGHT` tall, its feet at the bottom."""
    canvas = Canvas(tile, (0.0, 0.0, 1.0, CHILD_HEIGHT))
    for x in (0.41, 0.59):
        canvas.line(TROUSERS, [(x, 1.0), (x, 1.17)], 0.13)
        canvas.ellipse(INK, (x, 1.24), (0.09, 0.045))
    hands = ((0.17, 0.42), (0.83, 0.42)) if arms_up else ((0.2, 1.0), (0.8, 1.0))
    for shoulder, hand in zip(((0.35, 0.82), (0.65, 0.82)), hands, strict=True):
        canvas.line(SHIRT, [shoulder, hand], 0.11)
        canvas.circle(SKIN, hand, 0.065)
    canvas.box(SHIRT, (0.3, 0.73, 0.7, 1.07), radius=0.1)
    _head(canvas)
    return canvas.surface()


def _head(canvas: Canvas) -> None:
    canvas.circle(HAIR, (0.5, 0.4), 0.295)
    canvas.ellipse(SKIN, (0.5, 0.475), (0.255, 0.235))
    for side in (-1, 1):
        canvas.ellipse(PAPER, (0.5 + side * 0.105, 0.45), (0.068, 0.078))
        canvas.circle(INK, (0.5 + side * 0.105, 0.45), 0.043)
        canvas.circle(CHEEK, (0.5 + side * 0.185, 0.54), 0.037)
    mouth = [(0.5 + 0.1 * u, 0.575 + 0.02 * (1 - u * u)) for u in (step / 4 for step in range(-4, 5))]
    canvas.line(INK, mouth, 0.03)


@lru_cache(maxsize=8)
def chair(tile: int) -> pygame.Surface:
    """Return the chair, one tile, its legs at the bottom."""
    canvas = Canvas(tile)
    for x in (0.25, 0.75):
        canvas.line(CHAIR_DARK, [(x, 0.12), (x, 0.92)], 0.07)
    canvas.box(CHAIR, (0.21, 0.13, 0.79, 0.25), radius=0.05)
    canvas.box(CHAIR, (0.21, 0.32, 0.79, 0.41), radius=0.04)
    canvas.box(CHAIR_DARK, (0.17, 0.62, 0.83, 0.72), radius=0.04)
    canvas.box(CHAIR, (0.17, 0.54, 0.83, 0.66), radius=0.05)
    return canvas.surface()


def draw_floor(picture: pygame.Surface, kitchen: Kitchen, tile: int) -> None:
    """Draw floor, walls and furniture, with tiles of that many pixels."""
    for row, line in enumerate(kitchen.rows):
        for column, character in enumerate(line):
            rect = pygame.Rect(column * tile, row * tile, tile, tile)
            if character in WALL + JAR:
                picture.fill(WALL_COLOUR, rect)
                if (row + 1, column) in kitchen.cell_at:  # a wall's lighter face shows on the floor
                    height = round(tile * 0.3)
                    picture.fill(WALL_FACE, (rect.left, rect.bottom - height, tile, height))
            else:
                picture.fill(FLOORS[(row + column) % 2], rect)
            if character == JAR:
                _draw_block(picture, rect, *COUNTER)
            if character == TABLE:
                _draw_block(picture, rect, *TABLE_WOOD)


def _draw_block(
    picture: pygame.Surface, rect: pygame.Rect, top: tuple[int, int, int], side: tuple[int, int, int]
) -> None:
    """Draw a piece of furniture seen from above, with its front below."""
    radius = max(2, rect.width // 12)
    pygame.draw.rect(picture, side, rect.inflate(-4, -4), border_radius=radius)
    surface = rect.inflate(-4, -4)
    surface.height = round(surface.height * 0.78)
    pygame.draw.rect(picture, top, surface, border_radius=radius)
