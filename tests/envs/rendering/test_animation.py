"""Movement goes from the resting pose of one state to that of the next, without jumps."""

from itertools import pairwise

import numpy as np
import pytest
from pictures import STORIES, frames

from cookie_jar.envs import Action, Cookie, Event, Kitchen, State
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.animation import MARKS, MOODS, pose_at
from cookie_jar.envs.rendering.frame import Frame
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.envs.rendering.pose import Mood
from cookie_jar.envs.rendering.scene import Scene
from cookie_jar.envs.rendering.words import SPOKEN

CORNER = find_kitchen("corner")
EVENTS = [event for event in STORIES if event != "start"]
FRAMES = 48  # of an act


@pytest.fixture(scope="module")
def scene():
    return Scene(CORNER, (240, 220), caption=False)


@pytest.mark.parametrize("event", EVENTS)
def test_it_begins_with_the_state_before_and_ends_with_the_state_after(scene, event):
    before, frame = frames(CORNER, STORIES[event])[-2:]
    assert frame.before == before.state
    first = to_array(scene.draw(frame, 0.0))
    np.testing.assert_array_equal(first, to_array(scene.draw(Frame(before.state))))
    last = to_array(scene.draw(frame, 1.0))
    np.testing.assert_array_equal(last, to_array(scene.draw(frame)))
    np.testing.assert_array_equal(last, to_array(scene.draw(frame._replace(before=None), 0.3)))


@pytest.mark.parametrize("event", EVENTS)
def test_no_frame_jumps(scene, event):
    frame = frames(CORNER, STORIES[event])[-1]
    pictures = [to_array(scene.draw(frame, k / FRAMES)).astype(int) for k in range(FRAMES + 1)]
    changes = [np.abs(b - a).mean() for a, b in pairwise(pictures)]
    assert max(changes) < 6.5  # without movement, walking is a jump of 10
    assert sum(change > 0.02 for change in changes) > FRAMES // 4


@pytest.mark.parametrize("event", EVENTS)
def test_nothing_leaps(event):
    frame = frames(CORNER, STORIES[event])[-1]
    poses = [pose_at(CORNER, frame, k / FRAMES) for k in range(FRAMES + 1)]
    for part in ("child", "chair", "lid", "grown", "child_depth", "chair_lift"):
        values = np.array([np.atleast_1d(getattr(one, part)) for one in poses])
        assert np.abs(np.diff(values, axis=0)).max() < 0.1, part
    hands = np.array([one.body.hands for one in poses])
    assert np.abs(np.diff(hands, axis=0)).max() < 0.15


def test_a_walk_is_shown_to_where_it_went():
    kitchen = Kitchen.parse("#####\n#S..#\n#.C.#\n##J##")
    slipped = Frame(State(0, 4, 0, 8, 0)).then(
        State(3, 4, 0, 8, 0), Action.RIGHT, Event.WALK, -0.01
    )  # meant: right
    middle = pose_at(kitchen, slipped, 0.5)
    assert middle.child[0] == pytest.approx(1.5)
    assert 1.9 < middle.child[1] < 2.9
    assert middle.body.look == (0.0, 1.0)


def test_a_bump_goes_there_and_back():
    told = frames(CORNER, "u")
    heights = [pose_at(CORNER, told[-1], k / FRAMES).child[1] for k in range(FRAMES + 1)]
    assert heights[0] == heights[-1]
    assert min(heights) < heights[0] - 0.1


def test_the_cookie_goes_from_the_jar_to_the_mouth():
    frame = frames(CORNER, STORIES["yum"])[-1]
    poses = [pose_at(CORNER, frame, k / FRAMES) for k in range(FRAMES + 1)]
    assert poses[0].filled == 0b111
    assert poses[-1].filled == 0b101
    flying = [one for one in poses if one.bite is not None]
    assert all(one.filled == 0b101 for one in flying)
    start, end = flying[0].bite.at, flying[-1].bite.at
    assert start[1] < end[1] < poses[-1].child[1]
    assert flying[0].bite.kind == poses[0].cookies[1] == Cookie.CHOCOLATE_CHIP


@pytest.mark.parametrize("event", ["bump", "vain", "open", "yuck", "yum"])
def test_moods_marks_and_words_appear_when_the_event_is_felt(event):
    frame = frames(CORNER, STORIES[event])[-1]
    early, late = pose_at(CORNER, frame, 0.4), pose_at(CORNER, frame, 1.0)
    assert (early.body.mood, early.mark, early.bubble) == (Mood.HOPING, None, None)
    assert late.body.mood is MOODS[frame.event]
    assert late.mark[0] is MARKS[frame.event]
    assert late.bubble.words == SPOKEN[frame.event]
    assert late.grown == 1.0


def test_a_star_is_where_the_child_bumps():
    for letter, (right, down) in {"u": (0, -1), "l": (-1, 0), "d": (0, 1)}.items():
        pose = pose_at(CORNER, frames(CORNER, letter)[-1])
        x, y = pose.mark[1]
        assert (np.sign(x - pose.child[0]), np.sign(y - (pose.child[1] - 0.42))) == (right, down)
