"""The room: paper, the outer wall as a frame, the floor, walls with a lit face; drawn once and kept."""

from functools import lru_cache
from itertools import product

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
    draw_room(picture, layout)
    return picture.surface, layout


def draw_room(picture: Picture, layout: Layout) -> None:
    """Draw the kitchen without child, chair and jar, on paper."""
    picture.fill(palette.PAPER, (0, 0, *picture.size))
    draw_room_alone(picture, layout)


def draw_room_alone(picture: Picture, layout: Layout) -> None:
    """Draw the kitchen without child, chair, jar and paper."""
    kitchen = layout.kitchen
    _draw_outer_wall(picture, layout)
    picture.clip(layout.room)
    for row, column in product(range(kitchen.height), range(kitchen.width)):
        if is_solid(kitchen, row, column):
            _draw_wall(picture, layout, row, column)
        else:
            _draw_floor(picture, layout, row, column)
    decorate(picture, layout)
    for row, column in kitchen.find(TABLE + JAR):
        _draw_furniture(picture, layout, row, column)
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
    radius = max(3, layout.tile // 7)
    for grow in range(max(1, layout.tile // 16), 0, -1):
        around = layout.room.inflate(2 * grow, 2 * grow).move(0, grow)
        shade = palette.mix_colours(palette.PAPER, palette.PAPER_DARK, 1 / (1 + grow / 3))
        picture.round_box(shade, around, radius + grow)
    width = max(1, layout.tile // 32)
    picture.round_box(palette.WALL_EDGE, layout.room, radius)
    picture.round_box(palette.WALL, layout.room.inflate(-2 * width, -2 * width), radius - width)


def _draw_floor(picture: Picture, layout: Layout, row: int, column: int) -> None:
    """Draw a tile of floor, with the shadow of a wall above it."""
    rect, joint = layout.rect(row, column), max(1, layout.tile // 48)
    picture.fill((palette.FLOOR, palette.FLOOR_DARK)[(row + column) % 2], rect)
    picture.fill(palette.FLOOR_JOINT, (rect.left, rect.bottom - joint, rect.width, joint))
    picture.fill(palette.FLOOR_JOINT, (rect.right - joint, rect.top, joint, rect.height))
    if is_solid(layout.kitchen, row - 1, column):
        height = max(1, round(layout.tile * 0.035))
        for step in range(4):
            picture.darken((rect.left, rect.top + step * height, rect.width, height), 36 - 9 * step)


def _draw_wall(picture: Picture, layout: Layout, row: int, column: int) -> None:
    """Draw the lit face of a wall, if the wall shows one, and edges where the wall's cap ends."""
    kitchen, rect, width = layout.kitchen, layout.rect(row, column), max(1, layout.tile // 32)
    top = layout.ceiling if row == 0 else rect.bottom - round(layout.tile * FACE_SHARE)
    face = shows_face(kitchen, row, column)
    if face:
        _draw_face(picture, pygame.Rect(rect.left, top, rect.width, rect.bottom - top), layout.tile)
        picture.fill(palette.WALL_EDGE, (rect.left, top - width, rect.width, width))
    if not is_solid(kitchen, row - 1, column):
        picture.fill(palette.WALL_EDGE, (rect.left, rect.top, rect.width, width))
    for beside, x in ((column - 1, rect.left), (column + 1, rect.right - width)):
        if not is_solid(kitchen, row, beside):
            picture.fill(palette.WALL_EDGE, (x, rect.top, width, rect.height))
        elif not face and shows_face(kitchen, row, beside):  # this cap is nearer than that face
            picture.fill(palette.WALL_EDGE, (x, top - width, width, rect.bottom - top + width))


def _draw_face(picture: Picture, face: pygame.Rect, tile: int) -> None:
    """Draw the lit side of a wall: paint, a row of tiles below it, and the skirting board."""
    left, low, high, thin = face.left, round(tile * 0.4), max(2, round(tile * 0.1)), max(1, tile // 40)
    picture.fill(palette.FACE, face)
    picture.fill(palette.FACE_LOW, (left, face.bottom - low, tile, low))
    picture.fill(palette.FACE_LINE, (left, face.bottom - low, tile, thin))
    for third in range(3):
        picture.fill(palette.FACE_LINE, (left + third * tile // 3, face.bottom - low, thin, low))
    picture.darken((left, face.top, tile, max(1, tile // 16)), 30)
    picture.fill(palette.SKIRTING, (left, face.bottom - high, tile, high))
    picture.fill(palette.SKIRTING_EDGE, (left, face.bottom - thin, tile, thin))


def _draw_furniture(picture: Picture, layout: Layout, row: int, column: int) -> None:
    """Draw the jar's cupboard or a table, with a shadow."""
    rect, rows, tile = layout.rect(row, column), layout.kitchen.rows, layout.tile
    picture.stamp(shadow, 0.62, 90, at=(rect.centerx, rect.bottom - tile * 0.08), size=tile)
    if rows[row][column] == JAR:
        picture.stamp(cupboard, at=rect.topleft, size=tile)
    else:
        places = (row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column)
        joined = tuple(rows[y][x] == TABLE for y, x in places)
        picture.stamp(table, joined, tile, at=rect.topleft, size=tile)
