"""New arrays from memory that nobody holds any more: fresh pages cost more than a step."""

from collections.abc import Callable
from functools import partial
from math import prod
from sys import getrefcount
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

SMALL = 1 << 16  # bytes; the allocator keeps memory of this size at hand
KEPT = 4  # blocks


def array_maker(shape: tuple[int, ...], kind: DTypeLike) -> Callable[[], NDArray[Any]]:
    """Return a function that returns arrays like `np.empty`, fast for large arrays, too."""
    kind = np.dtype(kind)
    small = prod(shape) * kind.itemsize < SMALL
    return partial(np.empty, shape, kind) if small else Recycled(shape, kind).new


class Recycled:
    """Makes arrays of one shape and type from blocks of memory that only this object knows.

    Each array is a view of a block. Every view of the array, too, refers to the block, whose reference count
    therefore tells whether anyone still holds one of them.

    Args:
        shape: The shape of the arrays.
        kind: Their type.
    """

    def __init__(self, shape: tuple[int, ...], kind: DTypeLike) -> None:
        self._shape, self._kind = shape, kind
        self._blocks = [np.empty((1, 0), kind)]
        (self._alone,) = self._references()
        self._blocks.clear()

    def new(self) -> NDArray[Any]:
        """Return an array whose content is undefined, and whose memory no other array in use shares."""
        references = self._references()
        if self._alone in references:
            return self._blocks[references.index(self._alone)][0]  # type: ignore[no-any-return]
        block = np.empty((1, *self._shape), self._kind)
        self._blocks = [*self._blocks[1 - KEPT :], block]
        return block[0]  # type: ignore[no-any-return]

    def _references(self) -> list[int]:
        """Return the reference count of each block."""
        return list(map(getrefcount, self._blocks))
