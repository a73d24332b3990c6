"""The pose of a frame: its movement, and the effects of its event.

At progress 0, a pose is the resting pose of the state before; at progress 1, that of the state after, with
the effects of the event: a mood, a gesture, a mark, words.
"""

from ..dynamics import Action, Event
from ..kitchen import MOVES, Kitchen
from .frame import FELT, Frame
from .geometry import Point, add, direction, ramp
from .movements import MOVEMENTS, Act
from .pose import HEAD, Bubble, Mark, Mood, Pose, resting_pose
from .words import SPOKEN, words_of

MOODS = {
    Event.BUMP: Mood.UNHAPPY,
    Event.VAIN: Mood.UNHAPPY,
    Event.YUCK: Mood.DISGUSTED,
    Event.OPEN: Mood.HAPPY,
    Event.YUM: Mood.DELIGHTED,
}
MARKS = {
    Event.BUMP: Mark.STAR,
    Event.VAIN: Mark.STRAIN,
    Event.OPEN: Mark.SPARKLES,
    Event.YUM: Mark.HEARTS,
    Event.YUCK: Mark.SWIRL,
    Event.PUT: Mark.PUFFS,
    Event.DOWN: Mark.PUFFS,
    Event.LIFT: Mark.LIFTED,
    Event.UP: Mark.RISEN,
}
BUMPED = 0.45  # the progress at which a bump is felt
GROWING = 0.22  # of the progress, in which mark and bubble grow


def pose_at(kitchen: Kitchen, frame: Frame, progress: float = 1.0) -> Pose:
    """Return the pose of a frame when its act has gone this far (0 to 1)."""
    words = words_of(frame, progress)
    end = resting_pose(kitchen, frame.state, words)
    if frame.event is None or frame.action is None:
        return end
    progress = 1.0 if frame.before is None else min(1.0, max(0.0, progress))
    start = end if frame.before is None else resting_pose(kitchen, frame.before, words)
    act = _act(frame.action, frame.event, start, end)
    pose = MOVEMENTS[act.event](act, progress)
    felt = BUMPED if act.event == Event.BUMP else FELT
    mood = MOODS.get(act.event, Mood.HOPING) if progress >= felt else Mood.HOPING
    look, quick = _look(act), ramp(progress, 0.0, 0.2)
    pose = pose._replace(body=pose.body._replace(mood=mood, look=(look[0] * quick, look[1] * quick)))
    grown = ramp(progress, felt, felt + GROWING)
    if grown == 0.0:
        return pose
    bubble = None
    if act.event in SPOKEN:
        column = kitchen.places[frame.state.child][1] + 0.5
        bubble = Bubble(SPOKEN[act.event], add(pose.child, (0.0, HEAD)), column)
    return pose._replace(mark=_mark(act, pose), bubble=bubble, grown=grown)


def _act(action: Action, event: Event, start: Pose, end: Pose) -> Act:
    """Return the values of the movement between two resting poses."""
    down, right = MOVES[min(action, Action.RIGHT)]
    aim = way = (float(right), float(down))
    if event == Event.WALK:  # clumsy children go elsewhere than they meant to
        way = direction(start.child, end.child) or way
    jar = end.jar[0] - end.child[0], end.jar[1] - end.child[1]
    return Act(event, start, end, jar, way, aim, action - Action.PICK_LEFT)


def _mark(act: Act, pose: Pose) -> tuple[Mark, Point] | None:
    """Return the mark of an event, and its place."""
    mark, (x, y) = MARKS.get(act.event), pose.child
    if mark is None:
        return None
    if mark is Mark.STAR:
        return mark, (x + act.aim[0] * 0.48, y - 0.42 + act.aim[1] * 0.5)
    if mark is Mark.SPARKLES:
        return mark, (pose.jar[0], pose.jar[1] - 0.5)
    if mark is Mark.STRAIN:
        return mark, (x, y - 1.18)
    if act.event in (Event.PUT, Event.LIFT):
        return mark, pose.chair
    return mark, ((x, y) if act.event in (Event.UP, Event.DOWN) else (x, y + HEAD))


def _look(act: Act) -> Point:
    """Return the direction of the child's eyes: (right, down), each -1 to 1."""
    event = act.event
    if event in (Event.WALK, Event.BUMP):
        return act.way
    if event in (Event.VAIN, Event.OPEN):
        return direction((0.0, -0.7), act.jar) or (0.0, -1.0)
    if event in (Event.LIFT, Event.PUT):
        return 0.75, 0.75
    if event in (Event.UP, Event.DOWN):
        return 0.0, -0.75 if event == Event.UP else 0.75
    return 0.0, 0.0
