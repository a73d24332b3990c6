"""A part of a window that reacts to the mouse."""

from collections.abc import Callable
from typing import NamedTuple

import pygame


class Control(NamedTuple):
    """A part of the window that reacts to the mouse.

    Attributes:
        name: The name, as for `View.control`.
        rect: The place in the window, in pixels.
        on_press: Called with the x of the mouse when the left button goes down; also at each movement of the
            mouse until the button goes up, if the control is draggable.
        draggable: Whether the control follows the mouse.
        on_release: Called when the button goes up again.
        enabled: Whether the control reacts.
        tip: What the control is for, as a tooltip and on the help page; "" for none.
        is_button: Whether the control is a button; the help page does not list them.
    """

    name: str
    rect: pygame.Rect
    on_press: Callable[[int], None]
    draggable: bool = False
    on_release: Callable[[], None] | None = None
    enabled: bool = True
    tip: str = ""
    is_button: bool = False

    @property
    def title(self) -> str:
        """The name without its number."""
        return self.name.rstrip(" 0123456789")
