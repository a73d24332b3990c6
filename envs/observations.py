"""Observations: arrays that the agent observes, computed from many states at once."""

from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

import numpy as np
from gymnasium.spaces import Discrete, MultiDiscrete, Space
from numpy.typing import NDArray

from .arrays import Ints, frozen
from .checks import check_choice
from .dynamics import ARRANGEMENTS, CARRIED, CLOSED, State
from .errors import OptionError
from .kitchen import Kitchen
from .tabular import World

if TYPE_CHECKING:
    from .picture_observation import PicturesObservation

MAX_TABLE = 64_000_000  # bytes of a table with the observation of every state
OBSERVATIONS = ("state", "factors", "vector", "grid", "pixels", "pictures")


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
    if name in ("vector", "grid"):
        from .binary_observations import GridObservation, VectorObservation

        vector = name == "vector"
        return VectorObservation(kitchen, arrangements, many_kitchens) if vector else GridObservation(kitchen)
    if name == "pictures":
        from .picture_observation import PicturesObservation

        return PicturesObservation(kitchen, world.config.jar_alone)
    from .rendering.pixel_observation import PixelObservation

    return PixelObservation(kitchen)


def state_features(world: World, kitchen: int) -> StateFeatures:
    """Compute the features of each state of a world [S], for a kitchen of a given index."""
    return features_of(world.config.kitchen, world.states, kitchen)


def features_of(kitchen: Kitchen, states: State, kitchen_index: int) -> StateFeatures:
    """Compute the features of the states of a kitchen, arrays [S] in the order of their numbers."""
    places = np.array([row * kitchen.width + column for row, column in kitchen.places])
    carried = states.chair == CARRIED
    child = places[states.child]
    return StateFeatures(
        number=np.arange(len(child)),
        child=child,
        chair=np.where(carried, child, places[states.chair]),
        carried=carried.astype(np.int64),
        standing=states.standing,
        jar=states.jar,
        arrangement=states.arrangement,
        kitchen=np.full(len(child), kitchen_index),
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
    if table_size(observation, world) > MAX_TABLE:
        return None
    return frozen(for_world(observation, world).observe(shared_state_features(world)))


def table_size(observation: Observation, world: World) -> int:
    """Return the bytes that the observations of all states of a world take."""
    shape, kind = observation.space.shape, observation.space.dtype
    assert shape is not None
    assert kind is not None
    return world.num_states * prod(shape) * kind.itemsize


def for_world(observation: Observation, world: World) -> Observation:
    """Return the same kind of observation for the kitchen of a world only, made once for each kind."""
    key = for_world, type(observation), observation.space.shape
    return world.shared(key, partial(observation.for_kitchen, world.config.kitchen))


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
