"""Small environments with a table `P`, and ways in which a table and its environment disagree."""

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Discrete


class Corridor(gym.Env):
    """Four states in a row: action 1 goes right, action 0 left. The step into the last state ends with 1."""

    def __init__(self):
        self.observation_space, self.action_space = Discrete(4), Discrete(2)
        self.initial_state_distrib = np.array([1.0, 0.0, 0.0, 0.0])
        self.P = {
            s: {
                0: [(1.0, max(s - 1, 0), 0.0, False)],
                1: [(1.0, min(s + 1, 3), float(s == 2), s == 2)],
            }
            for s in range(4)
        }
        self.state = self.clock = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.state = self.clock = 0
        return self.state, {}

    def step(self, action):
        _, self.state, reward, terminated = self.P[self.state][action][0]
        self.clock += 1
        return self.state, reward, terminated, False, {}


def corridor(**changes):
    """A corridor whose steps are changed by functions of the environment and a value, by part of the step."""
    parts = ("obs", "reward", "terminated", "truncated", "info")

    class Changed(Corridor):
        def step(self, action):
            step = zip(parts, super().step(action), strict=True)
            return tuple(changes[part](self, value) if part in changes else value for part, value in step)

    return Changed()


def with_table(**attributes):
    """A corridor with other attributes; functions are applied to the attribute."""
    env = Corridor()
    for name, value in attributes.items():
        setattr(env, name, value(getattr(env, name)) if callable(value) else value)
    return env


def with_outcomes(*outcomes, state=1, action=0):
    """A corridor with other outcomes in one place of its table."""
    env = Corridor()
    env.P[state][action] = list(outcomes)
    return env


class Sampled(gym.Env):
    """Samples of any spaces."""

    def __init__(self, observation_space, action_space):
        self.observation_space, self.action_space = observation_space, action_space

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.observation_space.sample(), {}

    def step(self, action):
        return self.observation_space.sample(), 1.0, bool(self.np_random.random() < 0.1), False, {}
