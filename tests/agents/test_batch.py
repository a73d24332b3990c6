"""Batches of a rollout, by hand."""

import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.agents.batch import Batch
from cookie_jar.agents.encoding import Inputs
from cookie_jar.agents.rollout import Rollout

GAMMA = 0.5
LOGITS = np.log([[0.25, 0.75], [0.5, 0.5], [0.9, 0.1]])  # of three observations and two actions
VALUES = np.array([1.0, 2.0, 4.0])


def forward(observations):
    return LOGITS[observations], VALUES[observations]


@pytest.fixture
def batch():
    """Two steps of two environments: the first runs on; the second terminates, then is timed out."""
    rollout = Rollout(
        observations=np.array([[0, 1], [1, 0], [0, 0]]),
        actions=np.array([[1, 0], [0, 1]]),
        rewards=np.array([[0.0, 1.0], [1.0, -1.0]]),
        terminated=np.array([[False, True], [False, False]]),
        ended=np.array([[False, True], [False, True]]),
        counts=np.ones((2, 2), bool),
        timeouts=np.array([[1], [1]]),
        final_observations=np.array([2]),
    )
    return Batch.of(rollout, Inputs(gym.spaces.Discrete(3)), forward, GAMMA, gae_lambda=0.0)


def test_samples_share_the_rows_of_equal_observations(batch):
    assert batch.inputs[batch.index].ravel().tolist() == [0, 1, 1, 0]
    assert len(batch.inputs) == 2
    assert batch.actions.tolist() == [1, 0, 0, 1]


def test_targets_bootstrap_unless_terminated(batch):
    # r + gamma V(next): 0 + 0.5 * 2; terminated: 1; 1 + 0.5 * 1; timed out in observation 2: -1 + 0.5 * 4.
    np.testing.assert_allclose(batch.targets, [1.0, 1.0, 1.5, 1.0])
    np.testing.assert_allclose(batch.advantages, np.array([1.0, 1.0, 1.5, 1.0]) - [1.0, 2.0, 2.0, 1.0])


def test_log_probabilities_are_those_of_the_actions(batch):
    np.testing.assert_allclose(np.exp(batch.old_log_probs), [0.75, 0.5, 0.5, 0.75])


def test_a_part_holds_only_the_observations_of_its_samples(batch):
    part = batch.part(np.array([1, 2]))
    assert part.inputs.ravel().tolist() == [1]
    assert part.index.tolist() == [0, 0]
    np.testing.assert_array_equal(part.targets, batch.targets[[1, 2]])
