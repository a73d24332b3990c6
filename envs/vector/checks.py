"""Checks of the arguments of a vector environment, before anything changes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from ..arrays import Ints
from ..checks import check_choice, check_integer
from ..dynamics import Action, State
from ..errors import ActionError, OptionError, StateError, shown
from ..tabular import World

MAX_LIMIT = 1 << 40  # steps of an episode


def check_mode(mode: object) -> AutoresetMode:
    """Return an autoreset mode, given as an `AutoresetMode`, its name or its value.

    Raises:
        OptionError: If there is no such mode.
    """
    if isinstance(mode, AutoresetMode):
        return mode
    for known in AutoresetMode:
        if isinstance(mode, str) and mode in (known.name, known.value):
            return known
    return AutoresetMode[check_choice("autoreset_mode", mode, [known.name for known in AutoresetMode])]


def check_actions(actions: Any, number: int, count: int = len(Action)) -> Ints:
    """Return the actions of n environments as contiguous int64 [n], each below `count`.

    Raises:
        ActionError: If their shape or type is wrong, or one of them does not exist.
    """
    array = as_array(actions)
    if array.shape != (number,) or array.dtype.kind not in "iu":
        raise _action_error(number, count, f"{array.dtype} of shape {array.shape}")
    wrong = (array < 0) | (array >= count)
    if wrong.any():
        place = int(wrong.argmax())
        raise _action_error(number, count, f"{array[place]} at place {place}")
    return array.astype(np.int64)


def _action_error(number: int, count: int, got: str) -> ActionError:
    return ActionError(f"expected integers of shape ({number},), each below {count}; got {got}")


def as_array(values: object) -> NDArray[Any]:
    """Return values as an array; of Python objects if they are ragged or numbers too large for int64."""
    try:
        return np.asarray(values)
    except (ValueError, OverflowError):
        return np.array(None, object)


def check_integers(name: str, values: object, least: int, most: int = np.iinfo(np.int64).max) -> Ints:
    """Return a list of integers of a saved state as int64 [n].

    Raises:
        StateError: If they are not integers between the limits.
    """
    array = as_array(values)
    if isinstance(values, (list, tuple, np.ndarray)) and array.shape == (0,):
        return np.zeros(0, np.int64)
    right = array.ndim == 1 and array.dtype.kind in "iu"
    if not right or (array < least).any() or (array > most).any():
        limits = f"from {least} to {most:,}"
        raise StateError(f"{name}: expected integers {limits}, got {shown(values)}")
    return array.astype(np.int64)


def check_seeds(seed: int | Sequence[int | None] | None, number: int) -> Sequence[int | None]:
    """Return a seed for each of n environments: seed, seed + 1, ... for an int, a sequence as given.

    Raises:
        OptionError: If a seed is not a non-negative integer, or there are not n seeds.
    """
    if seed is None:
        return [None] * number
    if _is_seed(seed):
        first = int(seed)  # type: ignore[arg-type]
        return range(first, first + number)
    many = isinstance(seed, (Sequence, np.ndarray)) and not isinstance(seed, (str, bytes))
    seeds: list[Any] = list(seed) if many and np.ndim(as_array(seed)) == 1 else [seed]  # type: ignore[arg-type]
    if len(seeds) != number or not all(each is None or _is_seed(each) for each in seeds):
        raise OptionError(f"seed: expected a non-negative integer, or {number} of them, got {shown(seed)}")
    return [None if each is None else int(each) for each in seeds]


def _is_integer(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _is_seed(seed: object) -> bool:
    return _is_integer(seed) and bool(seed >= 0)  # type: ignore[operator]


def check_limit(limit: object) -> int | None:
    """Return the time limit; None for no limit, which -1 stands for as in `gymnasium.make`.

    Raises:
        OptionError: If the limit is neither None, nor -1, nor a positive integer.
    """
    if limit is None or (_is_integer(limit) and limit == -1):
        return None
    return check_integer("max_episode_steps", limit, 1, MAX_LIMIT)


def check_mask(mask: Any, number: int) -> Ints:
    """Return the indices of the environments that a reset mask selects.

    Raises:
        OptionError: If the mask is not a bool array [n], or selects none.
    """
    if not isinstance(mask, np.ndarray) or mask.shape != (number,) or mask.dtype != np.bool_:
        raise OptionError(f"reset_mask: expected a bool array of shape ({number},), got {shown(mask)}")
    if not mask.any():
        raise OptionError("reset_mask: expected at least one True")
    return np.flatnonzero(mask)


def check_states(state: Any, world: World, number: int) -> Ints:
    """Return the state number of each of n environments [n], from a `State`, a number, or numbers [n].

    Raises:
        StateError: If the world has no such state.
    """
    if isinstance(state, State):
        return np.full(number, world.number(state))
    numbers = as_array(state)
    right = numbers.dtype.kind in "iu" and numbers.shape in ((), (number,))
    if not right or (numbers < 0).any() or (numbers >= world.num_states).any():
        expected = f"a State, a number below {world.num_states} or {number} of them"
        raise StateError(f"expected {expected}, got {shown(state)}")
    return np.broadcast_to(numbers, number).astype(np.int64)
