"""The taster: learns which picture it likes from the rewards of its own picks, without labels."""

import warnings
from hashlib import sha256
from math import isfinite
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .checks import checked_step
from .errors import AgentError, AgentWarning, shown
from .picture_agent import Array, Floats, PictureAgent
from .repeats import can_be_repeated, checked_actions
from .rewards import finite_reward, unshaped_reward
from .stepped_env import SteppedEnv
from .strips import filled_places, place_pictures


class Taster(PictureAgent):
    """Learns to pick the liked picture from the rewards of its picks alone.

    Each pick is a sample: the picture picked, and whether its reward was positive. The network estimates the
    probability of that by logistic regression; the place with the highest probability is picked. Nothing is
    learned from pictures that were not picked.

    The agent starts a new episode if its environment was stepped from outside.

    Args:
        env: A Gymnasium environment whose observations are strips and whose actions are the places, such as
            CookieJarPicturesJar-v0, or its id.
        **options: See `PictureAgent`.
    """

    n_classes = 2  # not liked, liked

    def __init__(self, env: gym.Env[Any, Any] | str, **options: Any) -> None:
        super().__init__(env, **options)
        self._stepped = SteppedStrips(self.env)
        self._obs: Array | None = None  # of the running episode
        self._total, self._length = 0.0, 0

    def scores(self, strips: Array) -> Floats:
        """Return the log-odds that the picture at each place is liked [n, places]; -inf where empty."""
        logits, filled = self.place_logits(strips)
        return np.where(filled, logits[..., 1] - logits[..., 0], -np.inf)

    def reset_episode(self) -> None:
        """Discard the running episode."""
        super().reset_episode()
        self._stepped, self._obs = SteppedStrips(self.env), None

    def learn_steps(self, steps: int) -> None:
        """Train for `steps` more picks."""
        if self._obs is None:
            self._start(int(self.rng.integers(2**31)))
        elif self._stepped.was_moved:
            self._start()
        self._stepped.enter()
        for _ in range(steps):
            self._pick()
        self._stepped.leave()

    def _start(self, seed: int | None = None) -> None:
        self._obs, self._total, self._length = self._stepped.reset_strip(seed), 0.0, 0

    def _pick(self) -> None:
        """Pick a place, and learn from the reward."""
        assert self._obs is not None
        obs = self._obs[None]
        action = int(self.sample(obs)[0])
        result = checked_step(self.env, self.env.step(action))
        next_obs, reward, terminated, truncated, info = result
        reward = finite_reward(reward)
        self._obs = self._stepped.strip(next_obs)
        self._stepped.actions.append(action)
        pictures = place_pictures(obs)
        if filled_places(pictures)[0, action]:
            self.learn_picture(pictures[0, action], int(reward > 0))
        self.num_timesteps += 1
        self._total += unshaped_reward(info, reward)
        self._length += 1
        if terminated or truncated:
            self.num_episodes += 1
            self.episode_returns.append(self._total)
            self.episode_lengths.append(self._length)
            self.episode_ends.append(self.num_timesteps)
            self._start()

    def resume_state(self) -> dict[str, Any]:
        """Return the running episode: the random state before it, its actions and its return so far."""
        if self._obs is None or not can_be_repeated(self._stepped.actions):
            return {}
        return {
            "env_random": self._stepped.random,
            "acts": self._stepped.actions,
            "total": self._total,
            "seen": _digest(self._obs),
        }

    def _resume(self, state: dict[str, Any]) -> None:
        """Continue the saved episode: the environment repeats it from the same random state."""
        if not state:
            return
        total, actions = state["total"], checked_actions(state["acts"], self.places)
        if not isinstance(total, float) or not isfinite(total) or len(actions) > self.num_timesteps:
            raise AgentError(f"expected a running episode, got {shown(state)}")
        obs = self._stepped.repeat_strip(state["env_random"], actions)
        if obs is None or _digest(obs) != state["seen"]:
            message = "the running episode cannot be repeated: a new episode starts"
            warnings.warn(message, AgentWarning, stacklevel=3)
            return
        self._obs, self._total, self._length = obs, total, len(actions)


class SteppedStrips(SteppedEnv):
    """An environment whose observations are strips; see `SteppedEnv`.

    Args:
        env: The environment.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        super().__init__(env, 0)
        self._strip = np.zeros(0, np.uint8)

    def state(self, obs: Any) -> int:
        """Keep the strip of an observation."""
        self._strip = self.strip(obs)
        return 0

    def strip(self, obs: Any) -> NDArray[np.uint8]:
        """Return an observation as a strip.

        Raises:
            AgentError: If the observation is none.
        """
        strip = np.asarray(obs)
        space = self.env.observation_space
        if strip.shape != space.shape or strip.dtype != np.uint8:
            raise AgentError(f"expected observations of {shown(space)}, got {shown(obs)}")
        return strip

    def reset_strip(self, seed: int | None = None) -> NDArray[np.uint8]:
        """Start an episode, and return its first strip; see `reset`."""
        self.reset(seed)
        return self._strip

    def repeat_strip(self, random: Any, actions: Any) -> NDArray[np.uint8] | None:
        """Repeat an episode, and return its last strip, or None if it ends; see `repeat`."""
        return None if self.repeat(random, actions) is None else self._strip


def _digest(strip: NDArray[np.uint8]) -> str:
    return sha256(np.ascontiguousarray(strip).data).hexdigest()
