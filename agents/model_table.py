"""Tabular models as arrays: checking given ones, and building them from `P` as in Gymnasium's toy_text."""

import weakref
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .errors import AgentError, shown

MAX_OUTCOMES = 1_000_000  # of a `P`: states x actions x outcomes; building the arrays takes about a second
TOLERANCE = 1e-6  # of sums of probabilities

Floats = NDArray[np.float64]

_CHECKED: deque[list[weakref.ref[NDArray[Any]]]] = deque(maxlen=64)  # read-only arrays of models


class TabularModel(NamedTuple):
    """A Markov decision process as arrays; K = 1 if the dynamics are deterministic.

    Attributes:
        next_state: int64 [S, A, K].
        probability: float64 [S, A, K], summing to 1 over K.
        reward: float64 [S, A, K].
        terminated: bool [S, A, K].
        start: The distribution of the first state, float64 [S].
    """

    next_state: NDArray[np.int64]
    probability: NDArray[np.float64]
    reward: NDArray[np.float64]
    terminated: NDArray[np.bool_]
    start: NDArray[np.float64]


def from_arrays(given: Any) -> TabularModel:
    """Return the model of five arrays (see `TabularModel`), checked and of the right dtypes.

    Raises:
        AgentError: If the arrays are not a Markov decision process; the message says why.
    """
    if not isinstance(given, Sequence) or isinstance(given, (str, bytes)) or len(given) != 5:
        raise AgentError(f"expected five arrays, as in TabularModel, got {shown(given)}")
    if _was_checked(given):
        return TabularModel(*given)
    arrays = [_numbers(name, part) for name, part in zip(TabularModel._fields, given, strict=True)]
    next_state, *outcomes, start = arrays
    shape = next_state.shape
    if len(shape) != 3 or 0 in shape or any(part.shape != shape for part in outcomes):
        raise AgentError(
            f"expected arrays of one shape [S, A, K], got {[list(part.shape) for part in arrays[:4]]}"
        )
    probability, reward, terminated = outcomes
    _refuse(~np.isfinite(reward), "finite rewards", reward)
    _refuse((terminated != 0) & (terminated != 1), "True or False for `terminated`", terminated)
    in_range = (next_state >= 0) & (next_state < shape[0]) & (next_state == np.floor(next_state))
    _refuse(~in_range, f"next states below {shape[0]}", next_state)
    model = TabularModel(
        next_state.astype(np.int64, copy=False),
        probability.astype(np.float64, copy=False),
        reward.astype(np.float64, copy=False),
        terminated.astype(np.bool_, copy=False),
        start.astype(np.float64, copy=False),
    )
    _check_probabilities(model)
    if all(is_fixed(part) for part in model):
        _CHECKED.append([weakref.ref(part) for part in model])
    return model


def _was_checked(given: Sequence[Any]) -> bool:
    """Return whether these very arrays were checked before, and cannot have changed since."""
    return any(all(ref() is part for ref, part in zip(refs, given, strict=True)) for refs in _CHECKED)


def is_fixed(array: NDArray[Any]) -> bool:
    """Return whether neither an array nor an array that owns its memory can be written to."""
    while isinstance(array, np.ndarray):
        if array.flags.writeable:
            return False
        array = array.base  # type: ignore[assignment]
    return array is None


def own_states(model: TabularModel, dtype: DTypeLike = np.int64) -> NDArray[Any]:
    """Return a copy of the next states of a checked model [S, A, K], for loops that do not check indices.

    Raises:
        AgentError: If the states have changed since the model was checked.
    """
    states, number = model.next_state.astype(dtype, order="C"), len(model.start)
    if states.min() < 0 or states.max() >= number:
        raise AgentError(f"expected next states below {number}: the table has changed since it was checked")
    return states


