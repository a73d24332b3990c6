"""Observations: arrays that the agent observes, computed from many states at once."""

from collections.abc import Sequence
from copy import copy
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

import numpy as np
from gymnasium.spaces import Box, Discrete, MultiBinary, MultiDiscrete, Space
from numpy.typing import NDArray

from .arrays import Ints, frozen
from .checks import check_choice
from .dynamics import ARRANGEMENTS, CARRIED, CLOSED, FULL, Cookie
from .errors import OptionError
from .kitchen import TABLE, WALL, Kitchen
from .tabular import World

if TYPE_CHECKING:
    from .picture_observation import PicturesObservation

MAX_TABLE = 64_000_000  # bytes of a table with the observation of every state
OBSERVATIONS = ("state", "factors", "vector", "grid", "pixels", "pictures")
PLANES = (
    *("obstacle", "jar", "child", "chair", "carried", "standing", "open"),
    *(f"{cookie.label} {place}" for place in ("left", "middle", "right") for cookie in Cookie),
)


class StateFeatures(NamedTuple):
    """The observable features of n states, int64 arrays [n].

    Attributes:
        number: The number of the state in its world.
        child: The child's place on the map, counted row by row from the top left corner.
        chair: The chair's place, counted in the same way; the child's place while the chair is carried.
        carried: 1 while the child carries the chair, else 0.
        standing: 1 while the child stands on the chair, else 0.
        jar: As in `State`.
        arrangement: As in `State`.
        kitchen: The index of the kitchen, in the order in which kitchens were added to the observation.
    """

    number: Ints
    child: Ints
    chair: Ints
    carried: Ints
    standing: Ints
    jar: Ints
    arrangement: Ints
    kitchen: Ints


class Observation(Protocol):
    """A kind of observation."""

    @property
    def space(self) -> Space[Any]:
        """The space of a single observation."""

    def add(self, kitchen: Kitchen) -> None:
        """Prepare for one more kitchen; the first kitchen has index 0."""

    def for_kitchen(self, kitchen: Kitchen) -> Self:
        """Return the same kind of observation for a single kitchen, with index 0."""

    def observe(self, features: StateFeatures) -> NDArray[Any]:
        """Return the observations of n states as a new array [n, ...]."""


def make_observation(name: str, world: World, many_kitchens: bool) -> "Observation | PicturesObservation":
    """Make the kind of observation of that name, for worlds of the same size as `world`.

    Raises:
        OptionError: If there is no observation of that name, or it does not work across kitchens.
    """
    name = check_choice("observation", name, OBSERVATIONS)
    kitchen, arrangements = world.config.kitchen, len(ARRANGEMENTS) if world.config.shuffle_cookies else 1
    if name == "state":
        if many_kitchens:
            raise OptionError(
                "observation: state numbers differ from level to level; use vector, grid or pixels"
            )
        return StateObservation(world.num_states)
    if name == "factors":
        return FactorsObservation(kitchen, arrangements)
    if name == "vector":
        return VectorObservation(kitchen, arrangements, many_kitchens)
    if name == "grid":
        return GridObservation(kitchen)
    if name == "pictures":
        from .picture_observation import PicturesObservation

        return PicturesObservation(kitchen, world.config.jar_alone)
    from .rendering.pixel_observation import PixelObservation

    return PixelObservation(kitchen)


def state_features(world: World, kitchen: int) -> StateFeatures:
    """Compute the features of each state of a world [S], for a kitchen of a given index."""
    states, width = world.states, world.config.kitchen.width
    places = np.array([row * width + column for row, column in world.config.kitchen.places])
    carried = states.chair == CARRIED
    child = places[states.child]
    return StateFeatures(
        number=np.arange(world.num_states),
        child=child,
        chair=np.where(carried, child, places[states.chair]),
        carried=carried.astype(np.int64),
        standing=states.standing,
        jar=states.jar,
        arrangement=states.arrangement,
        kitchen=np.full(world.num_states, kitchen),
    )


def shared_state_features(world: World) -> StateFeatures:
    """Return the features of each state of a world [S], for kitchen 0; computed once."""
    return world.shared(StateFeatures, partial(state_features, world, 0))


def observation_table(observation: Observation, world: World) -> NDArray[Any] | None:
    """Return the observation of each state of a world, read-only [S, ...]; computed once for each kind.

    Args:
        observation: The kind of observation; kitchens need not have been added.
        world: The world.

    Returns:
        The table, or None if it would be larger than `MAX_TABLE`.
    """
    return world.shared(
        (type(observation), observation.space.shape), partial(_make_table, observation, world)
    )


def _make_table(observation: Observation, world: World) -> NDArray[Any] | None:
    space = observation.space
    assert space.shape is not None
    assert space.dtype is not None
    if world.num_states * prod(space.shape) * space.dtype.itemsize > MAX_TABLE:
        return None
    alone = observation.for_kitchen(world.config.kitchen)
    return frozen(alone.observe(shared_state_features(world)))


class StateObservation:
    """The number of the state: `Discrete(S)`."""

    def __init__(self, states: int) -> None:
        self.space = Discrete(states)

    def add(self, kitchen: Kitchen) -> None:
        """Do nothing: state numbers need no map."""

    def for_kitchen(self, kitchen: Kitchen) -> Self:
        """Return this observation, which is the same for all kitchens."""
        return self

    def observe(self, features: StateFeatures) -> NDArray[Any]:
        """Return the state numbers, int64 [n]."""
        return features.number.copy()


