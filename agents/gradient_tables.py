"""The arrays and settings that the compiled functions of gradient descent in a table work on."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SGD, MOMENTUM, ADAM, ROW_ADAM = range(4)
UNCLIPPED = -1.0  # the range of `action_weight` without clipping


class Table(NamedTuple):
    """A table of weights, and the state of its optimizer (see `optimizers`).

    Attributes:
        weights: float [S, k].
        mean: The running mean of the gradient, or the velocity, float [S, k] if the optimizer has it.
        square: The running mean of the squared gradient, float [S, k] if the optimizer has it.
        steps: The number of steps of each row, int64 [S, 1] if the optimizer counts them.
    """

    weights: NDArray[Any]
    mean: NDArray[Any]
    square: NDArray[Any]
    steps: Ints


class BatchSamples(NamedTuple):
    """The arrays of a `Batch` of n samples in u states.

    Attributes:
        obs: The state of each row, int64 [u].
        row: The row of each sample, int64 [n].
        actions: int64 [n].
        advantages: float64 [n].
        targets: Targets of the values, float64 [n].
        old_log_probs: The log-probability of each action when it was taken, float64 [n].
    """

    obs: Ints
    row: Ints
    actions: Ints
    advantages: Floats
    targets: Floats
    old_log_probs: Floats


class Settings(NamedTuple):
    """The settings of a gradient step: hyperparameters of `OnPolicy`, and of the optimizer.

    Attributes:
        clip_range: That of PPO, or `UNCLIPPED`.
        normalize: Whether to scale the advantages of a gradient step to mean 0 and variance 1.
        ent_coef: Weight of the entropy bonus.
        vf_coef: Weight of the value loss.
        max_grad_norm: Maximum norm of the gradient.
        learning_rate: Step size.
        optimizer: `SGD`, `MOMENTUM`, `ADAM` or `ROW_ADAM`.
        decay: Decay of the mean or of the velocity.
        square_decay: Decay of the mean square.
        epsilon: Added to the root mean square.
    """

    clip_range: float
    normalize: bool
    ent_coef: float
    vf_coef: float
    max_grad_norm: float
    learning_rate: float
    optimizer: int
    decay: float
    square_decay: float
    epsilon: float
