"""Methods of an agent that save it to a file, and load it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .checks import checked_env
from .class_only import class_only
from .description import MACHINE, Description, checked_description, checked_notes
from .env_loading import env_of
from .env_spec import EnvRecord, same_env
from .errors import AgentError, MemoryFileError, shown
from .files import with_suffix
from .hyperparameters import Hyperparameter, check_options
from .machine import machine
from .memory import check_shapes, read_memory, replace_arrays, version, write_memory


class FileMethods(ABC):
    """The part of an agent that is concerned with files; see `Agent` for the attributes."""

    hyperparameters: ClassVar[Mapping[str, Hyperparameter]]
    saved_as: ClassVar[str] = ""  # the name of the class in files, if it differs
    machine_dependent: ClassVar[bool] = True  # whether the last digits depend on the machine, saved if so
    added: ClassVar[frozenset[str]] = frozenset()  # hyperparameters that files of earlier versions lack
    num_timesteps: int
    num_episodes: int
    notes: dict[str, Any]
    rng: np.random.Generator
    _env_record: EnvRecord

    @abstractmethod
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the learned arrays by name."""

    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """Return the values of the hyperparameters by name."""

    @abstractmethod
    def check_settings(self) -> None:
        """Check the values of the hyperparameters, which may have been changed."""

    @abstractmethod
    def enter_env(self) -> None:
        """Start a new episode, and forget what was derived from the environment before this one."""

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
            create: Callable[..., Self] = cls
            agent = create(env, **description.settings, **options)
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

    def optimizer_state(self) -> dict[str, NDArray[Any]]:
        """Return the additional arrays that a resumed run needs, by name."""
        return {}

    def restore(self, path: Path, arrays: dict[str, NDArray[Any]]) -> None:
        """Replace the learned arrays and the optimizer state in place (see `memory.replace_arrays`)."""
        replace_arrays(path, self.arrays() | self.optimizer_state(), arrays)

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

    def _env_is(self, description: Description) -> bool:
        """Return whether the environment is that of a description."""
        mine = self._env_record.saved()
        if mine.spec is None:
            return description.env is None and mine.about == description.about
        return same_env(mine.spec, description.env)
