import signal

import pygame
import pytest
from windows import QUIT, key, make_view, record_windows, run_script

from cookie_jar.envs.rendering import window as windows
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.viewer import main_loop


@pytest.mark.parametrize("closing", [QUIT, key(pygame.K_ESCAPE)])
@pytest.mark.parametrize("frame", [0, 1, 7])
def test_closing_at_any_frame(corner_run, monkeypatch, frame, closing):
    assert run_script(make_view(corner_run), {frame: closing}, monkeypatch) == frame + 1
    assert not pygame.display.get_init()


def test_resizing_while_it_plays(corner_run, monkeypatch):
    view, sizes, natives = make_view(corner_run), [], record_windows(monkeypatch)

    def resize(n):
        sizes.append(natives[0].size)
        natives[0].size = 200 + 40 * n, 700 - 20 * n

    script = {n: lambda n=n: resize(n) for n in range(1, 20)}
    assert run_script(view, script | {25: QUIT}, monkeypatch) == 26
    assert len(set(sizes)) == 19


def test_full_screen_and_back(corner_run, monkeypatch):
    view, seen = make_view(corner_run), []
    script = {2: key(pygame.K_F11), 4: lambda: seen.append(view.full), 6: key(pygame.K_ESCAPE), 10: QUIT}
    assert run_script(view, script, monkeypatch, (640, 480)) == 11
    assert seen == [True]
    assert not view.full


def test_an_error_closes_the_window(corner_run, monkeypatch):
    view = make_view(corner_run)
    monkeypatch.setattr(view, "advance", lambda seconds: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_script(view, {}, monkeypatch)
    assert not pygame.display.get_init()


def test_ctrl_c_closes_the_window_also_where_python_loses_it(corner_run, monkeypatch):
    class Careless:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run_script(make_view(corner_run), {3: lambda: Careless() and None, 9: QUIT}, monkeypatch)
    assert not pygame.display.get_init()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_window_that_cannot_be_opened(corner_run, monkeypatch):
    def fail(*_, **__):
        raise pygame.error("no such driver")

    monkeypatch.setattr(windows, "Window", fail)
    with pytest.raises(UsageError, match="no window can be opened: no such driver"):
        main_loop.show(make_view(corner_run), "test")


def test_a_display_that_has_gone_before_the_window_opens(corner_run, monkeypatch):
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "offscreen")
    with pytest.raises(UsageError, match="no window can be opened: no display found"):
        main_loop.show(make_view(corner_run), "test")
    assert windows.Window.opened() == []


@pytest.mark.parametrize(
    "driver", ["dummy", "offscreen", "dummy,x11", "no-such-driver", "no-such-driver,dummy"]
)
def test_a_driver_that_shows_nothing_is_no_display(monkeypatch, driver):
    monkeypatch.setenv("SDL_VIDEODRIVER", driver)
    assert not main_loop.has_display()
    assert not pygame.display.get_init()


def test_without_a_screen_there_is_no_display(monkeypatch):
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert not main_loop.has_display()


@pytest.mark.parametrize("variables", [{}, {"SDL_VIDEODRIVER": "dummy"}])
def test_looking_for_a_display_leaves_the_windows_of_others(monkeypatch, variables):
    pygame.display.init()
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DISPLAY", ":0")
    assert not main_loop.has_display()
    assert pygame.display.get_init()
    pygame.display.quit()
