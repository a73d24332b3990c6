"""The words below the kitchen: what was done, what is left in the jar, and how happy the child is."""

from functools import lru_cache

import pygame

from ..dynamics import Cookie, Event
from . import lettering, palette
from .canvas import Canvas
from .cookies import cookie
from .frame import FELT, Frame

SHARE = 0.2  # of the height
LEAST = 44  # pixels, in a picture that is tall enough
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


def draw_caption_ground(
    picture: pygame.Surface, area: pygame.Rect, filled: int, is_open: bool, cookies: tuple[Cookie, ...]
) -> None:
    """What seldom changes: the cookies in the jar, and whether it is open."""
    height = area.height
    if height < LARGE:
        if height >= LEAST:
            center = area.centerx, area.top + round(height * 0.73)
            _draw_cookies(picture, center, round(height * 0.42), filled, cookies)
        return
    small = round(height * 0.15)
    words = "jar open" if is_open else "jar closed"
    middle = area.top + height * 0.75
    lettering.write(picture, words, small, palette.MUTED, center=area.centerx, middle=middle)
    _draw_cookies(picture, (area.centerx, area.top + round(height * 0.36)), _size(height), filled, cookies)


def _size(height: int) -> int:
    """How wide a cookie is."""
    return round(height * 0.44)


def _draw_cookies(
    picture: pygame.Surface, middle: tuple[int, int], size: int, filled: int, cookies: tuple[Cookie, ...]
) -> None:
    """The three cookies; a ring where one is eaten."""
    for place, kind in enumerate(cookies):
        center = middle[0] + round(size * 1.16) * (place - 1), middle[1]
        if filled >> place & 1:
            cookie(size, kind).stand(picture, *center)
        else:
            pygame.draw.aacircle(picture, palette.LINE, center, size // 2 - 2, max(1, size // 16))


def draw_words(
    picture: pygame.Surface, area: pygame.Rect, frame: Frame, progress: float
) -> list[pygame.Rect]:
    """What was done and felt at the left, happiness so far at the right; returns where they are."""
    width, height = area.size
    used = area.inflate(min(0, max(WIDEST, 7 * height) - width) - 2 * max(6, round(height * 0.18)), 0)
    felt = progress >= FELT or frame.before is None
    total = frame.total if felt else frame.total - frame.happiness
    if height < LARGE:
        return _write_small(picture, used, frame, felt, total)
    beside = used.width // 2 - lettering.width("jar closed", round(height * 0.15)) // 2 - height // 6
    room = used.width // 2 - 2 * _size(height)
    return [
        _write_left(picture, used, frame, felt, room, beside),
        _write_right(picture, used, frame, total, room, beside),
    ]


def _write_small(
    picture: pygame.Surface, used: pygame.Rect, frame: Frame, felt: bool, total: float
) -> list[pygame.Rect]:
    """The act at the left, happiness at the right; below them of the step and how many steps."""
    room, big, small = used.width // 2, 15, 10
    high, low = (0.28, 0.75) if used.height >= LEAST else (0.5, 0.0)
    middle, done, so_far = used.top + used.height * high, _done(frame), signed(total)
    height = lettering.fit(done, big, round(room * 1.2))
    rects = [lettering.write(picture, done, height, palette.INK, left=used.left, middle=middle)]
    height = lettering.fit(so_far, big, round(room * 0.8))
    rects.append(lettering.write(picture, so_far, height, colour_of(total), right=used.right, middle=middle))
    if low:
        middle, steps = used.top + used.height * low, _steps(frame)
        rects.append(lettering.write(picture, steps, small, palette.MUTED, right=used.right, middle=middle))
        if felt and frame.event is not None:
            gain, colour = signed(frame.happiness), colour_of(frame.happiness)
            rects.append(lettering.write(picture, gain, small, colour, left=used.left, middle=middle))
    return rects


def _write_left(
    picture: pygame.Surface, used: pygame.Rect, frame: Frame, felt: bool, room: int, beside: int
) -> pygame.Rect:
    """The act, and below it a chip with its happiness and what it led to."""
    height, done = used.height, _done(frame)
    big = lettering.fit(done, round(height * 0.31), room)
    middle = used.top + height * 0.36
    written = lettering.write(picture, done, big, palette.INK, left=used.left, middle=middle)
    if not felt or frame.event is None:
        return written
    small, phrase = round(height * 0.16), PHRASES[frame.event]
    chip = _chip(frame.happiness, small)
    place = chip.get_rect(midleft=(used.left, used.top + round(height * 0.75)))
    picture.blit(chip, place, special_flags=pygame.BLEND_PREMULTIPLIED)
    left = place.right + small * 0.45
    small = lettering.fit(phrase, small, round(used.left + beside - left))
    said = lettering.write(picture, phrase, small, palette.INK, left=left, middle=place.centery + 1)
    return written.unionall([place, said])


@lru_cache(maxsize=32)
def _chip(happiness: float, letters: int) -> pygame.Surface:
    """A number on a round ground."""
    text = signed(happiness)
    width, height = lettering.width(text, letters) + letters, round(letters * 1.55)
    canvas = Canvas(1.0, (0.0, 0.0, width, height))
    canvas.box(colour_of(happiness), (0.0, 0.0, width, height), height / 2)
    chip = canvas.surface()
    line = lettering.line(text, letters, palette.WHITE).premul_alpha()
    place = line.get_rect(center=(width // 2, height // 2 + 1))
    chip.blit(line, place, special_flags=pygame.BLEND_PREMULTIPLIED)
    return chip


def _write_right(
    picture: pygame.Surface, used: pygame.Rect, frame: Frame, total: float, room: int, beside: int
) -> pygame.Rect:
    """Happiness so far, and after how many acts."""
    height, so_far, text = used.height, signed(total), f"happiness, {_steps(frame)}"
    big = lettering.fit(so_far, round(height * 0.36), room)
    middle, low = used.top + height * 0.36, used.top + height * 0.75
    number = lettering.write(picture, so_far, big, colour_of(total), right=used.right, middle=middle)
    small = lettering.fit(text, round(height * 0.15), beside)
    return number.union(lettering.write(picture, text, small, palette.MUTED, right=used.right, middle=low))


def _done(frame: Frame) -> str:
    return "start" if frame.action is None else frame.action.label


def _steps(frame: Frame) -> str:
    return f"{frame.steps} act{'' if frame.steps == 1 else 's'}"


def signed(happiness: float) -> str:
    """With its sign, and without one for nothing."""
    return "0.00" if abs(happiness) < 0.005 else f"{happiness:+.2f}"


def colour_of(happiness: float) -> palette.RGB:
    """Blue for happy, orange for unhappy, ink for neither."""
    if abs(happiness) < 0.005:
        return palette.INK
    return palette.UNHAPPY if happiness < 0 else palette.HAPPY
