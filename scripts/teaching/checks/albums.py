"""Two albums of cookie pictures, and a classifier: the data of the last two exercises."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import SoftmaxClassifier
from cookie_jar.envs import TEST_PICTURES, Pictures, draw_pictures
from cookie_jar.envs.cookies.shifts import SHORTCUT_SHARE

SIZE, LEARN, TEST = 16, 200, 100  # pixels; pictures
EPOCHS = 20


@cache
def album() -> Pictures:
    """Return the pictures to learn from: most cloths give the kind away."""
    return draw_pictures(range(LEARN), size=SIZE, cloth_share=SHORTCUT_SHARE)


@cache
def tests() -> tuple[Pictures, Pictures]:
    """Return new pictures of the album, and of the other album, in which the cloths are swapped."""
    numbers = range(TEST_PICTURES[0], TEST_PICTURES[0] + TEST)
    same = draw_pictures(numbers, size=SIZE, cloth_share=SHORTCUT_SHARE)
    return same, draw_pictures(numbers, size=SIZE, shift="swapped")


def accuracies(learn: NDArray[Any], *samples: NDArray[Any]) -> list[float]:
    """Learn from pictures of the album, and return the percentage of right answers for each of the tests.

    Args:
        learn: The pictures of the album, uint8 [n, H, W, 3], changed in some way.
        samples: The pictures of the tests, changed in the same way.
    """
    classifier = SoftmaxClassifier(epochs=EPOCHS, seed=0).fit(np.ascontiguousarray(learn), album().kinds)
    pairs = zip(samples, tests(), strict=True)
    return [100 * classifier.score(np.ascontiguousarray(pictures), test.kinds) for pictures, test in pairs]
