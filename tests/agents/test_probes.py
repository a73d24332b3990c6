"""Seven environments in which values and best actions are known, for every agent, with fixed seeds.

Each asks for one ability more than the one before, so the first that fails says what is broken: a constant
reward, rewards that depend on the observation, a reward that comes later, a choice, a choice that depends on
the observation, a reward by chance, and a time limit, which is not an end.
"""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Discrete

from cookie_jar.agents import (
    PPO,
    ActorCritic,
    DynaQ,
    ExpectedSarsa,
    NStepSarsa,
    QLambda,
    QLearning,
    Reinforce,
    Sarsa,
    SarsaLambda,
)
from cookie_jar.agents.temporal_difference import TemporalDifference

GAMMA = 0.5
FEW_ACTIONS_AT_RANDOM = 0.1


class Probe(gym.Env):
    """Two states and two actions; `outcome` says what follows. Episodes start in a random state.

    Args:
        outcome: Returns (next state, reward, terminated, truncated) of a state, an action, a random number.
        starts: The first states.
    """

    def __init__(self, outcome, starts=(0,)):
        self.observation_space, self.action_space = Discrete(2), Discrete(2)
        self._outcome, self._starts, self._state = outcome, starts, 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._state = self._starts[int(self.np_random.integers(len(self._starts)))]
        return self._state, {}

    def step(self, action):
        random = self.np_random.random()
        self._state, reward, terminated, truncated = self._outcome(self._state, int(action), random)
        return self._state, float(reward), terminated, truncated, {}


PROBES = {  # name: outcome, first states, {state: value of the best action}, {state: best action}
    "a constant": (lambda s, a, r: (s, 1.0, True, False), (0,), {0: 1.0}, {}),
    "by observation": (lambda s, a, r: (s, 2.0 * s - 1, True, False), (0, 1), {0: -1.0, 1: 1.0}, {}),
    "later": (lambda s, a, r: (1, float(s), s == 1, False), (0,), {0: GAMMA, 1: 1.0}, {}),
    "a choice": (lambda s, a, r: (s, 2.0 * a - 1, True, False), (0,), {0: 1.0}, {0: 1}),
    "a choice by observation": (
        lambda s, a, r: (s, 1.0 if a == s else -1.0, True, False),
        (0, 1),
        {0: 1.0, 1: 1.0},
        {0: 0, 1: 1},
    ),
    "by chance": (lambda s, a, r: (s, 1.0 if r < 0.75 else -1.0, True, False), (0,), {0: 0.5}, {}),
    "a time limit": (
        lambda s, a, r: (1, float(s), False, s == 1 and r < 0.2),
        (0,),
        {0: GAMMA / (1 - GAMMA), 1: 1 / (1 - GAMMA)},
        {},
    ),
}
AGENTS = {
    "q-learning": QLearning,
    "sarsa": Sarsa,
    "expected-sarsa": ExpectedSarsa,
    "n-step-sarsa": NStepSarsa,
    "sarsa-lambda": SarsaLambda,
    "q-lambda": QLambda,
    "dyna-q": DynaQ,
    "reinforce": Reinforce,
    "actor-critic": ActorCritic,
    "ppo": PPO,
    "ppo-network": PPO,
}


def trained(name, env):
    kind = AGENTS[name]
    if issubclass(kind, TemporalDifference):
        options = {"exploration_final_eps": FEW_ACTIONS_AT_RANDOM, "exploration_steps": 200}
        agent = kind(env, gamma=GAMMA, seed=0, learning_rate=0.1, **options).learn(600)
        agent.learning_rate = 0.01  # an average over many steps, where rewards are random
        return agent.learn(1_000)
    options = {"policy": "network", "net_arch": (16,)} if name.endswith("network") else {"policy": "table"}
    rate = 0.01 if name.endswith("network") else 0.05
    agent = kind(env, gamma=GAMMA, seed=0, n_envs=8, n_steps=4, ent_coef=0.0, learning_rate=rate, **options)
    agent.learn(2_400)
    agent.learning_rate = rate / 10
    return agent.learn(800)


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize("name", AGENTS)
def test_every_agent_finds_what_is_known(name, probe):
    outcome, starts, values, best = PROBES[probe]
    agent = trained(name, Probe(outcome, starts))
    states = np.array(sorted(values))
    found = agent.q_table.max(axis=1) if hasattr(agent, "q_table") else agent.values(np.arange(2))
    np.testing.assert_allclose(found[states], [values[s] for s in states], atol=0.05)
    assert {state: int(agent.policy[state]) for state in best} == best
    if hasattr(agent, "probabilities"):
        assert all(agent.probabilities(np.array([s]))[0, action] > 0.9 for s, action in best.items())
