"""Batches of samples that policy gradient agents learn from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from . import losses
from .encoding import Inputs
from .masks import Bools, masked_logits
from .rollout import Rollout

Array = NDArray[Any]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """n samples with u distinct observations.

    Attributes:
        inputs: Inputs of the network [u, ...].
        index: The row of `inputs` of each sample, int64 [n].
        actions: int64 [n].
        advantages: Advantage estimates, float64 [n].
        targets: Targets of the value function, float64 [n].
        old_log_probs: The log-probability of each action when it was taken, float [n].
        allowed: Whether each action may be taken, bool [u, A]; None if all may.
    """

    inputs: Array
    index: Ints
    actions: Ints
    advantages: Floats
    targets: Floats
    old_log_probs: Array
    allowed: Bools | None = None

    @classmethod
    def of(
        cls,
        rollout: Rollout,
        inputs: Inputs,
        forward: Callable[[Array], tuple[Array, Floats]],
        gamma: float,
        gae_lambda: float,
        masks: Callable[[Array], Bools | None] = lambda _: None,
    ) -> Self:
        """Return the samples of a rollout with their advantages and targets.

        Args:
            rollout: T steps of n environments.
            inputs: The encoder of observations.
            forward: Returns logits [n, A] and values [n] for observations [n, ...].
            gamma: Discount factor.
            gae_lambda: See `losses.advantages`.
            masks: Returns whether each action may be taken [n, A], or None if all may.
        """
        steps, count = rollout.actions.shape
        everything = rollout.observations.reshape(-1, *rollout.observations.shape[2:])
        distinct, index = inputs.distinct(everything)
        logits, values_of = forward(distinct)
        values = values_of[index].reshape(steps + 1, count)
        following = np.where(rollout.terminated, 0.0, values[1:])
        if rollout.timeouts.size:
            following[tuple(rollout.timeouts)] = forward(rollout.final_observations)[1]
        gained = losses.advantages(rollout.rewards, values[:-1], following, rollout.ended, gamma, gae_lambda)
        kept = rollout.counts
        index = index[: steps * count].reshape(steps, count)[kept]
        actions = rollout.actions[kept]
        allowed = masks(distinct)
        old = losses.log_softmax(masked_logits(logits, allowed))[index, actions]
        targets = (gained + values[:-1])[kept]
        return cls(inputs.encode(distinct), index, actions, gained[kept], targets, old, allowed)

    def part(self, samples: Ints) -> "Batch":
        """Return the batch of some of the samples."""
        whole = self.index[samples]
        is_used = np.zeros(len(self.inputs), np.bool_)
        is_used[whole] = True
        used, index = np.flatnonzero(is_used), (np.cumsum(is_used) - 1)[whole]
        return Batch(
            self.inputs[used],
            index,
            self.actions[samples],
            self.advantages[samples],
            self.targets[samples],
            self.old_log_probs[samples],
            None if self.allowed is None else self.allowed[used],
        )


class Loss(NamedTuple):
    """The loss of a batch: its terms, and their weighted sum."""

    policy: float
    entropy: float
    value: float
    total: float
