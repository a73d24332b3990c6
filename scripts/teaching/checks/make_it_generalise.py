"""Exercise 12: pictures that the student has changed, so that a classifier cannot see the cloth."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.teaching.checks.albums import LEARN, SIZE, TEST, accuracies, album, tests
from cookie_jar.scripts.teaching.faults import Answers, FaultError, is_number, shown, value_of

NAME = "prepared"
ENOUGH, GUESSING, SHORTCUT = 50, 40, 20  # per cent


def questions() -> dict[str, list[list[Any]]]:
    """Return a call for each picture."""
    return {NAME: [[picture] for picture in _originals().tolist()]}


def judge(answers: Answers) -> str:
    """Check the changed pictures, then the accuracy of a classifier that learned from them."""
    pictures = _pictures(value_of(answers, NAME))
    if np.array_equal(pictures, _originals()):
        same, other = _accuracies(pictures)
        raise FaultError(
            f"{NAME}: the pictures are as they were, and so is the result: {same:.0f} % in the album, "
            f"{other:.0f} % in the other one; expected at least {ENOUGH} % there. Which pixels never show a "
            "cookie?"
        )
    if len(np.unique(pictures.reshape(len(pictures), -1), axis=0)) == 1:
        raise FaultError(
            f"{NAME}: now all pictures are the same, and nothing can be learned. Keep the cookie."
        )
    same, other = _accuracies(pictures)
    found = f"right for {same:.0f} % in the album, and for {other:.0f} % in the other one"
    if other >= ENOUGH:
        return (
            f"The classifier is {found}. It lost what was wrong and kept what holds everywhere: less in the "
            "album, much more elsewhere."
        )
    if other < SHORTCUT:
        reason = "It can still see enough of the cloth: take more of it away."
    elif same < GUESSING:
        reason = "It guesses (a third is luck): too little of the cookie is left."
    else:
        reason = "Some of the cloth is left, or too little of the cookie: move the border."
    raise FaultError(f"{NAME}: the classifier is {found}; expected at least {ENOUGH} % there. {reason}")


def _originals() -> NDArray[np.uint8]:
    return np.concatenate([album().pictures, *(test.pictures for test in tests())])


def _accuracies(pictures: NDArray[np.uint8]) -> list[float]:
    return accuracies(*np.split(pictures, [LEARN, LEARN + TEST]))


def _pictures(results: Any) -> NDArray[np.uint8]:
    """Return the changed pictures."""
    try:
        array = np.array(results)
    except ValueError:  # ragged
        array = np.empty(0)
    if array.shape[1:] != (SIZE, SIZE, 3) or array.dtype.kind not in "iuf":
        for picture in results:
            _check_shape(picture)
    if array.min() < 0 or array.max() > 255:
        worst = array.min() if array.min() < 0 else array.max()
        raise FaultError(f"{NAME}: expected colours from 0 to 255, found {worst:g}.")
    return array.round().astype(np.uint8)


def _check_shape(picture: Any) -> None:
    if picture is None:
        raise FaultError(f"{NAME}: expected a picture, found nothing (None). Does the function `return` it?")
    if not isinstance(picture, list) or len(picture) != SIZE:
        raise FaultError(
            f"{NAME}: expected a list of {SIZE} rows, found {shown(picture)}. Paint over, do not cut off."
        )
    for row in picture:
        if not isinstance(row, list) or len(row) != SIZE:
            raise FaultError(
                f"{NAME}: expected {SIZE} pixels in each row, found {shown(row)}. Paint over, do not cut off."
            )
        for pixel in row:
            if not (isinstance(pixel, list) and len(pixel) == 3 and all(map(is_number, pixel))):
                raise FaultError(
                    f"{NAME}: expected a pixel of three numbers, [red, green, blue], found {shown(pixel)}."
                )
