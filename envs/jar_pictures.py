"""The pictures of the cookies in the jar: chosen by number for each episode, drawn when the jar is open."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import Bools, Floats, Ints
from .cookies.strip import SIZE, STRIP, make_strips
from .dynamics import ARRANGEMENTS, CLOSED
from .errors import OptionError, shown
from .levels import unseen

PICTURE_COUNT = 1 << 32  # numbers that can be asked for
PLACES = 3
DRAWN_AT_ONCE = 10_000  # environments

Pixels = NDArray[np.uint8]


class JarPictures:
    """The pictures of the cookies in the jars of n environments.

    Args:
        number: The number n of environments.
        pictures: The first and the last number of the pictures to draw from.

    Attributes:
        numbers: The number of the picture at each place [n, 3].
    """

    def __init__(self, number: int, pictures: tuple[int, int]) -> None:
        first, last = pictures
        self._first, self._count = first, last - first + 1
        self.numbers = np.full((number, PLACES), first, np.int64)
        self._pictures = np.zeros((number, PLACES, SIZE, SIZE, 3), np.uint8)
        self._drawn = np.full(number, -1)  # the arrangement that the pictures show; -1 before they are drawn

    def start(self, indices: Ints, random: Floats) -> None:
        """Choose the pictures of new episodes, given random numbers from [0, 1) for each place [n, 3]."""
        self.choose(indices, self._first + (random * self._count).astype(np.int64))

    def choose(self, indices: Ints, numbers: Ints) -> None:
        """Set the numbers of the pictures of some environments, [n, 3] or [3]."""
        self.numbers[indices] = numbers
        self._drawn[indices] = -1

    def pictures(self, indices: Ints, arrangement: Ints) -> Pixels:
        """Return the pictures of the cookies in some environments, uint8 [n, 3, 32, 32, 3].

        Args:
            indices: The environments [n].
            arrangement: The order of the cookies in each [n], as in `State`.
        """
        missing = self._drawn[indices] != arrangement
        if missing.any():
            self._draw(indices[missing], arrangement[missing])
        return self._pictures[indices]

    def _draw(self, indices: Ints, arrangement: Ints) -> None:
        from .cookies.pictures import draw_pictures  # compiles the drawing

        for first in range(0, len(indices), DRAWN_AT_ONCE):
            new, order = (part[first : first + DRAWN_AT_ONCE] for part in (indices, arrangement))
            drawn = draw_pictures(self.numbers[new].ravel(), ARRANGEMENTS[order].ravel(), size=SIZE)
            self._pictures[new] = drawn.pictures.reshape(-1, PLACES, SIZE, SIZE, 3)
            self._drawn[new] = order

    def strips(self, indices: Ints, jar: Ints, arrangement: Ints) -> Pixels:
        """Return the strips of some environments, uint8 [n, 36, 108, 3]; black where the jar is closed.

        Args:
            indices: The environments [n].
            jar: As in `State` [n].
            arrangement: As in `State` [n].
        """
        strips = np.zeros((len(indices), *STRIP), np.uint8)
        (opened,) = (jar != CLOSED).nonzero()
        if len(opened):
            pictures = self.pictures(indices[opened], arrangement[opened])
            strips[opened] = make_strips(pictures, filled(jar[opened]))
        return strips


def filled(jar: Ints) -> Bools:
    """Return whether a cookie can be seen at each place of some jars [n, 3]; none in a closed jar."""
    places: Bools = (jar[:, None] >> np.arange(PLACES) & 1 == 1) & (jar[:, None] != CLOSED)
    return places


def check_pictures(observation: str, pictures: object) -> tuple[int, int] | None:
    """Return the first and the last number of the pictures to draw from; None for other observations.

    Raises:
        OptionError: If `pictures` is not such a range, or the observation has no pictures.
    """
    if observation != "pictures":
        if pictures is not None:
            raise OptionError(f"pictures: expected none with observation={shown(observation)}")
        return None
    if pictures is None:
        from .cookies.pictures import TRAIN_PICTURES

        return TRAIN_PICTURES
    if isinstance(pictures, (tuple, list)) and len(pictures) == 2 and all(map(_is_number, pictures)):
        first, last = map(int, pictures)
        if first <= last:
            return first, last
    expected = f"(first, last) with 0 <= first <= last < {PICTURE_COUNT}"
    raise OptionError(f"pictures: expected {expected}, got {shown(pictures)}")


def unseen_pictures(pictures: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return the first and the last picture to test on, or None if training may see some of them."""
    if pictures is None:
        return None
    from .cookies.pictures import TEST_PICTURES

    return unseen(TEST_PICTURES, pictures)


def check_picture_numbers(numbers: Any, environments: int) -> Ints:
    """Return the numbers of pictures as an array [3], or [n, 3] if given for each of n environments.

    Raises:
        OptionError: If they are not such numbers.
    """
    try:
        array = np.asarray(numbers)
    except (ValueError, OverflowError):  # a ragged list, or numbers too large
        array = np.zeros(())
    right = array.dtype.kind in "iu" and array.shape in ((PLACES,), (environments, PLACES))
    if not right or (array < 0).any() or (array >= PICTURE_COUNT).any():
        expected = f"three numbers below {PICTURE_COUNT}, for left, middle and right"
        raise OptionError(f"pictures: expected {expected}, got {shown(numbers)}")
    return array.astype(np.int64)


def _is_number(value: object) -> bool:
    integer = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    return integer and 0 <= value < PICTURE_COUNT  # type: ignore[operator]
