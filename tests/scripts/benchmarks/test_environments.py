import gymnasium as gym

from cookie_jar.scripts.benchmarks import environments


class CountingEnv(gym.Env):
    """Counts steps and resets; an episode has 4 steps."""

    def __init__(self):
        self.steps, self.resets = 0, 0

    def reset(self, *, seed=None, options=None):
        self.resets += 1
        return 0, {}

    def step(self, action):
        self.steps += 1
        return 0, 0.0, self.steps % 4 == 0, False, {}


def test_a_step_rate_resets_where_episodes_end():
    env = CountingEnv()
    assert environments.step_rate(env, [0] * 10) > 0
    assert (env.steps, env.resets) == (10, 3)
