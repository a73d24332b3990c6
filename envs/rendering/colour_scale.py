"""The colours of values, from dark blue for the lowest to yellow for the highest."""

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
WARMTH = 0.2  # the share of the paper's colour in all of them


def value_colour(share: float) -> RGB:
    """Return the colour of a value between the lowest (share 0) and the highest (1)."""
    position = min(1.0, max(0.0, share)) * (len(_STOPS) - 1)
    stop = min(int(position), len(_STOPS) - 2)
    return palette.mix_colours(
        palette.mix_colours(_STOPS[stop], _STOPS[stop + 1], position - stop), palette.PAPER, WARMTH
    )


def colour_of(value: float, scale: tuple[float, float]) -> RGB:
    """Return the colour of a value on a scale (low, high); values beyond have the colours of its ends."""
    low, high = scale
    return value_colour((value - low) / (high - low) if high > low else 0.5)


def text_on(colour: RGB) -> RGB:
    """Return a colour for readable text on a ground of another colour."""
    return palette.BLACK if palette.brightness(colour) > 122 else palette.WHITE
