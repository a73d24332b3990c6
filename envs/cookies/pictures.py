"""Numbered pictures of cookies: the same number, the same picture, however it is asked for."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats, Ints
from ..checks import check_choice, check_integer
from ..dynamics import Cookie
from ..errors import OptionError, shown
from . import streams
from .looks import draw_dots, draw_looks
from .recipe import ATTRIBUTES, draw_attributes
from .shifts import SHIFTS, Shift

TRAIN_PICTURES = (0, 999_999)  # first and last number of the pictures to learn from
TEST_PICTURES = (1_000_000, 1_999_999)  # and of those to test on
NUMBERS = 2**53  # pictures in all
SIZES = (8, 256)  # the smallest and the largest width and height of a picture, in pixels
MAX_BYTES = 2**30  # of the pictures of one call
_CHUNK = 1024  # pictures drawn at a time, which bounds the memory for their looks


class Pictures(NamedTuple):
    """Numbered pictures of cookies.

    Attributes:
        pictures: Uint8 [n, size, size, 3], red, green and blue.
        kinds: Numbers of `Cookie`, int64 [n].
        attributes: Float64 [n, 5], as `cookies.recipe.draw_attributes` returns them.
        numbers: The numbers of the pictures, int64 [n].
    """

    pictures: NDArray[np.uint8]
    kinds: Ints
    attributes: Floats
    numbers: Ints


def picture_kinds(numbers: object, seed: int = 0) -> Ints:
    """Return the kinds of numbered pictures, of which each has the same probability.

    Args:
        numbers: Integers from 0 to 2**53 - 1 [n].
        seed: The seed of all pictures.

    Returns:
        Numbers of `Cookie`, int64 [n].

    Raises:
        OptionError: If an argument is impossible.
    """
    checked = _integers("numbers", numbers, NUMBERS)
    return streams.Stream(_seed(seed), checked, streams.KINDS).chosen(np.arange(len(Cookie)))


def draw_pictures(
    numbers: object,
    kinds: object = None,
    *,
    seed: int = 0,
    size: int = 32,
    mess: float = 0.3,
    shift: str = "none",
    cloth_share: float = 0.0,
) -> Pictures:
    """Draw numbered pictures of cookies.

    A picture depends on its number, its kind and the options alone. A number shows the same cookie in another
    size, under another shift and with more mess. With another kind, the same draws make a cookie of that
    kind.

    Args:
        numbers: Integers from 0 to 2**53 - 1 [n].
        kinds: Numbers of `Cookie` [n]; None for those of `picture_kinds`.
        seed: The seed of all pictures, a non-negative integer below 2**63.
        size: Width and height in pixels, from 8 to 256.
        mess: From 0 to 1: how much everything varies that does not depend on the kind.
        shift: A name from `cookies.shifts.SHIFTS`.
        cloth_share: The share of pictures whose table cloth gives the kind away, from 0 to 1.

    Raises:
        OptionError: If an argument is impossible, or if the pictures need more than 1 GiB.
    """
    size = check_integer("size", size, *SIZES)
    checked = _integers("numbers", numbers, NUMBERS, MAX_BYTES // (3 * size * size))
    which = picture_kinds(checked, seed) if kinds is None else _integers("kinds", kinds, len(Cookie))
    if len(which) != len(checked):
        raise OptionError(f"kinds: expected one for each of {len(checked)} numbers, got {len(which)}")
    seed, change = _seed(seed), SHIFTS[check_choice("shift", shift, list(SHIFTS))]
    mess = max(_share("mess", mess), change.mess)
    cloth_share = max(_share("cloth_share", cloth_share), change.cloth_share)
    pictures = np.empty((len(checked), size, size, 3), np.uint8)
    attributes = np.empty((len(checked), len(ATTRIBUTES)))
    for start in range(0, len(checked), _CHUNK):
        part = slice(start, start + _CHUNK)
        some = (seed, checked[part], which[part])
        attributes[part] = _render(*some, pictures[part], change, mess, cloth_share)
    return Pictures(pictures, which, attributes, checked)


def _render(
    seed: int,
    numbers: Ints,
    kinds: Ints,
    out: NDArray[np.uint8],
    shift: Shift,
    mess: float,
    cloth_share: float,
) -> Floats:
    """Fill `out` with pictures and return their attributes."""
    from .renderer import render

    uniforms = streams.Stream(seed, numbers, streams.ATTRIBUTES).uniforms(len(ATTRIBUTES))
    attributes = draw_attributes(kinds, uniforms)
    looks = draw_looks(seed, numbers, kinds, attributes, shift, mess, cloth_share)
    noise = streams.keys(seed, numbers, streams.NOISE)
    render(looks, draw_dots(seed, numbers), attributes, noise, out)
    return attributes


def _integers(option: str, values: Any, above: int, most: int = MAX_BYTES) -> Ints:
    """Return at most `most` integers from 0 to below a limit, int64 [n].

    The length is checked first, because a range can be longer than memory.
    """
    try:
        length = len(values)
    except OverflowError:
        length = most + 1
    except TypeError:
        length = 0
    if length > most:
        wanted = f"at most {most:,} in one call, which take 1 GiB"
        raise OptionError(f"{option}: expected {wanted}, got {shown(values)}")
    try:
        array = np.asarray(values)
    except (TypeError, ValueError, OverflowError):
        array = np.empty(0)
    whole = array.ndim == 1 and array.size > 0 and array.dtype.kind in "iu"
    if isinstance(values, (list, tuple)):  # NumPy takes a bool among integers for an integer
        whole = whole and not any(isinstance(value, (bool, np.bool_)) for value in values)
    if not whole or array.min() < 0 or array.max() >= above:
        wanted = f"at least one integer in one dimension, each from 0 to {above - 1}"
        raise OptionError(f"{option}: expected {wanted}, got {shown(values)}")
    return array.astype(np.int64)


def _share(option: str, value: Any) -> float:
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if number and 0 <= value <= 1:
        return float(value)
    raise OptionError(f"{option}: expected a number from 0 to 1, got {shown(value)}")


def _seed(seed: object) -> int:
    return check_integer("seed", seed, 0, 2**63 - 1)
