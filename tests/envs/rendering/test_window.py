import gymnasium as gym
import numpy as np
import pygame
import pytest
from pictures import frames
from windows import key, record_windows

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
    (window,) = Window.opened()
    assert window.surface.get_size() == (640, 640)
    env.close()
    assert not pygame.display.get_init()
    env.close()


@pytest.mark.usefixtures("hurry")
def test_the_human_window_can_be_resized(monkeypatch):
    natives = record_windows(monkeypatch)
    env = gym.make("CookieJarCorner-v0", render_mode="human")
    env.reset()
    natives[0].size = 500, 400
    env.step(Action.REACH)
    (window,) = Window.opened()
    shown = to_array(window.surface)
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
    shown = to_array(window.surface)
    window.close()
    assert (shown[100, 60:240] == (255, 0, 0)).all()
    assert (shown[100, :49] == palette.PAPER).all()
    assert (shown[100, 251:] == palette.PAPER).all()


def test_each_window_gets_its_own_events(monkeypatch):
    natives = record_windows(monkeypatch)
    first, second, picture = Window("a", (64, 64)), Window("b", (64, 64)), pygame.Surface((64, 64))
    first.show(picture, 0)
    second.show(picture, 0)
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_c, window=natives[1]))
    pygame.event.post(pygame.event.Event(pygame.WINDOWCLOSE, window=natives[0]))
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_r, window=object()))
    assert [event.type for event in second.show(picture, 0)] == [pygame.KEYDOWN]
    assert [event.type for event in first.show(picture, 0)] == [pygame.WINDOWCLOSE, pygame.QUIT]
    first.close()
    pygame.event.post(key(pygame.K_UP))
    assert [event.key for event in second.show(picture, 0) if event.type == pygame.KEYDOWN] == [pygame.K_UP]
    second.close()


class RetinaWindow:
    """A window of pygame on a screen with two pixels to a point."""

    def __init__(self, title, size, *, resizable, allow_high_dpi):
        self.size, self._surface = size, pygame.Surface([2 * side for side in size])

    def get_surface(self):
        return self._surface

    def set_icon(self, icon): ...

    def flip(self): ...

    def destroy(self): ...


def test_a_retina_screen_shows_all_its_pixels(monkeypatch):
    monkeypatch.setattr(pygame, "Window", RetinaWindow)
    window = Window("test", (300, 200))
    assert (window.size, window.density) == ((600, 400), 2.0)
    picture = pygame.Surface(window.size)
    picture.set_at((599, 399), "red")
    for event in (pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(299, 10), button=1), key(pygame.K_c)):
        pygame.event.post(event)
    click, press = (e for e in window.show(picture, 0) if e.type in (pygame.MOUSEBUTTONDOWN, pygame.KEYDOWN))
    assert (click.pos, click.button, press.key) == ((598, 20), 1, pygame.K_c)
    assert window.surface.get_at((599, 399)) == pygame.Color("red")
    window.close()


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
    assert window.size == window.surface.get_size() == SIZES[desktop]
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
    (window,) = Window.opened()
    shown = window.size
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
