"""The scene: the kitchen with everything in it, and below it a caption."""

import pygame

from ..dynamics import ARRANGEMENTS, Cookie
from ..kitchen import Kitchen
from .animation import pose_at
from .canvas import Point, Sprite, shadow
from .caption import caption_height, draw_caption_ground, draw_words
from .child import child
from .cookies import cookie
from .frame import Frame
from .jar import COOKIE, jar
from .overlay import Overlay, draw_overlay
from .pixels import Pixels, Sheet, to_array
from .pose import Pose, jar_foot
from .props import chair
from .room import draw_room
from .signs import draw_signs

__all__ = ["SIZE", "Scene", "to_array"]

SIZE = (640, 640)
LID_STEPS = 16  # in which the lid is moved
_COOKIES = tuple(tuple(Cookie(kind) for kind in kinds) for kinds in ARRANGEMENTS.tolist())


class Scene:
    """Draws moments of one kitchen. What seldom changes is drawn once: the room, an overlay, the jar.

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
        self._jar_foot = jar_foot(kitchen)
        self._ground = self._floor = self._room
        self._ground_key: object = None  # what is drawn on the ground
        self._overlay: bytes | None = None  # what is drawn on the floor
        self._sheet: Sheet | None = None  # of the ground

    def draw(self, frame: Frame, progress: float = 1.0, overlay: Overlay | None = None) -> pygame.Surface:
        """A new picture of the moment.

        Args:
            frame: what is to be seen.
            progress: how far its act has gone, from 0 (the state before) to 1 (done); it needs `before`.
            overlay: what is known about each cell, drawn on the floor.
        """
        now = pose_at(self.kitchen, frame, progress)
        self._lay_ground(now, frame, overlay)
        picture = self._ground.copy()
        self._draw_changes(picture, now, frame, progress)
        return picture

    def draw_array(self, frame: Frame) -> Pixels:
        """The picture of the moment as an array, uint8 [height, width, 3]: the fastest way to one."""
        now = pose_at(self.kitchen, frame)
        self._lay_ground(now, frame, None)
        if self._sheet is None:
            self._sheet = Sheet(self._ground)
        return self._sheet.array(lambda picture: self._draw_changes(picture, now, frame, 1.0))

    def _lay_ground(self, now: Pose, frame: Frame, overlay: Overlay | None) -> None:
        """Draw the room with overlay, jar and the caption's cookies, unless they are there."""
        lid = round(now.lid * LID_STEPS)
        overlay_key = None if overlay is None else overlay.key()
        key = overlay_key, now.filled, lid, frame.state.arrangement, self._is_jar_behind(now)
        if key == self._ground_key:
            return
        if overlay is not None and overlay_key != self._overlay:
            self._floor = self._room.copy()
            draw_overlay(self._floor, self.kitchen, self._layout, overlay)
            self._overlay = overlay_key
        self._ground = (self._room if overlay is None else self._floor).copy()
        if self._is_jar_behind(now):
            self._jar(now, frame).stand(self._ground, *self._layout.pixel(self._jar_foot))
        if self._caption.height:
            cookies = _COOKIES[frame.state.arrangement]
            draw_caption_ground(self._ground, self._caption, now.filled, lid > 0, cookies)
        self._ground_key, self._sheet = key, None

    def _draw_changes(
        self, picture: pygame.Surface, now: Pose, frame: Frame, progress: float
    ) -> list[pygame.Rect]:
        """Chair, child, signs and words; returns where they are."""
        rects = self._draw_things(picture, now, frame)
        rects += draw_signs(picture, self._layout, self.kitchen, now, frame)
        if self._caption.height:
            rects += draw_words(picture, self._caption, frame, progress)
        return rects

    def _draw_things(self, picture: pygame.Surface, now: Pose, frame: Frame) -> list[pygame.Rect]:
        """Whoever stands further down is in front."""
        tile, pixel = self._layout.tile, self._layout.pixel
        things: list[tuple[float, Sprite, Point]] = [
            (now.chair_depth, chair(tile, round(now.tilt)), now.chair),
            (now.child_depth, child(tile, now.body.coarse()), now.child),
        ]
        if not self._is_jar_behind(now):
            things.append((self._jar_foot[1], self._jar(now, frame), self._jar_foot))
        rects = [
            shadow(tile, radius).stand(picture, *pixel((x, y + lift)))
            for radius, (x, y), lift in ((0.36, now.chair, now.chair_lift), (0.3, now.child, now.child_lift))
        ]
        things.sort(key=lambda thing: thing[0])
        rects += [sprite.stand(picture, *pixel(point)) for _, sprite, point in things]
        if now.bite is not None:
            place, point = now.bite
            kind = _COOKIES[frame.state.arrangement][place]
            rects.append(cookie(round(tile * COOKIE), kind).stand(picture, *pixel(point)))
        return rects

    def _is_jar_behind(self, now: Pose) -> bool:
        return self._jar_foot[1] < min(now.child_depth, now.chair_depth)

    def _jar(self, now: Pose, frame: Frame) -> Sprite:
        lid = round(now.lid * LID_STEPS) / LID_STEPS
        return jar(self._layout.tile, now.filled, _COOKIES[frame.state.arrangement], lid)
