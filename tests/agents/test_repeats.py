import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import PPO, AgentError, QLearning, Taster, repeats
from cookie_jar.agents.repeats import checked_actions

JUNK = [
    [-1],
    [10],
    [True],
    [1.0],
    ["1"],
    [None],
    [[1]],
    [10**400],
    "11",
    None,
    {},
    7,
    [0] * (repeats.MAX_ACTIONS + 1),
]


@pytest.mark.parametrize("actions", JUNK, ids=lambda actions: str(actions)[:20])
def test_actions_of_a_file_are_checked(actions):
    assert checked_actions([0, 9], 10) == [0, 9]
    with pytest.raises(AgentError, match=r"expected .* to repeat, got"):
        checked_actions(actions, 10)


class Endless(gym.Env):
    """An environment whose episodes never end; the observation is the last action."""

    observation_space, action_space = gym.spaces.Discrete(2), gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {}

    def step(self, action):
        return int(action), 0.0, False, False, {}


class EndlessStrips(Endless):
    """The same with strips of noise as observations."""

    observation_space = gym.spaces.Box(0, 255, (36, 72, 3), np.uint8)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self._strip(), {}

    def step(self, action):
        return self._strip(), 0.0, False, False, {}

    def _strip(self):
        return self.np_random.integers(0, 256, (36, 72, 3), np.uint8)


@pytest.mark.parametrize(
    "make",
    [
        lambda: QLearning(Endless(), seed=0, use_model=False),
        lambda: PPO(Endless(), seed=0, n_envs=2, n_steps=8, net_arch=[4]),
        lambda: Taster(EndlessStrips(), seed=0, gradient_steps=1, batch_size=1, filters=[1, 1]),
    ],
)
def test_episodes_that_are_too_long_to_repeat_are_not_saved(tmp_path, monkeypatch, make):
    monkeypatch.setattr(repeats, "MAX_ACTIONS", 100)
    agent = make().learn(60)
    assert agent.resume_state()
    agent.learn(100)
    assert agent.resume_state() == {}
    again = type(agent).load(agent.save(tmp_path / "agent"), env=make().env, **options(agent))
    assert again.learn(50).num_timesteps >= 210


def options(agent):
    return {"use_model": False} if isinstance(agent, QLearning) else {}
