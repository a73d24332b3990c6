"""The scene: the kitchen with everything in it, and a caption below."""

from collections.abc import Callable

import pygame

from ..kitchen import Kitchen
from .animation import pose_at
from .caption import caption_height, draw_contents, draw_words
from .child import child, coarse
from .drawing import shadow
from .frame import Frame
from .geometry import Box, Point
from .jar import COOKIE, cookie, jar
from .labels import draw_labels
from .layout import LARGEST_NUMBERS, Layout, kitchen_layout
from .overlay import Overlay, draw_overlay
from .picture import Picture, SurfacePicture, SvgPicture
from .pixels import Pixels, Sheet
from .pose import Pose
from .props import chair
from .room import draw_room, room_surface
from .signs import draw_signs

SIZE = (640, 640)
SHADOW = 70  # the alpha of shadows
CHILD_BOX: Box = (-0.4, -1.15, 0.4, 0.05)  # about what the drawing covers, in tiles from its foot
CHAIR_BOX: Box = (-0.34, -0.95, 0.34, 0.1)


def _split(size: tuple[int, int], caption: bool) -> tuple[pygame.Rect, pygame.Rect]:
    """Return the areas of the kitchen and of the caption, which may be empty, in a picture of that size."""
    width, height = size
    words = caption_height(height) if caption else 0
    return pygame.Rect(0, 0, width, height - words), pygame.Rect(0, height - words, width, words)


class Scene:
    """Draw frames of a kitchen with pygame. The room, an overlay and a jar behind are drawn once and kept.

    Args:
        kitchen: The map.
        size: Width and height of the picture in pixels.
        caption: Whether there are words below the kitchen.
        numbers: The greatest height of the numbers on the floor in pixels.
    """

    def __init__(
        self,
        kitchen: Kitchen,
        size: tuple[int, int] = SIZE,
        *,
        caption: bool = True,
        numbers: int = LARGEST_NUMBERS,
    ) -> None:
        self.kitchen, self.size = kitchen, size
        area, self._caption = _split(size, caption)
        self._room, layout = room_surface(kitchen, size, (*area.topleft, *area.size))
        self.layout = layout._replace(numbers=numbers)
        self._ground = self._floor = self._room
        self._ground_key: object = None  # what is drawn on the ground
        self._overlay: bytes | None = None  # what is drawn on the floor
        self._sheet: Sheet | None = None  # of the ground

    def draw(
        self,
        frame: Frame,
        progress: float = 1.0,
        overlay: Overlay | None = None,
        onto: pygame.Surface | None = None,
    ) -> pygame.Surface:
        """Draw a frame, and return its picture.

        Args:
            frame: The state, and the act that led to it.
            progress: How far the act has gone, from 0 (the state before) to 1 (done); without `frame.before`
                the act is always done.
            overlay: Values and actions of each cell, drawn on the floor.
            onto: A surface of the scene's size to draw on, such as a part of a window; None makes a new one.
        """
        pose = pose_at(self.kitchen, frame, progress)
        self._lay_ground(pose, overlay)
        if onto is None:
            onto = self._ground.copy()
        else:
            onto.blit(self._ground, (0, 0))
        picture = SurfacePicture(onto)
        _draw_changes(picture, self.layout, self._caption, pose, overlay)
        return picture.surface

    def draw_array(self, frame: Frame) -> Pixels:
        """Return a picture of a frame as an array, uint8 [height, width, 3], in the fastest way."""
        pose = pose_at(self.kitchen, frame)
        self._lay_ground(pose, None)
        if self._sheet is None:
            self._sheet = Sheet(self._ground)

        def draw(surface: pygame.Surface) -> list[pygame.Rect]:
            picture = SurfacePicture(surface)
            _draw_changes(picture, self.layout, self._caption, pose, None)
            return picture.changed

        return self._sheet.array(draw)

    def _lay_ground(self, pose: Pose, overlay: Overlay | None) -> None:
        """Draw the room with overlay, jar and contents, unless the last ones were equal."""
        overlay_key = None if overlay is None else overlay.key()
        key = overlay_key, pose.filled, pose.lid_drawn, pose.cookies, pose.jar_is_behind
        if key == self._ground_key:
            return
        if overlay is not None and overlay_key != self._overlay:
            self._floor = self._room.copy()
            draw_overlay(SurfacePicture(self._floor), self.layout, overlay)
            self._overlay = overlay_key
        self._ground = (self._room if overlay is None else self._floor).copy()
        _draw_ground(SurfacePicture(self._ground), self.layout, self._caption, pose)
        self._ground_key, self._sheet = key, None


