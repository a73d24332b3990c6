"""A window that shows pictures; it stays alive as long as `show` is called."""

import os

import pygame

from ..dynamics import Action
from .frame import MOVING, Frame
from .palette import PAPER
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
    """A window that the user can resize; ask for its `size` before each frame and draw for that.

    Args:
        title: what its bar says.
        size: in pixels, at the start.

    Attributes:
        full: whether it fills the screen.
        seconds: that the last frame took.
    """

    def __init__(self, title: str, size: tuple[int, int]) -> None:
        os.environ.setdefault("SDL_NO_SIGNAL_HANDLERS", "1")  # Ctrl-C and SIGTERM end the program as usual
        os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")  # true pixels, not blurred ones
        pygame.display.init()
        pygame.font.init()
        pygame.display.set_caption(title)
        pygame.display.set_mode(size, pygame.RESIZABLE)
        self._clock = pygame.time.Clock()
        self._size = size
        self.full, self.seconds = False, 0.0

    @property
    def visible(self) -> bool:
        """Whether there is a screen behind the window."""
        return pygame.display.get_driver() not in ("dummy", "offscreen")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as they are now."""
        width, height = _screen().get_size()
        return max(width, SMALLEST[0]), max(height, SMALLEST[1])

    def show(self, picture: pygame.Surface, fps: float) -> list[pygame.event.Event]:
        """Show a picture, wait for the rest of the frame, and return what the user did meanwhile.

        A picture of another size than the window's is scaled to fit.
        """
        screen = _screen()
        if picture.get_size() == screen.get_size():
            screen.blit(picture, (0, 0))
        else:
            _show_scaled(screen, picture)
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
        """Show a moment for as long as there are `rate` of them in a second, its act first when `moving`."""
        count = round(FPS / rate) if moving else 1
        for number in range(1, count):
            self.show(scene.draw(frame, min(1.0, number / (count * MOVING))), FPS)
        self.show(scene.draw(frame), FPS if count > 1 else rate)

    def close(self) -> None:
        """Take the window off the screen."""
        pygame.display.quit()


def _screen() -> pygame.Surface:
    """What the window shows; pygame puts another size to it when the user does."""
    screen = pygame.display.get_surface()
    assert screen is not None, "the window is closed"
    return screen


def _show_scaled(screen: pygame.Surface, picture: pygame.Surface) -> None:
    """Show a picture of another size, as large as there is room for."""
    place = picture.get_rect().fit(screen.get_rect())
    screen.fill(PAPER)
    screen.blit(pygame.transform.smoothscale(picture, place.size), place)
