"""Where everything stands when nothing moves: a state as a stage."""

from typing import NamedTuple

from ..dynamics import CARRIED, CLOSED, State
from ..kitchen import Kitchen
from .canvas import Point, add
from .child import ChildPose
from .jar import contents
from .props import SEAT, WORKTOP

GROUND = 0.5, 0.9  # of a tile: where the child stands
ASIDE = 0.29, 0.94  # where it stands beside a chair in its cell
CARRYING = 0.36, 0.9  # where it stands with the chair in its arms
CHAIR = 0.5, 0.84  # where a chair stands
CHAIR_ASIDE = 0.66, 0.82
CHAIR_IN_ARMS = 0.73, 0.72
CARRYING_HANDS: tuple[Point, Point] = ((0.2, -0.26), (0.3, -0.4))
TILT = -12.0  # degrees


class Pose(NamedTuple):
    """What is where at one instant; points are (x, y) in tiles on the map.

    Attributes:
        child: the ground under the child.
        pose: how it holds itself.
        chair: the foot of the chair.
        tilt: degrees that the chair is turned by.
        child_depth: how far in front the child is drawn (a y on the map).
        chair_depth: the same for the chair.
        chair_lift: tiles that the chair is above the ground.
        child_lift: the same for the child.
        filled: the set of places in the jar that hold a cookie.
        lid: how far the lid is off, 0 to 1.
        bite: the place whose cookie is on its way to the mouth, and where it is; or None.
        sign: how far the sign of the event has grown, 0 to 1.
    """

    child: Point
    body: ChildPose
    chair: Point
    tilt: float
    child_depth: float
    chair_depth: float
    chair_lift: float
    child_lift: float
    filled: int
    lid: float
    bite: tuple[int, Point] | None = None
    sign: float = 0.0


def resting_pose(kitchen: Kitchen, state: State) -> Pose:
    """The stage of a state in which nobody does anything."""
    child_cell = _corner(kitchen, state.child)
    carried, beside = state.chair == CARRIED, state.chair == state.child
    chair_cell = child_cell if carried else _corner(kitchen, state.chair)
    body = ChildPose(hands=CARRYING_HANDS) if carried else ChildPose()
    if carried:
        child, chair = CARRYING, CHAIR_IN_ARMS
    elif state.standing:
        child, chair = (CHAIR[0], CHAIR[1] - SEAT), CHAIR
    else:
        child, chair = (ASIDE, CHAIR_ASIDE) if beside else (GROUND, CHAIR)
    return Pose(
        child=add(child_cell, child),
        body=body,
        chair=add(chair_cell, chair),
        tilt=TILT if carried else 0.0,
        child_depth=child_cell[1] + GROUND[1],
        chair_depth=chair_cell[1] + CHAIR[1],
        chair_lift=GROUND[1] - CHAIR_IN_ARMS[1] if carried else 0.0,
        child_lift=SEAT if state.standing else 0.0,
        filled=contents(int(state.jar)),
        lid=0.0 if state.jar == CLOSED else 1.0,
    )


def jar_foot(kitchen: Kitchen) -> Point:
    """Where the jar stands."""
    row, column = kitchen.jar
    return column + 0.5, row + WORKTOP


def _corner(kitchen: Kitchen, cell: int) -> Point:
    row, column = kitchen.places[cell]
    return float(column), float(row)
