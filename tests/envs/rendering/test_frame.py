import gymnasium as gym
import pytest
from boards import board
from pictures import frames

from cookie_jar.envs import Action, Event, State
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.frame import Frame

CORNER = find_kitchen("corner")


@pytest.mark.parametrize("letters", ["", "r", "rc", "!", "rclc^!2"])
def test_the_sentence_names_act_and_number(letters):
    told = frames(CORNER, letters)[-1]
    assert told.sentence.startswith(f"{len(letters)}. {told.action.label}" if letters else "start")


def test_then_adds_up_and_remembers_the_state_before():
    first, second = State(0, 1, 0, 8, 0), State(1, 1, 0, 8, 0)
    frame = (
        Frame(first).then(second, Action.RIGHT, Event.WALK, -0.01).then(second, Action.UP, Event.BUMP, -0.02)
    )
    assert frame == Frame(second, Action.UP, Event.BUMP, -0.02, pytest.approx(-0.03), 2, second)


def test_ansi_is_the_board_and_the_sentence():
    env = gym.make("CookieJarCorner-v0", render_mode="ansi")
    env.reset()
    assert env.render() == "#J##\n#SC#\n####\nstart\n"
    env.step(Action.REACH)
    expected = board("""
        #J##
        #SC#
        ####
        1. reach: vain, happiness -0.02, so far -0.02
    """)
    assert env.render() == f"{expected}\n"
