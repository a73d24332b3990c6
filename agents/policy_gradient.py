"""Policy gradient agents: REINFORCE, actor-critic and PPO."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from . import losses
from .batch import Batch
from .hyperparameters import Interval, Whole
from .on_policy import NETWORK, TABLE, OnPolicy

MAX_EPOCHS = 1_000  # of an update: a file with more would never end


class Reinforce(OnPolicy, without=("gae_lambda",)):
    """REINFORCE with a baseline (Williams 1992; Sutton and Barto 2018, section 13.4).

    Each environment plays one episode; the advantage of a step is its discounted return minus its value.
    After a time-out, the value of the last observation replaces the rest of the return. Other arguments as in
    `OnPolicy`, without `gae_lambda`, which is 1.

    Args:
        env: A Gymnasium environment with discrete actions, or its id.
        n_envs: Number of environments stepped in parallel.
        n_steps: Steps per environment between two updates. Longer episodes are cut off, as by a time-out.
        **options: See `OnPolicy`.
    """

    learning_rates: ClassVar[dict[str, float]] = {TABLE: 0.1, NETWORK: 0.003}
    whole_episodes = True

    def __init__(
        self, env: gym.Env[Any, Any] | str, *, n_envs: int = 16, n_steps: int = 1_000, **options: Any
    ) -> None:
        super().__init__(env, n_envs=n_envs, n_steps=n_steps, gae_lambda=1.0, **options)

    def update(self, batch: Batch) -> None:
        """Take one gradient step."""
        self.gradient_step(batch)


class ActorCritic(OnPolicy):
    """Synchronous advantage actor-critic, A2C (Mnih et al. 2016), with generalised advantage estimation.

    One gradient step after every `n_steps` of each environment. Arguments as in `OnPolicy`.
    """

    def update(self, batch: Batch) -> None:
        """Take one gradient step."""
        self.gradient_step(batch)


class PPO(OnPolicy):
    """Proximal policy optimisation with a clipped loss (Schulman et al. 2017).

    Each sample is used for several gradient steps; clipping keeps the policy close to the policy that
    collected the samples. Other arguments as in `OnPolicy`.

    Args:
        env: A Gymnasium environment with discrete actions, or its id.
        n_steps: Steps per environment between two updates.
        batch_size: Number of samples per gradient step.
        n_epochs: Number of passes over the samples of a rollout.
        clip_range: How far the probability ratio may deviate from 1; beyond, the gradient is clipped.
        **options: See `OnPolicy`.
    """

    learning_rates: ClassVar[dict[str, float]] = {TABLE: 0.02, NETWORK: 0.001}

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        n_steps: int = 32,
        batch_size: Annotated[int, Whole(1)] = 1_024,
        n_epochs: Annotated[int, Whole(1, MAX_EPOCHS)] = 4,
        clip_range: Annotated[float, Interval(0, 1e6)] = 0.2,
        **options: Any,
    ) -> None:
        super().__init__(env, n_steps=n_steps, **options)
        self.batch_size = self.checked("batch_size", batch_size)
        self.n_epochs = self.checked("n_epochs", n_epochs)
        self.clip_range = self.checked("clip_range", clip_range)

    def update(self, batch: Batch) -> None:
        """Take one gradient step per minibatch, for several passes over the shuffled batch."""
        for order in self._passes(batch):
            self.gradient_steps(batch, order, self.batch_size)

    def minibatches(self, batch: Batch) -> Iterator[Batch]:
        """Yield the batches of the gradient steps; the samples are shuffled before each pass."""
        for order in self._passes(batch):
            for start in range(0, len(order), self.batch_size):
                yield batch.part(order[start : start + self.batch_size])

    def _passes(self, batch: Batch) -> Iterator[NDArray[np.int64]]:
        """Yield the order of the samples in each pass."""
        for _ in range(self.n_epochs):
            yield self.rng.permutation(len(batch.actions))

    @property
    def _clipping(self) -> float | None:
        return self.clip_range

    def policy_loss(self, log_probs: NDArray[Any], batch: Batch) -> tuple[float, NDArray[Any]]:
        """Return the clipped loss, and its gradient with respect to the logits [u, A]."""
        return losses.clipped_loss(
            log_probs, batch.index, batch.actions, batch.advantages, batch.old_log_probs, self.clip_range
        )
