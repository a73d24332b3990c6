"""Precomputed results of `step`: for each state and action, everything that the environment returns."""

from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, NoReturn

from .arrays import Bytes
from .errors import ResetNeededError
from .outcomes import Outcomes
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
    """The outcome (or `Stochastic`) of each action in one state, computed on first use."""

    __slots__ = ("_cache", "state")

    def __init__(self, cache: "StepCache", state: int) -> None:
        self._cache = cache
        self.state = state

    def __missing__(self, action: object) -> Any:
        number = self._cache.outcomes.check_action(action)
        self[number] = self._cache.outcome(self.state, number)
        return self[number]


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
    """The rows of all states of a world. `shared_step_cache` returns the cache that environments share."""

    def __init__(self, world: World) -> None:
        self.outcomes = shared_outcomes(world)
        self._rows: dict[int, StateRow] = {}

    def __getitem__(self, state: int) -> StateRow:
        """Return the row of a state, made on first use: large worlds have a million."""
        row = self._rows.get(state)
        if row is None:
            row = self._rows[state] = StateRow(self, state)
        return row

    def outcome(self, state: int, action: int) -> Any:
        """Compute the outcome of an action in a state: the fields of an `Outcome`, or a `Stochastic`."""
        first, ends = self.outcomes.first(state, action), self.outcomes.upper_ends
        if ends is None:
            return self._outcome(first, state)
        places = range(first, first + self.outcomes.count)
        return Stochastic(ends[action], [self._outcome(place, state) for place in places])

    def _outcome(self, place: int, before: int) -> tuple[Any, ...]:
        """Return the fields of an `Outcome` as a plain tuple, which unpacks faster."""
        unpacked = self.outcomes.unpack(self.outcomes.packed[place], before)
        state, _, terminated, _, _ = unpacked
        return EpisodeOver(OVER, before) if terminated else self[state], *unpacked


class MovingRow:
    """The row of one environment in one of many worlds: moves to the next state with each step.

    Rows that are kept are faster, but would fill the memory. `draw` belongs to the action looked up last.
    """

    __slots__ = ("_action", "_outcomes", "state")

    def __init__(self, outcomes: Outcomes, state: int) -> None:
        self._outcomes = outcomes
        self._action = 0
        self.state = state

    def __getitem__(self, action: object) -> Any:
        outcomes = self._outcomes
        try:
            number = outcomes.numbers[action]  # type: ignore[index]
        except (KeyError, TypeError):
            number = outcomes.check_action(action)
        if outcomes.upper_ends is None:
            return self._move(outcomes.packed[self.state * outcomes.actions + number])
        self._action = number
        return self

    def draw(self, random: float) -> tuple[Any, ...]:
        """Take the outcome whose slice contains a random number from [0, 1)."""
        outcomes = self._outcomes
        assert outcomes.upper_ends is not None
        first = outcomes.first(self.state, self._action)
        return self._move(outcomes.packed[first + bisect_right(outcomes.upper_ends[self._action], random)])

    def _move(self, packed: int) -> tuple[Any, ...]:
        before = self.state
        unpacked = self._outcomes.unpack(packed, before)
        self.state, _, terminated, _, _ = unpacked
        return EpisodeOver(OVER, before) if terminated else self, *unpacked


def shared_step_cache(world: World) -> StepCache:
    """Return the step cache of a world, built once for all its environments."""
    return world.shared(StepCache, partial(StepCache, world))


def shared_outcomes(world: World) -> Outcomes:
    """Return the outcomes of a world, prepared once for all its environments."""
    return world.shared(Outcomes, partial(Outcomes, world))
