"""The scene: the kitchen with everything in it, and below it a caption."""

from typing import Any

import numpy as np
import pygame

from ..dynamics import ARRANGEMENTS, CARRIED, Action, Cookie, Event
from ..kitchen import JAR, TABLE, WALL, Kitchen
from . import palette, sprites
from .caption import draw_bubble, draw_caption
from .moment import Moment

SIZE = (640, 640)
CAPTION_SHARE = 0.2  # of the height

_MOODS = {
    Event.BUMP: sprites.UNHAPPY,
    Event.VAIN: sprites.UNHAPPY,
    Event.YUCK: sprites.UNHAPPY,
    Event.OPEN: sprites.HAPPY,
    Event.YUM: sprites.HAPPY,
}


class Scene:
    """Draws moments of one kitchen. The floor and the walls are drawn once."""

    def __init__(self, kitchen: Kitchen, size: tuple[int, int] = SIZE) -> None:
        pygame.font.init()
        self.kitchen = kitchen
        width, height = size
        self._caption = pygame.Rect(
            0, height - round(height * CAPTION_SHARE), width, round(height * CAPTION_SHARE)
        )
        self._tile = max(8, min(width // kitchen.width, self._caption.top // kitchen.height))
        self._left = (width - self._tile * kitchen.width) // 2
        self._top = (self._caption.top - self._tile * kitchen.height) // 2
        self._background = self._draw_background(size)

    def draw(self, moment: Moment) -> pygame.Surface:
        """A new picture of the moment."""
        picture = self._background.copy()
        state = moment.state
        cookies = tuple(Cookie(kind) for kind in ARRANGEMENTS[state.arrangement])
        jar = sprites.jar(self._tile, int(state.jar), cookies)
        _blit(picture, jar, self._corner(self.kitchen.jar))
        self._draw_people(picture, moment)
        draw_caption(picture, self._caption, moment, cookies)
        return picture

    def _draw_people(self, picture: pygame.Surface, moment: Moment) -> None:
        """The chair and the child; whoever stands further down is in front."""
        state, tile = moment.state, self._tile
        stretched = moment.action in (Action.REACH, Action.PICK_LEFT, Action.PICK_MIDDLE, Action.PICK_RIGHT)
        mood = sprites.HOPING if moment.event is None else _MOODS.get(moment.event, sprites.HOPING)
        looks = (0.0, 0.0) if moment.action is None else sprites.LOOKS.get(moment.action, (0.0, 0.0))
        child = sprites.child(tile, mood, looks, stretched or state.chair == CARRIED)
        chair = sprites.chair(tile)
        x, y = self._corner(self.kitchen.places[state.child])
        feet = y + round(tile * 0.97) - child.get_height()
        if state.standing:
            feet -= round(tile * 0.3)
        if state.chair == CARRIED:
            _blit(picture, child, (x, feet))
            _blit(picture, chair, (x, feet - round(tile * 0.42)))
        else:
            chair_x, chair_y = self._corner(self.kitchen.places[state.chair])
            beside = round(tile * 0.2) if state.chair == state.child and not state.standing else 0
            things = [(chair, (chair_x + beside, chair_y)), (child, (x - beside, feet))]
            for sprite, corner in things if chair_y <= y else reversed(things):
                _blit(picture, sprite, corner)
        if moment.event is not None:
            draw_bubble(picture, (x + tile // 2, feet + round(tile * 0.1)), moment.event, tile)

    def _corner(self, place: tuple[int, int]) -> tuple[int, int]:
        row, column = place
        return self._left + column * self._tile, self._top + row * self._tile

    def _draw_background(self, size: tuple[int, int]) -> pygame.Surface:
        picture = pygame.Surface(size)
        picture.fill(palette.WALL)
        draw_floor(picture, self.kitchen, (self._left, self._top), self._tile)
        return picture


def draw_floor(picture: pygame.Surface, kitchen: Kitchen, corner: tuple[int, int], tile: int) -> None:
    """Draw what never changes in a kitchen, from its top left corner on, with tiles of that many pixels."""
    for row, line in enumerate(kitchen.rows):
        for column, character in enumerate(line):
            rect = pygame.Rect(corner[0] + column * tile, corner[1] + row * tile, tile, tile)
            if character in WALL + JAR:
                picture.fill(palette.WALL, rect)
                if (row + 1, column) in kitchen.cell_at:  # a wall's lighter face looks down on the floor
                    height = round(tile * 0.3)
                    picture.fill(palette.WALL_TOP, (rect.left, rect.bottom - height, tile, height))
            else:
                picture.fill((palette.FLOOR, palette.FLOOR_DARK)[(row + column) % 2], rect)
            if character == JAR:
                _draw_block(picture, rect, palette.COUNTER_TOP, palette.COUNTER)
            if character == TABLE:
                _draw_block(picture, rect, palette.TABLE, palette.TABLE_SIDE)


def to_array(picture: pygame.Surface) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The picture as uint8 [height, width, 3]."""
    width, height = picture.get_size()
    pixels = np.frombuffer(pygame.image.tobytes(picture, "RGB"), np.uint8)
    return pixels.reshape(height, width, 3).copy()


def _blit(picture: pygame.Surface, sprite: pygame.Surface, corner: tuple[int, int]) -> None:
    picture.blit(sprite, corner, special_flags=pygame.BLEND_PREMULTIPLIED)


def _draw_block(
    picture: pygame.Surface, rect: pygame.Rect, top: tuple[int, int, int], side: tuple[int, int, int]
) -> None:
    """A piece of furniture seen from above, with its front below."""
    radius = max(2, rect.width // 12)
    pygame.draw.rect(picture, side, rect.inflate(-4, -4), border_radius=radius)
    surface = rect.inflate(-4, -4)
    surface.height = round(surface.height * 0.78)
    pygame.draw.rect(picture, top, surface, border_radius=radius)
