"""The compiled functions of gradient descent in a table: the gradient of a batch, and optimizer steps.

They compute what `losses` and `optimizers` compute with NumPy, in loops over samples and rows: see there for
the derivations. A batch has n samples with u distinct observations; samples with the same observation share
a row. Numba compiles these functions at the first call and caches the result on disk. All are in one file
because a change of another file, such as `gradient_tables`, does not renew the cache.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
from .gradient_tables import (
    ADAM,
    MOMENTUM,
    ROW_ADAM,
    SGD,
    UNCLIPPED,
    BatchSamples,
    Floats,
    Ints,
    Settings,
    Table,
)


@compiled
def softmax_row(logits: NDArray[Any], obs: int, log_probs: Floats, probs: Floats, row: int) -> None:
    """Fill a row of log-probabilities [u, A] and one of probabilities, from a row of logits [S, A].

    log p_j = x_j - log sum_k exp x_k, as in `losses.log_softmax`.
    """
    actions, highest = logits.shape[1], -np.inf
    for action in range(actions):
        log_probs[row, action] = logits[obs, action]
        highest = max(highest, log_probs[row, action])
    total = 0.0
    for action in range(actions):
        log_probs[row, action] -= highest  # the same result, and exp cannot overflow
        probs[row, action] = np.exp(log_probs[row, action])
        total += probs[row, action]
    log_total = np.log(total)
    for action in range(actions):
        log_probs[row, action] -= log_total
        probs[row, action] /= total


@compiled
def gradient_steps(
    policy: Table, value: Table, samples: BatchSamples, order: Ints, size: int, settings: Settings
) -> tuple[float, float, float, float, bool, Floats, Floats]:
    """Take a gradient step for each `size` samples of a batch, in a given order.

    Args:
        policy: The table of the policy.
        value: The table of the values.
        samples: The batch.
        order: The numbers of the samples to learn from [n].
        size: The samples of a gradient step; the last step may have fewer.
        settings: See `Settings`.

    Returns:
        What `gradient_step` returns for the last step, or for the first after which a number is not finite.
    """
    result = gradient_step(policy, value, samples, order[:size], settings)
    for start in range(size, len(order), size):
        if result[4]:
            result = gradient_step(policy, value, samples, order[start : start + size], settings)
    return result


@compiled
def gradient_step(
    policy: Table, value: Table, samples: BatchSamples, chosen: Ints, settings: Settings
) -> tuple[float, float, float, float, bool, Floats, Floats]:
    """Take one step of the optimizer along the gradient of the loss of chosen samples; see `loss_gradient`.

    Gradients whose joint norm exceeds the maximum are scaled down (Pascanu et al. 2013). Nothing is changed
    if the norm is not finite.

    Returns:
        The losses of policy, entropy and values; the norm before scaling; whether the norm and the changed
        weights are finite; the gradients of the rows [u, A] and [u, 1].
    """
    of_policy, of_entropy, of_value, counts, d_logits, d_values = loss_gradient(
        policy.weights, value.weights, samples, chosen, settings
    )
    norm = np.sqrt(squared_norm(d_logits) + squared_norm(d_values))
    if norm > settings.max_grad_norm:
        scale(d_logits, settings.max_grad_norm / norm)
        scale(d_values, settings.max_grad_norm / norm)
    finite = np.isfinite(norm)
    if finite:
        finite = update_table(policy, samples.obs, counts, d_logits, settings)
        finite = update_table(value, samples.obs, counts, d_values, settings) and finite
    return of_policy, of_entropy, of_value, norm, finite, d_logits, d_values


@compiled
def loss_gradient(
    logits: NDArray[Any], values: NDArray[Any], samples: BatchSamples, chosen: Ints, settings: Settings
) -> tuple[float, float, float, Ints, Floats, Floats]:
    """Return the losses of policy, entropy and values, and the gradient of their weighted sum.

    All losses are means over the n chosen samples.

    Args:
        logits: The table of the policy [S, A].
        values: The table of the values [S, 1].
        samples: The batch.
        chosen: The numbers of the samples [n].
        settings: See `Settings`.

    Returns:
        The three losses, the number of samples of each row [u], dL/dlogits [u, A] and dL/dvalues [u, 1].
    """
    obs, row_of, actions, advantages, targets, old_log_probs = samples
    n, rows, width = len(chosen), len(obs), logits.shape[1]
    log_probs, probs = np.empty((rows, width)), np.empty((rows, width))
    counts, d_logits, d_values = np.zeros(rows, np.int64), np.zeros((rows, width)), np.zeros((rows, 1))
    policy, negative_entropy, value = 0.0, 0.0, 0.0
    mean, deviation = moments(advantages, chosen) if settings.normalize and n > 1 else (0.0, 1.0)
    for sample in chosen:
        row, action = row_of[sample], actions[sample]
        if counts[row] == 0:
            softmax_row(logits, obs[row], log_probs, probs, row)
        counts[row] += 1
        advantage = (advantages[sample] - mean) / deviation
        log_prob, old = log_probs[row, action], old_log_probs[sample]
        loss, weight = action_weight(log_prob, old, advantage, settings.clip_range)
        policy += loss
        d_logits[row, action] += weight
        error = np.float64(values[obs[row], 0]) - targets[sample]
        value += error * error
        d_values[row, 0] += 2 * error
    for row in range(rows):
        if counts[row] > 0:
            share = counts[row] / n
            entropy = row_gradient(d_logits, log_probs, probs, row, n, settings.ent_coef * share)
            negative_entropy -= share * entropy
            d_values[row, 0] *= settings.vf_coef / n
    return policy / n, negative_entropy, value / n, counts, d_logits, d_values


@compiled
def moments(advantages: Floats, chosen: Ints) -> tuple[float, float]:
    """Return the mean and the standard deviation of the chosen advantages; the latter is never 0."""
    total, squares = 0.0, 0.0
    for sample in chosen:
        total += advantages[sample]
    mean = total / len(chosen)
    for sample in chosen:
        squares += (advantages[sample] - mean) ** 2
    return mean, np.sqrt(squares / len(chosen)) + 1e-8


@compiled
def action_weight(
    log_prob: float, old_log_prob: float, advantage: float, clip_range: float
) -> tuple[float, float]:
    """Return the policy loss of a sample, and its derivative with respect to log p(action).

    Without clipping, the loss is -advantage * log p(action) (Williams 1992); with it, that of PPO (Schulman
    et al. 2017, equation 7): -min(r * advantage, clip(r, 1 - c, 1 + c) * advantage), with the ratio
    r = p(action) / old p(action). Where the clipped term is the smaller one, it does not depend on p.
    """
    if clip_range == UNCLIPPED:
        return -advantage * log_prob, -advantage
    ratio = np.exp(log_prob - old_log_prob)  # dr = r dlog p
    gain, clipped = ratio * advantage, min(max(ratio, 1 - clip_range), 1 + clip_range) * advantage
    return (-gain, -gain) if gain <= clipped else (-clipped, 0.0)


@compiled
def row_gradient(d_logits: Floats, log_probs: Floats, probs: Floats, row: int, n: int, bonus: float) -> float:
    """Turn sums of derivatives for log p(action) into derivatives for the logits; return the entropy.

    d log p_a / dx_j = 1{j = a} - p_j, summed over the samples as in `losses.score` and divided by n. The loss
    also has the term -bonus * H, with the entropy H = -sum_j p_j log p_j and dH/dx_j = -p_j (log p_j + H).
    """
    total, entropy = 0.0, 0.0
    for action in range(probs.shape[1]):
        d_logits[row, action] /= n
        total += d_logits[row, action]
        entropy -= probs[row, action] * log_probs[row, action]
    for action in range(probs.shape[1]):
        slope = bonus * (log_probs[row, action] + entropy) - total
        d_logits[row, action] += probs[row, action] * slope
    return entropy


@compiled
def squared_norm(gradient: Floats) -> float:
    """Return the sum of the squares of a gradient [u, k]."""
    total = 0.0
    for row in range(gradient.shape[0]):
        for column in range(gradient.shape[1]):
            total += gradient[row, column] * gradient[row, column]
    return total


@compiled
def scale(gradient: Floats, factor: float) -> None:
    """Multiply a gradient [u, k] by a factor, in place."""
    for row in range(gradient.shape[0]):
        for column in range(gradient.shape[1]):
            gradient[row, column] *= factor


@compiled
def update_table(table: Table, obs: Ints, counts: Ints, gradient: Floats, settings: Settings) -> bool:
    """Update a table by a step of its optimizer, and return whether the changed weights are finite.

    Rows without samples are left as they are, except by Adam, which moves them on with their running means.
    """
    finite, everywhere = True, settings.optimizer == ADAM
    if everywhere:
        gradient = of_all_states(gradient, obs, len(table.weights))
    for row in range(len(gradient)):
        if everywhere or counts[row] > 0:
            state = row if everywhere else obs[row]
            correction = next_correction(table, state, settings)
            finite = move_row(table, state, gradient, row, correction, settings) and finite
    return finite


@compiled
def of_all_states(gradient: Floats, obs: Ints, states: int) -> Floats:
    """Return a gradient of rows [u, k] as one of all states [S, k]."""
    whole = np.zeros((states, gradient.shape[1]))
    for row in range(len(obs)):
        for column in range(whole.shape[1]):
            whole[obs[row], column] = gradient[row, column]
    return whole


@compiled
def next_correction(table: Table, obs: int, settings: Settings) -> float:
    """Count a step of a row, and return the factor that corrects the bias of Adam's means towards 0."""
    if settings.optimizer != ADAM and settings.optimizer != ROW_ADAM:
        return 1.0
    table.steps[obs, 0] += 1
    steps = table.steps[obs, 0]
    factor: float = np.sqrt(1 - settings.square_decay**steps) / (1 - settings.decay**steps)
    return factor


@compiled
def move_row(
    table: Table, obs: int, gradient: Floats, row: int, correction: float, settings: Settings
) -> bool:
    """Update a row of a table, w <- w - learning_rate * direction, and return whether the result is finite.

    See `optimizers` for the directions and their sources.
    """
    finite = True
    for column in range(table.weights.shape[1]):
        direction = gradient[row, column]
        if settings.optimizer == MOMENTUM:
            table.mean[obs, column] = settings.decay * table.mean[obs, column] + direction
            direction = np.float64(table.mean[obs, column])
        elif settings.optimizer != SGD:
            b1, b2 = settings.decay, settings.square_decay
            mean = b1 * table.mean[obs, column] + (1 - b1) * direction
            square = b2 * table.square[obs, column] + (1 - b2) * direction * direction
            table.mean[obs, column], table.square[obs, column] = mean, square
            direction = correction * mean / (np.sqrt(square) + settings.epsilon)
        table.weights[obs, column] -= settings.learning_rate * direction
        finite = finite and np.isfinite(table.weights[obs, column])
    return finite