def from_transitions(transitions: Any, start: Floats) -> TabularModel:
    """Build a model from `P[s][a] = [(probability, next_state, reward, terminated), ...]`.

    Args:
        transitions: `P`, as mappings or sequences of S states and A actions.
        start: The distribution of the first state [S]; divided by its sum.

    Raises:
        AgentError: If `P` is not complete, larger than `MAX_OUTCOMES`, or no Markov decision process.
    """
    _check_size(*_corner(transitions))
    states = _complete("P", transitions)
    if not states:
        raise AgentError("P: expected at least one state")
    rows = [_complete("P[s]", row) for row in states]
    actions = len(rows[0])
    _check_size(len(states), max(map(len, rows)), 1)
    for state, row in enumerate(rows):
        if len(row) != actions or actions == 0:
            raise AgentError(f"P: expected {actions} actions in state {state}, as in state 0, got {len(row)}")
    cells = [cell for row in rows for cell in row]
    counts = np.array([len(cell) if isinstance(cell, (list, tuple, Sequence)) else 0 for cell in cells])
    if not counts.all():
        state, action = divmod(int(counts.argmin()), actions)
        raise AgentError(
            f"P[{state}][{action}]: expected a list of outcomes, got {cells[counts.argmin()]!r:.60}"
        )
    _check_size(len(states), actions, int(counts.max()))
    try:
        probability, next_state, reward, terminated = zip(
            *(outcome for cell in cells for outcome in cell), strict=True
        )
    except (TypeError, ValueError):
        raise AgentError("P: expected outcomes (probability, next_state, reward, terminated)") from None
    filled = np.arange(counts.max()) < counts[:, None]

    def spread(name: str, column: tuple[Any, ...]) -> NDArray[Any]:
        numbers = _numbers(name, column)
        array = np.zeros(filled.shape, numbers.dtype)
        array[filled] = numbers
        return array.reshape(len(states), actions, -1)

    return from_arrays(
        (
            spread("P: next_state", next_state),
            spread("P: probability", probability).astype(np.float64),
            spread("P: reward", reward),
            spread("P: terminated", terminated),
            start / start.sum(),
        )
    )


def check_start(given: Any) -> Floats:
    """Return a start distribution [S], checked.

    Raises:
        AgentError: If it is not a distribution.
    """
    start = _numbers("initial_state_distrib", given).astype(np.float64)
    if start.ndim != 1 or not (start >= 0).all() or not abs(start.sum() - 1) <= TOLERANCE:
        raise AgentError(
            f"initial_state_distrib: expected probabilities [S] that sum to 1, got {shown(given)}"
        )
    return start


def _complete(name: str, given: Any) -> list[Any]:
    """Return the entries 0, 1, 2, ... of a mapping or a sequence; a defaultdict is not filled."""
    if isinstance(given, (dict, Mapping)):
        if any(number not in given for number in range(len(given))):
            missing = next(number for number in range(len(given)) if number not in given)
            raise AgentError(f"{name}: expected the keys 0 to {len(given) - 1}, but {missing} is missing")
        return [given[number] for number in range(len(given))]
    is_array = isinstance(given, np.ndarray) and given.dtype == object
    if is_array or (isinstance(given, Sequence) and not isinstance(given, (str, bytes))):
        return list(given)
    raise AgentError(
        f"{name}: expected P[s][a] = [(probability, next_state, reward, terminated), ...], "
        f"got {type(given).__name__}"
    )


def _corner(transitions: Any) -> list[int]:
    """Return the numbers of states, of actions and of outcomes in the first state, for a quick check."""
    sizes = [1, 1, 1]
    for depth in range(3):
        if not isinstance(transitions, (Mapping, Sequence)) or isinstance(transitions, (str, bytes)):
            break
        sizes[depth] = len(transitions)
        if (isinstance(transitions, Mapping) and 0 not in transitions) or len(transitions) == 0:
            break
        transitions = transitions[0]
    return sizes


def _check_size(states: int, actions: int, outcomes: int) -> None:
    if states * actions * outcomes > MAX_OUTCOMES:
        raise AgentError(
            f"P: {states:,} states x {actions} actions x {outcomes} outcomes, limit {MAX_OUTCOMES:,} in all"
        )


def _numbers(name: str, given: Iterable[Any]) -> NDArray[Any]:
    """Return an array of real numbers."""
    try:
        array: NDArray[Any] = np.asarray(given)
    except Exception:  # an object's own conversion can raise anything
        array = np.empty(0, object)
    if array.dtype.kind not in "biuf":
        raise AgentError(f"{name}: expected numbers, got {shown(given)}")
    return array


def _refuse(bad: NDArray[np.bool_], expected: str, found: NDArray[Any]) -> None:
    """Raise an error that names the first bad entry [s, a, k], if there is one."""
    if bad.any():
        state, action, k = (int(i) for i in np.argwhere(bad)[0])
        raise AgentError(
            f"expected {expected}, got {found[state, action, k]} in state {state}, action {action}"
        )


def _check_probabilities(model: TabularModel) -> None:
    _refuse(~(model.probability >= 0), "probabilities of at least 0", model.probability)  # also NaN
    sums = model.probability.sum(axis=2, keepdims=True)
    _refuse(~(np.abs(sums - 1) <= TOLERANCE), "probabilities that sum to 1", sums)
    states, start = len(model.next_state), model.start
    if start.shape != (states,) or not (start >= 0).all() or not abs(start.sum() - 1) <= TOLERANCE:
        raise AgentError(f"start: expected probabilities [{states}] that sum to 1, got {shown(start)}")
