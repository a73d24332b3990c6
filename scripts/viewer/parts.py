"""The whole window as one picture, put together from parts that are drawn only when they change."""

from collections.abc import Callable, Hashable
from typing import Any

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box
from cookie_jar.envs.rendering.caption import colour_of, signed
from cookie_jar.envs.rendering.episode import Episode, TimeStep
from cookie_jar.envs.rendering.layout import kitchen_layout
from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.envs.rendering.pixels import from_array
from cookie_jar.envs.rendering.scene import Scene
from cookie_jar.scripts.viewer.controls import KEYS
from cookie_jar.scripts.viewer.widgets.board import draw_board
from cookie_jar.scripts.viewer.widgets.buttons import Button, draw_button, lay_out_buttons

HEADING = 1.9  # letter heights
SHORT = {name: KEYS[name][0] for name in ("values", "arrows", "probabilities", "trail", "panel")}


class Part:
    """A part of the window that is drawn anew only when what it shows, or its size, is another."""

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
        """Show the part in its area; `draw` draws it on a surface, in a rectangle from (0, 0)."""
        full = area.size, key
        if full != self._key:
            if self._surface.get_size() != area.size:
                self._surface = pygame.Surface(area.size)
            self._surface.fill(palette.PAPER)
            draw(self._surface, self._surface.get_rect())
            self._key = full
        window.blit(self._surface, area)


class Picture:
    """One episode as a picture: a kitchen, or what another environment has drawn of itself."""

    def __init__(self) -> None:
        self._scene: Scene | None = None
        self._key: object = None
        self._pixels: Any = None
        self._version = 0  # of the array that is shown
        self._photo = Part()

    @staticmethod
    def fit(area: pygame.Rect, episode: Episode, heading: int) -> pygame.Rect:
        """The part of an area that a kitchen with its heading takes, so that the two stand together."""
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
    ) -> None:
        """Show a shot in an area, with words below it when there is to be a caption."""
        if time_step.frame is None or episode.world is None:
            self._draw_photo(window, area, time_step.pixels)
            return
        key = episode.world.config.kitchen, area.size, caption
        if self._scene is None or self._key != key:
            self._scene, self._key = Scene(key[0], area.size, caption=caption), key
        window.blit(self._scene.draw(time_step.frame, progress, overlay), area)

    def _draw_photo(self, window: pygame.Surface, area: pygame.Rect, pixels: Any) -> None:
        """What another environment has drawn of itself; it is scaled only when it is another array."""
        if pixels is not self._pixels:
            self._pixels, self._version = pixels, self._version + 1

        def draw(surface: pygame.Surface, rect: pygame.Rect) -> None:
            surface.blit(from_array(pixels, rect.size, palette.PAPER), (0, 0))

        self._photo.draw(window, area, self._version, draw)


def draw_heading(
    window: pygame.Surface, area: pygame.Rect, font_size: int, name: str, time_step: TimeStep, selected: bool
) -> None:
    """Above one picture of several: whose it is, and how happy it is so far."""
    colour = palette.INK if selected else palette.MUTED
    if selected:
        window.fill(palette.SHIRT, (area.left + font_size, area.bottom - 3, area.width - 2 * font_size, 3))
    total = signed(time_step.total)
    left, right, middle = area.left + font_size, area.right - font_size, area.top + area.height * 0.46
    big, ink = round(font_size * 1.2), colour_of(time_step.total)
    place = lettering.write(window, total, big, ink, right=right, middle=middle)
    text = lettering.ellipsis(name, font_size, max(1, place.left - left - font_size))
    lettering.write(window, text, font_size, colour, left=left, middle=middle)


def draw_button_row(
    window: pygame.Surface, area: pygame.Rect, buttons: list[Button], mouse: tuple[int, int]
) -> list[pygame.Rect]:
    """A row of buttons, with single letters where there is no room for words; returns their places."""
    places = lay_out_buttons(area, buttons)
    if not all(place.width for place in places):
        buttons = [button._replace(words=SHORT.get(button.name, button.words)) for button in buttons]
        places = lay_out_buttons(area, buttons)
    for place, button in zip(places, buttons, strict=True):
        draw_button(window, place, button, place.collidepoint(mouse))
    return places


def draw_notice(window: pygame.Surface, font_size: int, words: str) -> None:
    """A few words at the top of the window that will soon go away."""
    width = window.get_width()
    height = lettering.fit(words, font_size, width - 4 * font_size)
    area = pygame.Rect(0, font_size // 2, lettering.width(words, height) + 2 * font_size, 2 * font_size)
    area.centerx = width // 2
    round_box(window, palette.INK, area, font_size // 2)
    lettering.write(window, words, height, palette.WHITE, center=area.centerx, middle=area.centery + 1)


def draw_help(window: pygame.Surface, rows: list[tuple[str, str]]) -> None:
    """The page with the keys."""
    draw_board(
        window, "Keys", rows, "The mouse does it too: buttons, timeline, pictures where there are several."
    )
