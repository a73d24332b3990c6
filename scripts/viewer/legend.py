"""The legend of the overlays: the scale of the colours, and the signs; one for all pictures of a window."""

from collections.abc import Callable
from typing import NamedTuple

import pygame

from cookie_jar.envs import Action
from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.arrows import action_icon, arrow
from cookie_jar.envs.rendering.overlay import draw_colours
from cookie_jar.envs.rendering.picture import SurfacePicture
from cookie_jar.envs.rendering.words import number
from cookie_jar.scripts.common.value_scale import ValueScale
from cookie_jar.scripts.viewer.overlays import ARROWS, PROBABILITIES, TRAIL, VALUES

ROW = 1.7  # em of a row
LETTERS = 0.86  # em
GAP = 0.9  # em between two items
SIGNS = {
    Action.CHAIR: "chair",
    Action.CLIMB: "climb",
    Action.REACH: "reach",
    Action.PICK_MIDDLE: "pick",
}

Draw = Callable[[SurfacePicture, pygame.Rect], None]  # draws at the left of a rectangle, as tall as a row


class Item(NamedTuple):
    """A part of the legend that is not divided, its width in pixels, and what draws it."""

    width: int
    draw: Draw


def legend_rows(shown: set[str], scale: ValueScale, room: int, em: int) -> list[list[Item]]:
    """Return the legend in one row, or in two rows of similar width; what does not fit is left out.

    Args:
        shown: Names from `overlays.OVERLAYS`.
        scale: The values of the darkest and the brightest colour.
        room: The width of a row in pixels.
        em: The height of the letters of the window in pixels.
    """
    items, gap = _items(shown, scale, em), round(em * GAP)
    while items and _width(items, gap) > room:
        splits = [[items[:at], items[at:]] for at in range(1, len(items))]
        best = min(splits, key=lambda rows: max(_width(row, gap) for row in rows), default=[items])
        if max(_width(row, gap) for row in best) <= room:
            return best
        items = items[:-1]
    return [items] if items else []


def draw_legend(surface: pygame.Surface, area: pygame.Rect, rows: list[list[Item]], em: int) -> None:
    """Draw the rows of a legend in the middle of an area."""
    picture, gap, tall = SurfacePicture(surface), round(em * GAP), round(em * ROW)
    for index, row in enumerate(rows):
        left = area.left + (area.width - _width(row, gap)) // 2
        for item in row:
            item.draw(picture, pygame.Rect(left, area.top + index * tall, item.width, tall))
            left += item.width + gap


def _width(row: list[Item], gap: int) -> int:
    return sum(item.width for item in row) + gap * (len(row) - 1)


def _items(shown: set[str], scale: ValueScale, em: int) -> list[Item]:
    """Return the parts of the legend in the order of their importance."""
    items = []
    if VALUES in shown:
        items.append(_colours(scale, em))
    if PROBABILITIES in shown:
        items.append(_signed(_arrow(em), "probability of a walk", em))
    elif ARROWS in shown:
        items.append(_signed(_arrow(em), "best action: walk", em))
        items += [_signed(_icon(action, em), words, em) for action, words in SIGNS.items()]
    if shown & {VALUES, ARROWS, PROBABILITIES}:
        items.append(_signed(_question(em), "unknown", em))
    if TRAIL in shown:
        items.append(_signed(_trail(em), "trail", em))
    return items


def _colours(scale: ValueScale, em: int) -> Item:
    """Return the item with the lowest and the highest value beside their colours."""
    height, bar, space = round(em * LETTERS), round(em * 5), round(em * 0.4)
    low, high = f"value {number(scale.low)}", number(scale.high)
    widths = lettering.width(low, height), lettering.width(high, height)

    def draw(picture: SurfacePicture, rect: pygame.Rect) -> None:
        picture.write(low, height, palette.INK, (rect.left, rect.centery), "left")
        strip = pygame.Rect(rect.left + widths[0] + space, 0, bar, round(em * 0.75))
        strip.centery = rect.centery
        draw_colours(picture, strip)
        picture.write(high, height, palette.INK, (rect.right, rect.centery), "right")

    return Item(widths[0] + space + bar + space + widths[1], draw)


def _signed(sign: Item, words: str, em: int) -> Item:
    """Return an item with a sign and its meaning."""
    height, space = round(em * LETTERS), round(em * 0.35)

    def draw(picture: SurfacePicture, rect: pygame.Rect) -> None:
        sign.draw(picture, pygame.Rect(rect.left, rect.top, sign.width, rect.height))
        picture.write(words, height, palette.INK, (rect.right, rect.centery), "right")

    return Item(sign.width + space + lettering.width(words, height), draw)


def _arrow(em: int) -> Item:
    """Return the sign of a walk; 0.5 of its tile is drawn."""
    size = round(em * 2.6)
    return Item(
        round(size * 0.56), lambda picture, rect: picture.stamp(arrow, 3, 10, at=rect.center, size=size)
    )


def _icon(action: Action, em: int) -> Item:
    """Return the sign of an action other than a walk; 0.46 of its tile is drawn."""
    size = round(em * 2.9)
    return Item(
        round(size * 0.46),
        lambda picture, rect: picture.stamp(action_icon, action, at=rect.center, size=size),
    )


def _question(em: int) -> Item:
    return Item(
        round(em * 0.6), lambda picture, rect: picture.write("?", round(em * 1.1), palette.MUTED, rect.center)
    )


def _trail(em: int) -> Item:
    """Return a piece of the trail, which fades."""

    def draw(picture: SurfacePicture, rect: pygame.Rect) -> None:
        for share in range(4):
            part = pygame.Rect(rect.left + share * rect.width // 4, 0, -(-rect.width // 4), round(em * 0.3))
            part.centery = rect.centery
            picture.fill(palette.mix_colours(palette.PAPER, palette.SHIRT, 0.25 + share * 0.2), part)

    return Item(round(em * 1.6), draw)
