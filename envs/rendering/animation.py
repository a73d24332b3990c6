"""Movement: the stage at any instant between two states, for each event.

At progress 0 a stage is the still of the state before; at progress 1 it is that of the state after, with
what the event adds to it: a mood, a gesture, a sign.
"""

from collections.abc import Callable
from math import hypot, pi, sin
from typing import NamedTuple

from ..dynamics import Action, Event
from ..kitchen import MOVES, Kitchen
from .canvas import Point, add
from .child import REST, Mood
from .frame import FELT, Frame
from .jar import cookie_place
from .pose import Pose, jar_foot, resting_pose

MOODS = {
    Event.BUMP: Mood.UNHAPPY,
    Event.VAIN: Mood.UNHAPPY,
    Event.YUCK: Mood.DISGUSTED,
    Event.OPEN: Mood.HAPPY,
    Event.YUM: Mood.DELIGHTED,
}
BUMPED = 0.45  # the same for a bump, when it is there
TAKEN = 0.4  # the progress at which it takes a cookie out of the jar
ARM = 0.95  # tiles that an arm can be stretched
SHOULDERS = -0.4
HANDS_UP: tuple[Point, Point] = ((-0.34, -1.02), (0.34, -1.02))
SHRUG: tuple[Point, Point] = ((-0.36, -0.42), (0.36, -0.42))
BUMP = 0.2  # tiles that it goes before it bumps
MOUTH = 0.0, -0.58


class Act(NamedTuple):
    """What an act's movement is made of."""

    start: Pose
    end: Pose
    jar: Point  # its foot, as seen from the child's feet at the end
    way: Point  # the direction of a walk
    place: int  # of the cookie that it picks


def pose_at(kitchen: Kitchen, frame: Frame, progress: float = 1.0) -> Pose:
    """The stage at a moment, when its act has gone this far (0 to 1)."""
    end = resting_pose(kitchen, frame.state)
    if frame.event is None or frame.action is None:
        return end
    progress = 1.0 if frame.before is None else min(1.0, max(0.0, progress))
    start = end if frame.before is None else resting_pose(kitchen, frame.before)
    act = _act(kitchen, frame.action, frame.event, start, end)
    moved = _ACTS[frame.event](act, progress)
    look = _look(frame.event, act)
    quick = ramp(progress, 0.0, 0.2)
    felt = BUMPED if frame.event == Event.BUMP else FELT
    mood = MOODS.get(frame.event, Mood.HOPING) if progress >= felt else Mood.HOPING
    body = moved.body._replace(mood=mood, look=(look[0] * quick, look[1] * quick))
    return moved._replace(body=body, sign=ramp(progress, felt, felt + 0.22))


def _act(kitchen: Kitchen, action: Action, event: Event, start: Pose, end: Pose) -> Act:
    """What the movement between two stills is made of."""
    foot = jar_foot(kitchen)
    down, right = MOVES[min(action, Action.RIGHT)]
    way = (float(right), float(down))
    if event == Event.WALK:  # clumsy children go elsewhere than they meant to
        way = direction(start.child, end.child) or way
    jar = foot[0] - end.child[0], foot[1] - end.child[1]
    return Act(start, end, jar, way, action - Action.PICK_LEFT)


def blend(a: Pose, b: Pose, share: float) -> Pose:
    """The stage between two; what cannot be halved is as in `b`, what is drawn in front as well."""
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
    """Two little steps, with a bob."""
    now = blend(act.start, act.end, t)
    bob = 0.045 * abs(sin(2 * pi * t))
    return _hop(now, bob)._replace(body=now.body._replace(step=sin(2 * pi * t)))


def _bump(act: Act, t: float) -> Pose:
    """A little way, and back again."""
    away = BUMP * sin(pi * ramp(t, 0.0, 0.9))
    step = act.way[0] * away, act.way[1] * away * 0.7
    now = _hop(act.end, 0.03 * abs(sin(2 * pi * t)))
    chair = add(now.chair, step) if act.end.chair_lift else now.chair
    return now._replace(child=add(now.child, step), chair=chair)


def _handle_chair(act: Act, t: float) -> Pose:
    """Both hands to the chair, then lift it or put it down."""
    now = blend(act.start, act.end, ease(ramp(t, 0.15, 0.9)))
    return _hop(now, -0.03 * sin(pi * t))


def _climb(act: Act, t: float) -> Pose:
    """A hop on the chair, or off it."""
    now = blend(act.start, act.end, ease(t))
    jump = 0.2 * sin(pi * t)
    hands = _raised(act.end, SHRUG, sin(pi * t))
    return _hop(now, jump)._replace(body=now.body._replace(hands=hands, step=0.8 * sin(pi * t)))


