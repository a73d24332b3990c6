"""Rollouts on the tables of a model, for policies in a table."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .batch import Batch
from .errors import AgentError, shown
from .layers import Parameter
from .model import SamplingTables
from .table_loops import Dynamics, Ended, RolloutSamples, Rows, Running, advantages, collect

Array = NDArray[Any]
BEGINNING = {"states", "totals", "lengths"}  # keys of `TableCollector.beginning`


class Episodes(NamedTuple):
    """Steps in all environments, and the episodes that ended.

    Attributes:
        counted: The number of steps that count.
        returns: The returns of the episodes, float64 [k].
        lengths: Their lengths, int64 [k].
        ends: The number of steps that count until the end of each of them, int64 [k].
    """

    counted: int
    returns: NDArray[np.float64]
    lengths: NDArray[np.int64]
    ends: NDArray[np.int64]


class TableBatch(Batch):
    """A batch that was collected on tables, so that its states and actions are known to be those of them."""

    __slots__ = ()


class TableCollector:
    """Collects rollouts as `rollout.Collector`, in a compiled loop on the tables of a model.

    Args:
        tables: The model.
        parameters: Two tables: the logits [S, A] of the policy, and the values [S, 1].
        number: The number n of environments.
        n_steps: The length of a rollout.
        whole_episodes: Whether a rollout is one whole episode of each environment; episodes are cut off after
            `n_steps`.
        rng: Random number generator.

    Attributes:
        n_steps: The length of a rollout.
        position: Steps of each environment in the running rollout so far.
    """

    def __init__(
        self,
        tables: SamplingTables,
        parameters: Iterable[Parameter],
        number: int,
        n_steps: int,
        whole_episodes: bool,
        rng: np.random.Generator,
    ) -> None:
        self._dynamics, self._rng = dynamics_of(tables), rng
        self._logits, self._values = parameters
        self.n_steps, self._whole = n_steps, whole_episodes
        states, actions, _ = tables.model.next_state.shape
        most = n_steps * number
        rows, ints = min(states, most), np.int64
        self._rows = Rows(
            np.full(states, -1), np.empty(rows, ints), np.empty((rows, actions)), np.empty((rows, actions))
        )
        self._samples = RolloutSamples(
            np.empty(most, ints), np.empty(most, ints), np.empty(most, ints), np.empty(most),
            np.empty(most, ints), np.empty(most, np.bool_), np.empty(most, np.bool_),
        )  # fmt: skip
        self._ended = Ended(np.empty(most), np.empty(most, ints), np.empty(most, ints))
        self._running = Running(
            np.zeros(number, ints), np.zeros(number), np.zeros(number, ints), np.ones(number, np.bool_)
        )
        self._used = 0
        self._start_episodes()
        self._begin()

    @property
    def observations(self) -> NDArray[np.int64]:
        """The current states [n]."""
        return self._running.obs

    def begin(self) -> None:
        """Start a rollout; with whole episodes, also start new episodes."""
        if self._whole:
            self._start_episodes()
        self._begin()

    def _start_episodes(self) -> None:
        running, several = self._running, self._dynamics.several_starts
        draws = self._rng.random(len(running.obs)) if several else np.zeros(len(running.obs))
        running.obs[:] = np.searchsorted(self._dynamics.start_ends, draws, side="right")
        running.total[:], running.length[:] = 0.0, 0

    def _begin(self) -> None:
        self._rows.number[self._rows.obs[: self._used]] = -1
        self._running.active[:] = True
        self.position, self._used, self._count = 0, 0, 0
        running = self._running
        self._beginning = running.obs.copy(), running.total.copy(), running.length.copy()

    @property
    def beginning(self) -> dict[str, Any]:
        """The state at the start of the running rollout as plain values, for `set_beginning`."""
        states, totals, lengths = self._beginning
        return {"states": states.tolist(), "totals": totals.tolist(), "lengths": lengths.tolist()}

    def set_beginning(self, beginning: dict[str, Any]) -> None:
        """Restore the state at the start of a rollout.

        Raises:
            AgentError: If these are no running episodes of n environments.
        """
        if not isinstance(beginning, dict) or beginning.keys() != BEGINNING:
            raise AgentError(f"expected states, totals and lengths, got {shown(beginning)}")
        running, limit = self._running, self._dynamics.time_limit or np.inf
        states, lengths = (np.array(beginning[name]) for name in ("states", "lengths"))
        totals = np.array(beginning["totals"], float)
        whole = all(array.dtype.kind == "i" for array in (states, lengths))
        if not whole or not states.shape == totals.shape == lengths.shape == running.obs.shape:
            raise AgentError(f"expected states, returns and lengths of {len(running.obs)} environments")
        known, possible = (
            (states >= 0) & (states < len(self._rows.number)),
            (lengths >= 0) & (lengths < limit),
        )
        if not (known & possible & np.isfinite(totals)).all():
            raise AgentError(f"expected running episodes in {len(self._rows.number)} states")
        running.obs[:], running.total[:], running.length[:] = states, totals, lengths
        self._begin()

    @property
    def full(self) -> bool:
        """Whether the rollout is complete."""
        return self.position == self.n_steps or not self._running.active.any()

    def collect(self, steps: int) -> Episodes:
        """Step until a number of steps count, in all environments together, or the rollout is complete.

        May stop earlier, after a step of each environment.
        """
        return self.advance(-(-steps // max(1, int(np.count_nonzero(self._running.active)))))

    def advance(self, steps: int) -> Episodes:
        """Take a number of steps in each environment, or fewer to the end of the rollout."""
        before, logits = self._count, self._logits.value
        self._used, self._count, finished, taken = collect(
            self._dynamics, logits, self._running, self._rows, self._samples, self._ended, self._used, before,
            min(steps, self.n_steps - self.position), self._whole, self._rng,
        )  # fmt: skip
        self.position += taken
        ended, counted = self._ended, self._count - before
        returns, lengths, ends = ended.returns[:finished], ended.lengths[:finished], ended.ends[:finished]
        return Episodes(counted, returns, lengths, ends - before)

    def batch(self, gamma: float, gae_lambda: float) -> TableBatch:
        """Return the samples of the rollout with their advantages and targets, as views until `begin`.

        Args:
            gamma: Discount factor.
            gae_lambda: See `losses.advantages`.
        """
        samples, rows, count = self._samples, self._rows, self._count
        number, values = len(self._running.obs), self._values.value
        found = advantages(samples, rows, values, count, number, float(gamma), float(gae_lambda))
        return TableBatch(rows.obs[: self._used, None], samples.row[:count], samples.action[:count], *found)


def dynamics_of(tables: SamplingTables) -> Dynamics:
    """Return the tables of a model for compiled functions, as arrays with the same flags for all models."""
    model, starts = tables.model, np.count_nonzero(tables.model.start)
    next_state, ends, reward, terminated, score, start_ends = (
        _read_only(array)
        for array in (
            tables.next_state, tables.outcome_ends, model.reward, model.terminated, tables.score,
            tables.start_ends,
        )
    )  # fmt: skip
    return Dynamics(
        next_state, ends, reward, terminated, score, start_ends, bool(starts > 1), int(tables.time_limit)
    )


def _read_only(array: Array) -> Array:
    """Return a contiguous read-only view of an array: other flags would need another compilation."""
    view = np.ascontiguousarray(array).view()
    view.setflags(write=False)
    return view
