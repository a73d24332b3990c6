"""Movements: the pose at each progress of an act, one function for each event.

Each function takes an act and its progress `t` from 0 (the resting pose before) to 1 (the one after).
"""

from collections.abc import Callable
from math import hypot, pi, sin
from typing import NamedTuple

from ..dynamics import Event
from .frame import FELT
from .geometry import Point, add, ease, interpolate, ramp
from .pose import HANDS, Bite, Pose, cookie_place

TAKEN = 0.4  # the progress at which the child takes a cookie out of the jar
ARM = 0.95  # tiles that an arm can be stretched
SHOULDERS = -0.4  # the height of the shoulders
HANDS_UP: tuple[Point, Point] = ((-0.34, -1.02), (0.34, -1.02))
SHRUG: tuple[Point, Point] = ((-0.36, -0.42), (0.36, -0.42))
BUMP = 0.2  # tiles that the child goes before it bumps
MOUTH = 0.0, -0.58


class Act(NamedTuple):
    """The values that the movement of an act is made of.

    Attributes:
        event: The event of the act.
        start: The resting pose before.
        end: The resting pose after.
        jar: The jar's foot, as seen from the child's feet at the end.
        way: The direction of a walk: (right, down).
        aim: The direction of the action: (right, down).
        place: The place in the jar that the child picks.
    """

    event: Event
    start: Pose
    end: Pose
    jar: Point
    way: Point
    aim: Point
    place: int


def blend(a: Pose, b: Pose, share: float) -> Pose:
    """Return the pose between two; the parts without a middle are those of `b`."""
    hands = tuple(interpolate(p, q, share) for p, q in zip(a.body.hands, b.body.hands, strict=True))
    return b._replace(
        child=interpolate(a.child, b.child, share),
        chair=interpolate(a.chair, b.chair, share),
        body=b.body._replace(hands=(hands[0], hands[1])),
        tilt=a.tilt + (b.tilt - a.tilt) * share,
        child_depth=a.child_depth + (b.child_depth - a.child_depth) * share,
        chair_depth=a.chair_depth + (b.chair_depth - a.chair_depth) * share,
        chair_lift=a.chair_lift + (b.chair_lift - a.chair_lift) * share,
        child_lift=a.child_lift + (b.child_lift - a.child_lift) * share,
        lid=a.lid + (b.lid - a.lid) * share,
    )


def _walk(act: Act, t: float) -> Pose:
    """Make two little steps, with a bob."""
    now = blend(act.start, act.end, t)
    bob = 0.045 * abs(sin(2 * pi * t))
    return _hop(now, bob)._replace(body=now.body._replace(step=sin(2 * pi * t)))


def _bump(act: Act, t: float) -> Pose:
    """Go a little way, and back again."""
    away = BUMP * sin(pi * ramp(t, 0.0, 0.9))
    step = act.way[0] * away, act.way[1] * away * 0.7
    now = _hop(act.end, 0.03 * abs(sin(2 * pi * t)))
    chair = add(now.chair, step) if act.end.chair_lift else now.chair
    return now._replace(child=add(now.child, step), chair=chair)


def _handle_chair(act: Act, t: float) -> Pose:
    """Lift the chair, or put it down."""
    now = blend(act.start, act.end, ease(ramp(t, 0.15, 0.9)))
    return _hop(now, -0.03 * sin(pi * t))


def _climb(act: Act, t: float) -> Pose:
    """Hop on the chair, or off it."""
    now = blend(act.start, act.end, ease(t))
    jump = 0.2 * sin(pi * t)
    hands = _raised(act.end, SHRUG, sin(pi * t))
    return _hop(now, jump)._replace(body=now.body._replace(hands=hands, step=0.8 * sin(pi * t)))


def _vain(act: Act, t: float) -> Pose:
    """Stretch both arms up, on tiptoe."""
    wiggle = 0.05 * abs(sin(3 * pi * t))
    hands = _raised(act.end, HANDS_UP, ease(ramp(t, 0.0, 0.35)))
    return _hop(act.end, wiggle)._replace(body=act.end.body._replace(hands=hands))


def _open(act: Act, t: float) -> Pose:
    """Reach for the jar with both hands; the lid comes off."""
    stretch = ease(ramp(t, 0.0, 0.4))
    x, y = act.jar
    targets = _towards((x - 0.47, y - 0.06)), _towards((x + 0.47, y - 0.06))
    hands = _raised(act.end, targets, stretch)
    lid = ease(ramp(t, 0.4, 0.85))
    return act.end._replace(body=act.end.body._replace(hands=hands), lid=lid)


def _eat(act: Act, t: float) -> Pose:
    """Take the cookie with one hand, put it into the mouth, and munch."""
    x, y = cookie_place(act.place)
    cookie = act.jar[0] + x, act.jar[1] + y
    side = 1 if cookie[0] > 0.02 or (abs(cookie[0]) <= 0.02 and act.place > 0) else 0
    back = ease(ramp(t, TAKEN, FELT))
    near_mouth = (-0.1, 0.1)[side], -0.5
    hand = interpolate(HANDS[side], _towards(cookie), ease(ramp(t, 0.0, TAKEN - 0.05)))
    hand = interpolate(hand, near_mouth, back)
    hand = interpolate(hand, HANDS[side], ease(ramp(t, FELT + 0.08, 0.95)))
    hands = (HANDS[0], hand) if side else (hand, HANDS[1])
    bite = sin(pi * ramp(t, TAKEN, FELT))
    now = act.end._replace(body=act.end.body._replace(hands=hands, bite=max(0.0, bite)))
    if t < TAKEN:
        return now._replace(filled=act.start.filled)
    place = add(act.end.child, interpolate(cookie, MOUTH, back))
    return now._replace(bite=Bite(act.end.cookies[act.place], place)) if t < FELT else now


def _nothing(act: Act, t: float) -> Pose:
    """Shrug."""
    carried = act.end.chair_lift > 0
    hands = act.end.body.hands if carried else _raised(act.end, SHRUG, ease(ramp(t, 0.1, 0.5)))
    return act.end._replace(body=act.end.body._replace(hands=hands))


def _raised(end: Pose, targets: tuple[Point, Point], share: float) -> tuple[Point, Point]:
    """Return the hands on their way to targets; a carried chair holds them back."""
    if end.chair_lift:
        share *= 0.15
    left, right = (
        interpolate(hand, target, share) for hand, target in zip(end.body.hands, targets, strict=True)
    )
    return left, right


def _towards(target: Point) -> Point:
    """Return the point nearest to a target that a hand can reach."""
    x, y = target[0], target[1] - SHOULDERS
    far = max(1.0, hypot(x, y) / ARM)
    return x / far, SHOULDERS + y / far


def _hop(now: Pose, height: float) -> Pose:
    """Return the pose with the child, and the chair that it carries, `height` tiles further up."""
    child = now.child[0], now.child[1] - height
    chair = (now.chair[0], now.chair[1] - height) if now.chair_lift else now.chair
    return now._replace(child=child, chair=chair, child_lift=now.child_lift + height)


MOVEMENTS: dict[Event, Callable[[Act, float], Pose]] = {
    Event.NOTHING: _nothing,
    Event.WALK: _walk,
    Event.BUMP: _bump,
    Event.LIFT: _handle_chair,
    Event.PUT: _handle_chair,
    Event.UP: _climb,
    Event.DOWN: _climb,
    Event.VAIN: _vain,
    Event.OPEN: _open,
    Event.YUCK: _eat,
    Event.YUM: _eat,
}