def _vain(act: Act, t: float) -> Pose:
    """Both arms up, on the tips of its toes."""
    wiggle = 0.05 * abs(sin(3 * pi * t))
    hands = _raised(act.end, HANDS_UP, ease(ramp(t, 0.0, 0.35)))
    return _hop(act.end, wiggle)._replace(body=act.end.body._replace(hands=hands))


def _open(act: Act, t: float) -> Pose:
    """Both hands to the jar; the lid comes off."""
    stretch = ease(ramp(t, 0.0, 0.4))
    x, y = act.jar
    targets = _towards((x - 0.47, y - 0.06)), _towards((x + 0.47, y - 0.06))
    hands = _raised(act.end, targets, stretch)
    lid = ease(ramp(t, 0.4, 0.85))
    return act.end._replace(body=act.end.body._replace(hands=hands), lid=lid)


def _eat(act: Act, t: float) -> Pose:
    """One hand to the cookie; the cookie to the mouth; munch."""
    x, y = cookie_place(act.place)
    cookie = act.jar[0] + x, act.jar[1] + y
    side = 1 if cookie[0] > 0.02 or (abs(cookie[0]) <= 0.02 and act.place > 0) else 0
    back = ease(ramp(t, TAKEN, FELT))
    near_mouth = (-0.1, 0.1)[side], -0.5
    hand = interpolate(REST[side], _towards(cookie), ease(ramp(t, 0.0, TAKEN - 0.05)))
    hand = interpolate(hand, near_mouth, back)
    hand = interpolate(hand, REST[side], ease(ramp(t, FELT + 0.08, 0.95)))
    hands = (REST[0], hand) if side else (hand, REST[1])
    bite = sin(pi * ramp(t, TAKEN, FELT))
    now = act.end._replace(body=act.end.body._replace(hands=hands, bite=max(0.0, bite)))
    if t < TAKEN:
        return now._replace(filled=act.start.filled)
    place = add(act.end.child, interpolate(cookie, MOUTH, back))
    return now._replace(bite=(act.place, place)) if t < FELT else now


def _nothing(act: Act, t: float) -> Pose:
    """A shrug."""
    carried = act.end.chair_lift > 0
    hands = act.end.body.hands if carried else _raised(act.end, SHRUG, ease(ramp(t, 0.1, 0.5)))
    return act.end._replace(body=act.end.body._replace(hands=hands))


_ACTS: dict[Event, Callable[[Act, float], Pose]] = {
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


def _look(event: Event, act: Act) -> Point:
    """Where the child looks: (right, down), each -1 to 1."""
    if event in (Event.WALK, Event.BUMP):
        return act.way
    if event in (Event.VAIN, Event.OPEN):
        return direction((0.0, -0.7), act.jar) or (0.0, -1.0)
    if event in (Event.LIFT, Event.PUT):
        return 0.75, 0.75
    if event in (Event.UP, Event.DOWN):
        return 0.0, -0.75 if event == Event.UP else 0.75
    return 0.0, 0.0


def _raised(end: Pose, targets: tuple[Point, Point], share: float) -> tuple[Point, Point]:
    """The hands on their way to targets; a carried chair keeps them."""
    if end.chair_lift:
        share *= 0.15
    left, right = (
        interpolate(hand, target, share) for hand, target in zip(end.body.hands, targets, strict=True)
    )
    return left, right


def _towards(target: Point) -> Point:
    """The point that a hand reaches on its way to a target."""
    x, y = target[0], target[1] - SHOULDERS
    far = max(1.0, hypot(x, y) / ARM)
    return x / far, SHOULDERS + y / far


def _hop(now: Pose, height: float) -> Pose:
    """The child, and what it carries, that much above the ground."""
    child = now.child[0], now.child[1] - height
    chair = (now.chair[0], now.chair[1] - height) if now.chair_lift else now.chair
    return now._replace(child=child, chair=chair, child_lift=now.child_lift + height)


def interpolate(a: Point, b: Point, share: float) -> Point:
    """The point between a (share 0) and b (share 1)."""
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def direction(start: Point, end: Point) -> Point | None:
    """The direction from one point to another, of length 1; None when they are the same."""
    x, y = end[0] - start[0], end[1] - start[1]
    length = hypot(x, y)
    return (x / length, y / length) if length > 1e-6 else None


def ramp(t: float, start: float, end: float) -> float:
    """0 up to `start`, 1 from `end` on, straight between."""
    return min(1.0, max(0.0, (t - start) / (end - start)))


def ease(t: float) -> float:
    """The same way from 0 to 1, with a soft start and a soft stop."""
    return t * t * (3 - 2 * t)
