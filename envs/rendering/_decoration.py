"""A window, a tea towel and a clock, where the back wall is long enough and the jar is not."""

from functools import lru_cache

import pygame

from ..kitchen import WALL, Kitchen
from . import palette
from .canvas import Canvas, Sprite
from .layout import Layout

LEAST_HEIGHT = 1.15  # tiles of wall that decoration needs
WINDOW = 2  # tiles: the width of a window
LIGHT = 6, 6, 3  # what sunlight adds to the floor


def decorate(picture: pygame.Surface, kitchen: Kitchen, layout: Layout) -> None:
    """Hang things on the outer wall at the back."""
    tile, bottom = layout.tile, layout.top + layout.tile
    if bottom - layout.ceiling < LEAST_HEIGHT * tile:
        return
    middle = (layout.ceiling + bottom - 0.37 * tile) / 2
    things = [(WINDOW, window(tile)), (1, towel(tile)), (1, clock(tile)), (WINDOW, window(tile))]
    for first, length in sorted(_stretches(kitchen), key=lambda stretch: -stretch[1]):
        start = first
        for wide, sprite in list(things):
            if start + wide <= first + length:
                sprite.stand(picture, layout.left + (start + wide / 2) * tile, middle)
                if wide == WINDOW:
                    _shine_in(picture, kitchen, layout, start)
                start += wide
                things.remove((wide, sprite))


def _shine_in(picture: pygame.Surface, kitchen: Kitchen, layout: Layout, column: int) -> None:
    """Sunlight on the floor below a window, with the shadow of its bar."""
    if any((1, column + step) not in kitchen.cell_at for step in range(WINDOW)):
        return
    for left, soft in ((0.46, 0.0), (0.48, 0.02), (1.0, 0.0), (1.02, 0.02)):
        right = left + 0.46 - 2 * soft
        corners = [(left, 1.15), (right, 1.15), (right + 0.2, 1.92), (left + 0.2, 1.92)]
        patch = pygame.Surface(picture.get_size(), depth=32)
        pygame.draw.polygon(patch, LIGHT, [layout.pixel((column + x, y)) for x, y in corners])
        picture.blit(patch, (0, 0), special_flags=pygame.BLEND_RGB_ADD)


def _stretches(kitchen: Kitchen) -> list[tuple[int, int]]:
    """Where the back wall looks on the floor: (first column, columns) of each stretch."""
    stretches: list[tuple[int, int]] = []
    for column, character in enumerate(kitchen.rows[0]):
        if character == WALL and kitchen.rows[1][column] != WALL:
            first, length = stretches[-1] if stretches else (-9, 0)
            if first + length == column:
                stretches[-1] = first, length + 1
            else:
                stretches.append((column, 1))
    return stretches


@lru_cache(maxsize=8)
def window(tile: int) -> Sprite:
    """A window with curtains, two tiles wide; its anchor is its middle."""
    canvas = Canvas(tile, (-0.9, -0.5, 0.9, 0.5))
    canvas.box(palette.SKIRTING, (-0.62, -0.33, 0.62, 0.33), 0.04, palette.SKIRTING_EDGE)
    canvas.box(palette.SKY, (-0.56, -0.27, 0.56, 0.27), 0.02)
    canvas.circle(palette.WHITE, (-0.2, 0.0), 0.09)
    canvas.ellipse(palette.WHITE, (-0.1, 0.05), (0.2, 0.06))
    canvas.ellipse(palette.LEAF, (0.36, 0.24), (0.19, 0.1))
    canvas.box(palette.SKIRTING, (-0.66, 0.27, 0.66, 0.36), 0.02, palette.SKIRTING_EDGE)
    canvas.box(palette.SKIRTING, (-0.025, -0.3, 0.025, 0.3))
    for side in (-1, 1):
        cloth = [(0.7, -0.36), (0.28, -0.36), (0.34, -0.1), (0.56, 0.12), (0.6, 0.24), (0.7, 0.24)]
        canvas.polygon(palette.CLOTH_STRIPE, [(side * x, y) for x, y in cloth], palette.CLOTH_CROSS)
        canvas.line(palette.CLOTH, [(side * 0.53, 0.11), (side * 0.69, 0.13)], 0.035)
    canvas.line(palette.WOOD_DARK, [(-0.76, -0.37), (0.76, -0.37)], 0.035)
    return canvas.sprite()


@lru_cache(maxsize=8)
def towel(tile: int) -> Sprite:
    """A tea towel on a hook."""
    canvas = Canvas(tile, (-0.4, -0.5, 0.4, 0.5))
    canvas.box(palette.CLOTH, (-0.15, -0.26, 0.15, 0.28), 0.03, palette.SKIRTING_EDGE)
    for y in (0.06, 0.14):
        canvas.box(palette.TROUSERS, (-0.15, y, 0.15, y + 0.04))
    canvas.circle(palette.WOOD_DARK, (0.0, -0.28), 0.035, palette.WOOD_EDGE)
    return canvas.sprite()


@lru_cache(maxsize=8)
def clock(tile: int) -> Sprite:
    """A round clock."""
    canvas = Canvas(tile, (-0.4, -0.5, 0.4, 0.5))
    canvas.circle(palette.WOOD, (0.0, -0.04), 0.23, palette.WOOD_EDGE)
    canvas.circle(palette.PAPER, (0.0, -0.04), 0.185)
    canvas.line(palette.INK, [(0.0, -0.04), (0.0, -0.17)], 0.03)
    canvas.line(palette.INK, [(0.0, -0.04), (0.09, 0.0)], 0.03)
    return canvas.sprite()
