"""The main loop of a window: draw a view, pass events to it, and advance its time."""

import os
import sys

import pygame

from cookie_jar.envs.rendering import window as windows
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.viewer.view import View

MAX_SECONDS = 0.1  # maximum seconds between two frames, even if the machine was busy for longer
SIZE = (1280, 720)


def has_display() -> bool:
    """Return whether there is a display; a driver named in SDL_VIDEODRIVER counts as a display."""
    if "SDL_VIDEODRIVER" in os.environ:
        return True
    if sys.platform.startswith("linux") and not {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        return False  # otherwise SDL prints warnings
    try:
        pygame.display.init()
        return pygame.display.get_driver() not in ("dummy", "offscreen")
    except pygame.error:
        return False
    finally:
        pygame.display.quit()


def show(view: View, title: str, size: tuple[int, int] = SIZE) -> None:
    """Show a view in a new window until the user closes the window.

    Raises:
        UsageError: If the window cannot be opened.
    """
    try:
        window = windows.Window(title, size)
    except pygame.error as error:
        raise UsageError(f"no window can be opened: {error}") from None
    try:
        while not view.closed:
            for event in window.show(view.draw(window.size), windows.FPS):
                view.handle_event(event)
            if view.full != window.full:
                window.set_full(view.full)
            view.advance(min(window.seconds, MAX_SECONDS))
    finally:
        window.close()
