"""A slider: a name, a knob on a line, and a number."""

from collections.abc import Callable
from math import exp, log
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box

KNOB = 0.18  # relative to the height of a slider
LETTERS = 0.3  # relative to the height of a slider


class Slider(NamedTuple):
    """A number that the user can change.

    Attributes:
        name: The name.
        value: The current value.
        low: The smallest value.
        high: The greatest value.
        log: Whether the scale is logarithmic; needs `low` above 0.
        words: Function that returns a value as text.
        tip: What the number is.
    """

    name: str
    value: float
    low: float
    high: float
    log: bool = False
    words: Callable[[float], str] = "{:.2f}".format
    tip: str = ""

    @property
    def share(self) -> float:
        """The position of the value between `low` (0) and `high` (1)."""
        low, high, value = self.low, self.high, min(max(self.value, self.low), self.high)
        if self.log:
            return log(value / low) / log(high / low)
        return (value - low) / (high - low)

    def at(self, area: pygame.Rect, x: float) -> "Slider":
        """Return the slider with the value at a pixel."""
        groove = self.groove(area)
        share = min(1.0, max(0.0, (x - groove.left) / max(1, groove.width)))
        if self.log:
            return self._replace(value=self.low * exp(share * log(self.high / self.low)))
        return self._replace(value=self.low + share * (self.high - self.low))

    def groove(self, area: pygame.Rect) -> pygame.Rect:
        """Return the line on which the middle of the knob moves, in the place of a slider."""
        knob, em = round(area.height * KNOB), _em(area.height)
        room = max(lettering.width(self.words(value), em) for value in (self.low, self.high)) + em // 2
        middle = area.top + round(area.height * 0.7)
        return pygame.Rect(area.left + knob, middle, max(1, area.width - room - 2 * knob), 0)


def width_of(slider: Slider, height: int) -> int:
    """Return the pixels that the name of a slider of some height needs."""
    return lettering.width(slider.name, _em(height))


def _em(height: int) -> int:
    return max(lettering.SMALLEST, round(height * LETTERS))


def draw_slider(surface: pygame.Surface, area: pygame.Rect, slider: Slider, held: bool = False) -> None:
    """Draw a slider: the name above, the knob and the value below."""
    groove, knob, em = slider.groove(area), round(area.height * KNOB), _em(area.height)
    small = lettering.fit(slider.name, em, area.width)
    middle = area.top + area.height * 0.22
    lettering.write(surface, slider.name, small, palette.MUTED, left=area.left, middle=middle)
    number = slider.words(slider.value)
    lettering.write(surface, number, em, palette.INK, right=area.right, middle=groove.top + 1)
    thick = max(4, round(area.height * 0.1))
    line = pygame.Rect(groove.left, groove.top - thick // 2, groove.width, thick)
    round_box(surface, palette.LINE, line, thick // 2)
    x = groove.left + round(slider.share * groove.width)
    round_box(surface, palette.BAR, pygame.Rect(line.left, line.top, x - line.left, thick), thick // 2)
    pygame.draw.aacircle(surface, palette.BAR_BEST, (x, groove.top), knob)
    pygame.draw.aacircle(surface, palette.BAR if held else palette.PAPER, (x, groove.top), knob - 3)