def scene_svg(
    kitchen: Kitchen,
    frame: Frame,
    progress: float = 1.0,
    *,
    size: tuple[int, int] = SIZE,
    caption: bool = True,
    overlay: Overlay | None = None,
) -> str:
    """Return the picture of a frame as a standalone SVG document without external references.

    The arguments are those of `Scene` and `Scene.draw`; `size` is the size of the view box.
    """
    pose = pose_at(kitchen, frame, progress)
    area, words = _split(size, caption)
    layout = kitchen_layout(kitchen, area)
    picture = SvgPicture(size)
    draw_room(picture, layout)
    if overlay is not None:
        draw_overlay(picture, layout, overlay)
    _draw_ground(picture, layout, words, pose)
    _draw_changes(picture, layout, words, pose, overlay)
    return picture.document(frame.sentence)


def _draw_ground(picture: Picture, layout: Layout, caption: pygame.Rect, pose: Pose) -> None:
    """Draw what seldom changes on the room: the jar, unless it is in front, and the caption's cookies."""
    if pose.jar_is_behind:
        _draw_jar(picture, layout, pose)
    if caption.height:
        draw_contents(picture, caption, pose)


def _draw_changes(
    picture: Picture, layout: Layout, caption: pygame.Rect, pose: Pose, overlay: Overlay | None
) -> None:
    """Draw labels, chair, child, signs and words on the ground."""
    boxes = [_shifted(box, at) for box, at in ((CHAIR_BOX, pose.chair), (CHILD_BOX, pose.child))]
    if overlay is not None:
        draw_labels(picture, layout, overlay, boxes, hidden=False)
    _draw_things(picture, layout, pose)
    if overlay is not None:
        draw_labels(picture, layout, overlay, boxes, hidden=True)
    draw_signs(picture, layout, pose)
    if caption.height:
        draw_words(picture, caption, pose.words)


def _draw_things(picture: Picture, layout: Layout, pose: Pose) -> None:
    """Draw chair, child and jar with their shadows; those further down are in front."""
    tile, pixel = layout.tile, layout.pixel
    for radius, (x, y), lift in ((0.36, pose.chair, pose.chair_lift), (0.3, pose.child, pose.child_lift)):
        picture.stamp(shadow, radius, SHADOW, at=pixel((x, y + lift)), size=tile)
    turn = round(pose.tilt) or None
    things: list[tuple[float, Callable[[], None]]] = [
        (pose.chair_depth, lambda: picture.stamp(chair, at=pixel(pose.chair), size=tile, turn=turn)),
        (pose.child_depth, lambda: picture.stamp(child, coarse(pose.body), at=pixel(pose.child), size=tile)),
    ]
    if not pose.jar_is_behind:
        things.append((pose.jar[1], lambda: _draw_jar(picture, layout, pose)))
    for _, draw in sorted(things, key=lambda thing: thing[0]):
        draw()
    if pose.bite is not None:
        picture.stamp(cookie, pose.bite.kind, at=pixel(pose.bite.at), size=round(tile * COOKIE))


def _shifted(box: Box, at: Point) -> Box:
    return box[0] + at[0], box[1] + at[1], box[2] + at[0], box[3] + at[1]


def _draw_jar(picture: Picture, layout: Layout, pose: Pose) -> None:
    at, tile = layout.pixel(pose.jar), layout.tile
    picture.stamp(jar, pose.filled, pose.cookies, pose.lid_drawn, at=at, size=tile)
