"""A slider: a name, a number, and a knob on a line."""

from math import exp, log
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box

KNOB = 0.18  # relative to the height of a slider


class Slider(NamedTuple):
    """A number that the user can change.

    Attributes:
        name: The name.
        value: The current value.
        low: The smallest value.
        high: The greatest value.
        log: Whether the scale is logarithmic; needs `low` above 0.
        form: The format string of the value.
    """

    name: str
    value: float
    low: float
    high: float
    log: bool = False
    form: str = "{:.2f}"

    @property
    def share(self) -> float:
        """The position of the value between `low` (0) and `high` (1)."""
        low, high, value = self.low, self.high, min(max(self.value, self.low), self.high)
        if self.log:
            return log(value / low) / log(high / low)
        return (value - low) / (high - low)

    def at(self, area: pygame.Rect, x: float) -> "Slider":
        """Return the slider with the value at a pixel."""
        groove = _groove(area)
        share = min(1.0, max(0.0, (x - groove.left) / max(1, groove.width)))
        if self.log:
            return self._replace(value=self.low * exp(share * log(self.high / self.low)))
        return self._replace(value=self.low + share * (self.high - self.low))


def _groove(area: pygame.Rect) -> pygame.Rect:
    """Return the line on which the middle of the knob moves."""
    knob = round(area.height * KNOB)
    return pygame.Rect(area.left + knob, area.top + round(area.height * 0.68), area.width - 2 * knob, 0)


def draw_slider(surface: pygame.Surface, area: pygame.Rect, slider: Slider, held: bool = False) -> None:
    """Draw a slider: name and value above, the knob below."""
    groove, knob = _groove(area), round(area.height * KNOB)
    em = max(lettering.SMALLEST, round(area.height * 0.3))
    middle = area.top + area.height * 0.24
    number = slider.form.format(slider.value)
    wrote = lettering.write(surface, number, em, palette.INK, right=area.right, middle=middle)
    name = lettering.ellipsis(slider.name, em, wrote.left - area.left - em)
    lettering.write(surface, name, em, palette.MUTED, left=area.left, middle=middle)
    thick = max(4, round(area.height * 0.1))
    line = pygame.Rect(groove.left, groove.top - thick // 2, groove.width, thick)
    round_box(surface, palette.LINE, line, thick // 2)
    x = groove.left + round(slider.share * groove.width)
    round_box(surface, palette.BAR, pygame.Rect(line.left, line.top, x - line.left, thick), thick // 2)
    pygame.draw.aacircle(surface, palette.BAR_BEST, (x, groove.top), knob)
    pygame.draw.aacircle(surface, palette.BAR if held else palette.PAPER, (x, groove.top), knob - 3)
