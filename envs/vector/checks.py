"""Checks of the arguments of a vector environment, before anything changes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode

from ..arrays import Ints
from ..dynamics import Action, State
from ..errors import ActionError, OptionError, StateError
from ..tabular import World


def check_mode(mode: AutoresetMode | str) -> AutoresetMode:
    """Return an autoreset mode, given as an `AutoresetMode`, its name or its value.

    Raises:
        OptionError: If there is no such mode.
    """
    for known in AutoresetMode:
        if mode in (known, known.name, known.value):
            return known
    names = ", ".join(known.name for known in AutoresetMode)
    raise OptionError(f"autoreset_mode: expected one of {names}, got {mode!r}")


def check_actions(actions: Any, number: int) -> Ints:
    """Return the actions of n environments as int64 [n].

    Raises:
        ActionError: If their shape or type is wrong, or one of them does not exist.
    """
    array = np.asarray(actions)
    if array.shape != (number,) or array.dtype.kind not in "iu":
        raise _action_error(number, f"{array.dtype} of shape {array.shape}")
    array = array.astype(np.int64, copy=False)
    if np.maximum.reduce(array.view(np.uint64)) >= len(Action):  # negative values are huge as uint64
        bad = int(np.flatnonzero((array < 0) | (array >= len(Action)))[0])
        raise _action_error(number, f"{array[bad]} at place {bad}")
    return array


def _action_error(number: int, got: str) -> ActionError:
    return ActionError(f"expected integers of shape ({number},), each below {len(Action)}; got {got}")


def check_seeds(seed: int | Sequence[int | None] | None, number: int) -> Sequence[int | None]:
    """Return a seed for each of n environments: seed, seed + 1, ... for an int, a sequence as given.

    Raises:
        OptionError: If a seed is not a non-negative integer, or there are not n seeds.
    """
    if seed is None:
        return [None] * number
    if _is_seed(seed):
        return range(int(seed), int(seed) + number)  # type: ignore[arg-type]
    seeds = list(seed) if isinstance(seed, (Sequence, np.ndarray)) else [seed]
    if len(seeds) != number or not all(each is None or _is_seed(each) for each in seeds):
        raise OptionError(f"seed: expected a non-negative integer, or {number} of them, got {seed!r}")
    return [None if each is None else int(each) for each in seeds]


def _is_seed(seed: object) -> bool:
    return isinstance(seed, (int, np.integer)) and not isinstance(seed, bool) and bool(seed >= 0)


def check_limit(limit: int | None) -> int | None:
    """Return the time limit.

    Raises:
        OptionError: If the limit is neither None nor a positive integer.
    """
    if limit is None or (_is_seed(limit) and limit > 0):
        return limit
    raise OptionError(f"max_episode_steps: expected a positive integer or None, got {limit!r}")


def check_mask(mask: Any, number: int) -> Ints:
    """Return the indices of the environments that a reset mask selects.

    Raises:
        OptionError: If the mask is not a bool array [n], or selects none.
    """
    if not isinstance(mask, np.ndarray) or mask.shape != (number,) or mask.dtype != np.bool_:
        raise OptionError(f"reset_mask: expected a bool array of shape ({number},), got {mask!r}")
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
    numbers = np.asarray(state)
    right = numbers.dtype.kind in "iu" and numbers.shape in ((), (number,))
    if not right or (numbers < 0).any() or (numbers >= world.num_states).any():
        expected = f"a State, a number below {world.num_states} or {number} of them"
        raise StateError(f"expected {expected}, got {state!r}")
    return np.broadcast_to(numbers, number).astype(np.int64)