class FactorsObservation:
    """The parts of the state as a `MultiDiscrete`.

    The parts are the child's place, the chair's place (the last value means carried), standing, jar and
    arrangement (as in `State`).
    """

    def __init__(self, kitchen: Kitchen, arrangements: int) -> None:
        places = kitchen.height * kitchen.width
        self.space = MultiDiscrete([places, places + 1, 2, CLOSED + 1, arrangements])

    def add(self, kitchen: Kitchen) -> None:
        """Do nothing: factors need no map."""

    def for_kitchen(self, kitchen: Kitchen) -> Self:
        """Return this observation, which is the same for all kitchens."""
        return self

    def observe(self, features: StateFeatures) -> NDArray[Any]:
        """Return the factors, int64 [n, 5]."""
        carried = self.space.nvec[1] - 1
        chair = np.where(features.carried == 1, carried, features.chair)
        parts = features.child, chair, features.standing, features.jar, features.arrangement
        return np.stack(parts, axis=1)


class VectorObservation:
    """The factors as one vector of zeros and ones, `Box(0, 1, [D], float32)`.

    Each factor is one-hot, so that a linear layer can give each place and each content of the jar a weight of
    its own: the numbers of places and contents have no order that means anything. The vector is that of
    Gymnasium's `FlattenObservation` on "factors", and describes the state completely. With levels, the walls
    differ: the vector goes on with the obstacles and the jar on the map, one number per place for each.
    """

    def __init__(self, kitchen: Kitchen, arrangements: int, many_kitchens: bool) -> None:
        self._factors = FactorsObservation(kitchen, arrangements)
        counts = self._factors.space.nvec
        self._first = np.cumsum(counts) - counts  # the place in the vector where each factor begins
        self._factors_end, self._with_maps = int(counts.sum()), many_kitchens
        length = self._factors_end + (2 * kitchen.height * kitchen.width if many_kitchens else 0)
        self._base = np.zeros((0, length), np.float32)
        self.space = Box(0, 1, (length,), np.float32)

    def add(self, kitchen: Kitchen) -> None:
        """Compute the part for a kitchen that never changes."""
        base = np.zeros((1, self._base.shape[1]), np.float32)
        if self._with_maps:
            obstacles, jar = base[0, self._factors_end :].reshape(2, -1)
            obstacles[:] = [c in WALL + TABLE for c in "".join(kitchen.rows)]
            jar[kitchen.jar[0] * kitchen.width + kitchen.jar[1]] = 1
        self._base = np.concatenate([self._base, base])

    def for_kitchen(self, kitchen: Kitchen) -> Self:
        """Return the same kind of observation for a single kitchen, with index 0."""
        alone = copy(self)
        alone._base = self._base[:0]
        alone.add(kitchen)
        return alone

    def observe(self, features: StateFeatures) -> NDArray[Any]:
        """Return the vectors, float32 [n, D]."""
        observed = self._base.take(features.kitchen, axis=0)
        ones = self._factors.observe(features) + self._first
        observed[np.arange(len(ones))[:, None], ones] = 1
        return observed


class GridObservation:
    """Binary planes over the map, `MultiBinary([C, H, W])`; `PLANES` names the planes."""

    def __init__(self, kitchen: Kitchen) -> None:
        self._shape = (len(PLANES), kitchen.height, kitchen.width)
        self.space = MultiBinary(self._shape)
        self._base = np.zeros((0, len(PLANES), kitchen.height * kitchen.width), np.int8)
        self._jar_place = np.zeros(0, np.int64)
        self._jar_planes = _jar_planes()

    def add(self, kitchen: Kitchen) -> None:
        """Compute the planes of a kitchen that never change."""
        base = np.zeros((1, *self._base.shape[1:]), np.int8)
        base[0, PLANES.index("obstacle")] = [c in WALL + TABLE for c in "".join(kitchen.rows)]
        jar = kitchen.jar[0] * kitchen.width + kitchen.jar[1]
        base[0, PLANES.index("jar"), jar] = 1
        self._base = np.concatenate([self._base, base])
        self._jar_place = np.append(self._jar_place, jar)

    def for_kitchen(self, kitchen: Kitchen) -> Self:
        """Return the same kind of observation for a single kitchen, with index 0."""
        alone = copy(self)
        alone._base, alone._jar_place = self._base[:0], self._jar_place[:0]
        alone.add(kitchen)
        return alone

    def observe(self, features: StateFeatures) -> NDArray[Any]:
        """Return the planes, int8 [n, C, H, W]."""
        observed = self._base.take(features.kitchen, axis=0)
        each = np.arange(len(observed))
        observed[each, PLANES.index("child"), features.child] = 1
        observed[each, PLANES.index("chair"), features.chair] = 1
        observed[each, PLANES.index("carried"), features.child] = features.carried
        observed[each, PLANES.index("standing"), features.child] = features.standing
        first = PLANES.index("open")
        jar = self._jar_planes[features.jar, features.arrangement]
        observed[each, first:, self._jar_place[features.kitchen]] = jar
        return observed.reshape(-1, *self._shape)


def _jar_planes() -> NDArray[np.int8]:
    """Compute the planes from "open" on, at the jar: [9 values of jar, 6 arrangements, 10 planes]."""
    planes = np.zeros((CLOSED + 1, len(ARRANGEMENTS), 1 + 3 * len(Cookie)), np.int8)
    planes[:CLOSED, :, 0] = 1
    for jar in range(CLOSED + 1):
        for arrangement, cookies in enumerate(ARRANGEMENTS):
            for place, cookie in enumerate(cookies):
                planes[jar, arrangement, 1 + 3 * place + cookie] = _cookies_left(jar)[place]
    return planes


def _cookies_left(jar: int) -> Sequence[int]:
    """Return 1 or 0 for left, middle and right: whether a cookie is still there."""
    filled = FULL if jar == CLOSED else jar
    return [filled >> place & 1 for place in range(3)]
