"""Losses and their gradients: by hand, and by finite differences."""

import numpy as np
import pytest
from numerical import numerical_gradient

from cookie_jar.agents import losses

WHICH, ACTIONS = np.array([0, 2, 2, 1, 0]), np.array([1, 0, 3, 2, 1])
ADVANTAGES = np.array([0.5, -1.0, 2.0, 0.3, -0.2])


@pytest.fixture
def logits():
    return np.random.default_rng(0).standard_normal((3, 4))


def check(loss, array):
    """The gradient that a loss gives is the one by finite differences."""
    _, gradient = loss()
    np.testing.assert_allclose(gradient, numerical_gradient(lambda: loss()[0], array), atol=1e-8)


def test_softmax_by_hand():
    log_probs = losses.log_softmax(np.log(np.array([[1.0, 3.0], [2.0, 2.0]])))
    np.testing.assert_allclose(np.exp(log_probs), [[0.25, 0.75], [0.5, 0.5]])
    np.testing.assert_allclose(losses.log_softmax(np.array([[1e5, 0.0]])), [[0, -1e5]])  # no overflow


def test_policy_gradient_by_hand():
    # One sample, p = (1/4, 3/4), action 1, advantage 2: L = -2 log 3/4; dL/dx = -2 (onehot - p).
    log_probs = np.log(np.array([[0.25, 0.75]]))
    loss, gradient = losses.policy_gradient_loss(log_probs, np.array([0]), np.array([1]), np.array([2.0]))
    assert loss == pytest.approx(-2 * np.log(0.75))
    np.testing.assert_allclose(gradient, [[0.5, -0.5]])


def test_policy_gradient(logits):
    check(lambda: losses.policy_gradient_loss(losses.log_softmax(logits), WHICH, ACTIONS, ADVANTAGES), logits)


@pytest.mark.parametrize("shift", [0.0, 0.15, -0.15, 0.5, -0.5])
def test_clipped_loss(logits, shift):
    old = losses.log_softmax(logits)[WHICH, ACTIONS] + shift  # the probabilities were others then
    check(
        lambda: losses.clipped_loss(losses.log_softmax(logits), WHICH, ACTIONS, ADVANTAGES, old, 0.2), logits
    )


def test_clipping_by_hand():
    # The action is now twice as likely as it was: beyond 1.2, a gain counts as 1.2, a loss in full.
    log_probs, old = np.log(np.array([[0.5, 0.5]])), np.log(np.array([0.25]))
    for advantage, loss, moves in ((1.0, -1.2, False), (-1.0, 2.0, True)):
        found, gradient = losses.clipped_loss(
            log_probs, np.array([0]), np.array([0]), np.array([advantage]), old, 0.2
        )
        assert found == pytest.approx(loss)
        assert gradient.any() == moves


def test_entropy(logits):
    check(lambda: losses.entropy_loss(losses.log_softmax(logits), WHICH), logits)
    loss, gradient = losses.entropy_loss(np.log(np.full((1, 8), 1 / 8)), np.zeros(3, int))
    assert loss == pytest.approx(-np.log(8))
    np.testing.assert_allclose(gradient, 0, atol=1e-12)  # nothing is more undecided


def test_value_loss():
    values, targets = np.array([1.0, 2.0, -1.0]), np.array([1.5, 0.0, 1.0, 2.0, 0.5])
    check(lambda: losses.value_loss(values, WHICH, targets), values)
    assert losses.value_loss(np.array([1.0]), np.array([0, 0]), np.array([0.0, 3.0]))[0] == pytest.approx(2.5)


@pytest.mark.parametrize("crowd", [1, 1_024])
def test_a_crowd_in_one_state_makes_no_larger_step(logits, crowd):
    log_probs, index, actions = losses.log_softmax(logits[:1]), np.zeros(crowd, int), np.full(crowd, 2)
    _, gradient = losses.policy_gradient_loss(log_probs, index, actions, np.full(crowd, 3.0))
    np.testing.assert_allclose(gradient, [[3.0, 3.0, 3.0, 3.0]] * np.exp(log_probs) - 3.0 * np.eye(4)[[2]])


def test_samples_in_one_row_are_the_same_as_rows_of_their_own(logits):
    log_probs = losses.log_softmax(logits)
    _, together = losses.policy_gradient_loss(log_probs, WHICH, ACTIONS, ADVANTAGES)
    _, apart = losses.policy_gradient_loss(log_probs[WHICH], np.arange(5), ACTIONS, ADVANTAGES)
    summed = np.zeros_like(together)
    np.add.at(summed, WHICH, apart)
    np.testing.assert_allclose(together, summed)


def test_advantages_by_hand():
    # Two environments, three steps; after the second, the first one ends, the other one runs out of time.
    rewards = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    values = np.array([[0.5, 0.5], [1.0, 1.0], [0.25, 0.25]])
    next_values = np.array([[1.0, 1.0], [0.0, 4.0], [2.0, 2.0]])
    ended = np.array([[False, False], [True, True], [False, False]])
    gamma, gae_lambda = 0.5, 0.8
    last = 3 + 0.5 * 2 - 0.25
    middle = np.array([2 - 1.0, 2 + 0.5 * 4 - 1.0])  # terminated; truncated: what is to come still counts
    first = (1 + 0.5 * 1 - 0.5) + 0.4 * middle
    found = losses.advantages(rewards, values, next_values, ended, gamma, gae_lambda)
    np.testing.assert_allclose(found, [first, middle, [last, last]])


def test_lambda_1_is_the_return_less_the_value():
    rng = np.random.default_rng(0)
    rewards, values = rng.standard_normal((6, 1)), rng.standard_normal((6, 1))
    ended, next_values = np.zeros((6, 1), bool), np.vstack([values[1:], [[0.0]]])
    ended[-1] = True
    found = losses.advantages(rewards, values, next_values, ended, 0.9, 1.0)
    returns = [sum(0.9**k * r for k, r in enumerate(rewards[t:, 0])) for t in range(6)]
    np.testing.assert_allclose(found[:, 0], returns - values[:, 0])


def test_cross_entropy_by_hand():
    # p = (1/4, 3/4) with label 1, and p = (1/2, 1/2) with label 0.
    logits = np.log(np.array([[1.0, 3.0], [2.0, 2.0]]))
    loss, gradient = losses.cross_entropy(logits, np.array([1, 0]))
    assert loss == pytest.approx(-(np.log(3 / 4) + np.log(1 / 2)) / 2)
    np.testing.assert_allclose(gradient, [[1 / 8, -1 / 8], [-1 / 4, 1 / 4]])


def test_the_gradient_of_cross_entropy(logits):
    labels = np.array([1, 0, 3])
    check(lambda: losses.cross_entropy(logits, labels), logits)


def test_the_gradient_of_the_penalty(logits):
    check(lambda: losses.l2_penalty(logits, 0.3), logits)
