"""The room: paper, the outer wall as a frame, the floor, walls with a lit face; drawn once and kept."""

from functools import lru_cache

import pygame

from ..kitchen import JAR, TABLE, WALL, Kitchen
from . import palette
from .decoration import decorate
from .drawing import shadow
from .layout import Layout, kitchen_layout
from .picture import Picture, SurfacePicture
from .props import cupboard, table

FACE_SHARE = 0.62  # of an inner wall's tile: its lit face


@lru_cache(maxsize=8)
def room_surface(
    kitchen: Kitchen, size: tuple[int, int], area: tuple[int, int, int, int]
) -> tuple[pygame.Surface, Layout]:
    """Return a surface with the room, and its layout. The surface is shared: copy it."""
    layout = kitchen_layout(kitchen, pygame.Rect(area))
    picture = SurfacePicture(pygame.Surface(size, depth=32))
    draw_room(picture, kitchen, layout)
    return picture.surface, layout


def draw_room(picture: Picture, kitchen: Kitchen, layout: Layout) -> None:
    """Draw the kitchen without child, chair and jar."""
    picture.fill(palette.PAPER, pygame.Rect((0, 0), picture.size))
    _draw_outer_wall(picture, layout)
    picture.clip(layout.room)
    for row in range(kitchen.height):
        for column in range(kitchen.width):
            _draw_tile(picture, kitchen, layout, row, column)
    _draw_contours(picture, kitchen, layout)
    decorate(picture, kitchen, layout)
    for row, column in kitchen.find(TABLE + JAR):
        _draw_furniture(picture, kitchen, layout, row, column)
    picture.clip(None)


def is_solid(kitchen: Kitchen, row: int, column: int) -> bool:
    """Return whether a place is wall; everything outside of the map is."""
    inside = 0 <= row < kitchen.height and 0 <= column < kitchen.width
    return not inside or kitchen.rows[row][column] == WALL or ((row, column) == kitchen.jar and row == 0)


def shows_face(kitchen: Kitchen, row: int, column: int) -> bool:
    """Return whether a place is a wall with floor or furniture below it."""
    return is_solid(kitchen, row, column) and not is_solid(kitchen, row + 1, column)


def _draw_outer_wall(picture: Picture, layout: Layout) -> None:
    """Draw the outer wall, seen from above, with a shadow on the paper."""
    radius = _radius(layout)
    for grow in range(max(1, layout.tile // 16), 0, -1):
        around = layout.room.inflate(2 * grow, 2 * grow).move(0, grow)
        shade = palette.mix_colours(palette.PAPER, palette.PAPER_DARK, 1 / (1 + grow / 3))
        picture.round_box(shade, around, radius + grow)
    width = max(1, layout.tile // 32)
    picture.round_box(palette.WALL_EDGE, layout.room, radius)
    picture.round_box(palette.WALL, layout.room.inflate(-2 * width, -2 * width), radius - width)


def _radius(layout: Layout) -> int:
    return max(3, layout.tile // 7)


def _draw_tile(picture: Picture, kitchen: Kitchen, layout: Layout, row: int, column: int) -> None:
    rect = layout.rect(row, column)
    if shows_face(kitchen, row, column):
        _draw_face(picture, kitchen, layout, row, column)
    elif not is_solid(kitchen, row, column):
        picture.fill((palette.FLOOR, palette.FLOOR_DARK)[(row + column) % 2], rect)
        joint = max(1, layout.tile // 48)
        picture.fill(palette.FLOOR_JOINT, pygame.Rect(rect.left, rect.bottom - joint, rect.width, joint))
        picture.fill(palette.FLOOR_JOINT, pygame.Rect(rect.right - joint, rect.top, joint, rect.height))
        if is_solid(kitchen, row - 1, column):  # the wall's shadow
            for step in range(4):
                height = max(1, round(layout.tile * 0.035))
                band = pygame.Rect(rect.left, rect.top + step * height, rect.width, height)
                picture.darken(band, 36 - 9 * step)


def _draw_face(picture: Picture, kitchen: Kitchen, layout: Layout, row: int, column: int) -> None:
    """Draw the lit side of a wall: paint, a row of tiles below it, and the skirting board."""
    rect, tile = layout.rect(row, column), layout.tile
    top = _face_top(layout, row)
    face = pygame.Rect(rect.left, top, rect.width, rect.bottom - top)
    picture.fill(palette.FACE, face)
    low = pygame.Rect(rect.left, rect.bottom - round(tile * 0.4), tile, round(tile * 0.4))
    picture.fill(palette.FACE_LOW, low)
    thin = max(1, tile // 40)
    picture.fill(palette.FACE_LINE, pygame.Rect(low.left, low.top, tile, thin))
    for third in range(3):
        picture.fill(palette.FACE_LINE, pygame.Rect(low.left + third * tile // 3, low.top, thin, low.height))
    picture.darken(pygame.Rect(face.left, face.top, tile, max(1, tile // 16)), 30)
    board = pygame.Rect(rect.left, rect.bottom - max(2, round(tile * 0.1)), tile, max(2, round(tile * 0.1)))
    picture.fill(palette.SKIRTING, board)
    picture.fill(palette.SKIRTING_EDGE, pygame.Rect(board.left, board.bottom - thin, tile, thin))


def _draw_contours(picture: Picture, kitchen: Kitchen, layout: Layout) -> None:
    """Draw edges where a wall's cap ends."""
    width = max(1, layout.tile // 32)
    for row in range(kitchen.height):
        for column in range(kitchen.width):
            if is_solid(kitchen, row, column):
                _draw_contour(picture, kitchen, layout, row, column, width)


def _draw_contour(
    picture: Picture, kitchen: Kitchen, layout: Layout, row: int, column: int, width: int
) -> None:
    rect, face_top = layout.rect(row, column), _face_top(layout, row)
    face = shows_face(kitchen, row, column)
    if face:
        picture.fill(palette.WALL_EDGE, pygame.Rect(rect.left, face_top - width, rect.width, width))
    if not is_solid(kitchen, row - 1, column):
        picture.fill(palette.WALL_EDGE, pygame.Rect(rect.left, rect.top, rect.width, width))
    for beside, x in ((column - 1, rect.left), (column + 1, rect.right - width)):
        if not is_solid(kitchen, row, beside):
            picture.fill(palette.WALL_EDGE, pygame.Rect(x, rect.top, width, rect.height))
        elif not face and shows_face(kitchen, row, beside):  # this cap is nearer than that face
            picture.fill(
                palette.WALL_EDGE, pygame.Rect(x, face_top - width, width, rect.bottom - face_top + width)
            )


def _face_top(layout: Layout, row: int) -> int:
    """Return y at which the face of a wall begins."""
    return layout.ceiling if row == 0 else layout.rect(row + 1, 0).top - round(layout.tile * FACE_SHARE)


def _draw_furniture(picture: Picture, kitchen: Kitchen, layout: Layout, row: int, column: int) -> None:
    rect = layout.rect(row, column)
    kind = kitchen.rows[row][column]
    tile = layout.tile
    picture.stamp(shadow, 0.62, 90, at=(rect.centerx, rect.bottom - tile * 0.08), tile=tile)
    if kind == JAR:
        picture.stamp(cupboard, at=rect.topleft, tile=tile)
    else:
        sides = tuple(kitchen.rows[row][column + side] == TABLE for side in (-1, 1))
        ends = tuple(kitchen.rows[row + side][column] == TABLE for side in (-1, 1))
        picture.stamp(table, (*sides, *ends), tile, at=rect.topleft, tile=tile)
