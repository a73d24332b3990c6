"""Learners that make more likely what went better than expected: REINFORCE, actor-critic, PPO."""

from typing import Any, ClassVar

import gymnasium as gym
from numpy.typing import NDArray

from . import losses
from .checks import in_range, whole
from .on_policy import NETWORK, TABLE, Batch, OnPolicy


class Reinforce(OnPolicy):
    """REINFORCE with a baseline (Williams 1992; Sutton and Barto 2018, section 13.4).

    Each environment plays one episode to its end; then the whole return of each step, less what the value
    said, is its advantage. Arguments as in `OnPolicy`, without `gae_lambda`, which is 1; `n_steps` is the
    longest episode: a longer one is cut, and what was still to come is taken from the value.
    """

    learning_rates: ClassVar[dict[str, float]] = {TABLE: 0.1, NETWORK: 0.003}
    whole_episodes = True
    hyperparameters = tuple(name for name in OnPolicy.hyperparameters if name != "gae_lambda")

    def __init__(
        self, env: gym.Env[Any, Any] | str, *, n_envs: int = 16, n_steps: int = 1_000, **options: Any
    ) -> None:
        super().__init__(env, n_envs=n_envs, n_steps=n_steps, gae_lambda=1.0, **options)

    def update(self, batch: Batch) -> None:
        """One step of gradient descent."""
        self.gradient_step(batch)


class ActorCritic(OnPolicy):
    """Synchronous advantage actor-critic, A2C (Mnih et al. 2016), with generalised advantage estimates.

    After `n_steps` of each environment, one step of gradient descent. Arguments as in `OnPolicy`.
    """

    def update(self, batch: Batch) -> None:
        """One step of gradient descent."""
        self.gradient_step(batch)


class PPO(OnPolicy):
    """Proximal policy optimisation with a clipped loss (Schulman et al. 2017).

    The same samples serve for several steps of gradient descent; clipping keeps the policy near the one
    that gathered them. Other arguments as in `OnPolicy`.

    Args:
        env: a Gymnasium environment with discrete actions, or the id of one.
        n_steps: steps of each environment between two updates.
        batch_size: samples of one step of gradient descent.
        n_epochs: how often each sample is used.
        clip_range: how much more or less likely an action may become before it stops to count.
        **options: see `OnPolicy`.
    """

    learning_rates: ClassVar[dict[str, float]] = {TABLE: 0.02, NETWORK: 0.001}
    hyperparameters = (*OnPolicy.hyperparameters, "batch_size", "n_epochs", "clip_range")

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        n_steps: int = 32,
        batch_size: int = 1_024,
        n_epochs: int = 4,
        clip_range: float = 0.2,
        **options: Any,
    ) -> None:
        super().__init__(env, n_steps=n_steps, **options)
        self.batch_size, self.n_epochs = whole("batch_size", batch_size, 1), whole("n_epochs", n_epochs, 1)
        self.clip_range = in_range("clip_range", clip_range, 0, 1e6)

    def update(self, batch: Batch) -> None:
        """Several passes over the batch in random parts, one step of gradient descent for each part."""
        for _ in range(self.n_epochs):
            order = self.rng.permutation(len(batch.actions))
            for start in range(0, len(order), self.batch_size):
                self.gradient_step(batch.part(order[start : start + self.batch_size]))

    def policy_loss(self, log_probs: NDArray[Any], batch: Batch) -> tuple[float, NDArray[Any]]:
        """The clipped loss, and its gradient with respect to the logits [u, A]."""
        return losses.clipped_loss(
            log_probs, batch.index, batch.actions, batch.advantages, batch.old_log_probs, self.clip_range
        )
