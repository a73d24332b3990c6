"""What an agent senses, as text: its observation, and in a kitchen what that means."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium.spaces import Discrete, Space

from cookie_jar.envs import State
from cookie_jar.envs.dynamics import CARRIED, CLOSED
from cookie_jar.envs.kitchen import Kitchen
from cookie_jar.envs.rendering.words import number

MOST_NUMBERS = 8  # of an observation that is written out


def describe_observation(observation: Any, space: Space[Any]) -> str:
    """Return an observation as a short text: its numbers if they are few, otherwise its shape."""
    if isinstance(space, Discrete):
        return f"state {int(observation):,} of {int(space.n):,}"
    if isinstance(observation, Mapping):
        return ", ".join(map(str, observation))
    array = np.asarray(observation)
    if array.size <= MOST_NUMBERS:
        numbers = array.ravel().tolist()
        return ", ".join(number(value) if isinstance(value, float) else str(value) for value in numbers)
    return f"{' x '.join(f'{size:,}' for size in array.shape)} numbers"


def describe_state(kitchen: Kitchen, state: State) -> str:
    """Return a state as text: the places of child and chair, counted on the map from 0, and the jar."""
    child, jar = _place(kitchen, state.child), "jar closed" if state.jar == CLOSED else "jar open"
    if state.standing:
        return f"child on the chair, {child}; {jar}"
    if state.chair == CARRIED:
        return f"child with the chair, {child}; {jar}"
    return f"child {child}; chair {_place(kitchen, state.chair)}; {jar}"


def _place(kitchen: Kitchen, cell: int) -> str:
    row, column = kitchen.places[cell]
    return f"row {row}, column {column}"
