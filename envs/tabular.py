"""The tabular model, and the compiler that derives it from the one dynamics."""

from functools import cached_property, lru_cache
from operator import index
from typing import Any

import numpy as np

from .arrays import Bytes, Floats, Ints, TabularModel, frozen
from .config import EnvConfig
from .dynamics import ARRANGEMENTS, CARRIED, CLOSED, Event, State, slips, transition
from .errors import StateError
from .kitchen import Kitchen
from .shaping import hints


class World:
    """All tables of one set of rules. State numbers are breadth-first, first in first out, starts first.

    Attributes:
        rules: what the world is made from.
        states: the state of each number, arrays [S].
        tabular_model: with the rewards that learners see.
        happiness_model: the same with the true happiness as reward, without hints.
        event: int8 [S, A, K], the `Event` of each outcome.
    """

    def __init__(self, config: EnvConfig) -> None:
        self.config = config
        kitchen = config.kitchen
        meant, chance = slips(config.clumsiness)
        starts, start = start_states(config)
        self._number_of_code, next_code, event = _explore(config, starts, meant)
        codes = np.empty(len(next_code), np.int64)
        found = np.flatnonzero(self._number_of_code >= 0)
        codes[self._number_of_code[found]] = found
        self.states = State(*(frozen(part) for part in decode_states(kitchen, codes)))
        self.event = frozen(event.astype(np.int8))

        terminated = event == Event.YUM
        here = np.arange(len(codes))[:, None, None]
        happiness = np.array(config.happiness.of_events())[event]
        self._ends = np.flatnonzero(terminated)
        self._code_after_end = next_code.ravel()[self._ends]
        self.unshaped_model = TabularModel(
            next_state=frozen(np.where(terminated, here, self._number_of_code[next_code])),
            probability=frozen(np.broadcast_to(chance, event.shape).copy()),
            reward=frozen(happiness),
            terminated=frozen(terminated),
            start=frozen(np.concatenate([start, np.zeros(len(codes) - len(start))])),
        )
        self.tabular_model = self.unshaped_model
        if config.hints:
            reward = frozen(happiness + hints(self.unshaped_model))
            self.tabular_model = self.unshaped_model._replace(reward=reward)

    @property
    def num_states(self) -> int:
        """How many states can be reached from the starts."""
        return len(self.states.child)

    @cached_property
    def action_mask(self) -> Bytes:
        """int8 [S, A]: 1 where the action may change something."""
        model = self.unshaped_model
        changes = (model.next_state != np.arange(self.num_states)[:, None, None]) | model.terminated
        return frozen((changes & (model.probability > 0)).any(axis=2).astype(np.int8))

    def state(self, number: int) -> State:
        """The state of that number, as plain ints."""
        return State(*(int(part[number]) for part in self.states))

    def after(self, state: State | int, action: int, outcome: int = 0) -> State:
        """Return the state that follows an action, also where the episode ends there.

        `tabular_model.next_state` stays in the state that was left when the episode ends; this method
        returns the state in which the cookie is gone, for pictures of the end.

        Args:
            state: The state before the action, as a `State` or by its number.
            action: The number of the action.
            outcome: Which of the K outcomes happens; 0 is the action as intended.

        Raises:
            StateError: If the kitchen has no such state.
        """
        model, number = self.unshaped_model, self.number(state)
        if not model.terminated[number, action, outcome]:
            return self.state(int(model.next_state[number, action, outcome]))
        place = np.ravel_multi_index((number, action, outcome), model.terminated.shape)
        code = self._code_after_end[np.searchsorted(self._ends, place)]
        return State(*map(int, decode_states(self.config.kitchen, code)))

    def numbers(self, states: State) -> Ints:
        """The numbers of states of this kitchen (arrays [n]); -1 for those that no start leads to."""
        numbers: Ints = self._number_of_code[encode_states(self.config.kitchen, states)]
        return numbers

    def number(self, state: State | int) -> int:
        """The number of a state, given as such or already by its number.

        Raises:
            StateError: no start leads to such a state.
        """
        try:
            number = self._look_up(State(*map(index, state))) if np.iterable(state) else index(state)
        except TypeError:
            number = -1
        if not 0 <= number < self.num_states:
            expected = f"a State of this kitchen or a number below {self.num_states}"
            raise StateError(f"expected {expected}, got {state!r}")
        return number

    def _look_up(self, state: State) -> int:
        """The number of a state, or -1 where it has none."""
        cells = len(self.config.kitchen.places)
        limits = State((0, cells), (CARRIED, cells), (0, 2), (0, CLOSED + 1), (0, len(ARRANGEMENTS)))
        inside = all(low <= part < high for part, (low, high) in zip(state, limits, strict=True))
        code = int(encode_states(self.config.kitchen, state)) if inside else -1
        return int(self._number_of_code[code]) if 0 <= code < len(self._number_of_code) else -1


