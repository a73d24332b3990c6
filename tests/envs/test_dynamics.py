"""Every rule of the world, played on drawn boards."""

import numpy as np
import pytest
from boards import acts, board, play

from cookie_jar.envs import Action, Cookie, Event, Happiness, Kitchen, State
from cookie_jar.envs.dynamics import ARRANGEMENTS, CARRIED, CLOSED, slips

ROOM = Kitchen.parse("""
    ##J####
    #.....#
    #S.TC.#
    #######
""")
CORNER = Kitchen.parse("#J##\n#SC#\n####")


def check(before, letters, after, *events, kitchen=ROOM, likes=Cookie.CHOCOLATE_CHIP):
    drawn, happened = play(kitchen, before, letters, likes)
    assert drawn == board(after)
    assert [event.name.lower() for event in happened] == list(events)


def test_walking_up_down_left_right():
    at_start = "##J####\n#.....#\n#S.TC.#\n#######"
    check(at_start, "u", "##J####\n#S....#\n#..TC.#\n#######", "walk")
    check(at_start, "r", "##J####\n#.....#\n#.STC.#\n#######", "walk")
    check(at_start, "urr", "##J####\n#..S..#\n#..TC.#\n#######", *["walk"] * 3)
    check(at_start, "urrll", "##J####\n#S....#\n#..TC.#\n#######", *["walk"] * 5)
    check(at_start, "urd", "##J####\n#.....#\n#.STC.#\n#######", *["walk"] * 3)


@pytest.mark.parametrize(
    ("letters", "obstacle"), [("l", "wall"), ("d", "wall"), ("rr", "table"), ("uruu", "jar")]
)
def test_bumping_changes_nothing(letters, obstacle):
    start = "##J####\n#.....#\n#S.TC.#\n#######"
    before, _ = play(ROOM, start, letters[:-1])
    after, events = play(ROOM, start, letters)
    assert after == before, obstacle
    assert events[-1] is Event.BUMP


def test_walking_into_the_chair_s_cell():
    check(
        "##J####\n#.....#\n#..TCS#\n#######",
        "l",
        "##J####\n#.....#\n#..TB.#\n#######",
        "walk",
    )


def test_lifting_carrying_and_putting_down():
    check("##J####\n#.....#\n#..TB.#\n#######", "c", "##J####\n#.....#\n#..T&.#\n#######", "lift")
    check("##J####\n#.....#\n#..T&.#\n#######", "u", "##J####\n#...&.#\n#..T..#\n#######", "walk")
    check("##J####\n#...&.#\n#..T..#\n#######", "c", "##J####\n#...B.#\n#..T..#\n#######", "put")
    check("##J####\n#...B.#\n#..T..#\n#######", "l", "##J####\n#..SC.#\n#..T..#\n#######", "walk")


def test_lifting_nothing():
    check("##J####\n#..S..#\n#..TC.#\n#######", "c", "##J####\n#..S..#\n#..TC.#\n#######", "nothing")


def test_climbing_on_and_off():
    check("##J####\n#.....#\n#..TB.#\n#######", "^", "##J####\n#.....#\n#..T^.#\n#######", "up")
    check("##J####\n#.....#\n#..T^.#\n#######", "^", "##J####\n#.....#\n#..TB.#\n#######", "down")


def test_climbing_on_nothing_or_on_a_carried_chair():
    check("##J####\n#..S..#\n#..TC.#\n#######", "^", "##J####\n#..S..#\n#..TC.#\n#######", "nothing")
    check("##J####\n#..&..#\n#..T..#\n#######", "^", "##J####\n#..&..#\n#..T..#\n#######", "nothing")


def test_on_the_chair_one_neither_walks_nor_lifts():
    standing = "##J####\n#..^..#\n#..T..#\n#######"
    check(standing, "udlrc", standing, *["nothing"] * 5)


@pytest.mark.parametrize(
    "where",
    [
        "##J####\n#.S...#\n#..TC.#\n#######",  # beside the jar, on the floor
        "##J####\n#.B...#\n#..T..#\n#######",  # beside the chair
        "##J####\n#.&...#\n#..T..#\n#######",  # with the chair in its arms
        "##J####\n#^....#\n#..T..#\n#######",  # on the chair, but diagonal to the jar
    ],
)
def test_reaching_in_vain(where):
    check(where, "!", where, "vain")


