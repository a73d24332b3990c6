"""The compiler from the dynamics of the world to tables of all states and actions."""

from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import cached_property, lru_cache
from operator import index
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from .arrays import Bytes, Floats, Ints, TabularModel, frozen
from .config import EnvConfig
from .dynamics import (
    ARRANGEMENTS,
    CLOSED,
    FULL,
    PICKS,
    Action,
    Event,
    State,
    checked_parts,
    outcomes,
    slips,
    state_limits,
)
from .errors import ActionError, OptionError, StateError, shown
from .exploration import STATE_BITS, STATE_MASK, chunks, code_count, decode_states, encode_states, explore
from .shaping import HINT_PER_STEP, add_hints, search_backwards

MAX_LEVELS = 1_024  # worlds of levels that are kept for the single environment: about 0.2 MB each

T = TypeVar("T")


class World:
    """All tables of a configuration. State numbers are in breadth-first order, with the first states first.

    Args:
        config: The options that the tables are compiled from.

    Attributes:
        config: The options.
        actions: The `Action` of each action number.
        chance: The probability of each outcome of each action, the same in all states [A, K].
        first: The probability of each of the possible first states, which have the first numbers [n].
        packed: int32 [S, A, K], the outcomes in short, see `Explored`; all other tables are made from these
            on first use.
    """

    def __init__(self, config: EnvConfig) -> None:
        if not isinstance(config, EnvConfig):
            raise OptionError(f"expected the options that make_config returns, got {shown(config)}")
        self.config = config
        self._shared: dict[Hashable, Any] = {}
        self.actions = PICKS if config.jar_alone else tuple(Action)
        actions, chance = slips(config.clumsiness)
        actions, chance = actions[list(self.actions)], chance[list(self.actions)]
        starts, start = start_states(config)
        self._codes, packed = explore(config, starts, actions)
        self._meant, self.chance, self.first, self.packed = (
            actions,
            frozen(chance),
            frozen(start),
            frozen(packed),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave the tables out of pickles and copies, which compile them again or share them."""
        return compile_world, (self.config,)

    def shared(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is derived from this world, made by the first caller and shared with all others.

        Raises:
            OptionError: If the key cannot be hashed, or `make` cannot be called.
        """
        try:
            is_new = key not in self._shared
        except TypeError:
            raise OptionError(f"shared: expected a key that can be hashed, got {shown(key)}") from None
        if not callable(make):
            raise OptionError(f"shared: expected a function that makes the value, got {shown(make)}")
        if is_new:
            self._shared[key] = make()
        found: T = self._shared[key]
        return found

    @property
    def num_states(self) -> int:
        """The number of reachable states."""
        return len(self._codes)

    @cached_property
    def states(self) -> State:
        """The state of each number, int64 arrays [S]."""
        return self.decoded_states()

    def decoded_states(self) -> State:
        """Compute `states` without keeping the arrays, for worlds of which there are many."""
        return State(*map(frozen, decode_states(self.config.kitchen, self._codes)))

    @cached_property
    def _number_of_code(self) -> NDArray[np.int32]:
        """The number of the state of each code, int32; -1 if unreachable."""
        number = np.full(code_count(self.config), -1, np.int32)
        number[self._codes] = np.arange(self.num_states)
        return number

    @cached_property
    def event(self) -> Bytes:
        """The `Event` of each outcome, int8 [S, A, K]."""
        event = np.empty(self.packed.shape, np.int8)
        return frozen(np.right_shift(self.packed, STATE_BITS, event, casting="unsafe"))

    @cached_property
    def unshaped_model(self) -> TabularModel:
        """The model with happiness as reward, without hints."""
        reward, happiness = np.empty(self.event.shape), np.array(self.config.happiness.of_events())
        for chunk in chunks(self.num_states):
            happiness.take(self.event[chunk], out=reward[chunk], mode="clip")  # in place only if clipped
        return TabularModel(
            next_state=frozen(np.bitwise_and(self.packed, np.int32(STATE_MASK), dtype=np.int64)),
            probability=frozen(np.broadcast_to(self.chance, self.event.shape).copy()),
            reward=frozen(reward),
            terminated=frozen(self.event == Event.YUM),
            start=frozen(np.append(self.first, np.zeros(self.num_states - len(self.first)))),
        )

    @cached_property
    def tabular_model(self) -> TabularModel:
        """The model with the rewards that agents receive."""
        if not self.config.hints:
            return self.unshaped_model
        phi = self.potential  # before the other tables, because this needs memory for a while
        reward = frozen(add_hints(self.unshaped_model, phi, self.config.hint_gamma))
        return self.unshaped_model._replace(reward=reward)

    @cached_property
    def potential(self) -> Floats:
        """The potential of each state that hints are made from, float64 [S]; see `shaped_reward`."""
        ends = self.packed >> STATE_BITS == Event.YUM
        steps = search_backwards(self.packed & np.int32(STATE_MASK), ends, self.chance > 0)
        return frozen(HINT_PER_STEP * steps)

    @cached_property
    def action_mask(self) -> Bytes:
        """int8 [S, A], 1 if the action can change the state."""
        return frozen(self.compute_action_mask())

    def compute_action_mask(self) -> Bytes:
        """Compute `action_mask` without keeping the array, for worlds of which there are many."""
        own, possible = np.arange(self.num_states, dtype=np.int32)[:, None, None], self.chance > 0
        mask = np.empty(self.packed.shape[:2], np.bool_)
        for chunk in chunks(self.num_states):
            packed = self.packed[chunk]
            changes = packed & np.int32(STATE_MASK) != own[chunk]
            changes |= packed >> STATE_BITS == Event.YUM
            changes &= possible
            np.logical_or.reduce(changes, axis=2, out=mask[chunk])
        return mask.view(np.int8)

    def state(self, number: int) -> State:
        """Return the state of a number, as plain ints.

        Raises:
            StateError: If there is no such number.
        """
        try:
            place = -1 if isinstance(number, (bool, np.bool_)) else index(number)
        except TypeError:
            place = -1
        if not 0 <= place < self.num_states:
            raise StateError(f"expected a number below {self.num_states}, got {shown(number)}")
        return State(*map(int, decode_states(self.config.kitchen, self._codes[place])))

    def after(self, state: State | int, action: int, outcome: int = 0) -> State:
        """Return the state that follows an action, even if the action ends the episode.

        When an episode ends, `tabular_model.next_state` is the state before the action; this method returns
        the state in which the cookie is gone, for pictures of the end.

        Args:
            state: The state before the action, as a `State` or by its number.
            action: The number of the action.
            outcome: The index of the outcome, below K; 0 is the intended action.

        Raises:
            StateError: If the kitchen has no such state.
            ActionError: If there is no such action or outcome.
        """
        number = self.number(state)
        actions, count = self._meant.shape
        try:
            action, outcome = int(index(action)), int(index(outcome))  # a bool would be an array's mask
            inside = 0 <= action < actions and 0 <= outcome < count
        except TypeError:
            inside = False
        if not inside:
            limits = f"an action below {actions} and an outcome below {count}"
            raise ActionError(f"expected {limits}, got {shown(action)} and {shown(outcome)}")
        kitchen, likes = self.config.kitchen, self.config.likes
        after, _ = outcomes(kitchen, likes, self.state(number), self._meant[action, outcome])
        return State(*map(int, after))

    def numbers(self, states: State) -> Ints:
        """Return the numbers [n] of states (arrays [n]); -1 for unreachable states.

        Raises:
            StateError: If the parts are not five arrays of whole numbers of one shape.
        """
        parts, inside = checked_parts(self.config.kitchen, states)
        codes = encode_states(self.config.kitchen, State(*(np.where(inside, part, 0) for part in parts)))
        inside = inside & (codes < len(self._number_of_code))  # an arrangement of shuffled cookies
        numbers: Ints = np.where(inside, self._number_of_code[np.where(inside, codes, 0)], np.int64(-1))
        return numbers

    def number(self, state: State | int) -> int:
        """Return the number of a state, given as a `State` or by its number.

        Raises:
            StateError: If the state does not exist or is unreachable.
        """
        number = -1
        if not isinstance(state, (bool, np.bool_)):
            with suppress(TypeError, ValueError):
                number = self._look_up(State(*map(index, state))) if np.iterable(state) else index(state)
        if not 0 <= number < self.num_states:
            expected = f"a State of this kitchen or a number below {self.num_states}"
            raise StateError(f"expected {expected}, got {shown(state)}")
        return number

    def checked_numbers(self, numbers: Any) -> Ints:
        """Return numbers of states as an array [n].

        Raises:
            StateError: If a number is not that of a state.
        """
        try:
            array = np.asarray(numbers)
        except ValueError:  # a ragged list
            array = np.zeros(())
        right = array.ndim == 1 and array.dtype.kind in "iu"
        if not right or (array < 0).any() or (array >= self.num_states).any():
            raise StateError(f"expected numbers [n] below {self.num_states}, got {shown(numbers)}")
        return array.astype(np.int64)

    def _look_up(self, state: State) -> int:
        """Return the number of a state, or -1 if there is no such state."""
        limits = state_limits(self.config.kitchen)
        inside = all(low <= part < high for part, (low, high) in zip(state, limits, strict=True))
        code = int(encode_states(self.config.kitchen, state)) if inside else -1
        return int(self._number_of_code[code]) if 0 <= code < len(self._number_of_code) else -1


@lru_cache(maxsize=32)
def compile_world(config: EnvConfig) -> World:
    """Compile the world of a configuration once; it is shared, and all its arrays are read-only."""
    return World(config)


@lru_cache(maxsize=MAX_LEVELS)
def compile_level(config: EnvConfig) -> World:
    """Compile the world of a level once, as `compile_world` does; there are many levels, but small ones."""
    return World(config)


def start_states(config: EnvConfig) -> tuple[State, Floats]:
    """Return the possible first states of an episode (arrays [n]) and their probabilities [n]."""
    kitchen = config.kitchen
    cells = np.flatnonzero(kitchen.reachable)
    child = cells if config.random_start else np.array([kitchen.child_start])
    chair = cells if config.random_start else np.array([kitchen.chair_start])
    standing, jar = 0, CLOSED
    if config.jar_alone:
        child = chair = np.flatnonzero(kitchen.reachable & kitchen.beside_jar)[:1]
        standing, jar = 1, FULL
    arrangement = np.arange(len(ARRANGEMENTS) if config.shuffle_cookies else 1)
    grid = np.meshgrid(child, chair, arrangement, indexing="ij")
    child, chair, arrangement = (part.ravel() for part in grid)
    states = State(child, chair, np.full_like(child, standing), np.full_like(child, jar), arrangement)
    return states, np.full(len(child), 1 / len(child))
