"""The caption below the kitchen: the action, the contents of the jar, and the happiness."""

import pygame

from . import lettering, palette
from .drawing import Pen, drawing
from .geometry import Box
from .jar import cookie
from .picture import Picture
from .pose import Pose
from .words import Amount, Words

SHARE = 0.2  # of the height of a picture
LEAST = 44  # pixels, in a picture that is tall enough
WIDEST = 900  # pixels: in a wider picture the words stay together
LARGE = 64  # pixels of height from which the words are large
JAR_CLOSED, JAR_OPEN = "jar closed", "jar open"


def caption_height(height: int) -> int:
    """Return how many pixels of a picture's height the caption takes."""
    return max(round(height * SHARE), min(LEAST, round(height * 0.28)))


def draw_contents(picture: Picture, area: pygame.Rect, pose: Pose) -> None:
    """Draw the part of the caption that seldom changes: the cookies in the jar, and whether it is open."""
    height = area.height
    if height < LARGE:
        if height >= LEAST:
            center = area.centerx, area.top + round(height * 0.73)
            _draw_cookies(picture, center, round(height * 0.42), pose)
        return
    text = JAR_OPEN if pose.lid_drawn > 0 else JAR_CLOSED
    picture.write(text, round(height * 0.15), palette.MUTED, (area.centerx, area.top + height * 0.75))
    center = area.centerx, area.top + round(height * 0.36)
    _draw_cookies(picture, center, _cookie_size(height), pose)


def _cookie_size(height: int) -> int:
    """Return the width of a cookie in pixels."""
    return round(height * 0.44)


def _draw_cookies(picture: Picture, middle: tuple[int, int], size: int, pose: Pose) -> None:
    """Draw the three cookies, with a ring in place of an eaten one."""
    for place, kind in enumerate(pose.cookies):
        center = middle[0] + round(size * 1.16) * (place - 1), middle[1]
        if pose.filled >> place & 1:
            picture.stamp(cookie, kind, at=center, size=size)
        else:
            picture.ring(palette.LINE, center, size // 2 - 2, max(1, size // 16))


def draw_words(picture: Picture, area: pygame.Rect, words: Words) -> None:
    """Draw the action and its event at the left, the happiness so far at the right."""
    width, height = area.size
    used = area.inflate(min(0, max(WIDEST, 7 * height) - width) - 2 * max(6, round(height * 0.18)), 0)
    if height < LARGE:
        _write_small(picture, used, words)
        return
    beside = used.width // 2 - lettering.width(JAR_CLOSED, round(height * 0.15)) // 2 - height // 6
    room = used.width // 2 - 2 * _cookie_size(height)
    _write_left(picture, used, words, room, beside)
    _write_right(picture, used, words, room, beside)


def _write_small(picture: Picture, used: pygame.Rect, words: Words) -> None:
    """Write the action at the left, the total at the right; below them the gain and the number of acts."""
    room, big, small = used.width // 2, 15, 10
    high, low = (0.28, 0.75) if used.height >= LEAST else (0.5, 0.0)
    middle, total = used.top + used.height * high, words.total
    height = lettering.fit(words.done, big, round(room * 1.2))
    picture.write(words.done, height, palette.INK, (used.left, middle), "left")
    height = lettering.fit(total.text, big, round(room * 0.8))
    picture.write(total.text, height, total.colour, (used.right, middle), "right")
    if low:
        middle = used.top + used.height * low
        picture.write(words.steps, small, palette.MUTED, (used.right, middle), "right")
        if words.gain is not None:
            picture.write(words.gain.text, small, words.gain.colour, (used.left, middle), "left")


def _write_left(picture: Picture, used: pygame.Rect, words: Words, room: int, beside: int) -> None:
    """Write the action, and below it the event with its happiness on a chip."""
    height = used.height
    big = lettering.fit(words.done, round(height * 0.31), room)
    picture.write(words.done, big, palette.INK, (used.left, used.top + height * 0.36), "left")
    if words.gain is None or words.phrase is None:
        return
    small, middle = round(height * 0.16), used.top + round(height * 0.75)
    wide, tall = _chip_size(words.gain, small)
    picture.stamp(_chip, words.gain, small, at=(used.left, middle - tall // 2), size=1)
    left = used.left + wide + small * 0.45
    small = lettering.fit(words.phrase, small, round(used.left + beside - left))
    picture.write(words.phrase, small, palette.INK, (left, middle + 1), "left")


def _write_right(picture: Picture, used: pygame.Rect, words: Words, room: int, beside: int) -> None:
    """Write the total, and below it the number of acts."""
    height, total, text = used.height, words.total, f"happiness, {words.steps}"
    big = lettering.fit(total.text, round(height * 0.36), room)
    picture.write(total.text, big, total.colour, (used.right, used.top + height * 0.36), "right")
    small = lettering.fit(text, round(height * 0.15), beside)
    picture.write(text, small, palette.MUTED, (used.right, used.top + height * 0.75), "right")


def _chip_size(gain: Amount, letters: int) -> tuple[int, int]:
    """Return width and height of a chip in pixels."""
    return lettering.width(gain.text, letters) + letters, round(letters * 1.55)


def _chip_box(gain: Amount, letters: int) -> Box:
    return (0.0, 0.0, *_chip_size(gain, letters))


@drawing(_chip_box)
def _chip(pen: Pen, gain: Amount, letters: int) -> None:
    """Draw a number on a round ground, from its upper left corner, in pixels."""
    width, height = _chip_size(gain, letters)
    pen.box(gain.colour, (0.0, 0.0, width, height), height / 2)
    pen.write(gain.text, letters, palette.WHITE, (width // 2, height // 2 + 1))