def test_reaching_the_jar_opens_it():
    check(
        "##J####\n#.^...#\n#..T..#\n#######",
        "!",
        "##O####\n#.^...#\n#..T..#\n#######\njar: raisin, chocolate chip, plain",
        "open",
    )


def test_reaching_into_the_open_jar_does_nothing():
    opened = "##O####\n#.^...#\n#..T..#\n#######\njar: raisin, chocolate chip, plain"
    check(opened, "!", opened, "nothing")
    away = "##O####\n#S....#\n#..TC.#\n#######\njar: raisin, chocolate chip, plain"
    check(away, "!", away, "nothing")


def test_cookies():
    opened = "##O####\n#.^...#\n#..T..#\n#######\njar: raisin, chocolate chip, plain"
    after = opened.replace("raisin", "(raisin)")
    check(opened, "1", after, "yuck")
    check(after, "1", after, "nothing")
    check(after, "3", after.replace("plain", "(plain)"), "yuck")
    check(after, "2", after.replace("chocolate chip", "(chocolate chip)"), "yum")
    check(opened, "1", after, "yum", likes=Cookie.RAISIN)


def test_picking_needs_the_open_jar_the_chair_and_the_place():
    closed = "##J####\n#.^...#\n#..T..#\n#######"
    check(closed, "123", closed, *["nothing"] * 3)
    for row in ("#.S.C.#", "#.B...#", "#.&...#", "#..^..#"):
        away = f"##O####\n{row}\n#..T..#\n#######\njar: raisin, chocolate chip, plain"
        check(away, "123", away, *["nothing"] * 3)


def test_the_jar_stays_open_and_the_chair_can_go():
    check(
        "##O####\n#.^...#\n#..T..#\n#######\njar: (raisin), chocolate chip, plain",
        "^cr",
        "##O####\n#..&..#\n#..T..#\n#######\njar: (raisin), chocolate chip, plain",
        "down",
        "lift",
        "walk",
    )


def test_a_shuffled_jar_gives_what_lies_there():
    opened = "#O##\n#^.#\n####\njar: plain, raisin, chocolate chip"
    eaten = opened.replace("chocolate chip", "(chocolate chip)")
    check(opened, "3", eaten, "yum", kitchen=CORNER)
    check(opened, "2", opened.replace("raisin", "(raisin)"), "yuck", kitchen=CORNER)


def test_the_whole_story():
    letters = "!rclc^!12"
    drawn, events = play(CORNER, "#J##\n#SC#\n####", letters)
    names = ["vain", "walk", "lift", "walk", "put", "up", "open", "yuck", "yum"]
    assert [event.label for event in events] == names
    assert drawn == "#O##\n#^.#\n####\njar: (raisin), (chocolate chip), plain"


def test_the_happiness_of_each_event():
    given = dict(zip((e.label for e in Event), Happiness().of_events(), strict=True))
    assert given == {
        **dict.fromkeys(["nothing", "walk", "bump", "lift", "put", "up", "down"], -0.01),
        "vain": -0.02,
        "open": 0.5,
        "yuck": -0.5,
        "yum": 1.0,
    }


def test_slips_go_to_both_sides():
    actions, probability = slips(0.2)
    assert actions.shape == probability.shape == (10, 3)
    np.testing.assert_allclose(probability.sum(axis=1), 1)
    sides = {"u": "lr", "d": "lr", "l": "ud", "r": "ud"}
    for meant, others in sides.items():
        [action] = acts(meant)
        assert actions[action].tolist() == [action, *acts(others)]
        np.testing.assert_allclose(probability[action], [0.8, 0.1, 0.1])
    for action in list(Action)[4:]:
        assert probability[action].tolist() == [1, 0, 0]
        assert actions[action].tolist() == [action] * 3
    assert slips(0.0)[0].tolist() == [[action] for action in Action]


def test_the_values_that_files_and_other_programs_count_on():
    assert [a.name for a in Action] == (
        ["UP", "DOWN", "LEFT", "RIGHT", "CHAIR", "CLIMB", "REACH", "PICK_LEFT", "PICK_MIDDLE", "PICK_RIGHT"]
    )
    assert (CARRIED, CLOSED) == (-1, 8)
    assert ARRANGEMENTS[0].tolist() == [Cookie.RAISIN, Cookie.CHOCOLATE_CHIP, Cookie.PLAIN]
    assert State._fields == ("child", "chair", "standing", "jar", "arrangement")
