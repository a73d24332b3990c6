"""Parts of a window that several views share: pictures, headings, rows of buttons."""

from collections.abc import Callable, Hashable
from typing import Any

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.episode import Episode, TimeStep
from cookie_jar.envs.rendering.layout import LARGEST_NUMBERS, kitchen_layout
from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.envs.rendering.pixels import from_array
from cookie_jar.envs.rendering.scene import Scene
from cookie_jar.envs.rendering.words import colour_of, signed
from cookie_jar.scripts.viewer.controls import SHORT_WORDS
from cookie_jar.scripts.viewer.widgets.buttons import Button, draw_button, lay_out_buttons

HEADING = 1.9  # in em
SMALLER = 0.6  # of the usual height: rows of buttons are not lower


class Part:
    """A part of a window that is drawn again only when its contents or its size change."""

    def __init__(self) -> None:
        self._key: Hashable = None
        self._surface = pygame.Surface((1, 1))

    def draw(
        self,
        window: pygame.Surface,
        area: pygame.Rect,
        key: Hashable,
        draw: Callable[[pygame.Surface, pygame.Rect], None],
    ) -> None:
        """Show the part in the window.

        Args:
            window: The picture of the window.
            area: The place of the part.
            key: Equal for equal contents.
            draw: Draws the contents on a surface, in a rectangle whose corner is (0, 0).
        """
        full = area.size, key
        if full != self._key:
            if self._surface.get_size() != area.size:
                self._surface = pygame.Surface(area.size)
            self._surface.fill(palette.PAPER)
            draw(self._surface, self._surface.get_rect())
            self._key = full
        window.blit(self._surface, area)


class EpisodePicture:
    """The picture of an episode: a kitchen, or the rendered picture of another environment."""

    def __init__(self) -> None:
        self._scene: Scene | None = None
        self._key: object = None
        self._pixels: Any = None
        self._version = 0  # counts the arrays that were shown
        self._photo = Part()

    @staticmethod
    def fit(area: pygame.Rect, episode: Episode, heading: int) -> pygame.Rect:
        """Return the part of an area that a kitchen and its heading need, so that they stand together."""
        if episode.world is None:
            return area
        below = pygame.Rect(area.left, area.top, area.width, max(1, area.height - heading))
        room = kitchen_layout(episode.world.config.kitchen, below).room
        used = pygame.Rect(0, 0, area.width, min(area.height, round(room.height * 1.06) + heading))
        used.center = area.center
        return used

    def draw(
        self,
        window: pygame.Surface,
        area: pygame.Rect,
        episode: Episode,
        time_step: TimeStep,
        progress: float,
        overlay: Overlay | None,
        caption: bool,
        numbers: int = LARGEST_NUMBERS,
    ) -> None:
        """Show a time step in an area, `progress` of its action done, with a caption below if wanted.

        Numbers on the floor have at most `numbers` pixels of height.
        """
        if time_step.frame is None or episode.world is None:
            self._draw_photo(window, area, time_step.pixels)
            return
        kitchen = episode.world.config.kitchen
        key = kitchen, area.size, caption, numbers
        if self._scene is None or self._key != key:
            self._scene, self._key = Scene(kitchen, area.size, caption=caption, numbers=numbers), key
        if window.get_rect().contains(area):
            self._scene.draw(time_step.frame, progress, overlay, window.subsurface(area))
        else:  # in tiny windows
            window.blit(self._scene.draw(time_step.frame, progress, overlay), area)

    def _draw_photo(self, window: pygame.Surface, area: pygame.Rect, pixels: Any) -> None:
        """Show the rendered picture of another environment; scale only when the array has changed."""
        if pixels is not self._pixels:
            self._pixels, self._version = pixels, self._version + 1

        def draw(surface: pygame.Surface, rect: pygame.Rect) -> None:
            surface.blit(from_array(pixels, rect.size, palette.PAPER), (0, 0))

        self._photo.draw(window, area, self._version, draw)


def draw_heading(
    window: pygame.Surface, area: pygame.Rect, em: int, name: str, time_step: TimeStep, selected: bool
) -> None:
    """Draw the heading of one of several pictures: the name, and the happiness so far."""
    colour = palette.INK if selected else palette.MUTED
    total = signed(time_step.total)
    left, right, middle = area.left + em, area.right - em, area.top + area.height * 0.46
    big, ink = round(em * 1.2), colour_of(time_step.total)
    place = lettering.write(window, total, big, ink, right=right, middle=middle)
    room = pygame.Rect(left, area.top, max(1, place.left - left - em), area.height)
    _write_name(window, name, em, colour, room)


def _write_name(window: pygame.Surface, name: str, em: int, colour: palette.RGB, area: pygame.Rect) -> None:
    """Write a name in one line, or else in two lines of smaller letters; only longer names are shortened."""
    least = max(lettering.SMALLEST, round(em * 0.8))
    letters = max(least, lettering.fit(name, em, area.width))
    lines = lettering.wrap(name, letters, area.width)
    if len(lines) > 2:
        lines = (lettering.ellipsis(name, letters, area.width),)
    top = area.top + area.height * 0.46 - 0.55 * letters * (len(lines) - 1)
    for number, line in enumerate(lines):
        lettering.write(window, line, letters, colour, left=area.left, middle=top + 1.1 * letters * number)


def draw_button_row(
    window: pygame.Surface, area: pygame.Rect, buttons: list[Button], mouse: tuple[int, int]
) -> list[pygame.Rect]:
    """Draw a row of buttons, with short words or smaller if they do not fit, and return their places."""
    places = lay_out_buttons(area, buttons)
    if not all(place.width for place in places):
        buttons = [button._replace(words=SHORT_WORDS.get(button.name, button.words)) for button in buttons]
        places = _lay_out_smaller(area, buttons)
    for place, button in zip(places, buttons, strict=True):
        draw_button(window, place, button, place.collidepoint(mouse))
    return places


def _lay_out_smaller(area: pygame.Rect, buttons: list[Button]) -> list[pygame.Rect]:
    """Return a place for each button, in the largest row from `SMALLER` on in which as many as can be fit."""
    row = area.copy()
    for height in range(area.height, round(SMALLER * area.height) - 1, -1):
        row.height, row.centery = height, area.centery
        places = lay_out_buttons(row, buttons)
        if all(place.width for place in places):
            break
    return places
