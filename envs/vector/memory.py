"""New arrays in memory that is no longer referenced: fresh pages take longer than a step."""

from collections.abc import Callable
from functools import partial
from itertools import accumulate
from math import prod
from sys import getrefcount
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

SMALL = 1 << 16  # bytes; the allocator keeps memory of this size at hand
KEPT = 4  # blocks

Block = NDArray[np.uint8]
Sections = tuple[NDArray[Any], ...]


def array_maker(shape: tuple[int, ...], kind: DTypeLike) -> Callable[[], NDArray[Any]]:
    """Return a function that returns arrays like `np.empty`, also fast for large arrays."""
    kind = np.dtype(kind)
    if prod(shape) * kind.itemsize < SMALL:
        return partial(np.empty, shape, kind)
    return Blocks(shape, kind).first


class Blocks:
    """Blocks of memory for one or more arrays of one shape, used again when no reference is left.

    An array that is handed out is a view of a block that only this object knows. Every view of the array
    refers to the block, too, so the reference count of the block shows whether any of them is still in use.

    Args:
        shape: The shape of the arrays.
        kinds: The type of each array, those with larger items first.
    """

    def __init__(self, shape: tuple[int, ...], *kinds: DTypeLike) -> None:
        self._shape, self._kinds = shape, [np.dtype(kind) for kind in kinds]
        self._blocks: list[tuple[Block, Sections]] = []
        for block in [self._new()]:
            self._alone = getrefcount(block[0])

    def take(self) -> tuple[Block, Sections]:
        """Return a block, uint8, and the arrays that it consists of: hand out views `array[...]` only."""
        for block in self._blocks:
            if getrefcount(block[0]) == self._alone:
                return block
        self._blocks = [*self._blocks[1 - KEPT :], self._new()]
        return self._blocks[-1]

    def first(self) -> NDArray[Any]:
        """Return a new view of the first array of a block."""
        _, (array, *_) = self.take()
        return array[...]

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave the blocks out of pickles and copies, where arrays would no longer be views of them."""
        return Blocks, (self._shape, *self._kinds)

    def _new(self) -> tuple[Block, Sections]:
        sizes = [prod(self._shape) * kind.itemsize for kind in self._kinds]
        block = np.empty(sum(sizes), np.uint8)
        ends = accumulate(sizes)
        return block, tuple(
            block[end - size : end].view(kind).reshape(self._shape)
            for end, size, kind in zip(ends, sizes, self._kinds, strict=True)
        )
