"""The parts of a picture as SVG elements, for pages that put them together and move them.

Lengths are in units, of which a tile has `UNIT`.
"""

from collections.abc import Callable
from typing import Any

from ..dynamics import Action, Cookie
from ..kitchen import Kitchen
from .arrows import action_icon, arrow
from .child import child
from .drawing import Drawing, shadow
from .geometry import Box
from .jar import COOKIE, cookie, draw_glass, draw_lid, draw_shine
from .layout import OUTER_WALL, map_layout
from .movements import HANDS_UP
from .picture import SvgPicture
from .pose import CARRYING_HANDS, TILT, ChildPose, Mood
from .props import chair
from .room import draw_room_alone
from .svg import SvgPen

UNIT = 100
CERTAIN = 10  # tenths: the probability that an arrow shows
SHADOW_RADIUS, SHADOW_STRENGTH = 0.3, 70  # of the child, as in a scene
CUT = OUTER_WALL / 2  # tiles of the outer wall that are cut off, with its round corners


def room_elements(kitchen: Kitchen) -> tuple[str, Box]:
    """Return the room without child, chair and jar, and the part of the map to show.

    Returns:
        The elements, with the upper left corner of the map at (0, 0), and left, top, width and height in
        tiles.
    """
    layout = map_layout(kitchen, UNIT)
    picture = SvgPicture(layout.room.size)
    draw_room_alone(picture, layout)
    shown = layout.room.inflate(-2 * CUT * UNIT, -2 * CUT * UNIT)
    left, top, width, height = (length / UNIT for length in shown)
    return picture.elements(), (left, top, width, height)


def sprite_elements() -> dict[str, Any]:
    """Return the things in the room, and the signs of the actions, each around its (0, 0).

    "child" at rest with each mood, "carrying" the chair and "reaching", "chair" and "chair_in_arms": (0, 0)
    is the ground below. "jar": the "glass" and its "shine", between which the cookies belong, and its lid
    closed and open; (0, 0) is the middle of the jar's foot. "cookies": each kind, as large as in the jar.
    "shadow": of the child. "signs": of each action in the order of `Action`.
    """
    poses = {mood.value: ChildPose(mood=mood) for mood in Mood}
    poses |= {"carrying": ChildPose(hands=CARRYING_HANDS), "reaching": ChildPose(hands=HANDS_UP)}
    return {
        "child": {name: _elements(child.draw, pose) for name, pose in poses.items()},
        "chair": _elements(chair.draw),
        "chair_in_arms": _stamped(chair, turn=TILT),
        "shadow": _elements(shadow.draw, SHADOW_RADIUS, SHADOW_STRENGTH),
        "jar": {
            "glass": _elements(draw_glass),
            "shine": _elements(draw_shine),
            "lid_closed": _elements(draw_lid, 0.0),
            "lid_open": _elements(draw_lid, 1.0),
        },
        "cookies": [_stamped(cookie, kind, size=COOKIE) for kind in Cookie],
        "signs": [
            _elements(arrow.draw, int(action), CERTAIN)
            if action <= Action.RIGHT
            else _elements(action_icon.draw, action)
            for action in Action
        ],
    }


def _elements(draw: Callable[..., None], *args: Any) -> str:
    """Return what a function draws with a pen."""
    pen = SvgPen(UNIT)
    draw(pen, *args)
    return "".join(pen.parts)


def _stamped(drawing: Drawing, *args: Any, **options: Any) -> str:
    """Return a drawing that is turned or scaled."""
    pen = SvgPen(UNIT)
    pen.stamp(drawing, *args, at=(0.0, 0.0), **options)
    return "".join(pen.parts)
