"""The interface of all agents, modelled on Stable-Baselines3's."""

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self, TypeVar

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .checks import checked_env, checked_observations, discrete
from .class_only import class_only
from .description import MACHINE, Description, checked_description, checked_notes
from .ended import EndedEpisodes
from .env_loading import env_of
from .env_spec import EnvRecord, same_env
from .errors import AgentError, MemoryFileError, shown
from .files import with_suffix
from .hyperparameters import MAX_SEED, Flag, Hyperparameter, Interval, Whole, check_options, declared
from .learner import Learner
from .machine import machine
from .memory import check_shapes, read_memory, replace_arrays, version, write_memory
from .sb3_methods import Sb3Methods

T = TypeVar("T")


class Agent(Learner, Sb3Methods):
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
    saved_as: ClassVar[str] = ""  # the name of the class in files, if it differs
    machine_dependent: ClassVar[bool] = True  # whether the last digits depend on the machine, saved if so
    added: ClassVar[frozenset[str]] = frozenset()  # hyperparameters that files of earlier versions lack

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

    def optimizer_state(self) -> dict[str, NDArray[Any]]:
        """Return the additional arrays that a resumed run needs, by name."""
        return {}

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

    def resume_state(self) -> dict[str, Any]:
        """Return the state of the running episode or rollout as plain values, without the counters."""
        return {}

    def set_resume_state(self, state: dict[str, Any]) -> None:
        """Restore the state that `resume_state` returned.

        Raises:
            AgentError: If the state is not that of such an agent.
        """
        wrong = f"expected the state that resume_state returns, got {shown(state)}"
        if not isinstance(state, dict):
            raise AgentError(wrong)
        try:
            self._resume(state)
        except AgentError:
            raise
        except (LookupError, OverflowError, TypeError, ValueError) as error:  # of the generator, or of NumPy
            raise AgentError(wrong) from error

    def _resume(self, state: dict[str, Any]) -> None:
        if state:
            raise AgentError(f"expected no running episode, got {shown(state)}")

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

    def save(self, path: str | Path) -> Path:
        """Save the agent as a safetensors file: arrays and a JSON description. Loading the file runs no code.

        The environment is described by its Gymnasium spec with all wrappers. If a spec cannot describe the
        environment (functions as arguments, random construction, changes after its creation, wrappers that do
        not record their arguments), the agent is saved nevertheless, and `load` needs `env`.

        Returns:
            The path, with the suffix ".safetensors".

        Raises:
            AgentError: If a hyperparameter was changed to a value that cannot be loaded.
        """
        self.check_settings()
        path, saved = with_suffix(path), self._env_record.saved()
        description: dict[str, Any] = {
            "algorithm": self.saved_as or type(self).__name__,
            "hyperparameters": self.settings(),
            "env": saved.spec,
            "num_timesteps": self.num_timesteps,
            "num_episodes": self.num_episodes,
            "random_state": self.rng.bit_generator.state,
            "progress": self.resume_state(),
            "notes": checked_notes(path, self.notes),
            "versions": {name: version(name) for name in ("cookie-jar", "gymnasium", "numpy")},
        }
        description |= self.encoding()
        if self.machine_dependent:
            description[MACHINE] = machine()
        if saved.about:
            description["environment"] = saved.about
        write_memory(path, self.arrays() | self.optimizer_state(), description)
        return path

    @class_only
    def load(cls, path: str | Path, env: gym.Env[Any, Any] | str | None = None, **options: Any) -> Self:
        """Load an agent from a file.

        Args:
            path: The file.
            env: The environment; by default, created from the saved spec. In another environment with the
                same spaces, a new episode starts.
            **options: Arguments of the agent that are not hyperparameters, such as `use_model`.

        Raises:
            MemoryFileError: If the file is not a saved agent of this class.
            AgentError: If the learned arrays do not fit the environment, or the file needs `env`.
            UnregisteredError: If the saved environment is not registered: import its package first.
        """
        path = with_suffix(path)
        arrays, found = read_memory(path)
        if found.get("algorithm") != (cls.saved_as or cls.__name__):
            raise MemoryFileError(f"{path}: expected a {cls.__name__}, got {found.get('algorithm')!r:.100}")
        found = cls._upgraded(found)
        description = checked_description(path, found, cls.hyperparameters)
        env_of_file = env is None
        env = env_of(path, found) if env is None else checked_env(env)
        options = cls.encoding_of(found) | check_options(cls, options, cls.hyperparameters)
        try:
            check_shapes(path, cls.array_shapes(env, description.settings | options), arrays)
            agent = cls(env, **description.settings, **options)
            agent.num_timesteps, agent.num_episodes = description.num_timesteps, description.num_episodes
            agent.rng.bit_generator.state = description.random_state
            agent.restore(path, arrays)
            if env_of_file or agent._env_is(description):
                agent.set_resume_state(description.progress)
            else:
                agent.enter_env()
            agent.notes = description.notes
        except AgentError:
            raise
        except Exception as error:  # an unknown description can raise anything
            raise MemoryFileError(f"{path}: the description is damaged; {error!r:.300}") from error
        return agent

    @classmethod
    def _upgraded(cls, description: dict[str, Any]) -> dict[str, Any]:
        """Return a description of an earlier version as this version writes it."""
        settings = description.get("hyperparameters")
        if not isinstance(settings, dict):
            return description
        defaults = {name: cls.hyperparameters[name].default for name in cls.added}
        return description | {"hyperparameters": defaults | settings}

    @classmethod
    def array_shapes(cls, env: gym.Env[Any, Any], settings: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the learned arrays by name, as far as known before an agent is created.

        `load` compares them with the file before it allocates memory.

        Args:
            env: The environment.
            settings: The checked values of the hyperparameters, and other arguments of the agent.
        """
        return {}

    def encoding(self) -> dict[str, Any]:
        """Return entries that `save` adds to the description, such as the encoding of observations."""
        return {}

    @classmethod
    def encoding_of(cls, description: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of an agent for the entries of `encoding` in a description."""
        return {}

    def _env_is(self, description: Description) -> bool:
        """Return whether the environment is that of a description."""
        mine = self._env_record.saved()
        if mine.spec is None:
            return description.env is None and mine.about == description.about
        return same_env(mine.spec, description.env)

    def restore(self, path: Path, arrays: dict[str, NDArray[Any]]) -> None:
        """Replace the learned arrays and the optimizer state in place (see `memory.replace_arrays`)."""
        replace_arrays(path, self.arrays() | self.optimizer_state(), arrays)


Agent.hyperparameters = declared(Agent.__init__, Agent.__doc__, {})
