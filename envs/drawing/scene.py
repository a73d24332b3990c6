"""The scene: the kitchen with everything in it, and below it a caption."""

import pygame

from ..dynamics import ARRANGEMENTS, Action, Cookie, Event
from ..kitchen import Kitchen
from . import signs
from .canvas import Point, Sprite, shadow
from .caption import caption_height, draw_caption
from .chair import chair
from .child import child
from .cookies import cookie
from .face import MIDDLE
from .jar import COOKIE, jar
from .moment import Moment
from .overlay import Overlay, draw_overlay
from .pixels import to_array
from .room import draw_room
from .staging import Stage, jar_foot
from .tween import stage

__all__ = ["SIZE", "Scene", "to_array"]

SIZE = (640, 640)


class Scene:
    """Draws moments of one kitchen. What does not move is drawn once.

    Args:
        kitchen: the map.
        size: of the picture, (width, height) in pixels.
        caption: whether there are words below the kitchen.
    """

    def __init__(self, kitchen: Kitchen, size: tuple[int, int] = SIZE, *, caption: bool = True) -> None:
        pygame.font.init()
        width, height = self.size = size
        self.kitchen = kitchen
        words = caption_height(height) if caption else 0
        self._caption = pygame.Rect(0, height - words, width, words)
        self._room, self._layout = draw_room(kitchen, size, (0, 0, width, height - words))
        self._floor = self._room  # with an overlay
        self._overlay: bytes | None = None  # what is drawn on it

    def draw(self, moment: Moment, progress: float = 1.0, overlay: Overlay | None = None) -> pygame.Surface:
        """A new picture of the moment.

        Args:
            moment: what is to be seen.
            progress: how far its act has gone, from 0 (the state before) to 1 (done); it needs `before`.
            overlay: what is known about each cell, drawn on the floor.
        """
        picture = self._floor_with(overlay).copy()
        cookies = tuple(Cookie(kind) for kind in ARRANGEMENTS[moment.state.arrangement])
        now = stage(self.kitchen, moment, progress)
        self._draw_things(picture, now, cookies)
        if moment.event is not None:
            self._draw_signs(picture, now, moment)
        if self._caption.height:
            draw_caption(picture, self._caption, moment, cookies, progress)
        return picture

    def _floor_with(self, overlay: Overlay | None) -> pygame.Surface:
        """The room with an overlay on its floor; the last one is kept."""
        if overlay is None:
            return self._room
        key = overlay.key()
        if key != self._overlay:
            self._floor = self._room.copy()
            draw_overlay(self._floor, self.kitchen, self._layout, overlay)
            self._overlay = key
        return self._floor

    def _draw_things(self, picture: pygame.Surface, now: Stage, cookies: tuple[Cookie, ...]) -> None:
        """Jar, chair and child; whoever stands further down is in front."""
        tile = self._layout.tile
        foot = jar_foot(self.kitchen)
        things: list[tuple[float, Sprite, Point]] = [
            (foot[1], jar(tile, now.filled, cookies, round(now.lid * 16) / 16), foot),
            (now.chair_depth, chair(tile, round(now.tilt)), now.chair),
            (now.child_depth, child(tile, now.pose.coarse()), now.child),
        ]
        for radius, (x, y), lift in ((0.36, now.chair, now.chair_lift), (0.3, now.child, now.child_lift)):
            shadow(tile, radius).stand(picture, *self._layout.pixel((x, y + lift)))
        for _, sprite, point in sorted(things, key=lambda thing: thing[0]):
            sprite.stand(picture, *self._layout.pixel(point))
        if now.bite is not None:
            place, point = now.bite
            cookie(round(tile * COOKIE), cookies[place]).stand(picture, *self._layout.pixel(point))

    def _draw_signs(self, picture: pygame.Surface, now: Stage, moment: Moment) -> None:
        assert moment.event is not None
        head = now.child[0], now.child[1] + MIDDLE
        place = self._layout.pixel(self._marked(now, moment))
        signs.draw_mark(picture, place, self._layout.tile, moment.event, now.sign)
        at_rest = self._layout.pixel((self.kitchen.places[moment.state.child][1] + 0.5, 0.0))[0]
        signs.draw_bubble(
            picture, self._layout.pixel(head), at_rest, self._layout.tile, moment.event, now.sign
        )

    def _marked(self, now: Stage, moment: Moment) -> Point:
        """Where the mark of the event belongs."""
        x, y = now.child
        if moment.event == Event.BUMP:
            right, down = _WAYS[moment.action or Action.UP]
            return x + right * 0.48, y - 0.42 + down * 0.5
        if moment.event == Event.OPEN:
            foot = jar_foot(self.kitchen)
            return foot[0], foot[1] - 0.5
        if moment.event == Event.VAIN:
            return x, y - 1.18
        if moment.event in (Event.PUT, Event.LIFT):
            return now.chair
        return (x, y) if moment.event in (Event.UP, Event.DOWN) else (x, y + MIDDLE)


_WAYS = {
    Action.UP: (0.0, -1.0),
    Action.DOWN: (0.0, 1.0),
    Action.LEFT: (-1.0, 0.0),
    Action.RIGHT: (1.0, 0.0),
}
