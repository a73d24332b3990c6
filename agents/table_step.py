"""Gradient steps of agents whose policy is a table, in compiled functions."""

import numpy as np
from numpy.typing import NDArray

from .batch import Batch, Loss
from .errors import AgentError
from .gradient_tables import ADAM, MOMENTUM, ROW_ADAM, SGD, UNCLIPPED, BatchSamples, Settings, Table
from .layers import Parameter
from .optimizers import Adam, Momentum, RowAdam, Sgd
from .table_gradients import gradient_steps
from .table_rollout import TableBatch

KINDS: dict[type[Sgd], int] = {Sgd: SGD, Momentum: MOMENTUM, Adam: ADAM, RowAdam: ROW_ADAM}
NO_STEPS = np.zeros((0, 1), np.int64)


def take_steps(
    optimizer: Sgd,
    batch: Batch,
    order: NDArray[np.int64],
    size: int,
    *,
    clip_range: float | None,
    normalize: bool,
    ent_coef: float,
    vf_coef: float,
    max_grad_norm: float,
    learning_rate: float,
) -> tuple[Loss, float, bool]:
    """Take steps of the optimizer along the gradient of the loss of parts of a batch, in tables.

    Also sets the gradients of the parameters, as `OnPolicy.loss` does.

    Args:
        optimizer: An optimizer of `optimizers.TABLE_OPTIMIZERS`, of a policy and of values in tables.
        batch: The batch.
        order: The numbers of the samples to learn from [n].
        size: The samples of a gradient step; the last step may have fewer.
        clip_range: That of PPO, or None for the loss without clipping.
        normalize: Whether to scale the advantages of a step to mean 0 and variance 1.
        ent_coef: Weight of the entropy bonus in the loss.
        vf_coef: Weight of the value loss.
        max_grad_norm: Maximum norm of the gradient.
        learning_rate: Step size.

    Returns:
        The loss of the last part, the norm of its gradient before scaling, and whether all numbers are
        finite. The first part with a number that is not finite is the last; if that number is the norm, the
        part changes no weights.
    """
    (policy_name, policy), (value_name, value) = optimizer.parameters.items()
    samples, order = _samples(batch, policy.value.shape), np.ascontiguousarray(order, np.int64)
    if size < 1 or not _below(order, len(samples.row)):
        raise AgentError(f"expected numbers below {len(samples.row)} in steps of at least one sample")
    settings = Settings(
        UNCLIPPED if clip_range is None else float(clip_range), bool(normalize),
        float(ent_coef), float(vf_coef), float(max_grad_norm), float(learning_rate),
        *_constants(optimizer),
    )  # fmt: skip
    tables = _table(policy_name, policy, optimizer), _table(value_name, value, optimizer)
    of_policy, of_entropy, of_value, norm, finite, d_logits, d_values = gradient_steps(
        *tables, samples, order, int(size), settings
    )
    policy.rows = value.rows = samples.obs
    policy.gradient, value.gradient = d_logits, d_values
    total = of_policy + ent_coef * of_entropy + vf_coef * of_value
    return Loss(of_policy, of_entropy, of_value, total), norm, bool(finite)


def _samples(batch: Batch, shape: tuple[int, ...]) -> BatchSamples:
    """Return the arrays of a batch; compiled functions do not check indices.

    Raises:
        AgentError: If the batch is not one of the table.
    """
    samples = BatchSamples(
        np.ascontiguousarray(batch.inputs[:, 0], np.int64),
        np.ascontiguousarray(batch.index, np.int64),
        np.ascontiguousarray(batch.actions, np.int64),
        np.ascontiguousarray(batch.advantages, np.float64),
        np.ascontiguousarray(batch.targets, np.float64),
        np.ascontiguousarray(batch.old_log_probs, np.float64),
    )
    if isinstance(batch, TableBatch):
        return samples
    bounds = (samples.obs, shape[0]), (samples.row, len(samples.obs)), (samples.actions, shape[1])
    if not all(_below(numbers, end) for numbers, end in bounds):
        raise AgentError(f"expected a batch of a table with {shape[0]} states and {shape[1]} actions")
    if len({len(numbers) for numbers in samples[1:]}) > 1:
        raise AgentError("expected a batch with as many actions, advantages and targets as indices")
    return samples


def _below(numbers: NDArray[np.int64], end: int) -> bool:
    return not len(numbers) or bool(numbers.min() >= 0 and numbers.max() < end)


def _table(name: str, parameter: Parameter, optimizer: Sgd) -> Table:
    """Return a table with the state of its optimizer; arrays that the optimizer does not have are empty."""
    state, none = optimizer.state, parameter.value[:0]
    mean = "velocity" if isinstance(optimizer, Momentum) else "mean"
    return Table(
        parameter.value,
        state.get(f"{name}.{mean}", none),
        state.get(f"{name}.square", none),
        state.get(f"{name}.steps", NO_STEPS),
    )


def _constants(optimizer: Sgd) -> tuple[int, float, float, float]:
    """Return the kind of an optimizer, the decays of its means, and its epsilon."""
    kind = KINDS[type(optimizer)]
    if isinstance(optimizer, Adam):
        return kind, float(optimizer.betas[0]), float(optimizer.betas[1]), float(optimizer.epsilon)
    return kind, float(optimizer.momentum) if isinstance(optimizer, Momentum) else 0.0, 0.0, 0.0
