"""The scale of the values of a run, on which its colours are the same in all pictures."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cookie_jar.agents import TabularModel, value_iteration
from cookie_jar.envs import World

MAX_STATES = 20_000  # number of states above which computing the optimum between two frames takes too long


class ValueScale(NamedTuple):
    """The range of the values that colours stand for; contains 0.

    Attributes:
        low: The value with the darkest colour.
        high: The value with the brightest colour.
    """

    low: float = 0.0
    high: float = 0.0

    def widened(self, values: ArrayLike) -> "ValueScale":
        """Return a scale that also contains some values; those that are not finite are ignored."""
        array = np.asarray(values, np.float64)
        finite = array[np.isfinite(array)]
        if not finite.size:
            return self
        return ValueScale(min(self.low, float(finite.min())), max(self.high, float(finite.max())))

    @classmethod
    def union(cls, scales: Iterable["ValueScale"]) -> "ValueScale":
        """Return the smallest scale that contains some scales."""
        return cls().widened(list(scales))


def scale_of(values: ArrayLike, world: World | None = None) -> ValueScale:
    """Return the scale of some values: contains 0 and, in a kitchen, the highest value of the optimal policy.

    Args:
        values: The values, in an array of any shape.
        world: The kitchen; large kitchens (`MAX_STATES`) are not solved.
    """
    scale = ValueScale().widened(values)
    if world is None or world.num_states > MAX_STATES:
        return scale
    return scale.widened(optimal_action_values(world).max())


@lru_cache(maxsize=4)
def optimal_action_values(world: World) -> NDArray[np.float64]:
    """Return the action values of the optimal policy of a kitchen [S, A]."""
    return value_iteration(TabularModel(*world.unshaped_model)).action_values
