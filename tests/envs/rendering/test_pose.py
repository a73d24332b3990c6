import pytest

from cookie_jar.envs import Cookie, State
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.frame import Frame
from cookie_jar.envs.rendering.pose import CARRYING_HANDS, HANDS, SEAT, cookie_place, resting_pose
from cookie_jar.envs.rendering.words import words_of

CORNER = find_kitchen("corner")


def resting(state):
    return resting_pose(CORNER, state, words_of(Frame(state), 1.0))


def test_child_and_chair_stand_in_their_cells():
    pose = resting(State(0, 1, 0, 8, 0))
    for point, cell in ((pose.child, 0), (pose.chair, 1)):
        row, column = CORNER.places[cell]
        assert column < point[0] < column + 1
        assert row < point[1] < row + 1
    assert (pose.tilt, pose.chair_lift, pose.child_lift, pose.body.hands) == (0.0, 0.0, 0.0, HANDS)


def test_a_carried_chair_is_in_the_air_and_tilted():
    pose = resting(State(0, -1, 0, 8, 0))
    assert pose.chair_lift > 0
    assert pose.tilt != 0
    assert pose.body.hands == CARRYING_HANDS


def test_a_standing_child_is_on_the_seat():
    pose = resting(State(0, 0, 1, 8, 0))
    assert pose.chair[1] - pose.child[1] == pytest.approx(SEAT)
    assert pose.child_lift == SEAT


def test_beside_each_other_child_and_chair_make_room():
    alone, both = resting(State(0, 1, 0, 8, 0)), resting(State(0, 0, 0, 8, 0))
    assert both.child[0] < alone.child[0] < both.chair[0]


@pytest.mark.parametrize(("jar", "filled", "lid"), [(8, 0b111, 0.0), (7, 0b111, 1.0), (5, 0b101, 1.0)])
def test_a_closed_jar_is_full(jar, filled, lid):
    pose = resting(State(0, 0, 1, jar, 0))
    assert (pose.filled, pose.lid) == (filled, lid)


def test_cookies_follow_the_arrangement():
    assert {resting(State(0, 1, 0, 8, number)).cookies for number in range(6)} == {
        (a, b, c) for a in Cookie for b in Cookie for c in Cookie if len({a, b, c}) == 3
    }


def test_the_lid_is_drawn_in_sixteenths():
    assert resting(State(0, 1, 0, 8, 0))._replace(lid=0.33).lid_drawn == 5 / 16


def test_cookies_lie_side_by_side_in_the_jar():
    left, middle, right = (cookie_place(place) for place in range(3))
    assert left[0] < middle[0] == 0.0 < right[0]
    assert left[1] == middle[1] == right[1] < 0
