"""A window that shows pictures and returns the user's input."""

import os
from collections import deque
from typing import ClassVar
from weakref import WeakSet

import pygame

from ..dynamics import Action
from .display import Display, desktop, draw_icon
from .frame import MOVING, Frame
from .palette import PAPER
from .pixels import show_scaled
from .pygame_ce import check_pygame
from .scene import Scene

ACTION_KEYS = {
    pygame.K_UP: Action.UP,
    pygame.K_DOWN: Action.DOWN,
    pygame.K_LEFT: Action.LEFT,
    pygame.K_RIGHT: Action.RIGHT,
    pygame.K_c: Action.CHAIR,
    pygame.K_SPACE: Action.CLIMB,
    pygame.K_r: Action.REACH,
    pygame.K_1: Action.PICK_LEFT,
    pygame.K_2: Action.PICK_MIDDLE,
    pygame.K_3: Action.PICK_RIGHT,
}

SMALLEST = 160, 160  # points
LARGEST = 90, 82  # per cent of the desktop: SDL's includes the task bar, and the title comes on top
USUAL = 1920, 1080  # the desktop for which sizes are chosen
FPS = 60
MOST_EVENTS = 1_000  # of a window that does not ask for them


class Window:
    """A window that the user can resize; draw each picture for its current `size`.

    Sizes of windows and places of the mouse are in points. A screen may have several pixels to a point, such
    as a Retina screen; pictures are shown pixel by pixel. Windows share the display of pygame with each other
    and with other environments: a window opens again where another environment has closed the display
    (`pygame.quit`).

    Args:
        title: The text of its bar.
        size: Width and height in points, at the start, if they fit the desktop; see `fitted`.
        grows: Whether the window is larger on a desktop of more points than `USUAL`.

    Attributes:
        full: Whether it fills the screen.
        seconds: The duration of the last call of `show`.
    """

    _opened: ClassVar[WeakSet["Window"]] = WeakSet()

    def __init__(self, title: str, size: tuple[int, int], *, grows: bool = False) -> None:
        check_pygame()
        os.environ.setdefault("SDL_NO_SIGNAL_HANDLERS", "1")  # Ctrl-C and SIGTERM end the program as usual
        os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")  # sharp pixels
        _DISPLAY.open()
        self._title, self._points = title, fitted(size, desktop(), grows=grows)
        self._window: pygame.Window | None = None
        self._events: deque[pygame.event.Event] = deque(maxlen=MOST_EVENTS)
        self._clock = pygame.time.Clock()
        self.full, self.seconds = False, 0.0
        self._open()

    def _open(self) -> "pygame.Window":
        """Return the window of pygame; open it if it does not exist."""
        if self._window is None:
            _DISPLAY.open()
            self._window = pygame.Window(self._title, self._points, resizable=True, allow_high_dpi=True)
            self._window.set_icon(draw_icon())
            self._opened.add(self)
        return self._window

    @property
    def surface(self) -> pygame.Surface:
        """The pixels of the window; the size changes with the window's."""
        return self._open().get_surface()

    @property
    def size(self) -> tuple[int, int]:
        """The current width and height in pixels."""
        density = self.density
        width, height = (
            max(side, round(least * density))
            for side, least in zip(self.surface.get_size(), SMALLEST, strict=True)
        )
        return width, height

    @property
    def density(self) -> float:
        """The pixels to a point: 2 on most Retina screens, 1 on most others."""
        return self.surface.get_width() / self._open().size[0]

    def show(self, picture: pygame.Surface, fps: float) -> list[pygame.event.Event]:
        """Show a picture, wait for 1 / `fps` seconds since the last one, and return the user's input.

        A picture of another size is scaled to fit. The place of the mouse is in pixels of the window.
        """
        screen = self.surface
        if picture.get_size() == screen.get_size():
            screen.blit(picture, (0, 0))
        else:
            show_scaled(screen, picture, PAPER)
        self._open().flip()
        self._receive()  # resizes windows, too
        events = [_scaled(event, self.density) for event in self._events]
        self._events.clear()
        self.seconds = self._clock.tick(fps) / 1000
        return events

    def _receive(self) -> None:
        """Give all new events to the windows that they belong to; events without a window belong to this."""
        owners = {window._window: window for window in self._opened}
        for event in pygame.event.get():
            target = getattr(event, "window", None)
            owner = self if target is None else owners.get(target)
            if owner is None:
                continue  # the window is somebody else's
            owner._events.append(event)
            if event.type == pygame.WINDOWCLOSE and target is not None:
                owner._events.append(pygame.event.Event(pygame.QUIT))  # SDL sends it for the last window

    def set_full(self, full: bool) -> None:
        """Fill the screen, or go back to a window as large as before."""
        window = self._open()
        if full and not self.full:
            self._points = window.size
        self.full = full
        if full:
            if pygame.display.get_driver() == "x11":
                window.size = desktop() or window.size  # nobody else does without a window manager
            window.set_fullscreen(desktop=True)
        else:
            window.set_windowed()
            window.size = self._points

    def play(self, scene: Scene, frame: Frame, rate: float, moving: bool) -> None:
        """Show a frame for 1 / `rate` seconds, with the movement of its act if `moving`."""
        count = round(FPS / rate) if moving else 1
        for number in range(1, count):
            self.show(scene.draw(frame, min(1.0, number / (count * MOVING))), FPS)
        self.show(scene.draw(frame), FPS if count > 1 else rate)

    def close(self) -> None:
        """Close the window; the display stays open for other windows and other environments."""
        self._destroy()
        if not self._opened:
            _DISPLAY.close()

    def _destroy(self) -> None:
        if self._window is not None:
            self._window.destroy()
            self._window, self.full = None, False
        self._opened.discard(self)

    @classmethod
    def opened(cls) -> list["Window"]:
        """Return the windows that are open in this process."""
        return list(cls._opened)


def _destroy_all() -> None:
    for window in Window.opened():
        window._destroy()


_DISPLAY = Display(before_end=_destroy_all)


def _scaled(event: pygame.event.Event, density: float) -> pygame.event.Event:
    """Return an event with the place of the mouse in pixels instead of points."""
    if density == 1.0 or not hasattr(event, "pos"):
        return event
    places = {
        name: tuple(round(x * density) for x in event.dict[name])
        for name in ("pos", "rel")
        if name in event.dict
    }
    return pygame.event.Event(event.type, event.dict | places)


def fitted(size: tuple[int, int], desktop: tuple[int, int] | None, *, grows: bool = False) -> tuple[int, int]:
    """Return the size of a window that fits a desktop.

    Args:
        size: The width and height that are wanted.
        desktop: Width and height of the desktop, or None if there is none.
        grows: Whether the window covers as much of a larger desktop as of `USUAL`.
    """
    if desktop is None:
        return size
    larger = max(1.0, min(desktop[0] / USUAL[0], desktop[1] / USUAL[1])) if grows else 1.0
    width, height = (
        min(round(wanted * larger), share * most // 100)
        for wanted, share, most in zip(size, LARGEST, desktop, strict=True)
    )
    return max(width, SMALLEST[0]), max(height, SMALLEST[1])
