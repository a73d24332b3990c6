"""Text in pictures: one typeface, anti-aliased, at any height in pixels; lines are drawn once and kept.

Letters are drawn large and scaled down: drawn small, their distances would be rounded to whole pixels.
"""

from functools import lru_cache
from typing import Literal

import pygame

from .palette import RGB

Align = Literal["left", "center", "right"]

SMALLEST = 9  # pixels: smaller letters cannot be read
_FONT_SIZE = 1.4  # the size that pygame is asked for, for letters of height 1
EM = 0.6875 * _FONT_SIZE  # the size of the letters then: pygame scales its own typeface down
_LONGEST = 300  # characters of a line
_TIMES = 4  # how much larger letters are drawn


def font(height: int) -> pygame.font.Font:
    """Return the typeface, about `height` pixels tall from the top of an l to the foot of a g.

    Fonts end with `pygame.quit`, which all environments of Gymnasium call when they are closed: then they
    are loaded again.
    """
    pygame.font.init()
    found = _font(height)
    try:
        found.get_height()
    except pygame.error:
        _font.cache_clear()
        found = _font(height)
    return found


@lru_cache(maxsize=64)
def _font(height: int) -> pygame.font.Font:
    return pygame.font.Font(None, max(1, round(height * _FONT_SIZE)))


def _drawable(text: str) -> str:
    """Return the text without characters that cannot be drawn, such as NUL, and cut at a sane length."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:_LONGEST])


@lru_cache(maxsize=1024)
def line(text: str, height: int, colour: RGB) -> pygame.Surface:
    """Return a line of text on a transparent ground. The surface is shared: do not draw on it."""
    large = font(height * _TIMES).render(_drawable(text), True, colour)
    return pygame.transform.smoothscale(large, (width(text, height), round(large.get_height() / _TIMES)))


@lru_cache(maxsize=64)
def baseline(height: int) -> float:
    """Return how far the baseline of a line is below its middle, in pixels."""
    large = font(height * _TIMES)
    return (large.get_ascent() - large.get_height() / 2) / _TIMES


@lru_cache(maxsize=1024)
def width(text: str, height: int) -> int:
    """Return the width of a line in pixels."""
    return round(font(height * _TIMES).size(_drawable(text))[0] / _TIMES)


def write(
    picture: pygame.Surface,
    text: str,
    height: int,
    colour: RGB,
    *,
    left: float | None = None,
    right: float | None = None,
    center: float | None = None,
    middle: float = 0,
) -> pygame.Rect:
    """Write from `left`, up to `right` or around `center`, centred on y = `middle`; return its area."""
    written = line(text, height, colour)
    place = written.get_rect(centery=round(middle))
    if left is not None:
        place.left = round(left)
    if right is not None:
        place.right = round(right)
    if center is not None:
        place.centerx = round(center)
    return picture.blit(written, place)


@lru_cache(maxsize=512)
def ellipsis(text: str, height: int, room: int) -> str:
    """Return the text, shortened to `room` pixels with three dots if it is wider."""
    if len(text) <= _LONGEST and width(text, height) <= room:
        return text
    end = min(len(text), _LONGEST)
    while end and width(f"{text[:end].rstrip()}...", height) > room:
        end -= 1
    return f"{text[:end].rstrip()}..." if end else ""


@lru_cache(maxsize=512)
def fit(text: str, height: int, room: int) -> int:
    """Return the largest height from `SMALLEST` to `height` at which the text fits in `room` pixels."""
    while height > SMALLEST and width(text, height) > room:
        height -= 1
    return height


@lru_cache(maxsize=256)
def wrap(text: str, height: int, room: int) -> tuple[str, ...]:
    """Return the text in lines of at most `room` pixels; longer words are shortened with three dots."""
    lines, now = [], ""
    for word in text.split():
        longer = f"{now} {word}" if now else word
        if now and width(longer, height) > room:
            lines.append(now)
            longer = word
        now = longer
    return tuple(ellipsis(part, height, room) for part in [*lines, now])
