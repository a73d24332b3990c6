"""Precomputed results of `step`: for each state and action, everything that the environment returns."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import chain, repeat
from typing import Any, NamedTuple, NoReturn

import numpy as np

from .arrays import Bytes, upper_ends
from .dynamics import Action, Event, Happiness
from .errors import ActionError, ResetNeededError, shown
from .exploration import STATE_BITS, STATE_MASK
from .tabular import World

OVER = "the episode has ended: call reset() before the next step()"


class Outcome(NamedTuple):
    """One result of an action.

    Attributes:
        row: The `StateRow` of the next state, or an `EpisodeOver`.
        state: The number of the next state.
        reward: The reward, with hints if they are on.
        terminated: Whether the episode ends.
        new_info: Returns a new info dict, without the action mask.
        new_mask: Returns a new action mask of the next state, int8 [A].
    """

    row: Any
    state: int
    reward: float
    terminated: bool
    new_info: Callable[[], dict[str, Any]]
    new_mask: Callable[[], Bytes]


class Stochastic(NamedTuple):
    """The results of an action with several possible outcomes.

    Attributes:
        upper_ends: Where the slice of [0, 1) of each outcome ends.
        outcomes: The fields of an `Outcome` for each.
    """

    upper_ends: list[float]
    outcomes: list[tuple[Any, ...]]

    def draw(self, random: float) -> tuple[Any, ...]:
        """Return the outcome whose slice contains a random number from [0, 1)."""
        return self.outcomes[bisect_right(self.upper_ends, random)]


class StateRow(dict[int, Any]):
    """The outcome (or `Stochastic`) of each action in one state, computed on first use and kept if wanted."""

    __slots__ = ("_cache", "state")

    def __init__(self, cache: "StepCache", state: int) -> None:
        self._cache = cache
        self.state = state

    def __missing__(self, action: object) -> Any:
        cache = self._cache
        number = cache.check_action(action)
        outcome = cache.outcome(self.state, number)
        if cache.keeps:
            self[number] = outcome
        return outcome


class EpisodeOver:
    """A row that rejects every step: before the first reset and after the end of an episode.

    Args:
        reason: The text of the error.
        state: The number of the state before the end, or None before the first reset.
    """

    def __init__(self, reason: str, state: int | None = None) -> None:
        self._reason = reason
        self.state = state

    def __getitem__(self, action: object) -> NoReturn:
        raise ResetNeededError(self._reason)


class StepCache:
    """The rows of all states of a world. `shared_step_cache` returns the cache that environments share.

    Args:
        world: The world.
        keeps: Whether rows and outcomes are kept: these are fast, but would fill the memory for many levels.

    Attributes:
        start_ends: Where the slice of [0, 1) of each of the possible first states ends.
    """

    def __init__(self, world: World, keeps: bool = True) -> None:
        self._world, self.keeps = world, keeps
        self._rows: dict[int, StateRow] = {}
        self._packed = memoryview(world.packed.reshape(-1))
        self._results = _results(world.config.happiness)
        self._potential = memoryview(world.potential) if world.config.hints else None
        self._rewards: dict[float, float] = {}
        self._masks: dict[bytes, Callable[[], Bytes]] = {}
        self._actions, self._outcomes = world.packed.shape[1:]
        self._numbers = {number: number for number in range(self._actions)}
        self.start_ends = upper_ends(world.first)
        self._upper_ends = [upper_ends(chance) for chance in world.chance]

    def __getitem__(self, state: int) -> StateRow:
        """Return the row of a state, made on first use: large worlds have a million."""
        row = self._rows.get(state)
        if row is None:
            row = StateRow(self, state)
            if self.keeps:
                self._rows[state] = row
        return row

    def check_action(self, action: object) -> int:
        """Return the number of an action; see the function `check_action`."""
        try:
            return self._numbers[action]  # type: ignore[index]
        except (KeyError, TypeError):
            return check_action(action, self._world.actions)

    def outcome(self, state: int, action: int) -> Any:
        """Compute the outcome of an action in a state: the fields of an `Outcome`, or a `Stochastic`."""
        first = (state * self._actions + action) * self._outcomes
        if self._outcomes == 1:
            return self._outcome(first, state)
        outcomes = [self._outcome(place, state) for place in range(first, first + self._outcomes)]
        return Stochastic(self._upper_ends[action], outcomes)

    def _outcome(self, place: int, before: int) -> tuple[Any, ...]:
        """Unpack an outcome; a plain tuple instead of an `Outcome`, because this unpacks faster."""
        packed = self._packed[place]
        state = packed & STATE_MASK
        reward, terminated, new_info = self._results[packed >> STATE_BITS]
        if self._potential is not None:
            reward = self._with_hints(
                reward, self._potential[before], 0.0 if terminated else self._potential[state]
            )
        row = EpisodeOver(OVER, before) if terminated else self[state]
        return row, state, reward, terminated, new_info, self._new_mask(state)

    def _with_hints(self, reward: float, phi: float, next_phi: float) -> float:
        """Return a reward with hints: one object for equal rewards, to stay in the processor's cache."""
        shaped = next_phi * self._world.config.hint_gamma - phi + reward  # in the order of `add_hints`
        return self._rewards.setdefault(shaped, shaped)

    def _new_mask(self, state: int) -> Callable[[], Bytes]:
        mask = self._world.action_mask[state]
        if not self.keeps:
            return mask.copy
        key = mask.tobytes()
        if key not in self._masks:
            self._masks[key] = mask_copier(mask)
        return self._masks[key]


def shared_step_cache(world: World, keeps: bool = True) -> StepCache:
    """Return the step cache of a world, built once for all its environments."""
    return world.shared((StepCache, keeps), partial(StepCache, world, keeps))


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
