"""An adapter from Gymnasium's vector environments to those of Stable-Baselines3.

This module imports Stable-Baselines3 and PyTorch; import it only where they are needed.
"""

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv
from stable_baselines3.common.vec_env.base_vec_env import VecEnvIndices, VecEnvObs, VecEnvStepReturn

Array = NDArray[Any]


class VectorAdapter(VecEnv):
    """A Gymnasium vector environment in the form that Stable-Baselines3 expects.

    Args:
        envs: Environments with `SAME_STEP` resets; action masks are read from `infos["action_mask"]`.

    Raises:
        ValueError: If the environments have another reset mode.
    """

    def __init__(self, envs: VectorEnv[Any, Any, Any]) -> None:
        if envs.metadata.get("autoreset_mode") is not AutoresetMode.SAME_STEP:
            raise ValueError("expected a vector environment that resets in the same step (SAME_STEP)")
        self._envs = envs
        self._actions: Array = np.zeros(envs.num_envs, np.int64)
        self._returns, self._lengths = np.zeros(envs.num_envs), np.zeros(envs.num_envs, np.int64)
        self._masks: Array | None = None
        self._no_infos: list[dict[str, Any]] = [{} for _ in range(envs.num_envs)]
        super().__init__(envs.num_envs, envs.single_observation_space, envs.single_action_space)

    def reset(self) -> VecEnvObs:
        """Reset all environments, with the seeds that were set before."""
        obs, infos = self._envs.reset(seed=list(self._seeds))  # type: ignore[arg-type]
        self._reset_seeds()
        self._returns[:], self._lengths[:] = 0, 0
        self._masks = infos.get("action_mask")
        self.reset_infos = [{} for _ in range(self.num_envs)]
        return obs  # type: ignore[no-any-return]

    def step_async(self, actions: Array) -> None:
        """Store the actions for `step_wait`."""
        self._actions = actions

    def step_wait(self) -> VecEnvStepReturn:
        """Step all environments; infos are empty except where an episode ended."""
        obs, rewards, terminated, truncated, infos = self._envs.step(self._actions)
        self._masks = infos.get("action_mask")
        happiness = infos.get("happiness", rewards)
        ended = terminated | truncated
        indices = ended.nonzero()[0].tolist()
        if indices and "happiness" in infos:
            happiness = np.where(ended, infos["final_info"]["happiness"], happiness)
        self._returns += happiness
        self._lengths += 1
        all_infos = self._no_infos
        if indices:
            all_infos = all_infos.copy()
            for i in indices:
                all_infos[i] = {
                    "terminal_observation": infos["final_obs"][i],
                    "TimeLimit.truncated": bool(truncated[i] and not terminated[i]),
                    "episode": {"r": float(self._returns[i]), "l": int(self._lengths[i]), "t": 0.0},
                }
            self._returns[indices], self._lengths[indices] = 0, 0
        return obs, rewards.astype(np.float32), ended, all_infos

    def close(self) -> None:
        """Close the environments."""
        self._envs.close()

    def get_attr(self, attr_name: str, indices: VecEnvIndices = None) -> list[Any]:
        """Return an attribute of the vector environment for each environment; `render_mode` is None."""
        value = None if attr_name == "render_mode" else getattr(self, attr_name)
        return [value for _ in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: VecEnvIndices = None) -> None:
        """Raise an error: there are no single environments.

        Raises:
            AttributeError: Always.
        """
        raise AttributeError(f"{attr_name}: the environments step as one and have no attributes of their own")

    def env_method(
        self, method_name: str, *args: Any, indices: VecEnvIndices = None, **kwargs: Any
    ) -> list[Any]:
        """Return the action masks, the only method of single environments that is supported.

        Raises:
            AttributeError: If another method is called, or there are no masks.
        """
        if method_name != "action_masks" or self._masks is None:
            raise AttributeError(f"{method_name}: the environments step as one and have no such method")
        return [self._masks[i] == 1 for i in self._get_indices(indices)]

    def has_attr(self, attr_name: str) -> bool:
        """Return whether an attribute exists; MaskablePPO asks for action masks."""
        return attr_name == "action_masks" or hasattr(self, attr_name)

    def env_is_wrapped(
        self, wrapper_class: type[gym.Wrapper[Any, Any, Any, Any]], indices: Any = None
    ) -> list[bool]:
        """Return whether the environments have a wrapper; infos contain the entries of `Monitor`."""
        from stable_baselines3.common.monitor import Monitor

        return [wrapper_class is Monitor for _ in self._get_indices(indices)]
