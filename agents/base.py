"""What every agent offers, in the shape of Stable-Baselines3."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, NoReturn, Self

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Discrete, MultiDiscrete
from numpy.typing import NDArray

from .checks import discrete, in_range, whole
from .errors import AgentError, MemoryFileError
from .memory import read_memory, write_memory

MAX_EPISODE_STEPS = 1_000_000  # a longer time limit in a file is a fault

Callback = Callable[["Agent"], bool | None]
Interval = int | Callable[[int], int]


class Agent(ABC):
    """An agent with discrete actions.

    Args:
        env: a Gymnasium environment, or the id of one.
        gamma: discount factor, from 0 to 1.
        seed: of all randomness of the agent; the environment is seeded from it once.

    Attributes:
        num_timesteps: steps learned from so far.
        num_episodes: episodes finished while learning.
        episode_returns: the return of each episode that ended since the last callback.
        episode_lengths: their lengths.
        notes: plain values that are saved along, for example how good it is.

    An environment that shapes its rewards may give the unshaped one as `info["happiness"]`; returns are
    then sums of that.

    Raises:
        AgentError: the agent cannot deal with the spaces, or a hyperparameter is out of its range.
    """

    hyperparameters: ClassVar[tuple[str, ...]] = ("gamma", "seed")
    saved_as: ClassVar[str] = ""  # the name of the class in files, where it differs

    def __init__(self, env: gym.Env[Any, Any] | str, *, gamma: float = 0.99, seed: int | None = None) -> None:
        self._env = gym.make(env) if isinstance(env, str) else env
        self.observation_space = self._env.observation_space
        self.action_space = discrete(self._env.action_space, "action")
        self.gamma = in_range("gamma", gamma, 0, 1)
        self.seed = None if seed is None else whole("seed", seed, 0)
        self.__dict__["load"] = self._refuse_load
        self.rng = np.random.default_rng(seed)
        self.notes: dict[str, Any] = {}
        self.num_timesteps = 0
        self.num_episodes = 0
        self.episode_returns: list[float] = []
        self.episode_lengths: list[int] = []

    @property
    def env(self) -> gym.Env[Any, Any]:
        """What it learns in. Another one takes its place with a new episode.

        Raises:
            AgentError: its spaces are others.
        """
        return self._env

    @env.setter
    def env(self, env: gym.Env[Any, Any]) -> None:
        spaces = (env.observation_space, env.action_space)
        if spaces != (self.observation_space, self.action_space):
            mine = f"{self.observation_space} and {self.action_space}"
            raise AgentError(f"expected an environment with {mine}, got {spaces[0]} and {spaces[1]}")
        self._env = env
        self.reset_episode()

    def reset_episode(self) -> None:
        """Forget what is under way: the environment is another one."""
        self.episode_returns, self.episode_lengths = [], []

    @property
    @abstractmethod
    def policy(self) -> NDArray[np.int64]:
        """The greedy action in each state, int64 [S]."""

    @abstractmethod
    def learn_steps(self, steps: int) -> None:
        """Learn from that many more steps; called by `learn` between callbacks."""

    @abstractmethod
    def arrays(self) -> dict[str, NDArray[Any]]:
        """All numbers that were learned, by name."""

    def optimizer_state(self) -> dict[str, NDArray[Any]]:
        """Numbers that are needed to go on learning, beside those that were learned."""
        return {}

    @abstractmethod
    def sample(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """Actions [n] for observations [n, ...], as the agent chooses when it is not deterministic."""

    def settings(self) -> dict[str, Any]:
        """The hyperparameters by name."""
        return {name: getattr(self, name) for name in self.hyperparameters}

    def resume_state(self) -> dict[str, Any]:
        """What is under way between two steps, beside the counters, as plain values."""
        return {}

    def set_resume_state(self, state: dict[str, Any]) -> None:
        """Go on where `state` was taken."""
        if state:
            raise AgentError(f"expected nothing under way, got {state!r:.100}")

    def learn(
        self,
        total_timesteps: int,
        callback: Callback | None = None,
        progress_bar: bool = False,
        callback_interval: Interval = 1_000,
    ) -> Self:
        """Learn from more steps. In how many calls makes no difference, nor does saving in between.

        Args:
            total_timesteps: how many; where many environments act side by side, each takes the same
                number, so that there may be a few more.
            callback: called with the agent about every `callback_interval` steps; False stops.
            progress_bar: whether to show one.
            callback_interval: steps between callbacks, or a function that takes `num_timesteps` and returns
                the larger number of steps at which to call next. Does not change what is learned.

        Raises:
            AgentError: If `total_timesteps` or the interval is smaller than 1.
        """
        total_timesteps = whole("total_timesteps", total_timesteps, 1)
        end = self.num_timesteps + total_timesteps
        with _progress() if progress_bar else nullcontext() as progress:
            task = None if progress is None else progress.add_task("learning", total=total_timesteps)
            while self.num_timesteps < end:
                self.episode_returns, self.episode_lengths = [], []
                before = self.num_timesteps
                interval = (
                    callback_interval(before) - before if callable(callback_interval) else callback_interval
                )
                self.learn_steps(min(whole("callback_interval", interval, 1), end - before))
                if progress is not None and task is not None:
                    progress.advance(task, self.num_timesteps - before)
                if callback is not None and callback(self) is False:
                    break
        return self

    def predict(
        self,
        observation: Any,
        state: tuple[NDArray[Any], ...] | None = None,
        episode_start: NDArray[np.bool_] | None = None,
        deterministic: bool = False,
    ) -> tuple[NDArray[np.int64], tuple[NDArray[Any], ...] | None]:
        """The actions for one observation or a batch [n, ...] of them, and `state` unchanged.

        Args:
            observation: of the observation space, or n of them.
            state: of recurrent policies, which this is not.
            episode_start: of recurrent policies.
            deterministic: the greedy action, its ties broken by order; else as while learning.
        """
        observations = self._checked(observation)
        shape = self.observation_space.shape or ()
        batch = observations.reshape(-1, *shape)
        actions = self.best(batch) if deterministic else self.sample(batch)
        return actions.reshape(observations.shape[: observations.ndim - len(shape)]), state

    def _checked(self, observation: Any) -> NDArray[Any]:
        """One observation or some, as an array.

        Raises:
            AgentError: they are not of the observation space.
        """
        observations = np.asarray(observation)
        space, shape = self.observation_space, self.observation_space.shape or ()
        right = observations.shape == shape or observations.shape[1:] == shape
        if isinstance(space, (Discrete, MultiDiscrete)):
            sizes = space.n if isinstance(space, Discrete) else space.nvec
            right = right and observations.dtype.kind in "iu"
            right = right and not ((observations < 0) | (observations >= sizes)).any()
        if not right:
            raise AgentError(f"expected one observation of {space} or a batch, got {observation!r:.200}")
        return observations

    def best(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """Greedy actions [n] for observations [n, ...]."""
        best: NDArray[np.int64] = self.policy[observations]
        return best

    def save(self, path: str | Path) -> Path:
        """Save the agent as safetensors: numbers and a description, nothing that could run.

        Returns:
            The path, with the suffix ".safetensors".
        """
        path = with_suffix(path)
        description = {
            "algorithm": self.saved_as or type(self).__name__,
            "hyperparameters": self.settings(),
            "env": _spec(self.env),
            "num_timesteps": self.num_timesteps,
            "num_episodes": self.num_episodes,
            "random_state": self.rng.bit_generator.state,
            "progress": self.resume_state(),
            "notes": self.notes,
            "versions": {name: version(name) for name in ("cookie-jar", "gymnasium", "numpy")},
        }
        write_memory(path, self.arrays() | self.optimizer_state(), description)
        return path

    @classmethod
    def load(cls, path: str | Path, env: gym.Env[Any, Any] | str | None = None, **options: Any) -> Self:
        """An agent from a file.

        Args:
            path: of the file.
            env: the environment; by default the one that the file names, made anew.
            **options: of the agent that are no hyperparameters, such as `use_model`.

        Raises:
            MemoryFileError: the file is not the memory of such an agent.
            AgentError: the environment is not of the size that was learned.
        """
        path = with_suffix(path)
        arrays, description = read_memory(path)
        if description.get("algorithm") != (cls.saved_as or cls.__name__):
            raise MemoryFileError(f"{path}: expected a {cls.__name__}, got {description.get('algorithm')!r}")
        try:
            settings = {name: description["hyperparameters"][name] for name in cls.hyperparameters}
            agent = cls(_environment(path, description) if env is None else env, **settings, **options)
            agent.num_timesteps = int(description["num_timesteps"])
            agent.num_episodes = int(description["num_episodes"])
            agent.rng.bit_generator.state = description["random_state"]
            agent.restore(path, arrays)
            if _spec(agent.env) == description["env"]:  # else it is to learn elsewhere
                agent.set_resume_state(description["progress"])
            agent.notes = dict(description["notes"])
        except AgentError:
            raise
        except Exception as error:  # whatever a foreign description can bring about
            raise MemoryFileError(f"{path}: the description is damaged; {error!r:.300}") from error
        return agent

    def _refuse_load(self, *_: object, **__: object) -> NoReturn:
        """Hides `load` on instances, where its result is easily lost."""
        raise AgentError(f"load makes a new agent: write `agent = {type(self).__name__}.load(path)`")

    def restore(self, path: Path, arrays: dict[str, NDArray[Any]]) -> None:
        """Put loaded numbers in the place of the present ones, after checking names, shapes and values."""
        mine = self.arrays() | self.optimizer_state()
        if arrays.keys() != mine.keys():
            raise MemoryFileError(f"{path}: expected the arrays {sorted(mine)}, got {sorted(arrays)}")
        for name, array in mine.items():
            new = arrays[name]
            if new.shape != array.shape or new.dtype != array.dtype:
                raise AgentError(
                    f"{path}: expected {name} of {array.dtype} {list(array.shape)} for this environment, "
                    f"got {new.dtype} {list(new.shape)}"
                )
            if not np.isfinite(new).all():
                raise MemoryFileError(f"{path}: {name} holds numbers that are not finite")
            array[...] = new


def with_suffix(path: str | Path) -> Path:
    """The path, ending in ".safetensors"."""
    path = Path(path)
    return path if path.suffix == ".safetensors" else path.with_name(path.name + ".safetensors")


def _spec(env: gym.Env[Any, Any]) -> str | None:
    """The environment's spec as JSON, or None where it has none that can be written."""
    try:
        return None if env.spec is None else env.spec.to_json()
    except ValueError:  # its entry point or one of its options is no plain value
        return None


def _environment(path: Path, description: dict[str, Any]) -> gym.Env[Any, Any]:
    """The environment that a file names; an id that is registered, never code that the file brings."""
    if not isinstance(description.get("env"), str):
        raise AgentError(f"{path}: names no environment; give one: load(path, env=...)")
    spec = json.loads(description["env"])
    env_id, limit = str(spec["id"]), spec["max_episode_steps"]
    if env_id not in gym.registry:
        raise AgentError(f"{path}: learned in {env_id!r}, which is not registered; import its package first")
    if limit is not None and (not isinstance(limit, int) or not 1 <= limit <= MAX_EPISODE_STEPS):
        raise MemoryFileError(f"{path}: expected a time limit of at most {MAX_EPISODE_STEPS}, got {limit!r}")
    return gym.make(env_id, max_episode_steps=limit, **spec["kwargs"])


def _progress() -> Any:
    from rich.progress import Progress

    return Progress()
