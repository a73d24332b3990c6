"""The close-up of the jar: the very pictures that an agent sees, its belief below them, and its pick."""

from typing import NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box
from cookie_jar.envs.rendering.pixels import from_array
from cookie_jar.scripts.viewer.jar_view import JarView
from cookie_jar.scripts.viewer.parts import Part

PLACES = 3
SHARE = 0.3  # of the height of a picture
LEAST, MOST = 66, 300  # points of height; a close-up lower than that is left out
SMALLER = 0.8  # how much smaller pictures may become to make room for words
BELOW = 2.1  # em below a picture, for the belief
TITLE, SUBTITLE = "In the jar", "as the agent sees it"


def close_up_height(height: int, density: float = 1.0) -> int:
    """Return how many pixels of a picture's height the close-up takes; 0 without room."""
    tall = min(round(MOST * density), round(height * SHARE))
    return tall if tall >= LEAST * density else 0


class CloseUp:
    """The close-up of one jar; drawn again only when the contents change.

    Args:
        likes: The name of the cookie that the child likes.
    """

    def __init__(self, likes: str) -> None:
        self._likes, self._part = likes, Part()

    def draw(self, window: pygame.Surface, area: pygame.Rect, view: JarView | None, em: int) -> None:
        """Draw the close-up in an area of the window; a `view` of None is the closed jar."""

        def draw(surface: pygame.Surface, rect: pygame.Rect) -> None:
            draw_close_up(surface, rect, view, self._likes, em)

        self._part.draw(window, area, _key(view), draw)


def _key(view: JarView | None) -> object:
    if view is None:
        return None
    pictures = tuple(None if picture is None else picture.tobytes() for picture in view.pictures)
    return pictures, view.belief, view.pick


class _Columns(NamedTuple):
    """Where words and pictures stand, in pixels.

    Attributes:
        words: The left of the words, or None if there is no room for them.
        lefts: The left of each picture.
        top: The top of the pictures.
        side: Their width and height.
    """

    words: int | None
    lefts: tuple[int, ...]
    top: int
    side: int


def draw_close_up(
    surface: pygame.Surface, area: pygame.Rect, view: JarView | None, likes: str, em: int
) -> None:
    """Draw three pictures side by side, the belief below each, and words at the left where there is room.

    Args:
        surface: The surface to draw on.
        area: The place on it.
        view: The contents of the open jar; None for the closed jar.
        likes: The name of the cookie that the belief is about.
        em: The height of letters.
    """
    columns = _columns(area, likes, em)
    for place, left in enumerate(columns.lefts):
        square = pygame.Rect(left, columns.top, columns.side, columns.side)
        picture = None if view is None else view.pictures[place]
        if view is not None and view.pick == place:
            wide = max(3, em // 3)
            round_box(surface, palette.SHIRT, square.inflate(2 * wide, 2 * wide), wide)
        if view is None:
            _draw_empty(surface, square, em, palette.INK, "closed")
        elif picture is None:
            _draw_empty(surface, square, em, palette.GLASS, "eaten")
        else:
            _draw_picture(surface, square, picture)
        if view is not None and picture is not None:
            below = pygame.Rect(left, square.bottom + em // 2, columns.side, round((BELOW - 0.5) * em))
            _draw_belief(surface, below, view, place, em)
    has_belief = view is not None and view.belief is not None
    _write_words(surface, columns, likes, em, belief=has_belief)


def _columns(area: pygame.Rect, likes: str, em: int) -> _Columns:
    """Return the places of words and pictures, together in the middle of the area."""
    gap = em
    side = min(area.height - round((BELOW + 0.9) * em), (area.width - (PLACES + 1) * gap) // PLACES)
    words = max(lettering.width(text, height) for text, height in _words(likes, em)) + 2 * gap
    beside = min(side, (area.width - words - (PLACES + 1) * gap) // PLACES)
    has_words = beside >= SMALLER * side
    side = beside if has_words else side
    left = area.centerx - (PLACES * side + (PLACES - 1) * gap) // 2 + (words // 2 if has_words else 0)
    top = area.top + (area.height - side - round(BELOW * em)) // 2
    lefts = tuple(left + place * (side + gap) for place in range(PLACES))
    return _Columns(left - words if has_words else None, lefts, top, side)


def _words(likes: str, em: int) -> tuple[tuple[str, int], ...]:
    """Return the words at the left of the pictures, with their height; the last words are the belief's."""
    small = round(em * 0.86)
    return (TITLE, em), (SUBTITLE, small), (f"P({likes})", small)


def _draw_picture(surface: pygame.Surface, square: pygame.Rect, picture: NDArray[np.uint8]) -> None:
    """Draw a picture, smoothly enlarged, with a thin frame."""
    surface.fill(palette.LINE, square.inflate(2, 2))
    surface.blit(from_array(picture, square.size, palette.PAPER), square)


def _draw_empty(
    surface: pygame.Surface, square: pygame.Rect, em: int, colour: palette.RGB, words: str
) -> None:
    """Draw a place without a picture."""
    surface.fill(palette.GLASS_EDGE, square)
    surface.fill(colour, square.inflate(-4, -4))
    ink = palette.PAPER if palette.brightness(colour) < 128 else palette.MUTED
    height = lettering.fit(words, em, square.width - 8)
    lettering.write(surface, words, height, ink, center=square.centerx, middle=square.centery)


def _draw_belief(surface: pygame.Surface, area: pygame.Rect, view: JarView, place: int, em: int) -> None:
    """Draw the probability of a place as a bar and in per cent, and whether the place is picked."""
    words, picked = "", view.pick == place
    if view.belief is not None:
        belief = view.belief[place]
        bar = pygame.Rect(area.left, area.top, area.width, max(4, round(em * 0.45)))
        round_box(surface, palette.LINE, bar, bar.height // 2)
        colour = palette.BAR_BEST if belief >= max(view.belief) else palette.BAR
        bar.width = round(bar.width * belief)
        if bar.width:
            round_box(surface, colour, bar, bar.height // 2)
        words = f"{belief:.0%}".replace("%", " %")
    if picked:
        words = f"pick: {words}" if words else "pick"
    height = lettering.fit(words, em, area.width)
    middle = area.bottom - em * 0.5
    ink = palette.SHIRT if picked else palette.INK
    lettering.write(surface, words, height, ink, center=area.centerx, middle=middle)


def _write_words(surface: pygame.Surface, columns: _Columns, likes: str, em: int, *, belief: bool) -> None:
    """Write at the left of the pictures and of the bars what they are, if there is room."""
    if columns.words is None:
        return
    center = columns.top + columns.side / 2
    middles = center - em * 0.8, center + em * 0.6, columns.top + columns.side + em * (BELOW - 0.5)
    for (text, height), middle in list(zip(_words(likes, em), middles, strict=True))[: 3 if belief else 2]:
        ink = palette.INK if text == TITLE else palette.MUTED
        lettering.write(surface, text, height, ink, left=columns.words, middle=middle)
