"""The compiler from the dynamics of the world to tables of all states and actions."""

from collections.abc import Callable, Hashable
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
from .kitchen import Kitchen
from .shaping import shaped_reward

T = TypeVar("T")


class World:
    """All tables of a configuration. State numbers are in breadth-first order, with the first states first.

    Args:
        config: The options that the tables are compiled from.

    Attributes:
        config: The options.
        actions: The `Action` of each action number.
        states: The state of each number, arrays [S].
        tabular_model: The model with the rewards that agents receive.
        unshaped_model: The model with happiness as reward, without hints.
        event: int8 [S, A, K], the `Event` of each outcome.
    """

    def __init__(self, config: EnvConfig) -> None:
        if not isinstance(config, EnvConfig):
            raise OptionError(f"expected the options that make_config returns, got {shown(config)}")
        self.config = config
        self._shared: dict[Hashable, Any] = {}
        kitchen = config.kitchen
        self.actions = PICKS if config.jar_alone else tuple(Action)
        actions, chance = slips(config.clumsiness)
        actions, chance = actions[list(self.actions)], chance[list(self.actions)]
        starts, start = start_states(config)
        self._number_of_code, next_code, event = _explore(config, starts, actions)
        codes = np.empty(len(next_code), np.int64)
        found = np.flatnonzero(self._number_of_code >= 0)
        codes[self._number_of_code[found]] = found
        self.states = State(*(frozen(part) for part in decode_states(kitchen, codes)))
        self.event = frozen(event)

        terminated = event == Event.YUM
        self._ends = np.flatnonzero(terminated)
        self._code_after_end = next_code.ravel()[self._ends]
        next_state = self._number_of_code[next_code]
        del next_code  # large, as all arrays [S, A, K]
        np.copyto(next_state, np.arange(len(codes))[:, None, None], where=terminated)
        self.unshaped_model = TabularModel(
            next_state=frozen(next_state),
            probability=frozen(np.broadcast_to(chance, event.shape).copy()),
            reward=frozen(np.array(config.happiness.of_events())[event]),
            terminated=frozen(terminated),
            start=frozen(np.concatenate([start, np.zeros(len(codes) - len(start))])),
        )
        self.tabular_model = self.unshaped_model
        if config.hints:
            reward = frozen(shaped_reward(self.unshaped_model, config.hint_gamma))
            self.tabular_model = self.unshaped_model._replace(reward=reward)

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave the tables out of pickles and copies, which compile them again or share them."""
        return compile_world, (self.config,)

    def shared(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is derived from this world, made by the first caller and shared with all others."""
        if key not in self._shared:
            self._shared[key] = make()
        found: T = self._shared[key]
        return found

    @property
    def num_states(self) -> int:
        """The number of reachable states."""
        return len(self.states.child)

    @cached_property
    def action_mask(self) -> Bytes:
        """int8 [S, A], 1 if the action may change something."""
        model = self.unshaped_model
        changes = (model.next_state != np.arange(self.num_states)[:, None, None]) | model.terminated
        return frozen((changes & (model.probability > 0)).any(axis=2).astype(np.int8))

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
        return State(*(int(part[place]) for part in self.states))

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
        model, number = self.unshaped_model, self.number(state)
        actions, outcomes = model.terminated.shape[1:]
        try:
            action, outcome = int(index(action)), int(index(outcome))  # a bool would be an array's mask
            inside = 0 <= action < actions and 0 <= outcome < outcomes
        except TypeError:
            inside = False
        if not inside:
            limits = f"an action below {actions} and an outcome below {outcomes}"
            raise ActionError(f"expected {limits}, got {shown(action)} and {shown(outcome)}")
        if not model.terminated[number, action, outcome]:
            return self.state(int(model.next_state[number, action, outcome]))
        place = np.ravel_multi_index((number, action, outcome), model.terminated.shape)
        code = self._code_after_end[np.searchsorted(self._ends, place)]
        return State(*map(int, decode_states(self.config.kitchen, code)))

    def numbers(self, states: State) -> Ints:
        """Return the numbers [n] of states (arrays [n]); -1 for unreachable states.

        Raises:
            StateError: If the parts are not five arrays of whole numbers of one shape.
        """
        parts, inside = checked_parts(self.config.kitchen, states)
        codes = encode_states(self.config.kitchen, State(*(np.where(inside, part, 0) for part in parts)))
        inside = inside & (codes < len(self._number_of_code))  # an arrangement of shuffled cookies
        numbers: Ints = np.where(inside, self._number_of_code[np.where(inside, codes, 0)], -1)
        return numbers

    def number(self, state: State | int) -> int:
        """Return the number of a state, given as a `State` or by its number.

        Raises:
            StateError: If the state does not exist or is unreachable.
        """
        try:
            number = self._look_up(State(*map(index, state))) if np.iterable(state) else index(state)
        except (TypeError, ValueError):
            number = -1
        if isinstance(state, (bool, np.bool_)) or not 0 <= number < self.num_states:
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


def encode_states(kitchen: Kitchen, state: State) -> Any:
    """Return a code for each state: an integer below `code_count`."""
    cells = len(kitchen.places)
    child, chair, standing, jar, arrangement = state
    code = (arrangement * (CLOSED + 1) + jar) * 2 + standing
    return (code * (cells + 1) + chair + 1) * cells + child


def decode_states(kitchen: Kitchen, code: Ints) -> State:
    """Return the states of codes, inverting `encode_states`."""
    cells = len(kitchen.places)
    code, child = np.divmod(code, cells)
    code, chair = np.divmod(code, cells + 1)
    code, standing = np.divmod(code, 2)
    arrangement, jar = np.divmod(code, CLOSED + 1)
    return State(child, chair - 1, standing, jar, arrangement)


def code_count(config: EnvConfig) -> int:
    """Return the number of codes; some belong to unreachable states."""
    cells = len(config.kitchen.places)
    arrangements = len(ARRANGEMENTS) if config.shuffle_cookies else 1
    return arrangements * (CLOSED + 1) * 2 * (cells + 1) * cells


def _explore(config: EnvConfig, starts: State, actions: Ints) -> tuple[Ints, NDArray[np.int32], Bytes]:
    """Explore all states breadth-first, a whole frontier at a time.

    Args:
        config: The options of the world.
        starts: The possible first states (arrays [n]).
        actions: The action that happens in each outcome of each action [A, K].

    Returns:
        number: The state number of each code, -1 if unreachable.
        next_code: The code of the next state of each outcome [S, A, K].
        event: The event of each outcome [S, A, K].
    """
    kitchen = config.kitchen
    number = np.full(code_count(config), -1, np.int64)
    frontier = encode_states(kitchen, starts)
    number[frontier] = np.arange(len(frontier))
    count = len(frontier)
    next_codes, events = [], []
    while len(frontier):
        state = State(*(part[:, None, None] for part in decode_states(kitchen, frontier)))
        after, event = outcomes(kitchen, config.likes, state, actions)
        code = encode_states(kitchen, after)
        next_codes.append(code.astype(np.int32))
        events.append(event.astype(np.int8))
        going_on = code[event != Event.YUM]
        new = going_on[number[going_on] < 0]
        unique, first = np.unique(new, return_index=True)
        frontier = unique[np.argsort(first)]
        number[frontier] = count + np.arange(len(frontier))
        count += len(frontier)
    return number, np.concatenate(next_codes), np.concatenate(events)
