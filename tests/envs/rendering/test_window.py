import gymnasium as gym
import numpy as np
import pygame
import pytest
from pictures import frames

from cookie_jar.envs import Action
from cookie_jar.envs.cookie_jar import CookieJarEnv
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.envs.rendering.scene import Scene
from cookie_jar.envs.rendering.window import ACTION_KEYS, Window


@pytest.fixture
def hurry(monkeypatch):
    """The human window without waiting."""
    monkeypatch.setitem(CookieJarEnv.metadata, "render_fps", 1000)


@pytest.mark.usefixtures("hurry")
def test_the_human_window():
    env = gym.make("CookieJarCorner-v0", render_mode="human")
    env.reset()
    env.step(Action.RIGHT)
    assert pygame.display.get_init()
    assert pygame.mixer.get_init() is None
    assert pygame.display.get_surface().get_size() == (640, 640)
    env.close()
    assert not pygame.display.get_init()
    env.close()


@pytest.mark.usefixtures("hurry")
def test_the_human_window_can_be_resized():
    env = gym.make("CookieJarCorner-v0", render_mode="human")
    env.reset()
    pygame.display.set_mode((500, 400), pygame.RESIZABLE)
    env.step(Action.REACH)
    shown = to_array(pygame.display.get_surface())
    env.close()
    frame = frames(find_kitchen("corner"), "!")[-1]
    np.testing.assert_array_equal(shown, to_array(Scene(find_kitchen("corner"), (500, 400)).draw(frame)))


def test_the_human_window_shows_movement(monkeypatch):
    shown = []
    monkeypatch.setattr(Window, "show", lambda self, picture, fps: shown.append((picture, fps)))
    env = gym.make("CookieJarCorner-v0", render_mode="human")
    env.reset()
    assert [fps for _, fps in shown] == [env.metadata["render_fps"]]
    env.step(Action.RIGHT)
    env.close()
    assert len(shown) == 1 + 60 // env.metadata["render_fps"]
    assert len({to_array(picture).tobytes() for picture, _ in shown}) > 6


def test_a_picture_of_another_size_is_scaled_to_the_window():
    window = Window("test", (300, 200))
    red = pygame.Surface((50, 50))
    red.fill((255, 0, 0))
    window.show(red, 0)
    shown = to_array(pygame.display.get_surface())
    window.close()
    assert (shown[100, 60:240] == (255, 0, 0)).all()
    assert (shown[100, :49] == palette.PAPER).all()
    assert (shown[100, 251:] == palette.PAPER).all()


def test_a_window_returns_the_pressed_keys():
    window = Window("test", (64, 64))
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, {"key": pygame.K_c}))
    events = window.show(pygame.Surface((64, 64)), 0)
    assert [ACTION_KEYS[event.key] for event in events if event.type == pygame.KEYDOWN] == [Action.CHAIR]
    window.close()


DESKTOPS = [(1024, 600), (1366, 768), (1920, 1080), (3840, 2160)]
SIZES = {  # of windows that ask for 1280x720, and may grow
    (1024, 600): (921, 492),
    (1366, 768): (1229, 629),
    (1920, 1080): (1280, 720),
    (3840, 2160): (2560, 1440),
}


@pytest.fixture
def on_desktop(monkeypatch):
    """Pretend that there is a desktop of a size."""

    def pretend(size):
        monkeypatch.setattr(pygame.display, "get_driver", lambda: "pretended")
        monkeypatch.setattr(pygame.display, "get_desktop_sizes", lambda: [size, (800, 600)])

    return pretend


@pytest.mark.parametrize("desktop", DESKTOPS)
def test_a_window_fits_the_desktop(desktop, on_desktop):
    on_desktop(desktop)
    window = Window("test", (1280, 720), grows=True)
    assert window.size == pygame.display.get_surface().get_size() == SIZES[desktop]
    window.set_full(True)
    window.set_full(False)
    assert window.size == SIZES[desktop]
    window.close()
    assert SIZES[desktop][0] <= 0.9 * desktop[0]
    assert SIZES[desktop][1] + 30 + 48 <= desktop[1]  # the title and a task bar


@pytest.mark.parametrize("desktop", DESKTOPS)
@pytest.mark.usefixtures("hurry")
def test_the_human_window_fits_the_desktop(desktop, on_desktop):
    on_desktop(desktop)
    env = gym.make("CookieJarCorner-v0", render_mode="human")
    env.reset()
    shown = pygame.display.get_surface().get_size()
    env.close()
    assert shown == {(1024, 600): (640, 492), (1366, 768): (640, 629), (3840, 2160): (1280, 1280)}.get(
        desktop, (640, 640)
    )


def test_a_size_that_the_user_gives_does_not_grow(on_desktop):
    on_desktop((3840, 2160))
    window = Window("test", (500, 400))
    assert window.size == (500, 400)
    window.close()


@pytest.mark.parametrize("sizes", [[], [(0, 0)]])
def test_an_unknown_desktop_leaves_the_size(sizes, monkeypatch):
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "pretended")
    monkeypatch.setattr(pygame.display, "get_desktop_sizes", lambda: sizes)
    window = Window("test", (500, 400), grows=True)
    assert window.size == (500, 400)
    window.close()
