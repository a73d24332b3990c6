"""A window that shows pictures and returns the user's input."""

import os

import pygame

from ..dynamics import Action
from .frame import MOVING, Frame
from .palette import PAPER
from .pixels import show_scaled
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

SMALLEST = 160, 160  # pixels
FPS = 60


class Window:
    """A window that the user can resize; draw each picture for its current `size`.

    Args:
        title: The text of its bar.
        size: Width and height in pixels, at the start.

    Attributes:
        full: Whether it fills the screen.
        seconds: The duration of the last call of `show`.
    """

    def __init__(self, title: str, size: tuple[int, int]) -> None:
        os.environ.setdefault("SDL_NO_SIGNAL_HANDLERS", "1")  # Ctrl-C and SIGTERM end the program as usual
        os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")  # sharp pixels
        pygame.display.init()
        pygame.font.init()
        pygame.display.set_caption(title)
        pygame.display.set_mode(size, pygame.RESIZABLE)
        self._clock = pygame.time.Clock()
        self._size = size
        self.full, self.seconds = False, 0.0

    @property
    def size(self) -> tuple[int, int]:
        """The current width and height in pixels."""
        width, height = _screen().get_size()
        return max(width, SMALLEST[0]), max(height, SMALLEST[1])

    def show(self, picture: pygame.Surface, fps: float) -> list[pygame.event.Event]:
        """Show a picture, wait for 1 / `fps` seconds since the last one, and return the user's input.

        A picture of another size is scaled to fit.
        """
        screen = _screen()
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
        if full:
            pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
        else:
            pygame.display.set_mode(self._size, pygame.RESIZABLE)

    def play(self, scene: Scene, frame: Frame, rate: float, moving: bool) -> None:
        """Show a frame for 1 / `rate` seconds, with the movement of its act if `moving`."""
        count = round(FPS / rate) if moving else 1
        for number in range(1, count):
            self.show(scene.draw(frame, min(1.0, number / (count * MOVING))), FPS)
        self.show(scene.draw(frame), FPS if count > 1 else rate)

    def close(self) -> None:
        """Close the window."""
        pygame.display.quit()


def _screen() -> pygame.Surface:
    """Return the surface of the window; its size changes with the window's."""
    screen = pygame.display.get_surface()
    assert screen is not None, "the window is closed"
    return screen
