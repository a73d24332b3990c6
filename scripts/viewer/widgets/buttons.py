"""Buttons, and rows of them."""

from collections.abc import Sequence
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box
from cookie_jar.scripts.viewer.widgets.icons import button_icon

ICON_WIDTH = 1.0  # width of a button with an icon, in heights
GAP = 0.16  # heights between buttons


class Button(NamedTuple):
    """A button.

    Attributes:
        name: The command.
        words: The text, or "".
        icon: One of `icons.ICONS`, or "".
        on: Whether the button is switched on.
        why_not: Why the button is not available, in a few words; "" if it is. Others are greyed out.
        tip: What the button does; "" if the help for its key says that.
    """

    name: str
    words: str = ""
    icon: str = ""
    on: bool = False
    why_not: str = ""
    tip: str = ""

    @property
    def enabled(self) -> bool:
        """Whether the button is available."""
        return not self.why_not


def lay_out_buttons(area: pygame.Rect, buttons: Sequence[Button]) -> list[pygame.Rect]:
    """Return a place for each button, from left to right; buttons that do not fit have a width of 0."""
    height, left, places = area.height, float(area.left), []
    em = _em(height)
    for button in buttons:
        width = height * ICON_WIDTH if button.icon else height * 0.45
        width += lettering.width(button.words, em) + (height * 0.25 if button.words else 0)
        place = pygame.Rect(round(left), area.top, round(width), height)
        places.append(place if place.right <= area.right else pygame.Rect(area.right, area.top, 0, height))
        left += width + height * GAP
    return places


def draw_button(surface: pygame.Surface, place: pygame.Rect, button: Button, hovered: bool = False) -> None:
    """Draw a button at its place."""
    if not place.width:
        return
    ground, ink = _colours(button, hovered)
    round_box(surface, ground, place, max(3, place.height // 4))
    em, left = _em(place.height), float(place.left)
    if button.icon:
        side = place.height
        middle = place.left + side / 2, place.centery
        button_icon(button.icon, side, ink).stand(surface, *middle)
        left += side * 0.92
    else:
        left += place.height * 0.35
    if button.words:
        lettering.write(surface, button.words, em, ink, left=left, middle=place.centery + 1)


def _em(height: int) -> int:
    return max(lettering.SMALLEST, round(height * 0.46))


def _colours(button: Button, hovered: bool) -> tuple[palette.RGB, palette.RGB]:
    """Return the colours of the background and of the text."""
    if not button.enabled:
        return palette.PAPER_DARK, palette.mix_colours(palette.MUTED, palette.PAPER_DARK, 0.6)
    if button.on:
        return (palette.BAR if hovered else palette.BAR_BEST), palette.WHITE
    return (palette.LINE if hovered else palette.PAPER_DARK), palette.INK
