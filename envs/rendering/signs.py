"""Signs of what happened: speech bubbles, a star where it bumps, sparkles, hearts, and so on."""

from functools import lru_cache
from math import cos, pi, sin

import pygame

from ..dynamics import Action, Event
from ..kitchen import MOVES, Kitchen
from . import lettering, palette
from .canvas import Canvas, Point, Sprite, trimmed
from .child import MIDDLE
from .frame import Frame
from .layout import Layout
from .pose import Pose, jar_foot

WORDS = {
    Event.BUMP: "ouch!",
    Event.VAIN: "too high!",
    Event.OPEN: "reached!",
    Event.YUCK: "yuck!",
    Event.YUM: "yum!",
    Event.NOTHING: "?",
}
LEAST_LETTERS = 11  # pixels


def draw_signs(
    picture: pygame.Surface, layout: Layout, kitchen: Kitchen, now: Pose, frame: Frame
) -> list[pygame.Rect]:
    """Draw the mark and the words of an event, as far as they have grown; returns where they are."""
    event, tile = frame.event, layout.tile
    if event is None or now.sign <= 0.0:
        return []
    rects = []
    if event in _MARKS:
        place = layout.pixel(_marked(now, frame, jar_foot(kitchen)))
        rects.append(_mark(tile, event, max(1, round(now.sign * 6))).stand(picture, *place))
    if event in WORDS:
        head = layout.pixel((now.child[0], now.child[1] + MIDDLE))
        height = max(LEAST_LETTERS, round(tile * 0.2))
        middle = layout.pixel((kitchen.places[frame.state.child][1] + 0.5, 0.0))[0]
        end = middle + tile * 0.4 + lettering.width(WORDS[event], height) + height
        bubble = _bubble(WORDS[event], height, end < picture.get_width())
        side = 1 if end < picture.get_width() else -1
        x, y = head[0] + side * tile * 0.33, max(head[1] - tile * 0.1, bubble.anchor[1] + 2)
        bubble = bubble if now.sign == 1.0 else _grown(bubble, 0.4 + 0.6 * now.sign)
        rects.append(bubble.stand(picture, x, y))
    return rects


def _marked(now: Pose, frame: Frame, foot: Point) -> Point:
    """Where the mark of the event belongs; `foot` is that of the jar."""
    x, y = now.child
    if frame.event == Event.BUMP:
        down, right = MOVES[min(frame.action or 0, Action.RIGHT)]
        return x + right * 0.48, y - 0.42 + down * 0.5
    if frame.event == Event.OPEN:
        return foot[0], foot[1] - 0.5
    if frame.event == Event.VAIN:
        return x, y - 1.18
    if frame.event in (Event.PUT, Event.LIFT):
        return now.chair
    return (x, y) if frame.event in (Event.UP, Event.DOWN) else (x, y + MIDDLE)


def _grown(sprite: Sprite, size: float) -> Sprite:
    surface = pygame.transform.smoothscale_by(sprite.surface, size)
    return Sprite(surface, (round(sprite.anchor[0] * size), round(sprite.anchor[1] * size)))


@lru_cache(maxsize=32)
def _bubble(words: str, height: int, right: bool) -> Sprite:
    """A speech bubble whose anchor is the end of its tail; lengths in letter heights."""
    side = 1 if right else -1
    wide = max(1.3, lettering.width(words, height) / height + 0.9)
    near, far = 0.35, 0.35 + wide
    left, end = (near, far) if right else (-far, -near)
    canvas = Canvas(height, (left - 0.5, -1.6, end + 0.5, 0.5))
    tail = [(side * (near + 0.2), -0.75), (0.0, 0.1), (side * (near + 0.75), -0.3)]
    for grow, colour in ((0.1, palette.INK), (0.0, palette.WHITE)):
        canvas.line(colour, [*tail, tail[0]], 0.06 + 2 * grow)
        canvas.polygon(colour, tail)
        canvas.box(colour, (left - grow, -1.45 - grow, end + grow, -0.1 + grow), 0.6)
    canvas.polygon(palette.WHITE, tail)
    sprite = canvas.sheet()
    middle = sprite.anchor[0] + (left + end) / 2 * height, sprite.anchor[1] - 0.78 * height
    text = lettering.line(words, height, palette.INK).premul_alpha()
    place = text.get_rect(center=(round(middle[0]), round(middle[1])))
    sprite.surface.blit(text, place, special_flags=pygame.BLEND_PREMULTIPLIED)
    return trimmed(sprite)


