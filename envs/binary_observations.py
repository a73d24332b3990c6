"""Observations of zeros and ones: a part that never changes in a kitchen, and ones at a few places."""

from abc import ABC, abstractmethod
from copy import copy
from typing import Any, ClassVar, Self

import numpy as np
from gymnasium.spaces import Box, MultiBinary
from numpy.typing import NDArray

from .arrays import Ints
from .dynamics import ARRANGEMENTS, CLOSED, FULL, Cookie
from .kitchen import TABLE, WALL, Kitchen
from .observations import FactorsObservation, StateFeatures

PLANES = (
    *("obstacle", "jar", "child", "chair", "carried", "standing", "open"),
    *(f"{cookie.label} {place}" for place in ("left", "middle", "right") for cookie in Cookie),
)


class BinaryObservation(ABC):
    """An observation of zeros and ones.

    Args:
        shape: The shape of a single observation.
        kind: Its dtype.
    """

    ONES: ClassVar[int]  # the number m of places that `ones` returns

    def __init__(self, shape: tuple[int, ...], kind: type) -> None:
        self._base: NDArray[Any] = np.zeros((0, *shape), kind)
        self._jar_place = np.zeros(0, np.int64)

    def add(self, kitchen: Kitchen) -> None:
        """Compute the part for a kitchen that never changes."""
        jar = kitchen.jar[0] * kitchen.width + kitchen.jar[1]
        obstacles = np.array([character in WALL + TABLE for character in "".join(kitchen.rows)])
        base = np.zeros((1, *self._base.shape[1:]), self._base.dtype)
        self._draw(base[0].reshape(-1), obstacles, jar)
        self._base = np.concatenate([self._base, base])
        self._jar_place = np.append(self._jar_place, jar)

    def for_kitchen(self, kitchen: Kitchen) -> Self:
        """Return the same kind of observation for a single kitchen, with index 0."""
        alone = copy(self)
        alone._base, alone._jar_place = self._base[:0], self._jar_place[:0]
        alone.add(kitchen)
        return alone

    @property
    def base(self) -> NDArray[Any]:
        """The part of the first kitchen that never changes, in the shape of an observation."""
        base: NDArray[Any] = self._base[0]
        return base

    def observe(self, features: StateFeatures) -> NDArray[Any]:
        """Return the observations of n states as a new array [n, ...]."""
        observed = self._base.take(features.kitchen, axis=0)
        observed.reshape(len(observed), -1)[np.arange(len(observed))[:, None], self.ones(features)] = 1
        return observed

    @abstractmethod
    def ones(self, features: StateFeatures) -> Ints:
        """Return where the observations of n states have ones besides `base`: flat places [n, m]."""

    @abstractmethod
    def _draw(self, base: NDArray[Any], obstacles: NDArray[np.bool_], jar: int) -> None:
        """Draw the map of a kitchen on zeros, given the obstacles (row by row) and the place of the jar."""


class VectorObservation(BinaryObservation):
    """The factors as one vector of zeros and ones, `Box(0, 1, [D], float32)`.

    Each factor is one-hot, so that a linear layer can give each place and each content of the jar a weight of
    its own: the numbers of places and contents have no order that means anything. The vector is that of
    Gymnasium's `FlattenObservation` on "factors", and describes the state completely. With levels, the walls
    differ: the vector goes on with the obstacles and the jar on the map, one number per place for each.
    """

    ONES = 5

    def __init__(self, kitchen: Kitchen, arrangements: int, many_kitchens: bool) -> None:
        self._factors = FactorsObservation(kitchen, arrangements)
        counts = self._factors.space.nvec
        self._first = np.cumsum(counts) - counts  # the place in the vector where each factor begins
        self._factors_end, self._with_maps = int(counts.sum()), many_kitchens
        length = self._factors_end + (2 * kitchen.height * kitchen.width if many_kitchens else 0)
        super().__init__((length,), np.float32)
        self.space = Box(0, 1, (length,), np.float32)

    def ones(self, features: StateFeatures) -> Ints:
        """Return the place of each factor in the vectors [n, 5]."""
        ones: Ints = self._factors.observe(features) + self._first
        return ones

    def _draw(self, base: NDArray[Any], obstacles: NDArray[np.bool_], jar: int) -> None:
        if self._with_maps:
            planes = base[self._factors_end :].reshape(2, -1)
            planes[0] = obstacles
            planes[1, jar] = 1


class GridObservation(BinaryObservation):
    """Binary planes over the map, `MultiBinary([C, H, W])`; `PLANES` names the planes."""

    ONES = 7

    def __init__(self, kitchen: Kitchen) -> None:
        shape = len(PLANES), kitchen.height, kitchen.width
        super().__init__(shape, np.int8)
        self.space = MultiBinary(shape)
        self._size = kitchen.height * kitchen.width

    def ones(self, features: StateFeatures) -> Ints:
        """Return the places of ones in the planes [n, 7]; the child's place fills up missing ones."""
        jar_place = self._jar_place[features.kitchen]
        child = self._place("child", features.child)
        standing = np.where(features.standing == 1, self._place("standing", features.child), child)
        held = np.where(features.carried == 1, self._place("carried", features.child), standing)
        opened = np.where(features.jar != CLOSED, self._place("open", jar_place), child)
        filled = np.where(features.jar == CLOSED, FULL, features.jar)
        first, cookies = self._place("open", jar_place) + self._size, []
        for place in range(3):
            plane = 3 * place + ARRANGEMENTS[features.arrangement, place]
            cookies.append(np.where(filled >> place & 1 == 1, first + plane * self._size, child))
        return np.stack([child, self._place("chair", features.chair), held, opened, *cookies], axis=1)

    def _place(self, plane: str, place: Ints) -> Ints:
        """Return the flat place in the planes of a place on the map."""
        return PLANES.index(plane) * self._size + place

    def _draw(self, base: NDArray[Any], obstacles: NDArray[np.bool_], jar: int) -> None:
        planes = base.reshape(len(PLANES), -1)
        planes[PLANES.index("obstacle")] = obstacles
        planes[PLANES.index("jar"), jar] = 1
