import pytest

from cookie_jar.envs.rendering.frame import ACTS_PER_SECOND
from cookie_jar.scripts.viewer.playhead import PAUSE_AT_END, PAUSE_AT_START, SPEEDS, Playhead

ACT = 1 / ACTS_PER_SECOND  # seconds


def test_an_episode_from_start_to_end():
    head = Playhead()
    assert head.place(3) == (0, 1.0)
    assert not head.advance((PAUSE_AT_START - 0.05) * ACT, 3)
    seen = []
    for _ in range(30):
        head.advance(ACT / 10, 3)
        seen.append(head.place(3))
    assert [act for act, _ in seen] == [1] * 10 + [2] * 10 + [3] * 10
    assert seen[2][1] == pytest.approx(0.25 / 0.6)
    assert seen[9][1] == 1.0
    assert not head.advance((PAUSE_AT_END - 0.05) * ACT, 3)
    assert head.place(3) == (3, 1.0)
    assert head.advance(0.2 * ACT, 3)


def test_pausing_stops_time():
    head = Playhead()
    head.paused = True
    before = head.time
    head.advance(100, 3)
    assert head.time == before


def test_a_step_shows_the_movement_and_stops():
    head = Playhead()
    head.step(5)
    assert head.paused
    for _ in range(100):
        head.advance(ACT / 10, 5)
    assert head.time == 1
    head.step(5)
    head.advance(ACT / 2, 5)
    assert head.place(5) == (2, pytest.approx(0.5 / 0.6))
    head.step(5)  # the second one while the first is under way
    head.advance(10, 5)
    assert head.time == 3


def test_steps_end_where_the_episode_ends():
    head = Playhead()
    for _ in range(9):
        head.step(2)
        head.advance(10, 2)
    assert head.time == 2
    head.back(2)
    assert head.time == 1
    for _ in range(9):
        head.back(2)
    assert head.time == 0


def test_back_from_within_an_act_and_from_the_pause_at_the_end():
    head = Playhead()
    head.time = 2.4
    head.back(5)
    assert head.time == 2
    head.time = 6.5
    head.back(5)
    assert head.time == 4


def test_speeds():
    head = Playhead()
    for _ in range(20):
        head.faster(1)
    assert head.speed == 16 == max(SPEEDS)
    for _ in range(20):
        head.faster(-1)
    assert head.speed == 0.25 == min(SPEEDS)
    before = head.time
    head.advance(ACT, 100)
    assert head.time == pytest.approx(before + 0.25)
    head.usual()
    assert head.speed == 1
