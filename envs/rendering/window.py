"""A window that shows pictures and returns the user's input."""

import os
import sys
import warnings
from typing import ClassVar
from weakref import WeakSet

import pygame

from ..dynamics import Action
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

NO_SCREEN = ("dummy", "offscreen")  # drivers of SDL
SMALLEST = 160, 160  # pixels
LARGEST = 90, 82  # per cent of the desktop: SDL's includes the task bar, and the title comes on top
USUAL = 1920, 1080  # the desktop for which sizes are chosen
FPS = 60


class Window:
    """A window that the user can resize; draw each picture for its current `size`.

    pygame has one display in a process. Windows share it with each other and with other environments: a
    window opens the display again where another environment has closed it (`pygame.quit`), and closes the
    display only if nobody else uses it.

    Args:
        title: The text of its bar.
        size: Width and height in pixels, at the start, if they fit the desktop; see `fitted`.
        grows: Whether the window is larger on a desktop of more pixels than `USUAL`.

    Attributes:
        full: Whether it fills the screen.
        seconds: The duration of the last call of `show`.
    """

    _open: ClassVar[WeakSet["Window"]] = WeakSet()

    def __init__(self, title: str, size: tuple[int, int], *, grows: bool = False) -> None:
        check_pygame()
        os.environ.setdefault("SDL_NO_SIGNAL_HANDLERS", "1")  # Ctrl-C and SIGTERM end the program as usual
        os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")  # sharp pixels
        pygame.display.init()
        self._title, self._size = title, fitted(size, desktop(), grows=grows)
        self._clock = pygame.time.Clock()
        self.full, self.seconds = False, 0.0
        self._set_mode()
        self._open.add(self)

    def _set_mode(self) -> pygame.Surface:
        """Open the display, or change its size; the user or the window manager may choose another size."""
        pygame.display.init()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Requested window was forcibly resized")
            if self.full:
                return pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
            return pygame.display.set_mode(self._size, pygame.RESIZABLE)

    def _screen(self) -> pygame.Surface:
        """Return the surface of the display; its size changes with the window's."""
        screen = pygame.display.get_surface() or self._set_mode()
        if pygame.display.get_caption()[:1] != (self._title,):
            pygame.display.set_caption(self._title)
        return screen

    @property
    def size(self) -> tuple[int, int]:
        """The current width and height in pixels."""
        width, height = self._screen().get_size()
        return max(width, SMALLEST[0]), max(height, SMALLEST[1])

    def show(self, picture: pygame.Surface, fps: float) -> list[pygame.event.Event]:
        """Show a picture, wait for 1 / `fps` seconds since the last one, and return the user's input.

        A picture of another size is scaled to fit.
        """
        screen = self._screen()
        if picture.get_size() == screen.get_size():
            screen.blit(picture, (0, 0))
        else:
            show_scaled(screen, picture, PAPER)
        pygame.display.flip()
        events = pygame.event.get()  # resizes the screen, too
        self.seconds = self._clock.tick(fps) / 1000
        return events

    def set_full(self, full: bool) -> None:
        """Fill the screen, or go back to a window as large as before."""
        if full and not self.full:
            self._size = self.size
        self.full = full
        self._set_mode()

    def play(self, scene: Scene, frame: Frame, rate: float, moving: bool) -> None:
        """Show a frame for 1 / `rate` seconds, with the movement of its act if `moving`."""
        count = round(FPS / rate) if moving else 1
        for number in range(1, count):
            self.show(scene.draw(frame, min(1.0, number / (count * MOVING))), FPS)
        self.show(scene.draw(frame), FPS if count > 1 else rate)

    def close(self) -> None:
        """Close the window; the display stays open for other windows and other environments."""
        self._open.discard(self)
        if not self._open and not _held_by_others():
            pygame.display.quit()


def desktop() -> tuple[int, int] | None:
    """Return width and height of the desktop in the units of window sizes, or None if there is none."""
    sizes = [] if pygame.display.get_driver() in NO_SCREEN else pygame.display.get_desktop_sizes()
    return sizes[0] if sizes and min(sizes[0]) > 0 else None


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


def _held_by_others() -> bool:
    """Return whether another environment, such as CartPole, keeps the surface of the display to draw on it.

    pygame returns one surface for all calls of `set_mode`, and a window does not keep the surface.
    """
    screen = pygame.display.get_surface()
    return sys.getrefcount(screen) > 3 if screen is not None else False  # pygame, `screen`, the argument
