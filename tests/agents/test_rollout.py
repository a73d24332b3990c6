"""A collector on two scripted environments, against rows written by hand."""

import numpy as np
import pytest
from gymnasium.spaces import Discrete

from cookie_jar.agents.rollout import Collector


class Scripted:
    """Two environments: the first terminates at its second step, the other is truncated at its third.

    Observations count the steps of an episode, plus 10 for each episode before, plus 100 in the second
    environment. The reward is 1 plus the action.
    """

    def __init__(self):
        self.resets = []

    def reset(self, *, seed=None):
        self.resets.append(seed)
        self.episodes, self.steps = np.zeros(2, int), np.zeros(2, int)
        return self.observed(), {}

    def observed(self):
        return self.steps + 10 * self.episodes + [0, 100]

    def step(self, actions):
        self.steps = self.steps + 1
        last = self.observed()
        terminated, truncated = self.steps == [2, -1], self.steps == [-1, 3]
        ended = terminated | truncated
        self.episodes, self.steps = self.episodes + ended, np.where(ended, 0, self.steps)
        infos = {"final_obs": np.array(last, object)} if ended.any() else {}
        return self.observed(), 1.0 + np.array(actions), terminated, truncated, infos

    def get_state(self):
        return [self.episodes.tolist(), self.steps.tolist()]

    def set_state(self, state):
        self.episodes, self.steps = np.array(state[0]), np.array(state[1])
        return self.observed()


def collector(n_steps=4, whole_episodes=False):
    return Collector(Scripted(), 2, Discrete(1_000), n_steps, whole_episodes, seed=7)


def fill(made, action=0):
    """Step to the end of the rollout, and return how many steps counted."""
    counted = 0
    while not made.full:
        counted += made.step(np.full(2, action))
    return counted


def test_a_rollout_by_hand():
    made = collector()
    assert fill(made, action=1) == 8
    rollout = made.rollout()
    assert rollout.observations[:, 0].tolist() == [0, 1, 10, 11, 20]
    assert rollout.observations[:, 1].tolist() == [100, 101, 102, 110, 111]
    assert rollout.rewards.tolist() == [[2.0, 2.0]] * 4
    assert rollout.actions.tolist() == [[1, 1]] * 4
    assert rollout.terminated[:, 0].tolist() == [False, True, False, True]
    assert rollout.ended[:, 1].tolist() == [False, False, True, False]
    assert not rollout.terminated[:, 1].any()  # a time-out is not an end
    assert rollout.counts.all()
    assert rollout.timeouts.tolist() == [[2], [1]]
    assert rollout.final_observations.tolist() == [103]
    assert made.finished == [(4.0, 2), (6.0, 3), (4.0, 2)]


def test_episodes_go_on_in_the_next_rollout():
    made = collector(n_steps=2)
    fill(made)
    made.finished.clear()
    made.begin()
    assert not made.full
    fill(made)
    assert made.rollout().observations[:, 1].tolist() == [102, 110, 111]
    assert made.finished == [(3.0, 3), (2.0, 2)]


@pytest.mark.parametrize(("n_steps", "counted", "lengths"), [(9, 5, [2, 3]), (2, 4, [2])])
def test_whole_episodes_count_to_their_end(n_steps, counted, lengths):
    made = collector(n_steps, whole_episodes=True)
    assert fill(made) == counted
    rollout = made.rollout()
    assert rollout.counts.sum() == counted
    assert rollout.counts[:, 0].tolist() == ([True, True, False] if n_steps == 9 else [True, True])
    assert [length for _, length in made.finished] == lengths
    made.begin()
    assert made.observations.tolist() == [0, 100]  # new episodes
    assert made.active.all()


def test_only_the_first_reset_is_seeded():
    envs = Scripted()
    made = Collector(envs, 2, Discrete(1_000), 2, whole_episodes=True, seed=7)
    fill(made)
    made.begin()
    assert envs.resets == [7, None]


def test_a_rollout_is_repeated_from_its_beginning():
    made, again = collector(n_steps=2), collector(n_steps=2)
    fill(made)
    made.begin()
    again.set_beginning(made.beginning)
    for repeated in (made, again):
        repeated.finished.clear()
        fill(repeated)
    np.testing.assert_array_equal(again.rollout().observations, made.rollout().observations)
    assert again.finished == made.finished == [(3.0, 3), (2.0, 2)]
