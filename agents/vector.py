"""Vector environments whose state can be saved and restored."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

import gymnasium as gym
import numpy as np
from gymnasium.envs.registration import EnvSpec, load_env_creator
from gymnasium.spaces import Discrete
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from numpy.typing import NDArray

from .checks import checked_reset, checked_state, checked_step, discrete, is_observation
from .copies import quiet_copy
from .env_changes import differences
from .env_spec import EnvRecord
from .errors import AgentError, NotRepeatableError, shown
from .repeats import MAX_ACTIONS, can_be_repeated, checked_actions
from .rewards import as_number
from .wrappers import is_plain, time_limit

MAX_COPIES = 10_000  # of an environment
SAME_STEP = AutoresetMode.SAME_STEP.value  # the step that ends an episode also starts the next one


class ResumableVectorEnv(Protocol):
    """A vector environment with autoreset in the same step, whose state can be saved and restored."""

    def reset(self, *, seed: int | None = None) -> tuple[Any, dict[str, Any]]:
        """Start new episodes."""

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Take an action in each environment."""

    def get_state(self) -> Any:
        """Return the state of all environments as plain values."""

    def set_state(self, state: Any) -> NDArray[Any]:
        """Restore a state, and return the observations [n, ...]."""


def make_vector(env: gym.Env[Any, Any], number: int) -> ResumableVectorEnv:
    """Return the vector environment of an environment if its state can be restored, otherwise copies.

    If the environment was changed after its creation, copies are returned, because the vector environment
    would be created without these changes.
    """
    spec = env.unwrapped.spec
    if (
        spec is not None
        and _can_be_restored(spec)
        and is_plain(env)
        and EnvRecord(env).saved().spec is not None
    ):
        options: dict[str, Any] = {"autoreset_mode": SAME_STEP, "render_mode": None}
        try:
            return gym.make_vec(  # type: ignore[return-value]
                spec, number, "vector_entry_point", max_episode_steps=time_limit(env), **options
            )
        except TypeError:  # the vector environment does not take these options
            pass
    return CopiedVectorEnv(env, number)


def _can_be_restored(spec: EnvSpec) -> bool:
    """Return whether the vector environment of a spec has `set_state`, without creating that environment."""
    entry = spec.vector_entry_point
    if isinstance(entry, str):
        entry = load_env_creator(entry)  # type: ignore[assignment]
    return hasattr(entry, "set_state")


class CopiedVectorEnv(SyncVectorEnv):
    """Copies of an environment, stepped one after the other.

    A state is restored by repeating the running episodes from the same random states with the same actions;
    this is exact if the environment uses only `np_random` and has no hidden state between episodes.
    """

    def __init__(self, env: gym.Env[Any, Any], number: int) -> None:
        if number > MAX_COPIES:
            raise AgentError(f"n_envs: expected up to {MAX_COPIES:,} copies of {shown(env)}, got {number:,}")
        try:
            copies = [_Recorded(quiet_copy(env)) for _ in range(number)]
        except Exception as error:  # a copy can raise anything
            raise AgentError(
                f"expected an environment that can be copied, got {shown(env)}; {shown(error)}"
            ) from error
        bare = env.unwrapped
        if differ := differences(bare, copies[0].unwrapped, lambda: quiet_copy(bare)):
            raise AgentError(
                f"expected an environment that can be copied; a copy differs in {', '.join(differ)}"
            )
        self._copies = copies
        super().__init__([partial(copies.__getitem__, i) for i in range(number)], autoreset_mode=SAME_STEP)

    def get_state(self) -> list[Any] | None:
        """Return the random state before the episode, and the actions since, of each copy.

        With more actions than `repeats.MAX_ACTIONS`, the result is None.
        """
        if not can_be_repeated(*(copy.actions for copy in self._copies)):
            return None
        return [(copy.random, list(copy.actions)) for copy in self._copies]

    def set_state(self, state: Sequence[Any]) -> NDArray[Any]:
        """Repeat the running episodes, and return the observations [n, ...].

        Raises:
            AgentError: If there are not as many episodes as environments, or their actions are not valid.
        """
        number = int(discrete(self.single_action_space, "action").n)
        episodes = [(random, checked_actions(actions, number)) for random, actions in state]
        if len(episodes) != len(self._copies) or not can_be_repeated(*(acts for _, acts in episodes)):
            raise AgentError(f"expected {len(self._copies)} episodes of at most {MAX_ACTIONS:,} actions")
        return np.stack([copy.repeat(*episode) for copy, episode in zip(self._copies, episodes, strict=True)])


class _Recorded(gym.Wrapper[Any, Any, Any, Any]):
    """Records the running episode.

    Attributes:
        random: The random state before the episode.
        actions: The actions of the episode.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        super().__init__(env)
        self.random: Any = None
        self.actions: list[int] = []

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        if seed is not None:
            self.env.reset(seed=seed)  # sets the random state before the episode
        self.random, self.actions = self.env.unwrapped.np_random.bit_generator.state, []
        obs, info = checked_reset(self.env, self.env.reset(options=options))
        return self._checked(obs), info

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        self.actions.append(int(action))
        obs, reward, *rest = checked_step(self.env, self.env.step(int(action)))
        return self._checked(obs), as_number("reward", reward), *rest

    def _checked(self, obs: Any) -> Any:
        """Return an observation, if it is in the space; the agent checks that numbers are finite."""
        space = self.observation_space
        if isinstance(space, Discrete):
            return checked_state(space, obs)
        if not is_observation(space, obs):
            raise AgentError(
                f"expected an observation of {shown(space)}, got {shown(obs)} from {shown(self.env)}"
            )
        return obs

    def repeat(self, random: Any, actions: Sequence[int]) -> Any:
        """Repeat an episode, and return the observation.

        Raises:
            NotRepeatableError: If the episode ends.
        """
        self.env.reset(seed=0)
        self.env.unwrapped.np_random.bit_generator.state = random
        obs, _ = self.reset()
        for action in actions:
            obs, _, terminated, truncated, _ = self.step(action)
            if terminated or truncated:
                raise NotRepeatableError("the repeated episode ends before the running episode")
        return obs
