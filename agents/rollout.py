"""Rollouts: the experience of many environments between two updates."""

from typing import Any, NamedTuple

import numpy as np
from gymnasium.spaces import Space
from numpy.typing import NDArray

from .errors import AgentError
from .rewards import unshaped_rewards
from .vector import ResumableVectorEnv

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Rollout(NamedTuple):
    """T steps of n environments.

    Attributes:
        observations: Before each step, and after the last one [T + 1, n, ...].
        actions: int64 [T, n].
        rewards: float64 [T, n].
        terminated: Whether the episode terminated, bool [T, n].
        ended: Whether the next observation is of another episode, bool [T, n].
        counts: Whether the step is a sample to learn from, bool [T, n].
        timeouts: Step and environment of each truncated episode, int64 [2, k].
        final_observations: The last observations of these episodes [k, ...].
    """

    observations: NDArray[Any]
    actions: NDArray[np.int64]
    rewards: Floats
    terminated: Bools
    ended: Bools
    counts: Bools
    timeouts: NDArray[np.int64]
    final_observations: NDArray[Any]


class Collector:
    """Collects rollouts.

    Args:
        envs: n environments.
        number: The number n of environments.
        space: The space of one observation.
        n_steps: The length of a rollout.
        whole_episodes: Whether a rollout is one whole episode of each environment; episodes are cut off after
            `n_steps`.
        seed: Seed of the environments.

    Attributes:
        n_steps: The length of a rollout.
        observations: The current observations [n, ...].
        position: Steps of the running rollout so far.
        active: The environments whose steps count, bool [n].
        finished: Return and length of the episodes that ended; the caller clears the list.
    """

    def __init__(
        self,
        envs: ResumableVectorEnv,
        number: int,
        space: Space[Any],
        n_steps: int,
        whole_episodes: bool,
        seed: int,
    ) -> None:
        self._envs, self._whole = envs, whole_episodes
        shape, dtype = space.shape or (), space.dtype or np.int64
        self._observed = np.zeros((n_steps + 1, number, *shape), dtype)
        self._actions = np.zeros((n_steps, number), np.int64)
        self._rewards = np.zeros((n_steps, number))
        self._terminated, self._ended, self._counts = np.zeros((3, n_steps, number), np.bool_)
        self._totals, self._lengths = np.zeros(number), np.zeros(number, np.int64)
        self.n_steps = n_steps
        self.finished: list[tuple[float, int]] = []
        self.observations = np.asarray(envs.reset(seed=seed)[0])
        self._begin()

    def begin(self) -> None:
        """Start a rollout; with whole episodes, also start new episodes."""
        if self._whole:
            self.observations = np.asarray(self._envs.reset()[0])
            self._totals[:], self._lengths[:] = 0.0, 0
        self._begin()

    def _begin(self) -> None:
        self.position = 0
        self.active = np.ones(len(self._totals), np.bool_)
        self._timeouts: list[tuple[int, int]] = []
        self._final: list[Any] = []
        self._observed[0] = self.observations
        self._beginning = self._envs.get_state(), self._totals.copy(), self._lengths.copy()

    @property
    def beginning(self) -> dict[str, Any]:
        """The state at the start of the running rollout as plain values, for `set_beginning`."""
        envs, totals, lengths = self._beginning
        return {"envs": envs, "totals": totals.tolist(), "lengths": lengths.tolist()}

    def set_beginning(self, beginning: dict[str, Any]) -> None:
        """Restore the state at the start of a rollout.

        Raises:
            AgentError: If there are not as many returns and lengths as environments.
        """
        totals, lengths = np.array(beginning["totals"], float), np.array(beginning["lengths"], np.int64)
        if not totals.shape == lengths.shape == self._totals.shape or (lengths < 0).any():
            raise AgentError(f"expected returns and lengths of {len(self._totals)} environments")
        self.observations = np.asarray(self._envs.set_state(beginning["envs"]))
        self._totals[:], self._lengths[:] = totals, lengths
        self._begin()

    @property
    def full(self) -> bool:
        """Whether the rollout is complete."""
        return self.position == self.n_steps or not self.active.any()

    def step(self, actions: NDArray[np.int64]) -> int:
        """Take an action in each environment, and return the number of steps that count."""
        now = self.position
        observed, rewards, terminated, truncated, infos = self._envs.step(actions)
        ended = terminated | truncated
        self.observations = self._observed[now + 1] = observed
        self._actions[now], self._rewards[now] = actions, rewards
        self._terminated[now], self._ended[now], self._counts[now] = terminated, ended, self.active
        self.position += 1
        counted = int(np.count_nonzero(self.active))
        self._totals += unshaped_rewards(infos, rewards, ended)
        self._lengths += 1
        if ended.any():
            self._end(now, np.flatnonzero(ended), terminated, infos)
        return counted

    def _end(self, now: int, ended: NDArray[np.int64], terminated: Bools, infos: dict[str, Any]) -> None:
        """Record episodes that ended, and the last observation of those that were truncated."""
        for i in ended.tolist():
            if self.active[i]:
                self.finished.append((float(self._totals[i]), int(self._lengths[i])))
                if not terminated[i]:
                    self._timeouts.append((now, i))
                    self._final.append(infos["final_obs"][i])
        self._totals[ended], self._lengths[ended] = 0.0, 0
        if self._whole:
            self.active = self.active.copy()
            self.active[ended] = False

    def rollout(self) -> Rollout:
        """Return the rollout, as views that are overwritten after `begin`."""
        steps = self.position
        shape = self._observed.shape[2:]
        return Rollout(
            self._observed[: steps + 1], self._actions[:steps], self._rewards[:steps],
            self._terminated[:steps], self._ended[:steps], self._counts[:steps],
            np.array(self._timeouts, np.int64).reshape(-1, 2).T,
            np.array(self._final, self._observed.dtype).reshape(-1, *shape),
        )  # fmt: skip
