"""A right table is refused with probability below 1e-10 in each check (Ville's inequality)."""

import random
from collections import Counter

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.toy_text.frozen_lake import FrozenLakeEnv
from needs import TAXI, needs_new_gymnasium
from toys import Corridor, corridor, with_table

from cookie_jar.agents import AgentError, tabular_model
from cookie_jar.agents.model_check import ERROR, Frequencies, ModelCheck, global_randomness_kept
from cookie_jar.agents.model_table import from_transitions


def check(env, steps=1_000, table=None):
    model = from_transitions(*(table or (env.P, env.initial_state_distrib)))
    ModelCheck(env, model, model.reward, np.arange(len(model.start)), 200, steps).run()


def test_a_right_table_passes():
    check(Corridor())


@pytest.mark.parametrize(
    ("env", "message"),
    [
        (corridor(reward=lambda env, r: 2 * r), "ended the episode with reward 2, which is impossible"),
        (corridor(reward=lambda env, r: r - 0.1 * (env.clock > 50)), "with reward -0.1"),
        (corridor(terminated=lambda env, t: False), "led to state 3"),
        (corridor(truncated=lambda env, t: env.clock == 100), "itself truncates an episode, after 100 steps"),
        (corridor(obs=lambda env, obs: float(obs)), "the observation 1.0 is not that of a state"),
        (corridor(obs=lambda env, obs: obs + 4), "is not that of a state"),
        (corridor(obs=lambda env, obs: 0), "led to state 0"),
        (corridor(info=lambda env, info: {"happiness": 3.0}), r"without shaping 3"),
        (corridor(info=lambda env, info: {"happiness": "high"}), "expected a number, got 'high'"),
        (corridor(reward=lambda env, r: "1"), "reward: expected a number, got '1'"),
        (corridor(terminated=lambda env, t: "no"), "terminated: expected True or False"),
    ],
)
def test_steps_that_contradict_the_table_are_found(env, message):
    with pytest.raises(AgentError, match=message):
        check(env)


def test_rewards_may_be_of_single_precision():
    env = with_table(P=lambda p: p | {0: {0: [(1.0, 0, 0.1, False)], 1: p[0][1]}})
    step = env.step
    env.step = lambda action: (lambda o, r, *rest: (o, np.float32(r), *rest))(*step(action))
    check(env)


def test_a_rare_deviation_is_found():
    # In each of 4,000 steps with probability 0.01: missed with probability below 1e-17.
    class Sticky(Corridor):
        def step(self, action):
            return super().step(0 if self.np_random.random() < 0.02 else action)

    with pytest.raises(AgentError, match="impossible in the table"):
        check(Sticky(), steps=4_000)


@needs_new_gymnasium
@pytest.mark.parametrize("rate", [0.15, 0.5])
def test_other_frequencies_are_found(rate):
    env, other = FrozenLakeEnv(is_slippery=True), FrozenLakeEnv(is_slippery=True, success_rate=rate)
    with pytest.raises(AgentError, match="frequencies of outcomes"):
        check(other, 4_000, (env.P, env.initial_state_distrib))
    check(other, 4_000)


def test_another_first_state_after_a_seeded_reset_is_found():
    class Elsewhere(Corridor):
        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            self.state = 0 if seed is None else 1
            return self.state, {}

    with pytest.raises(AgentError, match="starts in a state of probability 0"):
        check(Elsewhere())


def test_other_frequencies_of_first_states_are_found():
    class Lottery(Corridor):
        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            self.state = int(self.np_random.random() < 0.1)
            return self.state, {}

    check(Lottery(), table=(Corridor().P, np.array([0.9, 0.1, 0.0, 0.0])))
    with pytest.raises(AgentError, match="frequencies"):
        check(Lottery(), 4_000, table=(Corridor().P, np.array([0.5, 0.5, 0.0, 0.0])))
    with pytest.raises(AgentError, match="starts in a state of probability 0"):
        check(Lottery(), table=(Corridor().P, np.array([1.0, 0.0, 0.0, 0.0])))


def test_the_test_of_frequencies_keeps_its_error_probability():
    # 300 tests of 500 right outcomes each: one is refused with probability below 300 * 1e-10.
    rng = np.random.default_rng(0)
    chances = (0.5, 0.3, 0.15, 0.05)
    for _ in range(300):
        test = Frequencies()
        for outcome in rng.choice(4, size=500, p=chances).tolist():
            test.add(chances[outcome], outcome, ("cell", chances))
    assert ERROR == 1e-10


def test_the_tested_states_are_those_that_matter_too():
    env = gym.make(TAXI).unwrapped
    model, seen, step = tabular_model(env), Counter(), env.step

    def counted(action):
        seen[env.s // 4 % 5 == 4] += 1  # with a passenger
        return step(action)

    env.step = counted
    ModelCheck(env, model, model.reward, np.arange(500), 200, 4_000).run()
    assert seen[True] > 500


def test_global_random_numbers_are_left_as_they_were():
    random.seed(3)
    np.random.seed(3)  # noqa: NPY002
    expected = random.random(), np.random.random()  # noqa: NPY002
    random.seed(3)
    np.random.seed(3)  # noqa: NPY002
    with global_randomness_kept():
        random.random()
        np.random.random()  # noqa: NPY002
    assert (random.random(), np.random.random()) == expected  # noqa: NPY002
