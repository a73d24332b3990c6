"""All learned numbers of a memory as one vector."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.common.console import UsageError

Floats = NDArray[np.float64]


class Parameters:
    """The learned arrays of an agent or a classifier, as one vector of parameters.

    Args:
        arrays: The learned arrays by name; changing them changes their owner.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.arrays = arrays

    @property
    def size(self) -> int:
        """The number of learned parameters."""
        return sum(array.size for array in self.arrays.values())

    def parameters(self) -> Floats:
        """Return a copy of all parameters as a vector [size]."""
        return np.concatenate([array.ravel().astype(np.float64) for array in self.arrays.values()])

    def set_parameters(self, parameters: Floats) -> None:
        """Replace all parameters with a vector [size]."""
        start = 0
        for array in self.arrays.values():
            array[...] = parameters[start : start + array.size].reshape(array.shape)
            start += array.size

    def parameter_name(self, index: int) -> str:
        """Return the name of a parameter; by default its array and its index there."""
        name, position = self.position(index)
        return f"{name} {position}"

    def position(self, index: int) -> tuple[str, list[int]]:
        """Return the name of the array of a parameter, and its index there."""
        for name, array in self.arrays.items():
            if index < array.size:
                return name, [int(i) for i in np.unravel_index(index, array.shape)]
            index -= array.size
        raise IndexError(index)

    def parameter_index(self, words: Sequence[str]) -> int:
        """Return the index in `parameters` of an array's name and an index there.

        Raises:
            UsageError: If there is no such parameter.
        """
        name, position = words[0], words[1:]
        start = 0
        for known, array in self.arrays.items():
            if known == name and all(word.isdecimal() for word in position):
                try:
                    return start + int(np.ravel_multi_index([int(word) for word in position], array.shape))
                except ValueError:
                    break
            start += array.size
        got = " ".join(words)
        raise UsageError(f"expected {self.places}; got {got}")

    @property
    def places(self) -> str:
        """What can stand for the place of a parameter, for messages."""
        shapes = ", ".join(f"{name} {list(array.shape)}" for name, array in self.arrays.items())
        return f"the index of a number in {shapes}"
