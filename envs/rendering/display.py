"""The display of pygame: opened when needed, watched, and closed if nobody else needs it."""

from collections.abc import Callable
from weakref import ReferenceType, ref

import pygame

from ..dynamics import Cookie
from .jar import cookie

ICON = 64  # pixels
NO_SCREEN = ("dummy", "offscreen")  # drivers of SDL


class Display:
    """The display, of which a process has one: windows share it with other environments.

    Every other environment ends the display when it is closed (`pygame.quit`). That frees all windows, and
    leaves the objects of `pygame.Window` with dangling pointers. The display releases its icon right before,
    so the end of the icon is the moment to destroy the windows.

    Args:
        before_end: Called right before the display ends; also called if somebody else sets its icon.
    """

    def __init__(self, before_end: Callable[[], None]) -> None:
        self._before_end = before_end
        self._icon: ReferenceType[pygame.Surface] | None = None
        self._is_ours = False  # whether it was opened here

    def open(self) -> None:
        """Open the display, if it is not open."""
        if self._icon is not None and self._icon() is not None:
            return
        self._is_ours = not pygame.display.get_init()
        pygame.display.init()
        icon = draw_icon()
        pygame.display.set_icon(icon)
        self._icon = ref(icon, self._end)

    def _end(self, _: object) -> None:
        self._is_ours = False
        self._before_end()

    def close(self) -> None:
        """Close the display, unless somebody else has opened it or draws on it."""
        if self._is_ours and pygame.display.get_surface() is None:
            pygame.display.quit()


def draw_icon() -> pygame.Surface:
    """Return the icon of a window, a cookie."""
    return cookie.sprite(ICON, Cookie.CHOCOLATE_CHIP).surface.copy()


def desktop() -> tuple[int, int] | None:
    """Return width and height of the desktop in the units of window sizes, or None if there is none."""
    sizes = [] if pygame.display.get_driver() in NO_SCREEN else pygame.display.get_desktop_sizes()
    return sizes[0] if sizes and min(sizes[0]) > 0 else None
