"""Observations of single states: copies of rows of a table, as far as the memory allows."""

from collections.abc import Callable
from functools import partial
from typing import Any

from numpy.typing import NDArray

from .binary_observations import BinaryObservation
from .observations import (
    MAX_TABLE,
    Observation,
    StateFeatures,
    features_of,
    for_world,
    observation_table,
    shared_state_features,
    table_size,
)
from .tabular import World

View = Callable[[int], NDArray[Any]]

MAX_LEVEL_TABLE = 200_000  # bytes; as `MAX_TABLE`, for each of many levels


def state_view(observation: Observation, world: World, one_of_many: bool) -> View:
    """Return a function that returns the observation of a state, given by its number, as a new array.

    Args:
        observation: The kind of observation.
        world: The world, which keeps the function for all its environments.
        one_of_many: Whether the world is one of many levels, whose tables would fill the memory.
    """
    key = state_view, type(observation), observation.space.shape, one_of_many
    return world.shared(key, partial(_make_view, observation, world, one_of_many))


def _make_view(observation: Observation, world: World, one_of_many: bool) -> View:
    alone = for_world(observation, world)
    limit = MAX_LEVEL_TABLE if one_of_many else MAX_TABLE
    if one_of_many:
        features = features_of(world.config.kitchen, world.decoded_states(), 0)
    else:
        features = shared_state_features(world)
    if table_size(observation, world) <= limit:
        table = alone.observe(features) if one_of_many else observation_table(observation, world)
        assert table is not None
        return _rows_of(table)
    if isinstance(alone, BinaryObservation) and world.num_states * alone.ONES * 8 <= limit:
        return _drawn(alone.base, alone.ones(features))
    return _computed(alone, features)


def _rows_of(table: NDArray[Any]) -> View:
    """Copy rows of a table of all observations [S, ...]."""

    def view(state: int) -> NDArray[Any]:
        observed: NDArray[Any] = table[state].copy()
        return observed

    return view


def _drawn(base: NDArray[Any], ones: NDArray[Any]) -> View:
    """Draw ones, given as flat places [S, m], on a copy of what all observations have in common."""

    def view(state: int) -> NDArray[Any]:
        observed = base.copy()
        observed.put(ones[state], 1)
        return observed

    return view


def _computed(observation: Observation, features: StateFeatures) -> View:
    """Compute each observation from the features of all states [S]."""

    def view(state: int) -> NDArray[Any]:
        alone = StateFeatures(*(part[state, None] for part in features))
        observed: NDArray[Any] = observation.observe(alone)[0]
        return observed

    return view
