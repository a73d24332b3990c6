"""Where the episodes of a vector environment start: in its one kitchen, or in levels drawn by chance."""

import numpy as np

from ..arrays import Ints, upper_ends
from ..config import EnvConfig
from ..errors import StateError
from ..kitchen import Kitchen
from ..levels import level_kitchen
from ..observations import Observation
from ..tabular import World, compile_world
from .rng import VectorRng
from .tables import PackedTables


class InitialStates:
    """Knows the worlds that environments may be in, and packs those that are needed.

    Args:
        rules: of the one kitchen, or of the first level.
        levels: the first and the last level to draw from, or None for one kitchen.
        tables: takes the tables of the worlds.
        observation: gets to know their kitchens.

    Attributes:
        kitchens: of each world that is packed.
        random: whether chance decides where an episode starts.
    """

    def __init__(
        self,
        config: EnvConfig,
        levels: tuple[int, int] | None,
        tables: PackedTables,
        observation: Observation,
    ) -> None:
        self._config, self._levels, self._tables, self._observation = config, levels, tables, observation
        self._world_of_level: dict[int, int] = {}
        self._ends: list[list[float]] = []  # cumulative probabilities of the first states of each world
        self._sizes: list[int] = []  # the number of states of each world
        self.kitchens: list[Kitchen] = []
        if levels is None:
            self._add(compile_world(config))
        self.random = levels is not None or len(self._ends[0]) > 1

    def rows(self, indices: Ints, rng: VectorRng | None) -> Ints:
        """The rows in which environments start [n]; draws from their streams as the single one does."""
        if rng is None or not self.random:
            return np.zeros(len(indices), np.int64)
        if self._levels is None:
            return np.searchsorted(self._ends[0], rng.draw(indices), side="right")
        first, last = self._levels
        numbers = first + (rng.draw(indices) * (last - first + 1)).astype(np.int64)
        worlds = [self._level(number) for number in numbers.tolist()]
        rows: Ints = np.array(self._tables.first_row)[worlds]
        if self._config.random_start or self._config.shuffle_cookies:
            ends = (self._ends[world] for world in worlds)
            rows += [
                np.searchsorted(e, u, side="right") for e, u in zip(ends, rng.draw(indices), strict=True)
            ]
        return rows

    def levels(self) -> Ints | None:
        """The level of each world that is packed [W], or None with one kitchen."""
        return None if self._levels is None else np.array(list(self._world_of_level), np.int64)

    def row(self, level: int | None, state: int) -> int:
        """The row of a state of a level, or of the one kitchen.

        Raises:
            StateError: there is no such level or state.
        """
        if level is not None and not (self._levels and self._levels[0] <= level <= self._levels[1]):
            raise StateError(f"expected one of the levels {self._levels}, got {level!r}")
        world = 0 if level is None else self._level(level)
        if not 0 <= state < self._sizes[world]:
            raise StateError(f"expected a state below {self._sizes[world]}, got {state!r}")
        return self._tables.first_row[world] + state

    def _level(self, number: int) -> int:
        """The number of a level's world; compiled when it is first drawn."""
        if number not in self._world_of_level:
            self._world_of_level[number] = len(self.kitchens)
            self._add(World(self._config._replace(kitchen=level_kitchen(number))))
        return self._world_of_level[number]

    def _add(self, world: World) -> None:
        self._tables.add(world)
        self._observation.add(world.config.kitchen)
        self._ends.append(upper_ends(world.tabular_model.start))
        self._sizes.append(world.num_states)
        self.kitchens.append(world.config.kitchen)
