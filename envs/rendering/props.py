"""Furniture, the chair and the decoration of the walls, as sprites and static layers."""

from functools import lru_cache

import pygame

from ..kitchen import WALL, Kitchen
from . import palette
from .canvas import Canvas, Sprite, trimmed
from .layout import Layout

LEAST_HEIGHT = 1.15  # tiles of wall that decoration needs
WINDOW = 2  # tiles: the width of a window
LIGHT = 6, 6, 3  # what sunlight adds to the floor

SEAT = 0.34  # tiles above the ground
_REACH = 0.95  # tiles from the anchor in which a tilted chair has room

WORKTOP = 0.46  # tiles below the upper edge of its tile: where the jar stands


@lru_cache(maxsize=16)
def cupboard(tile: int) -> Sprite:
    """A cupboard that fills a tile; its anchor is the tile's upper left corner."""
    canvas = Canvas(tile, (-0.06, -0.02, 1.06, 1.02))
    canvas.box(palette.WOOD, (0.05, 0.5, 0.95, 0.95), 0.03, palette.WOOD_EDGE)
    canvas.box(palette.WOOD_EDGE, (0.05, 0.9, 0.95, 0.96), 0.02)
    for left in (0.1, 0.52):
        canvas.box(palette.WOOD_DARK, (left, 0.6, left + 0.38, 0.88), 0.03)
        canvas.box(palette.WOOD, (left + 0.03, 0.63, left + 0.35, 0.85), 0.02)
    for x in (0.45, 0.55):
        canvas.circle(palette.WORKTOP, (x, 0.72), 0.024, palette.WOOD_EDGE)
    canvas.box(palette.WORKTOP_EDGE, (0.0, 0.3, 1.0, 0.55), 0.05, palette.WOOD_EDGE)
    canvas.box(palette.WORKTOP, (0.0, 0.3, 1.0, 0.49), 0.05)
    return canvas.sprite()


@lru_cache(maxsize=64)
def table(tile: int, joined: tuple[bool, ...]) -> Sprite:
    """A table that fills a tile, and goes on where `joined` (left, right, above, below) says so."""
    left, right, above, below = joined
    canvas = Canvas(tile, (0.0, 0.0, 1.0, 1.0))
    x, end_x = (-0.2 if left else 0.05), (1.2 if right else 0.95)
    y, end_y = (-0.2 if above else 0.05), (1.2 if below else 0.68)
    if not below:
        for leg in ([] if left else [0.15]) + ([] if right else [0.85]):
            canvas.line(palette.WOOD_DARK, [(leg, 0.7), (leg, 0.9)], 0.09, palette.WOOD_EDGE)
        canvas.box(palette.WOOD_DARK, (x, 0.5, end_x, 0.77), 0.06, palette.WOOD_EDGE)
    canvas.box(palette.WOOD, (x, y, end_x, end_y), 0.08, palette.WOOD_EDGE)
    sprite = canvas.sheet()
    _lay_cloth(sprite.surface, tile, joined)
    return sprite


def _lay_cloth(surface: pygame.Surface, tile: int, joined: tuple[bool, ...]) -> None:
    """A chequered cloth in the middle of the table top."""
    left, right, above, below = joined
    x, end_x = (0 if left else round(tile * 0.14)), (tile if right else round(tile * 0.86))
    y, end_y = (0 if above else round(tile * 0.12)), (tile if below else round(tile * 0.6))
    surface.fill(palette.CLOTH, (x, y, end_x - x, end_y - y))
    square = max(2, round(tile * 0.09))
    columns, rows = range(x, end_x, 2 * square), range(y, end_y, 2 * square)
    for column in columns:
        surface.fill(palette.CLOTH_STRIPE, (column, y, min(square, end_x - column), end_y - y))
    for row in rows:
        band = min(square, end_y - row)
        surface.fill(palette.CLOTH_STRIPE, (x, row, end_x - x, band))
        for column in columns:
            surface.fill(palette.CLOTH_CROSS, (column, row, min(square, end_x - column), band))


@lru_cache(maxsize=64)
def chair(tile: int, tilt: int = 0) -> Sprite:
    """The chair, turned by `tilt` degrees around its anchor: the ground between its legs."""
    canvas = Canvas(tile, (-0.4, -0.98, 0.4, 0.06) if tilt == 0 else (-_REACH, -_REACH, _REACH, _REACH))
    _draw_back(canvas)
    _draw_seat(canvas)
    if tilt == 0:
        return canvas.sprite()
    turned = pygame.transform.rotozoom(canvas.surface(), tilt, 1.0)
    return trimmed(Sprite(turned, (turned.get_width() // 2, turned.get_height() // 2)))


def _draw_back(canvas: Canvas) -> None:
    for x in (-0.26, 0.26):
        canvas.line(palette.CHAIR_DARK, [(x, -0.84), (x, -0.1)], 0.075, palette.CHAIR_EDGE)
    canvas.box(palette.CHAIR, (-0.29, -0.9, 0.29, -0.72), 0.07, palette.CHAIR_EDGE)
    canvas.line(palette.CHAIR_LIT, [(-0.22, -0.855), (0.22, -0.855)], 0.03)
    canvas.box(palette.CHAIR, (-0.26, -0.64, 0.26, -0.54), 0.03, palette.CHAIR_EDGE)


def _draw_seat(canvas: Canvas) -> None:
    for x in (-0.27, 0.27):
        canvas.line(palette.CHAIR_DARK, [(x, -0.2), (x, 0.0)], 0.08, palette.CHAIR_EDGE)
    canvas.line(palette.CHAIR_DARK, [(-0.24, -0.1), (0.24, -0.1)], 0.035)
    canvas.box(palette.CHAIR_DARK, (-0.33, -0.34, 0.33, -0.18), 0.05, palette.CHAIR_EDGE)
    canvas.box(palette.CHAIR, (-0.33, -0.44, 0.33, -0.25), 0.06)
    canvas.line(palette.CHAIR_LIT, [(-0.25, -0.4), (0.25, -0.4)], 0.035)


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
