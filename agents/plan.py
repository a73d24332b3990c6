"""The learned model of Dyna-Q, and its queue of values to update."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import AgentError

STATE, ACTION, NEXT, ENDED, COUNT = range(5)  # columns of `Plan.outcomes`
ROWS, QUEUED = range(2)  # entries of `Plan.sizes`
NONE = -1  # no further row, or not in the queue
MAX_COUNT = 1 << 40  # of an outcome in a file
ARRAYS = {"outcomes": np.int64, "outcome_rewards": np.float64, "queue": np.int64, "priorities": np.float64}


class Plan(NamedTuple):
    """A learned model, and the pairs whose values wait for an update.

    A pair is a state and an action, as the number state * A + action. The outcomes form lists: of each pair,
    and of each next state. The queue is a binary heap: the parent of place i is at (i - 1) // 2, and no pair
    has a higher priority than its parent.

    Attributes:
        outcomes: State, action, next state, termination (0 or 1) and count of each outcome, int64 [R, 5].
        rewards: The mean reward of each outcome, float64 [R].
        same_pair: The row of an earlier outcome of the same pair, or `NONE` [R].
        same_next: The row of an earlier outcome with the same next state, or `NONE` [R].
        of_pair: The row of the last outcome that was new for a pair, or `NONE` [S * A].
        into: The row of the last new outcome that leads to a state without termination, or `NONE` [S].
        queue: The pairs in the queue [S * A].
        priority: The priorities at the same places [S * A].
        place: The place of a pair in the queue, or `NONE` [S * A].
        sizes: The number of outcomes, and the number of pairs in the queue [2].
    """

    outcomes: NDArray[np.int64]
    rewards: NDArray[np.float64]
    same_pair: NDArray[np.int64]
    same_next: NDArray[np.int64]
    of_pair: NDArray[np.int64]
    into: NDArray[np.int64]
    queue: NDArray[np.int64]
    priority: NDArray[np.float64]
    place: NDArray[np.int64]
    sizes: NDArray[np.int64]


def empty_plan(states: int, actions: int) -> Plan:
    """Return a plan without outcomes, and with an empty queue."""
    rows, pairs = np.zeros(0, np.int64), np.full(states * actions, NONE)
    return Plan(
        np.zeros((0, 5), np.int64), np.zeros(0), rows, rows, pairs, np.full(states, NONE),
        pairs.copy(), np.zeros(len(pairs)), pairs.copy(), np.zeros(2, np.int64),
    )  # fmt: skip


def with_room(plan: Plan, rows: int) -> Plan:
    """Return a plan with room for this many more outcomes."""
    used = int(plan.sizes[ROWS])
    if used + rows <= len(plan.outcomes):
        return plan
    names = ("outcomes", "rewards", "same_pair", "same_next")
    grown = {name: _grown(getattr(plan, name), 2 * used + rows) for name in names}
    return plan._replace(**grown)


def _grown(array: NDArray[Any], rows: int) -> NDArray[Any]:
    """Return an array with this many rows that begins with those of another."""
    larger = np.zeros((rows, *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger


def saved(plan: Plan) -> dict[str, NDArray[Any]]:
    """Return copies of the arrays from which `restored` makes an equal plan, by name."""
    rows, queued = plan.sizes.tolist()
    parts = plan.outcomes[:rows], plan.rewards[:rows], plan.queue[:queued], plan.priority[:queued]
    return {name: part.copy() for name, part in zip(ARRAYS, parts, strict=True)}


def restored(states: int, actions: int, arrays: Mapping[str, Any]) -> Plan:
    """Return the plan that was `saved`.

    Raises:
        AgentError: If the arrays are not those of a plan for a table of this shape.
    """
    outcomes, rewards, queue, priorities = (_checked(arrays, name) for name in ARRAYS)
    _check_outcomes(outcomes, rewards, states, actions)
    plan, pairs = empty_plan(states, actions), outcomes[:, STATE] * actions + outcomes[:, ACTION]
    rows, goes_on = np.arange(len(outcomes)), outcomes[:, ENDED] == 0
    same_pair, same_next = np.full(len(rows), NONE), np.full(len(rows), NONE)
    _link(rows, pairs, same_pair, plan.of_pair)
    _link(rows[goes_on], outcomes[goes_on, NEXT], same_next, plan.into)
    _check_queue(queue, priorities, plan.of_pair)
    plan.queue[: len(queue)], plan.priority[: len(queue)] = queue, priorities
    plan.place[queue], plan.sizes[:] = np.arange(len(queue)), (len(rows), len(queue))
    return plan._replace(outcomes=outcomes, rewards=rewards, same_pair=same_pair, same_next=same_next)


def _link(
    rows: NDArray[np.int64], keys: NDArray[np.int64], earlier: NDArray[np.int64], last: NDArray[np.int64]
) -> None:
    """Fill in the earlier row of the same key for each row, and the last row of each key."""
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order[1:]] == keys[order[:-1]])
    earlier[rows[order[same + 1]]] = rows[order[same]]
    np.maximum.at(last, keys, rows)


def _checked(arrays: Mapping[str, Any], name: str) -> NDArray[Any]:
    """Return a copy of an array of a plan, of the right type."""
    try:
        array = np.array(arrays[name])
    except ValueError:  # ragged
        array = np.array(None)
    shape = (len(array), 5)[: 1 + (name == "outcomes")] if array.ndim else ()
    if array.dtype != ARRAYS[name] or array.ndim == 0 or array.shape != shape or not np.isfinite(array).all():
        expected = f"finite numbers {'[n, 5]' if name == 'outcomes' else '[n]'} of {np.dtype(ARRAYS[name])}"
        raise AgentError(f"{name}: expected {expected}, got {list(array.shape)} of {array.dtype}")
    return array


def _check_outcomes(
    outcomes: NDArray[np.int64], rewards: NDArray[np.float64], states: int, actions: int
) -> None:
    """Raise an error if outcomes are not those of a table of this shape, each listed once."""
    low, high = (0, 0, 0, 0, 1), (states, actions, states, 2, MAX_COUNT)
    within = bool(((outcomes >= low) & (outcomes < high)).all())
    once = len(np.unique(outcomes[:, :COUNT], axis=0)) == len(outcomes)
    if not within or not once or len(rewards) != len(outcomes):
        expected = f"different outcomes in {states} states with {actions} actions, each with a mean reward"
        raise AgentError(f"outcomes: expected {expected}, got {len(outcomes)} and {len(rewards)} rewards")


def _check_queue(
    queue: NDArray[np.int64], priorities: NDArray[np.float64], of_pair: NDArray[np.int64]
) -> None:
    """Raise an error if a queue is not a heap of different pairs that have outcomes."""
    parents = (np.arange(1, max(len(queue), 1)) - 1) // 2
    if (
        len(queue) != len(priorities)
        or len(np.unique(queue)) != len(queue)
        or ((queue < 0) | (queue >= len(of_pair))).any()
        or (of_pair[queue] == NONE).any()
        or (priorities[1:] > priorities[parents]).any()
    ):
        expected = "different pairs that were tried, in the order of a heap of their priorities"
        raise AgentError(f"queue: expected {expected}, got {len(queue)} with {len(priorities)} priorities")
