"""The pose of a scene: what is where, moods, signs and words, as plain values; a drawing decides nothing."""

from enum import Enum
from typing import NamedTuple

from ..dynamics import ARRANGEMENTS, CARRIED, CLOSED, FULL, Cookie, State
from ..kitchen import Kitchen
from .geometry import Point, add
from .words import Words

# Measures of what is drawn, in tiles.
HANDS: tuple[Point, Point] = ((-0.23, -0.2), (0.23, -0.2))  # of a child at rest, from its feet
HEAD = -0.7  # the height of the head's middle over the ground
SEAT = 0.34  # the height of the chair's seat over the ground
WORKTOP = 0.46  # from the upper edge of the jar's tile to the jar's foot
COOKIE_MIDDLE = -0.215  # from the jar's foot to the middle of the cookies
COOKIE_GAP = 0.305  # between the middles of two cookies in the jar

# Places in a tile.
GROUND = 0.5, 0.9  # where the child stands
ASIDE = 0.29, 0.94  # where it stands beside a chair in its cell
CARRYING = 0.36, 0.9  # where it stands with the chair in its arms
CHAIR = 0.5, 0.84  # where a chair stands
CHAIR_ASIDE = 0.66, 0.82
CHAIR_IN_ARMS = 0.73, 0.72
CARRYING_HANDS: tuple[Point, Point] = ((0.2, -0.26), (0.3, -0.4))
TILT = -12.0  # degrees counterclockwise

LID_STEPS = 16  # in which the lid is moved
_COOKIES = tuple(tuple(Cookie(kind) for kind in kinds) for kinds in ARRANGEMENTS.tolist())


class Mood(Enum):
    """The expression of a face."""

    HOPING = "hoping"
    HAPPY = "happy"
    DELIGHTED = "delighted"
    UNHAPPY = "unhappy"
    DISGUSTED = "disgusted"


class Mark(Enum):
    """A sign beside what just happened."""

    STAR = "star"
    STRAIN = "strain"
    SPARKLES = "sparkles"
    HEARTS = "hearts"
    SWIRL = "swirl"
    PUFFS = "puffs"
    LIFTED = "lifted"
    RISEN = "risen"


class ChildPose(NamedTuple):
    """The posture of the child; lengths in tiles from the ground between its feet.

    Attributes:
        hands: The places of the left and the right hand (as seen in the picture).
        step: -1 left foot up, 1 right foot up, 0 both on the ground.
        mood: The expression of the face.
        look: The direction of the eyes: (right, down), each -1 to 1.
        bite: How far the mouth is open for a bite, 0 to 1.
    """

    hands: tuple[Point, Point] = HANDS
    step: float = 0.0
    mood: Mood = Mood.HOPING
    look: Point = (0.0, 0.0)
    bite: float = 0.0


class Bubble(NamedTuple):
    """A speech bubble.

    Attributes:
        words: The text.
        at: The middle of the speaker's head.
        column: The x of the middle of the speaker's cell; it decides on which side the bubble has room.
    """

    words: str
    at: Point
    column: float


class Bite(NamedTuple):
    """A cookie on its way to the mouth."""

    kind: Cookie
    at: Point


class Pose(NamedTuple):
    """The values that a picture shows; points are (x, y) in tiles on the map.

    Attributes:
        child: The ground under the child.
        body: The posture of the child.
        chair: The foot of the chair.
        tilt: Degrees that the chair is turned counterclockwise.
        child_depth: How far in front the child is drawn (a y on the map).
        chair_depth: The same for the chair.
        chair_lift: Tiles that the chair is above the ground.
        child_lift: The same for the child.
        jar: The foot of the jar.
        cookies: The kinds of cookies at left, middle and right in the jar.
        filled: The set of places in the jar that hold a cookie, as bits.
        lid: How far the lid is off, 0 to 1.
        words: The text of the caption.
        bite: A cookie on its way to the mouth, or None.
        mark: A sign and its place, or None.
        bubble: The words of the child, or None.
        grown: How far mark and bubble have grown, 0 to 1.
    """

    child: Point
    body: ChildPose
    chair: Point
    tilt: float
    child_depth: float
    chair_depth: float
    chair_lift: float
    child_lift: float
    jar: Point
    cookies: tuple[Cookie, ...]
    filled: int
    lid: float
    words: Words
    bite: Bite | None = None
    mark: tuple[Mark, Point] | None = None
    bubble: Bubble | None = None
    grown: float = 0.0

    @property
    def jar_is_behind(self) -> bool:
        """Whether the jar is further back than child and chair."""
        return self.jar[1] < min(self.child_depth, self.chair_depth)

    @property
    def lid_drawn(self) -> float:
        """The nearest of the `LID_STEPS` places of the lid that are drawn."""
        return round(self.lid * LID_STEPS) / LID_STEPS


def resting_pose(kitchen: Kitchen, state: State, words: Words) -> Pose:
    """Return the pose of a state in which nothing moves, with the text of a caption."""
    child_cell = _corner(kitchen, state.child)
    carried, beside = state.chair == CARRIED, state.chair == state.child
    chair_cell = child_cell if carried else _corner(kitchen, state.chair)
    if carried:
        child, chair = CARRYING, CHAIR_IN_ARMS
    elif state.standing:
        child, chair = (CHAIR[0], CHAIR[1] - SEAT), CHAIR
    else:
        child, chair = (ASIDE, CHAIR_ASIDE) if beside else (GROUND, CHAIR)
    row, column = kitchen.jar
    return Pose(
        child=add(child_cell, child),
        body=ChildPose(hands=CARRYING_HANDS) if carried else ChildPose(),
        chair=add(chair_cell, chair),
        tilt=TILT if carried else 0.0,
        child_depth=child_cell[1] + GROUND[1],
        chair_depth=chair_cell[1] + CHAIR[1],
        chair_lift=GROUND[1] - CHAIR_IN_ARMS[1] if carried else 0.0,
        child_lift=SEAT if state.standing else 0.0,
        jar=(column + 0.5, row + WORKTOP),
        cookies=_COOKIES[state.arrangement],
        filled=FULL if state.jar == CLOSED else int(state.jar),
        lid=0.0 if state.jar == CLOSED else 1.0,
        words=words,
    )


def cookie_place(place: int) -> Point:
    """Return the middle of the cookie at left, middle or right (0, 1, 2), in tiles from the jar's foot."""
    return COOKIE_GAP * (place - 1), COOKIE_MIDDLE


def _corner(kitchen: Kitchen, cell: int) -> Point:
    row, column = kitchen.places[cell]
    return float(column), float(row)