@lru_cache(maxsize=32)
def compile_world(config: EnvConfig) -> World:
    """The world of these rules, compiled once and shared: all its arrays are read-only."""
    return World(config)


def start_states(config: EnvConfig) -> tuple[State, Floats]:
    """The states in which an episode may start (arrays [n]) and their probabilities [n]."""
    kitchen = config.kitchen
    cells = np.flatnonzero(kitchen.reachable)
    child = cells if config.random_start else np.array([kitchen.child_start])
    chair = cells if config.random_start else np.array([kitchen.chair_start])
    arrangement = np.arange(len(ARRANGEMENTS) if config.shuffle_cookies else 1)
    grid = np.meshgrid(child, chair, arrangement, indexing="ij")
    child, chair, arrangement = (part.ravel() for part in grid)
    states = State(child, chair, np.zeros_like(child), np.full_like(child, CLOSED), arrangement)
    return states, np.full(len(child), 1 / len(child))


def encode_states(kitchen: Kitchen, state: State) -> Any:
    """One number for each state; below `code_count`."""
    cells = len(kitchen.places)
    child, chair, standing, jar, arrangement = state
    code = (arrangement * (CLOSED + 1) + jar) * 2 + standing
    return (code * (cells + 1) + chair + 1) * cells + child


def decode_states(kitchen: Kitchen, code: Ints) -> State:
    """The inverse of `encode`."""
    cells = len(kitchen.places)
    code, child = np.divmod(code, cells)
    code, chair = np.divmod(code, cells + 1)
    code, standing = np.divmod(code, 2)
    arrangement, jar = np.divmod(code, CLOSED + 1)
    return State(child, chair - 1, standing, jar, arrangement)


def code_count(config: EnvConfig) -> int:
    """How many codes there are; every reachable state has one of its own."""
    cells = len(config.kitchen.places)
    arrangements = len(ARRANGEMENTS) if config.shuffle_cookies else 1
    return arrangements * (CLOSED + 1) * 2 * (cells + 1) * cells


def _explore(config: EnvConfig, starts: State, actions: Ints) -> tuple[Ints, Ints, Ints]:
    """Breadth-first search with a whole frontier at a time.

    Returns:
        number: the state number of each code, -1 where unreachable.
        next_code: the code of each outcome's state [S, A, K].
        event: the event of each outcome [S, A, K].
    """
    kitchen = config.kitchen
    number = np.full(code_count(config), -1, np.int64)
    frontier = encode_states(kitchen, starts)
    number[frontier] = np.arange(len(frontier))
    count = len(frontier)
    next_codes, events = [], []
    while len(frontier):
        state = State(*(part[:, None, None] for part in decode_states(kitchen, frontier)))
        after, event = transition(kitchen, config.likes, state, actions)
        code = encode_states(kitchen, after)
        next_codes.append(code)
        events.append(event)
        going_on = code[event != Event.YUM]
        new = going_on[number[going_on] < 0]
        unique, first = np.unique(new, return_index=True)
        frontier = unique[np.argsort(first)]
        number[frontier] = count + np.arange(len(frontier))
        count += len(frontier)
    return number, np.concatenate(next_codes), np.concatenate(events)
