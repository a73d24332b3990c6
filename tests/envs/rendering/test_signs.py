from pictures import STORIES, frames

from cookie_jar.envs import Event
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.animation import MARKS, MOODS, pose_at
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.envs.rendering.pose import Mark
from cookie_jar.envs.rendering.scene import Scene
from cookie_jar.envs.rendering.signs import mark
from cookie_jar.envs.rendering.words import SPOKEN

CORNER = find_kitchen("corner")


def test_felt_events_differ_in_mark_and_words_not_in_colour_alone():
    felt = [event for event in Event if event in MOODS]
    assert len({MARKS[event] for event in felt}) == len(felt)
    assert len({SPOKEN[event] for event in felt}) == len(felt)


def test_marks_differ_in_form():
    forms = {bytes(mark.sprite(60, kind, 6).surface.get_view("2")) for kind in Mark}
    assert len(forms) == len(Mark)


def test_a_bubble_stays_in_the_picture():
    """The child stands at the right edge: the bubble is at its left."""
    kitchen = find_kitchen("home")
    frame = frames(kitchen, "rrrrr!")[-1]
    with_words = Scene(kitchen, (400, 400), caption=False)
    pose = pose_at(kitchen, frame)
    assert pose.bubble.column > kitchen.width - 2
    shown, resting = to_array(with_words.draw(frame)), to_array(with_words.draw(frame, 0.0))
    changed = (shown != resting).any(axis=(0, 2)).nonzero()[0]
    head = with_words.layout.pixel(pose.bubble.at)[0]
    assert head - changed.min() > changed.max() - head
    assert changed.max() < 399


def test_every_story_that_speaks_has_a_bubble():
    spoken = {event for event in STORIES if pose_at(CORNER, frames(CORNER, STORIES[event])[-1]).bubble}
    assert spoken == {event.label for event in SPOKEN}
