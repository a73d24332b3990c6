"""The main loop of a window: draw a view, pass events to it, and advance its time."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import nullcontext

import pygame

from cookie_jar.envs.rendering import window as windows
from cookie_jar.envs.rendering.display import NO_SCREEN
from cookie_jar.scripts.common.console import UsageError, printable
from cookie_jar.scripts.common.stopping import Interrupt
from cookie_jar.scripts.viewer.view import View

MAX_SECONDS = 0.1  # maximum seconds between two frames, even if the machine was busy for longer
SIZE = (1280, 720)


def has_display() -> bool:
    """Return whether there is a display; drivers that show nothing, such as "dummy", do not count."""
    variables = {"DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"}
    if sys.platform.startswith("linux") and not variables & os.environ.keys():
        return False  # otherwise SDL prints warnings
    before = pygame.display.get_init()
    try:
        pygame.display.init()
        return pygame.display.get_driver() not in NO_SCREEN
    except pygame.error:
        return False
    finally:
        if not before:
            pygame.display.quit()


def show(view: View, title: str, size: tuple[int, int] | None = None) -> None:
    """Show a view in a new window until the user closes the window or presses Ctrl-C.

    Args:
        view: The contents of the window.
        title: The text of its bar.
        size: Width and height in points, at most what fits the desktop (default: `SIZE`, or more on a large
            desktop).

    Raises:
        UsageError: If the window cannot be opened.
        KeyboardInterrupt: After Ctrl-C, between two pictures; Python loses the exceptions of signals that
            arrive in callbacks and destructors.
    """
    default = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with Interrupt() if default else nullcontext() as interrupt:
        _show(view, title, size, lambda: interrupt is not None and interrupt.asked)


def _show(view: View, title: str, size: tuple[int, int] | None, stopped: Callable[[], bool]) -> None:
    try:
        window = windows.Window(printable(title, 200), size or SIZE, grows=size is None)
    except pygame.error as error:
        raise UsageError(f"no window can be opened: {error}") from None
    if pygame.display.get_driver() in NO_SCREEN and not os.environ.get("SDL_VIDEODRIVER"):
        window.close()  # SDL draws for nobody if the display has gone since `has_display`
        raise UsageError("no window can be opened: no display found")
    try:
        while not view.closed:
            view.density = window.density
            for event in window.show(view.draw(window.size), windows.FPS):
                view.handle_event(event)
            if view.full != window.full:
                window.set_full(view.full)
            view.advance(min(window.seconds, MAX_SECONDS))
            if stopped():
                raise KeyboardInterrupt
    finally:
        window.close()
