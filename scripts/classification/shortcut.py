"""A test whether something other than the cookie gives the kind away: the colour of the pictures' corners."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CORNER = 16  # a corner is this part of the picture's width
ERROR = 1e-4  # probability of a warning if the corners do not depend on the kind


class Shortcut(NamedTuple):
    """How well the corners of the pictures predict the kind.

    Attributes:
        accuracy: The share of held-out pictures whose kind the corners tell.
        chance: The share of the most frequent kind among them.
        pictures: The number of held-out pictures.
        probability: The probability of at least this accuracy if the corners do not depend on the kind.
        smallest: The same for an accuracy of 1: with too few pictures, no accuracy is significant.
    """

    accuracy: float
    chance: float
    pictures: int
    probability: float
    smallest: float

    @property
    def found(self) -> bool:
        """Whether the corners predict the kind better than chance, with the error probability `ERROR`."""
        return self.probability < ERROR

    @property
    def testable(self) -> bool:
        """Whether there are enough pictures for a significant result."""
        return self.smallest < ERROR


def find_shortcut(pictures: NDArray[np.uint8], labels: NDArray[np.int64]) -> Shortcut:
    """Predict the kinds of one half of the pictures from the other half, by the colours of the corners.

    Each picture is given the most frequent kind among its nearest neighbours. The error probability is that
    of a one-sided binomial test: if the corners do not depend on the kind, an answer is right with at most
    the share of the most frequent kind.

    Args:
        pictures: uint8 [n, S, S, 3], n at least 2.
        labels: int64 [n].
    """
    from scipy.spatial import KDTree
    from scipy.stats import binom

    order = np.random.default_rng(0).permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    known, asked = order[::2], order[1::2]  # halves with the same shares of the kinds
    colours = corner_colours(pictures)
    neighbours = max(1, round(np.sqrt(len(known)) / 2))
    _, nearest = KDTree(colours[known]).query(colours[asked], neighbours)
    votes = labels[known][nearest.reshape(len(asked), neighbours)]
    counts = np.stack([(votes == label).sum(axis=1) for label in range(labels.max() + 1)])
    right = int((counts.argmax(axis=0) == labels[asked]).sum())
    chance = np.bincount(labels[asked]).max() / len(asked)
    n = len(asked)
    return Shortcut(
        right / n, float(chance), n, float(binom.sf(right - 1, n, chance)), float(binom.sf(n - 1, n, chance))
    )


def corner_colours(pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the median colours of the four corners taken together, float64 [n, 3].

    A neighbouring cookie that covers one corner does not change a median much.
    """
    side = -(-pictures.shape[1] // CORNER)
    ends = (slice(None, side), slice(-side, None))
    corners = [pictures[:, rows, columns].reshape(len(pictures), -1, 3) for rows in ends for columns in ends]
    return np.median(np.concatenate(corners, axis=1), axis=1)


def count_copies(pictures: NDArray[np.uint8]) -> int:
    """Return the number of pictures that are equal to an earlier one."""
    return len(pictures) - len({picture.tobytes() for picture in pictures})
