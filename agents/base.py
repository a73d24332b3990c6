"""The interface of all agents, modelled on Stable-Baselines3's."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, TypeVar

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .checks import checked_env, checked_observations, discrete
from .ended import EndedEpisodes
from .env_spec import EnvRecord
from .errors import AgentError, shown
from .file_methods import FileMethods
from .hyperparameters import MAX_SEED, Flag, Hyperparameter, Interval, Whole, declared
from .learner import Learner
from .sb3_methods import Sb3Methods

T = TypeVar("T")


class Agent(Learner, FileMethods, Sb3Methods):
    """An agent with discrete actions.

    An environment that shapes its rewards may report the unshaped reward as `info["happiness"]`; episode
    returns are then sums of unshaped rewards.

    Args:
        env: A Gymnasium environment or its id.
        gamma: Discount factor. From 0 to 1.
        seed: Seed of the agent's random number generator, which also seeds the environment once.

    Attributes:
        hyperparameters: The hyperparameters by name, derived from the constructor.
        num_timesteps: The number of steps learned from.
        num_episodes: The number of episodes finished while learning.
        episode_returns: The returns of the episodes that ended since the last callback.
        episode_lengths: The lengths of these episodes.
        episode_ends: The value of `num_timesteps` at the end of each of these episodes.
        notes: Plain values that are saved with the agent, for example its evaluation.

    Raises:
        AgentError: If the agent does not support the spaces, or a hyperparameter is out of range.
    """

    hyperparameters: ClassVar[Mapping[str, Hyperparameter]]

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        gamma: Annotated[float, Interval(0, 1)] = 0.99,
        seed: Annotated[int | None, Whole(0, MAX_SEED)] = None,
    ) -> None:
        self._env = checked_env(env)
        self._env_record = EnvRecord(self._env)
        self.observation_space = self._env.observation_space
        self.action_space = discrete(self._env.action_space, "action")
        self.gamma = self.checked("gamma", gamma)
        self.seed = self.checked("seed", seed)
        self.rng = np.random.default_rng(self.seed)
        self.notes: dict[str, Any] = {}
        self.num_timesteps = 0
        self.num_episodes = 0
        self._fixed: dict[str, Any] = {}  # hyperparameters that cannot be changed
        self._ended = EndedEpisodes()

    def __init_subclass__(cls, without: tuple[str, ...] = ()) -> None:
        """Derive the hyperparameters of a subclass, without those that its constructor fixes."""
        super().__init_subclass__()
        if "__init__" in vars(cls):
            found = declared(cls.__init__, cls.__doc__, cls.hyperparameters)
            cls.hyperparameters = {name: found[name] for name in found if name not in without}

    def checked(self, name: str, value: T) -> T:
        """Check the value of a hyperparameter, and return it.

        Raises:
            AgentError: If the value is out of range.
        """
        owners = (vars(cls).get("hyperparameters", {}) for cls in type(self).__mro__)
        hyperparameter = next(owner[name] for owner in owners if name in owner)
        good: T = hyperparameter.check(name, value)
        return good

    @property
    def env(self) -> gym.Env[Any, Any]:
        """The environment. Assigning another environment, or its id, starts a new episode.

        Raises:
            AgentError: If the new value is not an environment, or its spaces differ.
        """
        return self._env

    @env.setter
    def env(self, env: gym.Env[Any, Any] | str) -> None:
        env = checked_env(env)
        for mine, other in (
            (self.observation_space, env.observation_space),
            (self.action_space, env.action_space),
        ):
            if mine != other:
                raise AgentError(f"expected an environment with {shown(mine)}, got {shown(other)}")
        before = self._env, self._env_record
        self._env, self._env_record = env, EnvRecord(env)
        try:
            self.enter_env()
        except AgentError:
            self._env, self._env_record = before
            raise

    def reset_episode(self) -> None:
        """Discard the running episode."""
        self._ended = EndedEpisodes()

    def enter_env(self) -> None:
        """Start a new episode, and forget what was derived from the environment before this one."""
        self.reset_episode()

    @property
    @abstractmethod
    def policy(self) -> NDArray[np.int64]:
        """The greedy action in each state, int64 [S]."""

    @abstractmethod
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the learned arrays by name."""

    @abstractmethod
    def sample(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """Sample exploring actions [n] for observations [n, ...]."""

    def settings(self) -> dict[str, Any]:
        """Return the values of the hyperparameters by name."""
        return {name: getattr(self, name) for name in self.hyperparameters}

    def check_settings(self) -> None:
        """Check the values of the hyperparameters, which may have been changed.

        Raises:
            AgentError: If a value is out of range, or cannot be changed any more.
        """
        for name, value in self.settings().items():
            good = self.checked(name, value)
            if good != self._fixed.get(name, good):
                fixed = shown(self._fixed[name])
                raise AgentError(f"{name}: expected {fixed} as before, got {shown(value)}; make a new agent")

    def _fix(self, *names: str) -> None:
        """Let `check_settings` refuse other values of hyperparameters, which the learned arrays depend on."""
        self._fixed = {name: getattr(self, name) for name in names}

    def predict(
        self,
        observation: Any,
        state: tuple[NDArray[Any], ...] | None = None,
        episode_start: NDArray[np.bool_] | None = None,
        deterministic: bool = False,
    ) -> tuple[NDArray[np.int64], tuple[NDArray[Any], ...] | None]:
        """Return the action for an observation, or the actions for a batch [n, ...], and `state` unchanged.

        Args:
            observation: An observation, or a batch of n.
            state: Ignored; for recurrent policies.
            episode_start: Ignored; for recurrent policies.
            deterministic: Whether to choose the greedy action (the first, if several are equally good);
                otherwise the agent explores as during training.

        Raises:
            AgentError: If the observation is not in the observation space.
        """
        deterministic = Flag()("deterministic", deterministic)
        observations = checked_observations(self.observation_space, observation)
        shape = self.observation_space.shape or ()
        batch = observations.reshape(-1, *shape)
        actions = self.best(batch) if deterministic else self.sample(batch)
        return actions.reshape(observations.shape[: observations.ndim - len(shape)]), state

    def best(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """Return the greedy actions [n] for observations [n, ...]."""
        best: NDArray[np.int64] = self.policy[observations]
        return best


Agent.hyperparameters = declared(Agent.__init__, Agent.__doc__, {})
