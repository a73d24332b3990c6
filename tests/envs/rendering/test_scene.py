import gymnasium as gym
import numpy as np
import pygame
import pytest
from boards import acts
from pictures import frames

from cookie_jar.envs import Action, Event, Kitchen, State
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.frame import Frame
from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.envs.rendering.room import room_surface
from cookie_jar.envs.rendering.scene import Scene

HOME = find_kitchen("home")


def empty_room(kitchen, size):
    """The room without things and caption as int [height, width, 3], and its layout."""
    surface, layout = room_surface(kitchen, size, (0, 0, *size))
    return to_array(surface).astype(int), layout


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
    scene = Scene(find_kitchen("corner"))
    env = gym.make("CookieJarCorner-v0", render_mode="rgb_array")
    env.reset()
    for action in acts("rclc^!2"):
        env.step(action)
    eaten = Frame(State(0, 0, 1, 0b101, 0), Action.PICK_MIDDLE, Event.YUM, 1.0, 1.45, 7)
    np.testing.assert_array_equal(env.render(), to_array(scene.draw(eaten)))


@pytest.mark.parametrize("caption", [True, False])
@pytest.mark.parametrize("size", [(64, 64), (160, 160), (320, 200), (1280, 720), (400, 900)])
def test_any_size_and_any_kitchen(size, caption):
    everywhere = Overlay(values=np.zeros(1), arrows=np.full((1, 4), 0.25), acts=np.array([4]), trail=[0])
    for kitchen in KITCHENS:
        cells = len(kitchen.places)
        overlay = Overlay(*(np.repeat(part, cells, axis=0) for part in everywhere[:3]), range(cells))
        scene = Scene(kitchen, size, caption=caption)
        frame = frames(kitchen, "u!")[-1]
        for drawn in (scene.draw(frame), scene.draw(frame, 0.5, overlay)):
            pixels = to_array(drawn)
            assert pixels.shape == (size[1], size[0], 3)
            step = max(1, min(size) // 200)
            colours = pixels[::step, ::step].astype(int) @ [1 << 16, 1 << 8, 1]
            assert len(np.unique(colours)) > 50


KITCHENS = (
    *(find_kitchen(name) for name in ("corner", "home", "house")),
    Kitchen.parse(f"{'#' * 30}\n#SC{'.' * 26}#\n#J{'#' * 28}"),
    Kitchen.parse(
        "\n".join(["#" * 18, "#SC" + "." * 14 + "#", *["#" + "." * 16 + "#"] * 15, "#J" + "#" * 16])
    ),
    Kitchen.parse("####\n#SC#\n#..J\n####"),
    Kitchen.parse("#####\n#...#\nJ.S.#\n#.C.#\n#####"),
)


@pytest.mark.parametrize("kitchen", KITCHENS, ids=lambda kitchen: f"{kitchen.width}x{kitchen.height}")
def test_child_chair_and_jar_are_inside_of_the_room(kitchen):
    scene = Scene(kitchen, (640, 640), caption=False)
    room, layout = empty_room(kitchen, (640, 640))
    shown = layout.room
    for cell in (0, len(kitchen.places) - 1):
        drawn = to_array(scene.draw(Frame(State(cell, cell, 0, 7, 0))))
        rows, columns = np.nonzero(np.abs(drawn - room).sum(axis=2) > 60)
        assert shown.top <= rows.min()
        assert rows.max() < shown.bottom
        assert shown.left <= columns.min()
        assert columns.max() < shown.right


def test_without_a_caption_the_kitchen_has_all_the_room():
    assert Scene(HOME, (900, 600), caption=False).layout.tile > 1.2 * Scene(HOME, (900, 600)).layout.tile


def test_an_overlay_lies_under_the_things():
    scene = Scene(HOME, (800, 600), caption=False)
    frame = frames(HOME, "rr")[-1]
    values = np.linspace(-1, 1, len(HOME.places))
    empty, plain = empty_room(HOME, (800, 600))[0], to_array(scene.draw(frame))
    things = np.abs(plain - empty).sum(axis=2) > 0
    inked = things & (plain == palette.HAIR).all(axis=2)
    assert inked.sum() > 100
    covered = to_array(scene.draw(frame, 1.0, Overlay(values=values)))
    np.testing.assert_array_equal(covered[inked], plain[inked])
    assert (covered[~things] != plain[~things]).any(axis=1).mean() > 0.2
    np.testing.assert_array_equal(to_array(scene.draw(frame)), plain)


def test_who_stands_further_down_is_in_front():
    # The child's head reaches into the tile above, where the chair stands.
    scene = Scene(Kitchen.parse("#####\n#SJC#\n#...#\n#####"))
    chair, below = 1, 4
    alone = to_array(scene.draw(Frame(State(below, 0, 0, 8, 0))))
    nobody = to_array(scene.draw(Frame(State(2, 0, 0, 8, 0)))).astype(int)
    hair = (np.abs(alone - nobody).sum(axis=2) > 0) & (alone == palette.HAIR).all(axis=2)
    assert hair.sum() > 100
    above = to_array(scene.draw(Frame(State(below, chair, 0, 8, 0))))
    np.testing.assert_allclose(above[hair].astype(int), alone[hair], atol=2)
    chair_alone = to_array(scene.draw(Frame(State(0, below, 0, 8, 0))))
    seat = (chair_alone == palette.CHAIR).all(axis=2)
    assert seat.sum() > 100
    behind = to_array(scene.draw(Frame(State(chair, below, 0, 8, 0))))
    np.testing.assert_allclose(behind[seat].astype(int), chair_alone[seat], atol=2)


def test_drawing_opens_no_display_and_no_sound():
    pygame.display.quit()
    picture("r")
    assert not pygame.display.get_init()
    assert pygame.mixer.get_init() is None
