"""The words below the kitchen: what was done, what is left in the jar, and how happy the child is."""

from functools import lru_cache
from typing import NamedTuple

import pygame

from ..dynamics import CLOSED, Cookie, Event
from . import lettering, palette
from .cookies import cookie
from .jar import contents
from .moment import Moment

SHARE = 0.2  # of the height
LEAST = 44  # pixels, in a picture that is tall enough
FELT = 0.62  # the progress from which on the words tell what the act led to
WIDEST = 900  # pixels: in a wider picture the words stay together
LARGE = 64  # pixels of height from which on the words are large

PHRASES = {
    Event.NOTHING: "nothing happens",
    Event.WALK: "walks",
    Event.BUMP: "bumps",
    Event.LIFT: "lifts the chair",
    Event.PUT: "puts it down",
    Event.UP: "climbs up",
    Event.DOWN: "climbs down",
    Event.VAIN: "reaches in vain",
    Event.OPEN: "opens the jar",
    Event.YUCK: "dislikes it",
    Event.YUM: "likes it!",
}


def caption_height(height: int) -> int:
    """How many pixels of a picture's height the words take."""
    return max(round(height * SHARE), min(LEAST, round(height * 0.28)))


def draw_caption(
    picture: pygame.Surface, area: pygame.Rect, moment: Moment, cookies: tuple[Cookie, ...], progress: float
) -> None:
    """What was done and felt at the left, the jar in the middle, happiness so far at the right."""
    felt = progress >= FELT or moment.before is None
    state = moment.state if felt or moment.before is None else moment.before
    done = "start" if moment.action is None else moment.action.label
    words = _Words(
        done=done,
        phrase="" if moment.event is None or not felt else PHRASES[moment.event],
        happiness="" if moment.event is None or not felt else f"{moment.happiness:+.2f}",
        total=f"{moment.total if felt else moment.total - moment.happiness:+.2f}",
        steps=f"{moment.steps} act{'' if moment.steps == 1 else 's'}",
    )
    picture.blit(_strip(area.size, words, int(state.jar), cookies), area)


class _Words(NamedTuple):
    """All that a caption says."""

    done: str
    phrase: str
    happiness: str
    total: str
    steps: str


@lru_cache(maxsize=64)
def _strip(size: tuple[int, int], words: _Words, jar: int, cookies: tuple[Cookie, ...]) -> pygame.Surface:
    """The caption as a picture of its own; it is shared."""
    strip = pygame.Surface(size, depth=32)
    strip.fill(palette.PAPER)
    width, height = size
    used = pygame.Rect(0, 0, min(width, max(WIDEST, 7 * height)), height)
    used.centerx = width // 2
    used.inflate_ip(-2 * max(6, round(height * 0.18)), 0)
    if height < LARGE:
        _write_small(strip, used, words)
        if height >= LEAST:
            _draw_cookies(strip, (used.centerx, round(height * 0.73)), round(height * 0.42), jar, cookies)
        return strip
    size, small = round(height * 0.44), round(height * 0.15)
    closed = "jar closed" if jar == CLOSED else "jar open"
    lettering.write(strip, closed, small, palette.MUTED, center=used.centerx, middle=height * 0.75)
    _draw_cookies(strip, (used.centerx, round(height * 0.36)), size, jar, cookies)
    beside = used.width // 2 - lettering.width("jar closed", small) // 2 - small
    _write_left(strip, used, words, used.width // 2 - 2 * size, beside)
    _write_right(strip, used, words, used.width // 2 - 2 * size, beside)
    return strip


def _write_small(strip: pygame.Surface, used: pygame.Rect, words: _Words) -> None:
    """The act at the left, happiness at the right; below them of the step and how many steps."""
    room, big, small = used.width // 2, 15, 10
    high, low = (used.height * 0.28, used.height * 0.75) if used.height >= LEAST else (used.height / 2, 0)
    done = lettering.fit(words.done, big, round(room * 1.2))
    lettering.write(strip, words.done, done, palette.INK, left=used.left, middle=high)
    total = lettering.fit(words.total, big, round(room * 0.8))
    lettering.write(strip, words.total, total, _colour(words.total), right=used.right, middle=high)
    if low:
        colour = _colour(words.happiness)
        lettering.write(strip, words.happiness, small, colour, left=used.left, middle=low)
        lettering.write(strip, words.steps, small, palette.MUTED, right=used.right, middle=low)


def _write_left(strip: pygame.Surface, used: pygame.Rect, words: _Words, room: int, beside: int) -> None:
    """The act, and below it a chip with its happiness and what it led to."""
    height = used.height
    big = lettering.fit(words.done, round(height * 0.31), room)
    lettering.write(strip, words.done, big, palette.INK, left=used.left, middle=height * 0.36)
    if not words.happiness:
        return
    small = round(height * 0.16)
    chip = pygame.Rect(0, 0, lettering.width(words.happiness, small) + small, round(small * 1.55))
    chip.midleft = used.left, round(height * 0.75)
    pygame.draw.rect(strip, _colour(words.happiness), chip, border_radius=chip.height // 2)
    lettering.write(
        strip, words.happiness, small, palette.WHITE, center=chip.centerx, middle=chip.centery + 1
    )
    left = chip.right + small * 0.45
    small = lettering.fit(words.phrase, small, round(used.left + beside - left))
    lettering.write(strip, words.phrase, small, palette.INK, left=left, middle=chip.centery + 1)


def _write_right(strip: pygame.Surface, used: pygame.Rect, words: _Words, room: int, beside: int) -> None:
    height = used.height
    big = lettering.fit(words.total, round(height * 0.36), room)
    lettering.write(strip, words.total, big, _colour(words.total), right=used.right, middle=height * 0.36)
    text = f"happiness, {words.steps}"
    small = lettering.fit(text, round(height * 0.15), beside)
    lettering.write(strip, text, small, palette.MUTED, right=used.right, middle=height * 0.75)


def _draw_cookies(
    strip: pygame.Surface, middle: tuple[int, int], size: int, jar: int, cookies: tuple[Cookie, ...]
) -> None:
    """The three cookies; a ring where one is eaten."""
    for place, kind in enumerate(cookies):
        center = middle[0] + round(size * 1.16) * (place - 1), middle[1]
        if contents(jar) >> place & 1:
            cookie(size, kind).stand(strip, *center)
        else:
            pygame.draw.aacircle(strip, palette.LINE, center, size // 2 - 2, max(1, size // 16))


def _colour(number: str) -> palette.RGB:
    if not number.strip("+-0."):
        return palette.INK
    return palette.UNHAPPY if number.startswith("-") else palette.HAPPY
