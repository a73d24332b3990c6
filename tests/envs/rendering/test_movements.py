import pytest

from cookie_jar.envs import Event, State
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.frame import Frame
from cookie_jar.envs.rendering.movements import MOVEMENTS, Act, blend
from cookie_jar.envs.rendering.pose import resting_pose
from cookie_jar.envs.rendering.words import words_of

CORNER = find_kitchen("corner")


def resting(state):
    return resting_pose(CORNER, state, words_of(Frame(state), 1.0))


START, END = resting(State(0, 1, 0, 8, 0)), resting(State(1, 1, 0, 8, 0))


def test_every_event_has_a_movement():
    assert set(MOVEMENTS) == set(Event)


def test_a_blend_lies_between():
    middle = blend(START, END, 0.25)
    assert middle.child == pytest.approx(
        [a + (b - a) / 4 for a, b in zip(START.child, END.child, strict=True)]
    )
    assert blend(START, END, 0.0).child == START.child
    assert blend(START, END, 1.0) == END


@pytest.mark.parametrize("event", [Event.WALK, Event.UP, Event.DOWN, Event.LIFT, Event.PUT])
def test_a_movement_goes_from_start_to_end(event):
    act = Act(event, START, END, (0.0, -1.0), (1.0, 0.0), (1.0, 0.0), 0)
    for t, pose in ((0.0, START), (1.0, END)):
        moved = MOVEMENTS[event](act, t)
        assert moved.child == pytest.approx(pose.child)
        assert moved.chair == pytest.approx(pose.chair)
