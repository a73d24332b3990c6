"""Train with Stable-Baselines3, and turn what it has learned into a guest.

Its libraries are imported where they are used: they take seconds, and a guest is watched without them.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.imported import ImportedPolicy
from cookie_jar.agents.model import is_plain, state_observations
from cookie_jar.envs import CookieJarEnv

Array = NDArray[Any]
Watcher = Callable[[int, Callable[[], ImportedPolicy]], None]  # is told the steps, and how to get the guest

LIBRARY = {
    **dict.fromkeys(("PPO", "A2C", "DQN"), "stable_baselines3"),
    **dict.fromkeys(("QRDQN", "MaskablePPO"), "sb3_contrib"),
}
VALUE_BASED = ("DQN", "QRDQN")
OF_THE_ZOO = ("n_envs", "env_kwargs", "policy")  # settings that are not the algorithm's


def is_installed(algorithm: str) -> bool:
    """Whether the library of an algorithm is there."""
    return find_spec(LIBRARY[algorithm]) is not None


class Sb3Trainer:
    """A model of Stable-Baselines3 that learns in one of our environments.

    Args:
        algorithm: the name of its class.
        env: the environment.
        settings: as RL Zoo's files have them: `n_envs`, `policy`, and the arguments of the algorithm.
        seed: of all randomness.
        adapter: whether the environment's own vector form is used, if it has one; else `DummyVecEnv`.
    """

    def __init__(
        self,
        algorithm: str,
        env: gym.Env[Any, Any],
        settings: Mapping[str, Any],
        seed: int,
        *,
        adapter: bool = True,
    ) -> None:
        import torch

        torch.set_num_threads(1)
        self.algorithm, self.env = algorithm, env
        options = {name: value for name, value in settings.items() if name not in OF_THE_ZOO}
        options = deepcopy(options)  # QR-DQN adds to its policy_kwargs
        envs = vector(env, int(settings.get("n_envs", 1)), adapter, masks=algorithm == "MaskablePPO")
        kind = getattr(import_module(LIBRARY[algorithm]), algorithm)
        policy = settings.get("policy", "MlpPolicy")
        self.model = kind(policy, envs, seed=seed, device="cpu", **options)

    def learn(self, total_timesteps: int, watcher: Watcher) -> None:
        """Learn; after each step of all environments the watcher is told how many steps there were."""
        from stable_baselines3.common.callbacks import BaseCallback

        trainer = self

        class Callback(BaseCallback):
            def _on_step(self) -> bool:
                watcher(self.num_timesteps, trainer.guest)
                return True

        self.model.learn(total_timesteps, callback=Callback())

    def guest(self) -> ImportedPolicy:
        """What it has learned so far."""
        model, policy = self.model, self.model.policy
        activation = policy.activation_fn.__name__.lower()
        valued = self.algorithm in VALUE_BASED
        weights = layers_of(self.algorithm, policy.state_dict(), int(self.env.action_space.n))  # type: ignore[attr-defined]
        units = [len(weights[f"{number}.bias"]) for number in range(len(weights) // 2)]
        guest = ImportedPolicy(
            self.env,
            algorithm=self.algorithm,
            net_arch=units[:-1],
            activation=activation,
            epsilon=float(model.exploration_final_eps) if valued else None,
            masked=self.algorithm == "MaskablePPO",
            gamma=float(model.gamma),
            seed=int(model.seed),
        )
        guest.take(weights)
        if guest.masked:
            guest.masks[...] = mask_table(self.env, guest.masks)
        guest.num_timesteps = int(model.num_timesteps)
        guest.num_episodes = int(model._episode_num)
        return guest


def vector(env: gym.Env[Any, Any], number: int, adapter: bool, masks: bool) -> Any:
    """Environments like this one, in the form that Stable-Baselines3 takes."""
    from stable_baselines3.common.env_util import make_vec_env

    assert env.spec is not None
    if adapter and isinstance(env.unwrapped, CookieJarEnv) and is_plain(env):
        from cookie_jar.scripts.sb3.vec_env import VectorAdapter

        envs = gym.make_vec(
            env.spec, number, "vector_entry_point", autoreset_mode="SAME_STEP", action_masks=masks, copy=True
        )
        return VectorAdapter(envs)
    return make_vec_env(lambda: gym.make(env.spec), number)  # type: ignore[arg-type]


def layers_of(algorithm: str, tensors: Mapping[str, Any], actions: int) -> dict[str, Array]:
    """The layers from observation to actions, by name, "0.weight" [inputs, units] and so on.

    Of a distribution over quantiles only the mean decides, and the mean of linear outputs is linear.

    Raises:
        ValueError: the policy is of a form that a guest does not have.
    """
    prefixes = {
        "DQN": ("q_net.q_net.",),
        "QRDQN": ("quantile_net.quantile_net.",),
    }.get(algorithm, ("mlp_extractor.policy_net.", "action_net."))
    linear = [
        name.removesuffix(".weight")
        for prefix in prefixes
        for name in tensors
        if name.startswith(prefix) and name.endswith(".weight")
    ]
    weights: dict[str, Array] = {}
    for number, name in enumerate(linear):
        weight, bias = (tensors[f"{name}.{part}"].cpu().numpy() for part in ("weight", "bias"))
        if weight.ndim != 2:
            raise ValueError(f"expected linear layers only, got {name} {list(weight.shape)}")
        weights[f"{number}.weight"], weights[f"{number}.bias"] = weight.T, bias
    if algorithm == "QRDQN":
        last = len(linear) - 1
        quantiles = weights[f"{last}.weight"].reshape(-1, len(weights[f"{last}.bias"]) // actions, actions)
        weights[f"{last}.weight"] = quantiles.mean(axis=1)
        weights[f"{last}.bias"] = weights[f"{last}.bias"].reshape(-1, actions).mean(axis=0)
    return weights


def mask_table(env: gym.Env[Any, Any], table: Array) -> Array:
    """The mask of each observation, uint8 [observations, A]; 1 everywhere for those that never come."""
    observations = state_observations(env)
    assert observations is not None
    sizes = tuple(
        np.atleast_1d(getattr(env.observation_space, "nvec", getattr(env.observation_space, "n", 1)))
    )
    codes = np.ravel_multi_index(tuple(observations.reshape(len(observations), -1).T), sizes)
    masks = np.ones_like(table)
    masks[codes] = env.unwrapped.world.action_mask  # type: ignore[attr-defined]
    return masks