@lru_cache(maxsize=64)
def _mark(tile: int, event: Event, sixths: int) -> Sprite:
    """The mark of an event; it grows in six steps."""
    canvas = Canvas(tile, (-0.75, -0.75, 0.75, 0.75))
    _MARKS[event](canvas, sixths / 6)
    return canvas.sprite()


def _star(canvas: Canvas, grown: float) -> None:
    """A star where it hurts."""
    size = 0.25 * grown
    points = [
        (r * cos(pi * k / 7), r * sin(pi * k / 7))
        for k, r in ((k, size if k % 2 == 0 else size * 0.52) for k in range(14))
    ]
    canvas.polygon(palette.STAR, points, palette.UNHAPPY)
    canvas.circle(palette.WHITE, (0.0, 0.0), size * 0.3)


def _strain(canvas: Canvas, grown: float) -> None:
    """Dashes above the hands: it does not get there."""
    for x, tall in ((-0.34, 0.1), (0.0, 0.16), (0.34, 0.1)):
        ends = [(x, 0.02), (x, -tall * grown)]
        canvas.line(palette.WHITE, ends, 0.075)
        canvas.line(palette.UNHAPPY, ends, 0.04)


def _sparkles(canvas: Canvas, grown: float) -> None:
    """Light around the open jar."""
    for x, y, size in ((-0.5, -0.26, 0.13), (-0.2, -0.4, 0.09), (0.3, -0.3, 0.08), (-0.62, 0.08, 0.08)):
        r = size * grown
        star = [(0, -r), (r / 4, -r / 4), (r, 0), (r / 4, r / 4), (0, r), (-r / 4, r / 4), (-r, 0)]
        star.append((-r / 4, -r / 4))
        canvas.polygon(palette.STAR, [(x + u, y + v) for u, v in star], palette.CHAIR_EDGE)


def _hearts(canvas: Canvas, grown: float) -> None:
    for x, y, size in ((-0.44, 0.06, 0.1), (-0.37, -0.2, 0.07), (-0.54, -0.1, 0.05)):
        for edge, colour in ((0.02, palette.LID_EDGE), (0.0, palette.LID)):
            _heart(canvas, colour, (x, y), size * grown, edge)


def _heart(canvas: Canvas, colour: palette.RGB, middle: Point, size: float, edge: float) -> None:
    x, y = middle
    for side in (-1, 1):
        canvas.circle(colour, (x + side * size * 0.55, y), size * 0.62 + edge)
    wide = size * 1.12 + edge
    tip = y + size * 1.4 + edge * 1.4
    canvas.polygon(colour, [(x - wide, y + size * 0.2), (x, tip), (x + wide, y + size * 0.2)])


def _swirl(canvas: Canvas, grown: float) -> None:
    """A scribble over a head that is not amused."""
    points = [
        (-0.42 + 0.15 * r * cos(a), -0.12 + 0.13 * r * sin(a))
        for a, r in ((0.6 * k, 0.12 + k / 22) for k in range(round(4 + 16 * grown)))
    ]
    canvas.line(palette.WHITE, points, 0.085)
    canvas.line(palette.INK, points, 0.045)


def _puffs(canvas: Canvas, grown: float) -> None:
    """Dust where something was put down or jumped from."""
    for side in (-1, 1):
        for x, y, size in ((0.42, -0.04, 0.055), (0.53, -0.1, 0.035)):
            canvas.circle(palette.PAPER, (side * x * (0.7 + 0.3 * grown), y), size, palette.WORKTOP_EDGE)


def _lifted(canvas: Canvas, grown: float) -> None:
    """Dashes below something that hangs in the air."""
    for x in (-0.18, 0.0, 0.18):
        _dash(canvas, (x, 0.15), (x, 0.15 - 0.12 * grown))


def _risen(canvas: Canvas, grown: float) -> None:
    """Dashes at both sides of somebody who came up."""
    for side in (-1, 1):
        for x, low, high in ((0.42, 0.0, 0.3), (0.5, -0.06, 0.12)):
            _dash(canvas, (side * x, -low), (side * x, -low - (high - low) * grown))


def _dash(canvas: Canvas, start: Point, end: Point) -> None:
    canvas.line(palette.WHITE, [start, end], 0.07)
    canvas.line(palette.MUTED, [start, end], 0.035)


_MARKS = {
    Event.BUMP: _star,
    Event.VAIN: _strain,
    Event.OPEN: _sparkles,
    Event.YUM: _hearts,
    Event.YUCK: _swirl,
    Event.PUT: _puffs,
    Event.DOWN: _puffs,
    Event.LIFT: _lifted,
    Event.UP: _risen,
}
