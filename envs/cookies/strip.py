"""The strip: the pictures of the cookies at the left, the middle and the right of the jar, side by side.

A place of the strip is a picture in a frame of `FRAME` pixels. The strip is black while the jar is closed; in
an open jar, frames and empty places have the colour of the glass.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Bools
from ..errors import OptionError, shown

SIZE = 32  # pixels of a picture
FRAME = 2
PLACE = SIZE + 2 * FRAME  # a strip less than 36 high is too small for the usual convolutions
STRIP = (PLACE, 3 * PLACE, 3)
GLASS = (196, 214, 220)

Bytes = NDArray[np.uint8]


def make_strips(pictures: Bytes, filled: Bools) -> Bytes:
    """Return the strips of open jars, uint8 [n, 36, 108, 3].

    Args:
        pictures: The pictures at the three places, uint8 [n, 3, 32, 32, 3].
        filled: Whether each cookie is still there [n, 3].
    """
    strips = np.empty((len(pictures), *STRIP), np.uint8)
    strips[:] = GLASS
    inside = _inside(strips)
    inside[filled] = pictures[filled]
    return strips


def place_pictures(strip: Any) -> Bytes:
    """Return the pictures at the three places of a strip, uint8 [3, 32, 32, 3], or of strips [n, ...].

    An empty place has the colour of the glass, or is black while the jar is closed; see `filled_places`.

    Raises:
        OptionError: If the array is not a strip.
    """
    return _inside(_checked(strip)).copy()


def filled_places(strip: Any) -> Bools:
    """Return whether a cookie is at each of the three places of a strip [3], or of strips [n, 3].

    Raises:
        OptionError: If the array is not a strip.
    """
    pictures = _inside(_checked(strip))
    filled: Bools = (pictures != pictures[..., :1, :1, :]).any(axis=(-3, -2, -1))
    return filled


def _inside(strips: Bytes) -> Bytes:
    """Return a view of the pictures inside of the frames, [..., 3, 32, 32, 3]."""
    places = strips.reshape(*strips.shape[:-3], PLACE, 3, PLACE, 3)
    inside = slice(FRAME, FRAME + SIZE)
    return np.moveaxis(places, -3, -4)[..., inside, inside, :]


def _checked(strip: Any) -> Bytes:
    try:
        array = np.asarray(strip)
    except ValueError:  # a ragged list
        array = np.zeros(())
    if array.dtype != np.uint8 or array.shape[-3:] != STRIP:
        got = f"{array.dtype} of shape {array.shape}" if isinstance(strip, np.ndarray) else shown(strip)
        raise OptionError(f"strip: expected uint8 of shape (..., {', '.join(map(str, STRIP))}), got {got}")
    return array
