"""The Markov chain of a policy on a tabular model."""

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import AgentError
from .model_table import TabularModel

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MANY = 1 << 14  # transitions; for larger chains, SciPy is worth the time of its import

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Chain(NamedTuple):
    """The Markov chain of a policy over the n states that it can reach.

    Attributes:
        follow: The probability that the episode continues from one state in another, sparse [n, n].
        gains: Expected reward, success and length of one step, float64 [n, 3].
        start: The start distribution, float64 [n].
    """

    follow: "csr_array | SmallMatrix"
    gains: Floats
    start: Floats


class SmallMatrix:
    """A sparse matrix [n, n] without SciPy, whose import takes longer than evaluating a small chain.

    The products are those of `csr_array`, to the bit. Each row is stored as `width` entries, the last of
    which may be zeros.

    Args:
        weights: The entries, float64 [m]; those of one place are added.
        rows: The row of each entry, int64 [m].
        columns: The column of each entry, int64 [m].
        size: The number n of states.
    """

    def __init__(self, weights: Floats, rows: Integers, columns: Integers, size: int) -> None:
        places = rows * size + columns
        order = np.argsort(places, kind="stable")
        places = places[order]
        new = np.diff(places, prepend=-1) > 0  # whether an entry is the first of its place
        rows, columns = np.divmod(places[new], size)
        counts = np.bincount(rows, minlength=size)
        rank = np.arange(len(rows)) - (np.cumsum(counts) - counts)[rows]  # of an entry in its row
        width = int(counts.max(initial=0))
        self._weights, self._columns = np.zeros((width, size, 1)), np.zeros((width, size), np.int64)
        self._weights[rank, rows, 0] = np.bincount(np.cumsum(new) - 1, weights[order], len(rows))
        self._columns[rank, rows] = columns

    def __matmul__(self, values: Floats) -> Floats:
        """Return the product with values [n, j]."""
        product = np.zeros_like(values)
        for weights, columns in zip(self._weights, self._columns, strict=True):
            product += weights * values.take(columns, axis=0)
        return product


def chain_of(model: TabularModel, policy: NDArray[np.generic]) -> Chain:
    """Return the chain of a policy.

    Raises:
        AgentError: If the policy is neither actions [S] nor probabilities [S, A].
    """
    weights, rows, columns, gains = transitions(model, policy)
    kept = _reachable(rows, columns, model.start > 0)
    number, inside = np.cumsum(kept) - 1, kept[rows]
    entries = weights[inside], number[rows[inside]], number[columns[inside]]
    size = int(np.count_nonzero(kept))
    small = len(entries[0]) < MANY and "scipy" not in sys.modules
    follow = SmallMatrix(*entries, size) if small else sparse(*entries, size)
    return Chain(follow, gains[kept], model.start[kept])


def transitions(
    model: TabularModel, policy: NDArray[np.generic]
) -> tuple[Floats, Integers, Integers, Floats]:
    """Return the transitions of a policy with which the episode goes on, and what a step gains.

    Returns:
        The probability, the state before and the state after each transition [m], and the expected reward,
        success and length of a step from each state [S, 3].

    Raises:
        AgentError: If the policy is neither actions [S] nor probabilities [S, A].
    """
    policy = checked(model, policy)
    states = len(model.start)
    rows = np.arange(states)
    if policy.ndim == 1:
        parts: list[Any] = [part[rows, policy] for part in model[:4]]
        weight = parts[1]
    else:
        parts = [part.reshape(states, -1) for part in model[:4]]
        weight = (policy.astype(np.float64)[:, :, None] * model.probability).reshape(states, -1)
    outcomes = TabularModel(parts[0], parts[1], parts[2], parts[3], model.start)
    gains = step_gains(outcomes, success_reward(model))
    source = np.broadcast_to(rows[:, None], weight.shape)
    goes_on = (weight > 0) & ~outcomes.terminated
    mean = np.stack([(weight * gain).sum(axis=1) for gain in gains], axis=1)
    return weight[goes_on], source[goes_on], outcomes.next_state[goes_on].astype(np.int64), mean


def sparse(weights: Floats, rows: Integers, columns: Integers, size: int) -> "csr_array":
    """Return the matrix [n, n] of the arguments of `SmallMatrix` for SciPy."""
    from scipy.sparse import csr_array  # slow to import

    return csr_array((weights, (rows, columns)), shape=(size, size))


def checked(model: TabularModel, policy: NDArray[np.generic]) -> NDArray[Any]:
    """Return the policy.

    Raises:
        AgentError: If the policy is neither actions [S] nor probabilities [S, A].
    """
    states, actions, _ = model.next_state.shape
    try:
        table: NDArray[Any] = np.asarray(policy)
    except Exception:  # ragged, or not convertible for a reason of its own
        table = np.empty(0, object)
    if table.shape == (states,) and table.dtype.kind in "iu":
        right = bool(((table >= 0) & (table < actions)).all())
    else:
        right = table.shape == (states, actions) and table.dtype.kind in "biuf" and bool((table >= 0).all())
        right = right and np.allclose(table.sum(axis=1), 1)
    if right:
        return table
    raise AgentError(
        f"expected a policy: an action below {actions} for each of {states} states, or probabilities "
        f"[{states}, {actions}] that sum to 1; got {table.dtype} of shape {list(table.shape)}"
    )


def _reachable(rows: Integers, columns: Integers, start: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which states [S] transitions lead to from the start [S], the start included; rows ascend."""
    first = np.searchsorted(rows, np.arange(len(start) + 1))
    counts = np.diff(first)
    seen, new = start.copy(), np.flatnonzero(start)
    while len(new):
        ends = np.cumsum(counts[new])
        entries = np.repeat(first[new] - ends + counts[new], counts[new]) + np.arange(ends[-1])
        after = columns[entries]
        fresh = np.zeros_like(seen)
        fresh[after] = True
        new = np.flatnonzero(fresh & ~seen)
        seen |= fresh
    return seen


def success_reward(model: TabularModel) -> float:
    """Return the highest reward of all terminations, less a tolerance: from here on, an end is a success."""
    ends = model.terminated & (model.probability > 0)
    return float(model.reward[ends].max(initial=-np.inf)) - 1e-9


def step_gains(outcomes: TabularModel, success_reward: float) -> tuple[Floats, Floats, Floats]:
    """Return the contribution of each outcome to return, success and length.

    A success is a termination with the highest reward of all terminations.
    """
    success = outcomes.terminated & (outcomes.probability > 0) & (outcomes.reward >= success_reward)
    return outcomes.reward, success.astype(np.float64), np.ones_like(outcomes.reward)
