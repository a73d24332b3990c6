"""The outcomes of a world, unpacked one at a time: what the single environment returns from `step`."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain, repeat
from typing import Any

import numpy as np

from .arrays import Bytes, upper_ends
from .dynamics import Action, Event, Happiness
from .errors import ActionError, shown
from .exploration import STATE_BITS, STATE_MASK
from .tabular import World

Unpacked = tuple[int, float, bool, Callable[[], dict[str, Any]], Callable[[], Bytes]]


class Outcomes:
    """Unpacks the outcomes of a world.

    Attributes:
        packed: The packed outcomes, see `Explored`: those of an action in a state are adjacent.
        actions, count: The numbers A and K of actions, and of outcomes of an action.
        upper_ends: Where the slice of [0, 1) of each outcome ends, for each action; None if K is 1.
        numbers: The number of each action, with the number as key: a look-up checks an action.
        start_ends: Where the slice of [0, 1) of each of the possible first states ends.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.packed: memoryview = world.packed.reshape(-1).data
        self.actions, self.count = map(int, world.packed.shape[1:])
        self.upper_ends = None if self.count == 1 else [upper_ends(chance) for chance in world.chance]
        self.numbers = {number: number for number in range(self.actions)}
        self.start_ends = upper_ends(world.first)
        self._results = _results(world.config.happiness)
        self._potential = world.potential.data if world.config.hints else None
        self._rewards: dict[float, float] = {}
        weights = 1 << np.arange(self.actions, dtype=np.int16)
        self._masks: memoryview = (world.compute_action_mask() @ weights).data

    def check_action(self, action: object) -> int:
        """Return the number of an action; see the function `check_action`."""
        return check_action(action, self._world.actions)

    def first(self, state: int, action: int) -> int:
        """Return the place of the first outcome of an action in a state."""
        return (state * self.actions + action) * self.count

    def unpack(self, packed: int, before: int) -> Unpacked:
        """Return the fields of an `Outcome` after the first, for a packed outcome in a state."""
        state = packed & STATE_MASK
        reward, terminated, new_info = self._results[packed >> STATE_BITS]
        if self._potential is not None:
            phi = 0.0 if terminated else self._potential[state]
            reward = phi * self._world.config.hint_gamma - self._potential[before] + reward  # as `add_hints`
            reward = self._rewards.setdefault(reward, reward)  # one object, to stay in the processor's cache
        return state, reward, terminated, new_info, _copier(self._masks[state], self.actions)

    def new_mask(self, state: int) -> Bytes:
        """Return a new action mask of a state, int8 [A]."""
        return _copier(self._masks[state], self.actions)()


@lru_cache(maxsize=32)
def _results(happiness: Happiness) -> list[tuple[float, bool, Callable[[], dict[str, Any]]]]:
    """Return for each `Event` the reward, whether the episode ends, and a function that makes an info."""
    results = []
    for event, value in zip(Event, happiness.of_events(), strict=True):
        ends = event == Event.YUM
        info = {
            "action_mask": None,
            "event": event.label,
            "event_id": event.value,
            "happiness": value,
            "is_success": ends,
        }
        results.append((value, ends, info.copy))
    return results


@lru_cache(maxsize=1 << len(Action))
def _copier(bits: int, actions: int) -> Callable[[], Bytes]:
    """Return a function that returns a new mask at each call, for the bits of a mask."""
    return mask_copier(np.array([bits >> action & 1 for action in range(actions)], np.int8))


def mask_copier(mask: Bytes) -> Callable[[], Bytes]:
    """Return a function that returns a new copy of a mask at each call.

    The copies are rows of larger blocks, which takes two thirds of the time of `mask.copy()`.
    """
    return chain.from_iterable(map(np.tile, repeat(mask), repeat((256, 1)))).__next__


def check_action(action: Any, actions: Sequence[Action] = tuple(Action)) -> int:
    """Return the number of an action, given as any equal value, also as a zero-dimensional array.

    Args:
        action: The number.
        actions: The `Action` of each number.

    Raises:
        ActionError: If there is no such action.
    """
    try:
        scalar = np.ndim(action) == 0
    except ValueError:  # a ragged list
        scalar = False
    if scalar:
        for known in range(len(actions)):
            if action == known:
                return known
    names = ", ".join(f"{number} {action.label}" for number, action in enumerate(actions))
    hint = "for other actions, wrap the environment in gymnasium.wrappers.TransformAction"
    raise ActionError(f"expected an action among {names}; got {shown(action)}; {hint}")
