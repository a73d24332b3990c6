"""The exploration of a world: all states that an episode can reach, and the outcomes of all actions there."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import Ints
from .config import EnvConfig
from .dynamics import ARRANGEMENTS, CARRIED, CLOSED, Action, Event, State, act
from .kitchen import Kitchen

STATE_BITS = 27  # of a packed outcome: the number of the next state; the event is above
STATE_MASK = (1 << STATE_BITS) - 1
CHUNK = 1 << 12  # states that are worked on at once, so that temporary arrays stay in the cache

Rows = NDArray[np.int32]


class Explored(NamedTuple):
    """The states of a world, numbered breadth-first, with the first states first.

    Attributes:
        codes: The code of each state, int32 [S].
        packed: The outcomes, int32 [S, A, K]: event << `STATE_BITS` | next state, which is the state before
            the action if the episode ends.
    """

    codes: Rows
    packed: Rows


def encode_states(kitchen: Kitchen, state: State) -> Any:
    """Return a code for each state: an integer below `code_count`."""
    return sum(
        (part - low) * weight for part, low, weight in zip(state, LOWEST, _weights(kitchen), strict=True)
    )


LOWEST = State(0, CARRIED, 0, 0, 0)


def _weights(kitchen: Kitchen) -> State:
    """Return what each part of a state adds to the code, per unit."""
    cells = len(kitchen.places)
    places = cells * (cells + 1)
    return State(1, cells, places, 2 * places, 2 * places * (CLOSED + 1))


def decode_states(kitchen: Kitchen, code: Any) -> State:
    """Return the states of codes as int64, inverting `encode_states`."""
    cells = len(kitchen.places)
    code, child = np.divmod(np.asarray(code, np.int64), cells)
    code, chair = np.divmod(code, cells + 1)
    code, standing = np.divmod(code, 2)
    arrangement, jar = np.divmod(code, CLOSED + 1)
    return State(child, chair + CARRIED, standing, jar, arrangement)


def code_count(config: EnvConfig) -> int:
    """Return the number of codes; some belong to unreachable states."""
    arrangements = len(ARRANGEMENTS) if config.shuffle_cookies else 1
    return int(arrangements * _weights(config.kitchen).arrangement)


def explore(config: EnvConfig, starts: State, actions: Ints) -> Explored:
    """Explore all states breadth-first, a whole frontier at a time.

    Args:
        config: The options of the world.
        starts: The possible first states (arrays [n]).
        actions: The action that happens in each outcome of each action [A, K].
    """
    happening = list(dict.fromkeys(actions.ravel().tolist()))  # in the order in which they are tried
    codes, row_of_code, by_row = _all_outcomes(config, happening)
    number, found = _breadth_first(row_of_code[encode_states(config.kitchen, starts)], by_row)
    packed = np.empty((len(found), *actions.shape), np.int32)
    column = np.array([happening.index(action) for action in actions.ravel().tolist()])
    all_differ = len(column) == len(happening)
    for chunk in chunks(len(found)):
        outcomes = by_row.take(found[chunk], 0)
        events = outcomes >> STATE_BITS << STATE_BITS
        outcomes &= STATE_MASK
        outcomes = number.take(outcomes)
        outcomes |= events
        packed[chunk] = (outcomes if all_differ else outcomes.take(column, 1)).reshape(-1, *actions.shape)
    return Explored(codes.take(found), packed)


def chunks(states: int, size: int = CHUNK) -> list[slice]:
    """Return the slices of states that are worked on at once, to keep temporary arrays small."""
    return [slice(first, first + size) for first in range(0, states, size)]


def _breadth_first(first: Rows, by_row: Rows) -> tuple[Rows, Rows]:
    """Number all rows that can be reached.

    Args:
        first: The first rows.
        by_row: The outcomes in each row [R, B], see `_all_outcomes`.

    Returns:
        The number of each row [R], -1 if it cannot be reached, and the rows by number [S].
    """
    number = np.full(len(by_row), -1, np.int32)
    count, found, frontier = 0, [], first
    while len(frontier):
        number[frontier] = np.arange(count, count + len(frontier))
        found.append(frontier)
        count += len(frontier)
        reached = by_row.take(frontier, 0).ravel()
        reached &= STATE_MASK
        new = reached.compress(number.take(reached) < 0)
        order = np.arange(len(new), dtype=np.int32)
        number[new[::-1]] = order[::-1]  # of equal rows, the first is assigned last, and stays
        frontier = new.compress(number.take(new) == order)
    return number, np.concatenate(found)


def _all_outcomes(config: EnvConfig, actions: list[int]) -> tuple[Rows, Rows, Rows]:
    """Compute the outcomes of actions in all possible states: rows, in the order of their codes.

    Returns:
        The code of each row [R].
        The row of each code, -1 if there is none.
        The outcomes packed as in `Explored`, with rows instead of state numbers [R, B].
    """
    kitchen, weights = config.kitchen, _weights(config.kitchen)
    state = _possible_states(config)
    codes = encode_states(kitchen, state)
    rows = np.arange(codes.size, dtype=np.int32).reshape(codes.shape)
    row_of_code = np.full(code_count(config), -1, np.int32)
    row_of_code[codes] = rows
    changes = []
    for action in actions:
        after, event = act(kitchen, config.likes, state, Action(action))
        parts = zip(after, state, weights, strict=True)
        change = sum((new - old) * weight for new, old, weight in parts if new is not old)
        change = np.where(event == Event.YUM, np.int32(0), change)
        reached = row_of_code.take(codes[: len(change)] + change)  # often one row for all jars
        assert (reached >= 0).all()  # `_possible_states` leaves out none that can be reached
        reached += (event.astype(np.int32) << STATE_BITS) - rows[: len(change)]
        changes.append(reached)
    by_row = np.empty((*rows.shape, len(actions)), np.int32)
    for chunk in chunks(len(rows), max(1, CHUNK // rows.shape[1])):
        for column, change in enumerate(changes):
            np.add(rows[chunk], change if len(change) == 1 else change[chunk], by_row[chunk, :, column])
    return codes.ravel(), row_of_code, by_row.reshape(-1, len(actions))


def _possible_states(config: EnvConfig) -> State:
    """Return all states that `count_states` counts, as arrays that broadcast to [jars, places].

    The child stands on the chair in its own cell only; an open jar has the cookie that ends the episode.
    """
    kitchen = config.kitchen
    cells = np.flatnonzero(kitchen.reachable).astype(np.int32)
    chairs = np.append(np.int32(CARRIED), cells)
    child = np.concatenate([np.tile(cells, len(chairs)), cells])
    chair = np.concatenate([np.repeat(chairs, len(cells)), cells])
    standing = np.repeat(np.array([0, 1], np.int32), [len(cells) * len(chairs), len(cells)])
    if config.jar_alone:
        child = chair = np.flatnonzero(kitchen.reachable & kitchen.beside_jar)[:1].astype(np.int32)
        standing = np.ones(1, np.int32)
    arrangements = range(len(ARRANGEMENTS) if config.shuffle_cookies else 1)
    liked = [ARRANGEMENTS[arrangement].tolist().index(config.likes) for arrangement in arrangements]
    jars = np.array(
        [
            (jar, arrangement)
            for arrangement in arrangements
            for jar in range(CLOSED + 1)
            if (not config.jar_alone if jar == CLOSED else jar >> liked[arrangement] & 1)
        ],
        np.int32,
    )
    return State(child[None], chair[None], standing[None], jars[:, :1], jars[:, 1:])
