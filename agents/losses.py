"""Loss functions and their gradients, as pure functions of a batch.

A batch has n samples. Samples with the same observation share a row of the network's output, so there are
u <= n rows; `index` [n] is the row of each sample. Every loss is a mean over the n samples: its gradient with
respect to a row is the sum of the gradients of the row's samples, divided by n.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Ints = NDArray[np.int64]


def log_softmax(logits: Array) -> Array:
    """Return log-probabilities [..., A] for logits [..., A]: log p_j = x_j - log sum_k exp x_k."""
    largest = logits.T.copy().max(axis=0).T  # along long rows, which takes less time
    shifted: Array = logits - largest[..., None]  # the same result, and exp cannot overflow
    shifted -= np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return shifted


def cross_entropy(logits: Array, labels: Ints) -> tuple[float, Array]:
    """Return the loss mean(-log p(label)), for logits [n, K] and labels [n] from 0 to K - 1.

    Returns:
        The loss, and its gradient with respect to the logits [n, K].
    """
    # d log p_a / dx_j = 1{j = a} - p_j.
    log_probs, rows = log_softmax(logits), np.arange(len(labels))
    loss = -log_probs[rows, labels].mean(dtype=np.float64)
    gradient: Array = np.exp(log_probs)
    gradient[rows, labels] -= 1
    gradient /= len(labels)
    return float(loss), gradient


def l2_penalty(weights: Array, strength: float) -> tuple[float, Array]:
    """Return the penalty strength / 2 * sum(w^2), and its gradient with respect to the weights."""
    return strength / 2 * float(np.square(weights, dtype=np.float64).sum()), strength * weights


def policy_gradient_loss(
    log_probs: Array, index: Ints, actions: Ints, advantages: Array
) -> tuple[float, Array]:
    """Return the loss -mean(advantage * log p(action)) (Williams 1992; Sutton and Barto 2018, section 13.4).

    Each sample counts in full: the factor gamma^t of that section is left out, as usual.

    Returns:
        The loss, and its gradient with respect to the logits [u, A].
    """
    places = index * log_probs.shape[1] + actions
    weights = -advantages / len(index)
    return float(weights @ log_probs.take(places)), score(log_probs, places, weights)


def clipped_loss(
    log_probs: Array, index: Ints, actions: Ints, advantages: Array, old: Array, clip_range: float
) -> tuple[float, Array]:
    """Return the clipped loss of PPO (Schulman et al. 2017, equation 7).

    L = -mean(min(r * advantage, clip(r, 1 - c, 1 + c) * advantage)), with r = p(action) / old p(action),
    where `old` [n] is the log-probability when the action was taken.

    Returns:
        The loss, and its gradient with respect to the logits [u, A].
    """
    # dr/dlogits = r dlog p/dlogits. Where the clipped term is the smaller one, it does not depend on p.
    places = index * log_probs.shape[1] + actions
    ratio = np.exp(log_probs.take(places) - old)
    gains, clipped = ratio * advantages, ratio.clip(1 - clip_range, 1 + clip_range) * advantages
    weights = np.where(gains <= clipped, -gains, 0) / len(index)
    return float(-np.minimum(gains, clipped).sum() / len(index)), score(log_probs, places, weights)


def score(log_probs: Array, places: Ints, weights: Array) -> Array:
    """Return the gradient [u, A] of sum_i weight_i * log p(action_i) with respect to the logits.

    Args:
        log_probs: The log-probabilities [u, A].
        places: The place of each sample's log-probability in the flat array: row * A + action, [n].
        weights: The weights [n].
    """
    # d log p_a / dx_j = 1{j = a} - p_j. Both terms are summed over the samples of each row.
    rows, count = log_probs.shape
    taken = np.bincount(places, weights, rows * count).reshape(rows, count)
    gradient: Array = taken - np.exp(log_probs) * taken.sum(axis=1, keepdims=True)
    return gradient.astype(log_probs.dtype)


def entropy_loss(log_probs: Array, index: Ints) -> tuple[float, Array]:
    """Return the loss -mean(H), with the entropy H = -sum_j p_j log p_j.

    Returns:
        The loss, and its gradient with respect to the logits [u, A].
    """
    # dH/dx_j = -p_j (log p_j + H).
    share = np.bincount(index, minlength=len(log_probs)) / len(index)
    probs = np.exp(log_probs)
    entropy = -(probs * log_probs).sum(axis=1)
    gradient = share[:, None] * probs * (log_probs + entropy[:, None])
    return float(-share @ entropy), gradient.astype(log_probs.dtype)


def value_loss(values: Array, index: Ints, targets: Array) -> tuple[float, Array]:
    """Return the loss mean((value - target)^2), for values [u] and targets [n].

    Returns:
        The loss, and its gradient with respect to the values [u].
    """
    errors = values[index] - targets
    gradient = np.bincount(index, 2 * errors / len(index), len(values))
    return float(errors @ errors / len(index)), gradient.astype(values.dtype)


def advantages(
    rewards: Array, values: Array, next_values: Array, ended: Array, gamma: float, gae_lambda: float
) -> Array:
    """Return generalised advantage estimates [T, n] (Schulman et al. 2016, equation 16).

    Args:
        rewards: [T, n].
        values: The value of each observation [T, n].
        next_values: The value of the next observation [T, n]; 0 if terminated, but not after a time-out.
        ended: Whether the next observation is of another episode, bool [T, n].
        gamma: Discount factor.
        gae_lambda: 0 trusts the values after one step; 1 counts the rewards until the end.
    """
    errors = rewards + gamma * next_values - values
    keep = np.where(ended, 0.0, gamma * gae_lambda)
    result = np.empty_like(errors)
    following = np.zeros(errors.shape[1])
    for step in reversed(range(len(errors))):
        following = result[step] = errors[step] + keep[step] * following
    return result
