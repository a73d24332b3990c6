"""Precomputed results of `step`: for each state and action, everything that the environment returns."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain, repeat
from typing import Any, NamedTuple, NoReturn

import numpy as np

from .arrays import Bytes, upper_ends
from .dynamics import Action, Event
from .errors import ActionError, ResetNeededError, shown
from .tabular import World


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
        super().__init__()
        self._cache = cache
        self.state = state

    def __missing__(self, action: object) -> Any:
        number = self._cache.check_action(action)
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
        self._world = world
        self._rows: dict[int, StateRow] = {}
        self._shared: dict[Any, Any] = {}

    def __getitem__(self, state: int) -> StateRow:
        """Return the row of a state, made on first use: large worlds have a million."""
        row = self._rows.get(state)
        if row is None:
            row = self._rows[state] = StateRow(self, state)
        return row

    def check_action(self, action: object) -> int:
        """Return the number of an action; see the function `check_action`."""
        return check_action(action, self._world.actions)

    def outcome(self, state: int, action: int) -> Any:
        """Compute the outcome of an action in a state: the fields of an `Outcome`, or a `Stochastic`."""
        model = self._world.tabular_model
        parts = (
            model.next_state[state, action].tolist(),
            model.reward[state, action].tolist(),
            model.terminated[state, action].tolist(),
            self._world.unshaped_model.reward[state, action].tolist(),
            self._world.event[state, action].tolist(),
        )
        outcomes = [self._outcome(*values) for values in zip(*parts, strict=True)]
        if len(outcomes) == 1:
            return outcomes[0]
        return Stochastic(upper_ends(model.probability[state, action]), outcomes)

    def _outcome(
        self, state: int, reward: float, terminated: bool, happiness: float, event: int
    ) -> tuple[Any, ...]:
        row, mask = self[state], self._world.action_mask[state]
        info = {
            "action_mask": None,
            "event": Event(event).label,
            "event_id": event,
            "happiness": happiness,
            "is_success": terminated,
        }
        over = "the episode has ended: call reset() before the next step()"
        outcome = Outcome(
            row=EpisodeOver(over, state) if terminated else row,
            state=row.state,
            reward=self._share(reward, reward),
            terminated=terminated,
            new_info=self._share((event, happiness), info.copy),
            new_mask=self._share(mask.tobytes(), mask_copier(mask)),
        )
        return tuple(outcome)  # a plain tuple unpacks faster

    def _share(self, key: Any, value: Any) -> Any:
        """Return one object for equal values, so that the outcomes stay in the processor's cache."""
        return self._shared.setdefault(key, value)


@lru_cache(maxsize=32)
def shared_step_cache(world: World) -> StepCache:
    """Return the step cache of a world, built once for all its environments."""
    return StepCache(world)


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
