"""Programs in a window: the loop that shows a picture, hands on what the user does, and lets time pass."""

import os
import sys
from typing import Any, Protocol

import pygame

from cookie_jar.envs.rendering import window as windows
from cookie_jar.scripts.common.console import UsageError

FPS = 60
LONGEST = 0.1  # seconds that pass at most between two frames, however long the machine was busy
SIZE = (1280, 720)


class View(Protocol):
    """What can be shown in a window."""

    closed: bool
    full: bool

    def draw(self, size: tuple[int, int]) -> pygame.Surface:
        """The whole window as a picture of that size."""

    def handle_event(self, event: Any) -> None:
        """React to what the user did."""

    def advance(self, seconds: float) -> None:
        """Let time pass."""


def has_display() -> bool:
    """Whether there is a screen to open a window on; a driver that was asked for counts as one."""
    if "SDL_VIDEODRIVER" in os.environ:
        return True
    if sys.platform.startswith("linux") and not {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        return False  # SDL would complain while it looks for one
    try:
        pygame.display.init()
        return pygame.display.get_driver() not in ("dummy", "offscreen")
    except pygame.error:
        return False
    finally:
        pygame.display.quit()


def show(view: View, title: str, size: tuple[int, int] = SIZE) -> None:
    """Show a view in a window of its own until the user leaves.

    Raises:
        UsageError: the window cannot be opened.
    """
    try:
        window = windows.Window(title, size)
    except pygame.error as error:
        raise UsageError(f"no window can be opened: {error}") from None
    try:
        while not view.closed:
            for event in window.show(view.draw(window.size), FPS):
                view.handle_event(event)
            if view.full != window.full:
                window.set_full(view.full)
            view.advance(min(window.seconds, LONGEST))
    finally:
        window.close()
