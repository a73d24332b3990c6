"""The colours of values: dark blue to yellow, even in brightness, for colour-blind viewers too."""

from . import palette
from .palette import RGB

# Cividis (Nunez, Anderton and Renslow 2018), at nine even steps.
_STOPS: tuple[RGB, ...] = (
    (0, 34, 78),
    (24, 55, 110),
    (65, 77, 108),
    (96, 100, 113),
    (124, 123, 120),
    (155, 147, 118),
    (189, 174, 108),
    (224, 203, 87),
    (254, 232, 56),
)


WARMTH = 0.2  # how much of the paper's colour is in all of them


def value_colour(share: float) -> RGB:
    """The colour of a value between the lowest (share 0) and the highest (1)."""
    position = min(1.0, max(0.0, share)) * (len(_STOPS) - 1)
    stop = min(int(position), len(_STOPS) - 2)
    return palette.mix(palette.mix(_STOPS[stop], _STOPS[stop + 1], position - stop), palette.PAPER, WARMTH)


def text_on(colour: RGB) -> RGB:
    """A colour for text that can be read on another one."""
    return palette.BLACK if palette.brightness(colour) > 122 else palette.WHITE
