import gymnasium as gym
import numpy as np
import pygame
import pytest
from boards import acts, board

from cookie_jar.envs import Action, Cookie, Event, Kitchen, State
from cookie_jar.envs.drawing import palette, sprites
from cookie_jar.envs.drawing.moment import Moment
from cookie_jar.envs.drawing.scene import Scene, to_array
from cookie_jar.envs.drawing.window import ACTION_KEYS, Window


def picture(letters, env_id="CookieJar-v0", **options):
    env = gym.make(env_id, render_mode="rgb_array", **options)
    env.reset(seed=0)
    for action in acts(letters):
        env.step(action)
    return env.render()


def test_a_picture_is_an_array_of_its_own():
    env = gym.make("CookieJar-v0", render_mode="rgb_array")
    env.reset()
    first = env.render()
    assert (first.shape, first.dtype) == ((640, 640, 3), np.uint8)
    env.step(Action.RIGHT)
    second = env.render()
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(picture(""), first)


def test_everything_that_matters_can_be_seen():
    stories = ["", "r", "ul", "rrrrr", "rrrrrc", "rrrrrcu", "rrrrrcuc", "rrrrr^", "!", "rrrrrcuulllc^!"]
    stories += [stories[-1] + pick for pick in "123"]
    pictures = [picture(story).tobytes() for story in stories]
    assert len(set(pictures)) == len(stories)


def test_the_picture_shows_the_last_cookie_gone():
    scene = Scene(gym.make("CookieJarCorner-v0").unwrapped.world.rules.kitchen)
    env = gym.make("CookieJarCorner-v0", render_mode="rgb_array")
    env.reset()
    for action in acts("rclc^!2"):
        env.step(action)
    eaten = Moment(State(0, 0, 1, 0b101, 0), Action.PICK_MIDDLE, Event.YUM, 1.0, 1.45, 7)
    np.testing.assert_array_equal(env.render(), to_array(scene.draw(eaten)))


@pytest.mark.parametrize("size", [(160, 160), (320, 200), (1280, 720), (400, 900)])
def test_any_size_and_any_kitchen(size):
    for kitchen in (
        Kitchen.parse("#J##\n#SC#\n####"),
        Kitchen.parse(f"{'#' * 30}\n#SC{'.' * 26}#\n#J{'#' * 28}"),
    ):
        drawn = to_array(Scene(kitchen, size).draw(Moment(State(0, 1, 0, 8, 0))))
        assert drawn.shape == (size[1], size[0], 3)
        assert len(np.unique(drawn.reshape(-1, 3), axis=0)) > 50


def test_cookies_differ_for_those_who_see_no_colours_too():
    drawn = {}
    for kind in Cookie:
        surface = pygame.Surface((40, 40))
        surface.fill((255, 255, 255))
        surface.blit(sprites.cookie(40, kind), (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)
        drawn[kind] = to_array(surface) @ np.array([0.299, 0.587, 0.114])
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert (np.abs(drawn[Cookie(a)] - drawn[Cookie(b)]) > 60).sum() > 40  # pixels


def test_ansi_is_the_board_and_a_sentence():
    env = gym.make("CookieJarCorner-v0", render_mode="ansi")
    env.reset()
    assert env.render() == "#J##\n#SC#\n####\nstart\n"
    env.step(Action.REACH)
    assert (
        env.render()
        == board("""
        #J##
        #SC#
        ####
        1. reach: vain, happiness -0.02, so far -0.02

    """)
        + "\n"
    )


def test_who_stands_further_down_is_in_front():
    # The child's head reaches into the tile above, where the chair stands; its hair covers the seat's foot.
    scene = Scene(Kitchen.parse("#####\n#SJC#\n#...#\n#####"))
    chair, below = 1, 4
    above = to_array(scene.draw(Moment(State(below, chair, 0, 8, 0))))
    alone = to_array(scene.draw(Moment(State(below, 0, 0, 8, 0))))
    child = np.abs(alone - to_array(scene.draw(Moment(State(2, 0, 0, 8, 0)))).astype(int)).sum(axis=2) > 0
    hair = child & (alone == palette.HAIR).all(axis=2)
    assert hair.sum() > 100
    np.testing.assert_array_equal(above[hair], alone[hair])
    behind = to_array(scene.draw(Moment(State(chair, below, 0, 8, 0))))
    seat = (to_array(scene.draw(Moment(State(0, below, 0, 8, 0)))) == palette.CHAIR).all(axis=2)
    np.testing.assert_array_equal((behind == palette.CHAIR).all(axis=2)[seat], True)


def test_drawing_opens_no_display_and_no_sound():
    pygame.display.quit()
    picture("r")
    assert not pygame.display.get_init()
    assert pygame.mixer.get_init() is None


def test_the_human_window():
    env = gym.make("CookieJarCorner-v0", render_mode="human")
    env.unwrapped.metadata["render_fps"] = 1000
    env.reset()
    env.step(Action.RIGHT)
    assert pygame.display.get_init()
    assert pygame.mixer.get_init() is None
    assert pygame.display.get_surface().get_size() == (640, 640)
    env.close()
    assert not pygame.display.get_init()
    env.close()


def test_the_human_window_shows_what_rgb_array_gives():
    env = gym.make("CookieJarCorner-v0", render_mode="human")
    env.reset()
    shown = to_array(pygame.display.get_surface())
    env.close()
    np.testing.assert_array_equal(shown, picture("", "CookieJarCorner-v0"))


def test_a_headless_window_is_not_visible():
    window = Window("test", (64, 64))
    assert not window.visible
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, {"key": pygame.K_c}))
    events = window.show(pygame.Surface((64, 64)), 0)
    assert [ACTION_KEYS[event.key] for event in events if event.type == pygame.KEYDOWN] == [Action.CHAIR]
    window.close()
