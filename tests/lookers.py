"""An agent that sees the very pictures in the jar, for tests of the viewer."""

from functools import cache

import gymnasium as gym
import numpy as np

import cookie_jar.envs  # noqa: F401
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.envs.rendering.episode import EpisodeRunner
from cookie_jar.scripts.viewer.jar_view import JarView, jar_pictures
from cookie_jar.scripts.viewer.probes import optimal_action_values
from cookie_jar.scripts.viewer.replays import ReplayedAgent

CORNER, JAR = "CookieJarPicturesCorner-v0", "CookieJarPicturesJar-v0"


class Predictor:
    """Plays optimally until the jar is open, then picks from left to right."""

    num_timesteps = 100

    def __init__(self, env):
        self.env = env

    def predict(self, obs, deterministic=True):
        pictures = jar_pictures(obs)
        world = self.env.unwrapped.world
        if pictures is None:
            number = world.number(self.env.unwrapped.get_state())
            return int(optimal_action_values(world)[number].argmax()), None
        place = next(place for place, picture in enumerate(pictures) if picture is not None)
        return len(world.actions) - 3 + place, None


class Looker(Predictor):
    """Believes most in the first cookie from the left."""

    def jar_view(self, obs):
        pictures = jar_pictures(obs)
        if pictures is None:
            return None
        belief = np.array([picture is not None for picture in pictures]) * [0.5, 0.3, 0.2]
        return JarView(pictures, tuple((belief / belief.sum()).tolist()), int(belief.argmax()))


@cache
def evaluator(env_id):
    return Evaluator(gym.make(env_id))


def make_replay(env_id, agent=Looker, seed=0):
    """The replay of an agent that is an object of this class, at the start of an episode."""
    env = gym.make(env_id, render_mode="rgb_array")
    replay = ReplayedAgent(agent(env), EpisodeRunner(env), "looker", evaluator(env_id))
    replay.start(seed)
    return replay
