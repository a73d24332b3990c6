"""What each act leads to, ready to be returned: the look-up behind the single environment's `step`."""

from bisect import bisect_right
from collections.abc import Callable
from itertools import chain, repeat
from typing import Any, NamedTuple, NoReturn

import numpy as np

from .arrays import Bytes, upper_ends
from .dynamics import Action, Event
from .errors import ActionError, ResetNeededError
from .tabular import World


class Outcome(NamedTuple):
    """One result of an act; `new_info` and `new_mask` make fresh objects at each call."""

    row: Any
    state: int
    reward: float
    terminated: bool
    new_info: Callable[[], dict[str, Any]]
    new_mask: Callable[[], Bytes]


class Stochastic(NamedTuple):
    """The results of an act that chance decides, with the upper ends of their slices of [0, 1)."""

    upper_ends: list[float]
    outcomes: list[tuple[Any, ...]]

    def draw(self, random: float) -> tuple[Any, ...]:
        """The outcome whose slice holds the random number."""
        return self.outcomes[bisect_right(self.upper_ends, random)]


class StateRow(dict[int, Any]):
    """The outcome (or `Stochastic`) of each action in one state, made when first asked for."""

    __slots__ = ("_cache", "state")

    def __init__(self, cache: "StepCache", state: int) -> None:
        super().__init__()
        self._cache = cache
        self.state = state

    def __missing__(self, action: object) -> Any:
        number = check_action(action)
        self[number] = self._cache.make(self.state, number)
        return self[number]


class EpisodeOver:
    """Stands where no step is allowed."""

    def __init__(self, reason: str, state: int | None = None) -> None:
        self._reason = reason
        self.state = state

    def __getitem__(self, action: object) -> NoReturn:
        raise ResetNeededError(self._reason)


class StepCache:
    """All rows of a world; shared by its environments."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rows = [StateRow(self, state) for state in range(world.num_states)]
        self._shared: dict[Any, Any] = {}

    def __getitem__(self, state: int) -> StateRow:
        return self._rows[state]

    def make(self, state: int, action: int) -> Any:
        """The outcome (or `Stochastic`) of an action in a state."""
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
        row, mask = self._rows[state], self._world.action_mask[state]
        info = {
            "action_mask": None,
            "event": Event(event).label,
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
            new_mask=self._share(mask.tobytes(), copier(mask)),
        )
        return tuple(outcome)  # a plain tuple unpacks faster

    def _share(self, key: Any, value: Any) -> Any:
        """One object for equal values: outcomes that share them stay in the processor's cache."""
        return self._shared.setdefault(key, value)


def copier(mask: Bytes) -> Callable[[], Bytes]:
    """A function that gives a new copy of a mask at each call.

    It hands out the rows of blocks of copies: two thirds of the cost of `mask.copy()`.
    """
    return chain.from_iterable(map(np.tile, repeat(mask), repeat((256, 1)))).__next__


def check_action(action: Any) -> int:
    """The number of an action, given as anything that equals it: also an array of no dimensions.

    Raises:
        ActionError: there is no such action.
    """
    if np.ndim(action) == 0:
        for legal in Action:
            if action == legal:
                return legal.value
    names = ", ".join(f"{a.value} {a.label}" for a in Action)
    raise ActionError(f"expected an action among {names}; got {action!r}")
