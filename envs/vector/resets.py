"""The first states of a vector environment's episodes: in one kitchen, or in levels drawn at random."""

from typing import Any

import numpy as np

from ..arrays import Floats, Ints, upper_ends
from ..config import EnvConfig
from ..errors import StateError, shown
from ..kitchen import Kitchen
from ..levels import level_kitchen
from ..observations import Observation
from ..picture_observation import PicturesObservation
from ..tabular import World, compile_world
from .checks import check_integers
from .rng import VectorRng
from .tables import PackedTables


class InitialStates:
    """Draws first states, and packs the world of each level when the level is first drawn.

    Args:
        config: The options of the one kitchen, or of the first level.
        levels: The first and the last level to draw from, or None for one kitchen.
        tables: The tables that worlds are added to.
        observation: The observation that kitchens are added to.

    Attributes:
        kitchens: The kitchen of each packed world.
        random: Whether first states are drawn at random.
    """

    def __init__(
        self,
        config: EnvConfig,
        levels: tuple[int, int] | None,
        tables: PackedTables,
        observation: Observation | PicturesObservation,
    ) -> None:
        self._config, self._levels, self._tables, self._observation = config, levels, tables, observation
        self._world_of_level: dict[int, int] = {}
        self._ends: list[Floats] = []  # cumulative probabilities of the first states of each world
        self._sizes: list[int] = []  # the number of states of each world
        self.kitchens: list[Kitchen] = []
        if levels is None:
            self._add(compile_world(config))
        self.random = levels is not None or len(self._ends[0]) > 1

    def draw(self, indices: Ints, rng: VectorRng | None) -> Ints:
        """Draw the first rows of episodes [n].

        Args:
            indices: The environments that start an episode [n].
            rng: Their random numbers, drawn in the order of the single environment; None if not `random`.
        """
        if rng is None or not self.random:
            return np.zeros(len(indices), np.int64)
        if self._levels is None:
            return np.searchsorted(self._ends[0], rng.draw(indices), side="right")
        first, last = self._levels
        numbers = first + (rng.draw(indices) * (last - first + 1)).astype(np.int64)
        worlds = [self._world(number) for number in numbers.tolist()]
        rows: Ints = self._tables.first_row[worlds]
        if self._config.random_start or self._config.shuffle_cookies:
            ends = (self._ends[world] for world in worlds)
            rows += [
                np.searchsorted(e, u, side="right") for e, u in zip(ends, rng.draw(indices), strict=True)
            ]
        return rows

    def locate(self, rows: Ints) -> tuple[list[int] | None, list[int]]:
        """Return the level of each row (None with one kitchen) and its state number, for `rows`."""
        worlds, states = self._tables.locate(rows)
        if self._levels is None:
            return None, states.tolist()
        return np.array(list(self._world_of_level), np.int64)[worlds].tolist(), states.tolist()

    def rows(self, levels: Any, states: Any) -> Ints:
        """Return the rows of states of levels, or of the one kitchen if `levels` is None: [n].

        Raises:
            StateError: If there is no such level or state, or not one of each.
        """
        states = check_integers("states", states, 0)
        worlds = np.zeros(len(states), np.int64)
        if (levels is None) != (self._levels is None):
            raise StateError(f"levels: expected one of the levels {self._levels}, got {shown(levels)}")
        if self._levels is not None:
            numbers = check_integers("levels", levels, *self._levels)
            if len(numbers) != len(states):
                raise StateError(f"levels: expected {len(states)} of them, got {len(numbers)}")
            worlds = np.array([self._world(number) for number in numbers.tolist()], np.int64)
        sizes = np.array(self._sizes)[worlds]
        if (states >= sizes).any():
            place = int(np.argmax(states >= sizes))
            raise StateError(f"states: expected a state below {sizes[place]}, got {states[place]}")
        rows: Ints = self._tables.first_row[worlds] + states
        return rows

    def _world(self, level: int) -> int:
        """Return the index of a level's world, packing the world if it is new."""
        if level not in self._world_of_level:
            self._world_of_level[level] = len(self.kitchens)
            self._add(World(self._config._replace(kitchen=level_kitchen(level))))
        return self._world_of_level[level]

    def _add(self, world: World) -> None:
        self._tables.add(world)
        self._observation.add(world.config.kitchen)
        self._ends.append(np.array(upper_ends(world.first)))
        self._sizes.append(world.num_states)
        self.kitchens.append(world.config.kitchen)
