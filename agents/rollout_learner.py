"""The part of policy gradient agents that collects rollouts, and resumes them."""

import warnings
from abc import abstractmethod
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from .batch import Batch
from .errors import AgentError, AgentWarning, NotRepeatableError, shown
from .masks import ActionMasks
from .network_policy import Array, Floats
from .rollout import Collector, Rollout
from .table_learner import TableLearner
from .vector import make_vector
from .visits import VisitCounts

if TYPE_CHECKING:
    from .table_rollout import TableCollector

NOT_REPEATED = "the running rollout cannot be repeated: new episodes start"
MAX_BLOCK = 1 << 16  # steps between two looks for Ctrl-C; does not change the result


class RolloutLearner(TableLearner):
    """An agent that alternates between a rollout in parallel environments and an update from that rollout."""

    whole_episodes: ClassVar[bool] = False  # whether a rollout is a whole episode of each environment
    n_envs: int
    n_steps: int
    gae_lambda: float
    exploration_bonus: float
    visits: VisitCounts
    _action_masks: bool
    _collector: "Collector | TableCollector | None" = None
    _random_before: Any = None  # the state of `rng` before the running rollout

    @abstractmethod
    def update(self, batch: Batch) -> None:
        """Update the weights from the batch of a rollout."""

    @property
    def action_masks(self) -> bool:
        """Whether the policy takes only allowed actions. A new value discards the running rollout."""
        return self._action_masks

    @action_masks.setter
    def action_masks(self, wanted: bool) -> None:
        wanted = self.checked("action_masks", wanted)
        self.masks = self._find_masks(wanted)
        self._action_masks, self._collector = wanted, None

    def _find_masks(self, wanted: bool) -> ActionMasks | None:
        return ActionMasks(self.env, self.inputs) if wanted else None

    def reset_episode(self) -> None:
        """Discard the running rollout; new episodes start in the new environment."""
        masks = self._find_masks(self.action_masks)
        super().reset_episode()
        self.masks, self._collector = masks, None
        self._forget_tables()

    def learn_steps(self, steps: int) -> None:
        """Train for `steps` more steps, rounded up: every environment takes the same number."""
        end = self.num_timesteps + steps
        collector = self._running_collector()
        self._collector = None  # if a step is interrupted, new episodes start
        while self.num_timesteps < end:
            self._collect(collector, end - self.num_timesteps)
            if collector.full:
                with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                    self.update(self._batch(collector))
                if isinstance(collector, Collector):  # a compiled step checks the weights that it changes
                    self._check_finite(self.arrays())
                    if self.exploration_bonus:
                        self.visits.add(collector.rollout())
                collector.begin()
                self._random_before = self.rng.bit_generator.state
        self._collector = collector

    def _collect(self, collector: "Collector | TableCollector", steps: int) -> None:
        """Take a step in each environment, or about `steps` on tables, and record the ended episodes."""
        before = self.num_timesteps
        if isinstance(collector, Collector):
            self.num_timesteps += collector.step(self.sample(collector.observations))
            if not collector.finished:
                return
            returns, lengths = [list(part) for part in zip(*collector.finished, strict=True)]
            ends = [self.num_timesteps] * len(returns)
            collector.finished.clear()
        else:
            episodes = collector.collect(min(steps, MAX_BLOCK))
            self.num_timesteps += episodes.counted
            returns, lengths = episodes.returns.tolist(), episodes.lengths.tolist()
            ends = (before + episodes.ends).tolist()
        self.num_episodes += len(returns)
        self.episode_returns.extend(returns)
        self.episode_lengths.extend(lengths)
        self.episode_ends.extend(ends)

    def collect(self) -> Batch:
        """Return the batch of the running rollout, stepping to its end without learning.

        For inspection: steps and episodes are not counted.
        """
        collector = self._running_collector()
        while not collector.full:
            if isinstance(collector, Collector):
                collector.step(self.sample(collector.observations))
            else:
                collector.collect(MAX_BLOCK)
        self._collector = None
        batch = self._batch(collector)
        return Batch.part(batch, np.arange(len(batch.actions)))  # in arrays of its own

    def _batch(self, collector: "Collector | TableCollector") -> Batch:
        if isinstance(collector, Collector):
            return self.batch(collector.rollout())
        return collector.batch(self.gamma, self.gae_lambda)

    def _running_collector(self) -> "Collector | TableCollector":
        """Return the collector of the running rollout, or a new one."""
        kept, stepping = self._collector, self.tables() is None
        if kept is not None and isinstance(kept, Collector) == stepping and self._fits(kept):
            return kept
        collector = self._new_collector(int(self.rng.integers(2**31)))
        self._random_before = self.rng.bit_generator.state
        return collector

    def _fits(self, collector: "Collector | TableCollector") -> bool:
        """Return whether a collector is of the size that `n_steps` and `n_envs` ask for now."""
        return (collector.n_steps, len(collector.observations)) == (self.n_steps, self.n_envs)

    def _new_collector(self, seed: int) -> "Collector | TableCollector":
        tables, whole = self.tables(), self.whole_episodes
        if tables is not None:
            from .table_rollout import TableCollector

            parameters = self.network.parameters().values()
            return TableCollector(tables, parameters, self.n_envs, self.n_steps, whole, self.rng)
        envs = make_vector(self.env, self.n_envs)
        return Collector(envs, self.n_envs, self.observation_space, self.n_steps, whole, seed)

    def batch(self, rollout: Rollout) -> Batch:
        """Return the batch of a rollout.

        Raises:
            NotFiniteError: If an observation, a reward, a value or a logit is not finite.
        """

        def forward(observations: Array) -> tuple[Array, Floats]:
            logits, values = self.evaluate_network(observations)
            self._check_finite({"observations": observations, "values": values, "logits": logits})
            return logits, values

        self._check_finite({"rewards": rollout.rewards})
        if self.exploration_bonus:
            rollout = self.visits.with_bonus(rollout, self.exploration_bonus)
        return Batch.of(rollout, self.inputs, forward, self.gamma, self.gae_lambda, self.allowed)

    def resume_state(self) -> dict[str, Any]:
        """Return the start of the running rollout; the weights are unchanged since, so it can be repeated."""
        beginning = {} if self._collector is None else self._collector.beginning
        if self._collector is None or not self._fits(self._collector) or beginning.get("envs", True) is None:
            return {}
        return {
            "beginning": beginning,
            "random": self._random_before,
            "position": self._collector.position,
            "observations": _digest(self._collector),
        }

    def _resume(self, state: dict[str, Any]) -> None:
        """Repeat the running rollout up to the saved position."""
        if not state:
            return
        position, seen = state["position"], state["observations"]
        if type(position) is not int or not 0 <= position < self.n_steps:
            raise AgentError(f"expected a position below {self.n_steps}, got {shown(position)}")
        now = self.rng.bit_generator.state
        beginning, other = state["beginning"], "states" if self.tables() is None else "envs"
        if isinstance(beginning, dict) and other in beginning:  # saved with another `use_model`
            warnings.warn(NOT_REPEATED, AgentWarning, stacklevel=3)
            return
        collector = self._new_collector(seed=0)
        try:
            collector.set_beginning(beginning)
        except NotRepeatableError:
            self.rng.bit_generator.state = now
            warnings.warn(NOT_REPEATED, AgentWarning, stacklevel=3)
            return
        self.rng.bit_generator.state = self._random_before = state["random"]
        if isinstance(collector, Collector):
            while collector.position < position and not collector.full:
                collector.step(self.sample(collector.observations))
            collector.finished.clear()
        else:
            collector.advance(position)
        same = self.rng.bit_generator.state == now and _digest(collector) == seen
        if same and not collector.full:
            self._collector = collector
        else:  # the weights were edited, or the environment has hidden state
            self.rng.bit_generator.state = now
            warnings.warn(NOT_REPEATED, AgentWarning, stacklevel=3)


def _digest(collector: "Collector | TableCollector") -> str:
    """Return a short hash of the current observations."""
    return sha256(np.ascontiguousarray(collector.observations).tobytes()).hexdigest()[:16]
