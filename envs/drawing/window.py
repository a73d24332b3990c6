"""A window that shows pictures; it stays alive as long as `show` is called."""

import os

import pygame

from ..dynamics import Action

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


class Window:
    """A window for pictures of one size. `visible` tells whether anybody can see it."""

    def __init__(self, title: str, size: tuple[int, int]) -> None:
        os.environ.setdefault("SDL_NO_SIGNAL_HANDLERS", "1")  # Ctrl-C and SIGTERM end the program as usual
        pygame.display.init()
        pygame.font.init()
        pygame.display.set_caption(title)
        self._screen = pygame.display.set_mode(size)
        self._clock = pygame.time.Clock()

    @property
    def visible(self) -> bool:
        """Whether there is a screen behind the window."""
        return pygame.display.get_driver() not in ("dummy", "offscreen")

    def show(self, picture: pygame.Surface, fps: float) -> list[pygame.event.Event]:
        """Show a picture, wait for the rest of the frame, and return what the user did meanwhile."""
        self._screen.blit(picture, (0, 0))
        pygame.display.flip()
        events = pygame.event.get()
        self._clock.tick(fps)
        return events

    def close(self) -> None:
        """Take the window off the screen."""
        pygame.display.quit()
