"""Train with Stable-Baselines3 and convert its policies to `ImportedPolicy`.

Stable-Baselines3 and PyTorch are imported where they are used: importing them takes seconds, and a converted
policy does not need them.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import gymnasium as gym
from numpy.typing import NDArray

from cookie_jar.agents.imported import ImportedPolicy
from cookie_jar.agents.imported_pictures import ImportedPicturePolicy
from cookie_jar.agents.model import is_plain, state_observations
from cookie_jar.envs import CookieJarEnv

Array = NDArray[Any]

LIBRARY = {
    **dict.fromkeys(("PPO", "A2C", "DQN"), "stable_baselines3"),
    **dict.fromkeys(("QRDQN", "MaskablePPO"), "sb3_contrib"),
}
VALUE_BASED = ("DQN", "QRDQN")
ZOO_SETTINGS = ("n_envs", "env_kwargs", "policy")  # of RL Zoo; not arguments of the algorithm


def is_installed(algorithm: str) -> bool:
    """Return whether the library of an algorithm is installed."""
    return find_spec(LIBRARY[algorithm]) is not None


class Sb3Trainer:
    """Trains a model of Stable-Baselines3.

    Args:
        algorithm: Name of its class, such as "PPO".
        env: The environment.
        settings: As in RL Zoo's files: `n_envs`, `policy`, and the arguments of the algorithm.
        seed: Seeds the model and its environments.
    """

    def __init__(
        self, algorithm: str, env: gym.Env[Any, Any], settings: Mapping[str, Any], seed: int
    ) -> None:
        import torch
        from stable_baselines3.common.preprocessing import is_image_space

        torch.set_num_threads(1)
        self.algorithm, self.env = algorithm, env
        options = {name: value for name, value in settings.items() if name not in ZOO_SETTINGS}
        options = deepcopy(options)  # QR-DQN adds to its policy_kwargs
        envs = make_envs(env, int(settings.get("n_envs", 1)), masks=algorithm == "MaskablePPO")
        kind = getattr(import_module(LIBRARY[algorithm]), algorithm)
        policy = settings.get("policy", "MlpPolicy")
        if policy == "MlpPolicy" and is_image_space(env.observation_space):
            policy = "CnnPolicy"
        self.model = kind(policy, envs, seed=seed, device="cpu", **options)

    def learn(self, stops: Sequence[int], at_stop: Callable[[], None]) -> None:
        """Train until the last of several numbers of steps, and call a function at each of them.

        Args:
            stops: Numbers of steps, ascending. With several environments, the model stops at the
                first possible step at or after each number.
            at_stop: Called at each stop.
        """
        from stable_baselines3.common.callbacks import BaseCallback

        ahead = deque(stops[:-1])

        class Callback(BaseCallback):
            def _on_step(self) -> bool:
                if ahead and self.num_timesteps >= ahead[0]:
                    while ahead and self.num_timesteps >= ahead[0]:
                        ahead.popleft()
                    if self.num_timesteps < stops[-1]:
                        at_stop()
                return True

        self.model.learn(stops[-1], callback=Callback())
        at_stop()

    def policy(self) -> ImportedPolicy | ImportedPicturePolicy:
        """Return a copy of the current policy."""
        from stable_baselines3.common.torch_layers import NatureCNN

        model, policy = self.model, self.model.policy
        if isinstance(policy.features_extractor, NatureCNN):
            return self._picture_policy()
        activation = policy.activation_fn.__name__.lower()
        weights = layers_of(self.algorithm, policy.state_dict(), int(self.env.action_space.n))  # type: ignore[attr-defined]
        units = [len(weights[f"{number}.bias"]) for number in range(len(weights) // 2)]
        imported = ImportedPolicy(
            self.env,
            algorithm=self.algorithm,
            net_arch=units[:-1],
            activation=activation,
            epsilon=float(model.exploration_final_eps) if self.algorithm in VALUE_BASED else None,
            masked=self.algorithm == "MaskablePPO",
            gamma=float(model.gamma),
            seed=int(model.seed),
        )
        imported.set_weights(weights)
        if imported.masked:
            observations = state_observations(self.env)
            assert observations is not None
            world = self.env.unwrapped.world  # type: ignore[attr-defined]
            imported.masks[imported.inputs.codes(observations)] = world.action_mask  # others never occur
        imported.num_timesteps = int(model.num_timesteps)
        imported.num_episodes = int(model._episode_num)
        return imported

    def _picture_policy(self) -> ImportedPicturePolicy:
        """Return a copy of the current policy for pictures."""
        model = self.model
        gamma, seed = float(model.gamma), int(model.seed)
        imported = ImportedPicturePolicy(self.env, algorithm=self.algorithm, gamma=gamma, seed=seed)
        imported.set_weights(picture_layers_of(model.policy.state_dict()))
        imported.num_timesteps = int(model.num_timesteps)
        imported.num_episodes = int(model._episode_num)
        return imported


def make_envs(env: gym.Env[Any, Any], number: int, *, masks: bool) -> Any:
    """Create copies of an environment in the vector form of Stable-Baselines3.

    Args:
        env: The environment; plain kitchens step as arrays, others in a `DummyVecEnv`.
        number: The number of copies.
        masks: Whether the environments report action masks.
    """
    from stable_baselines3.common.env_util import make_vec_env

    assert env.spec is not None
    if isinstance(env.unwrapped, CookieJarEnv) and is_plain(env):
        from cookie_jar.scripts.sb3.vec_env import VectorAdapter

        envs = gym.make_vec(
            env.spec, number, "vector_entry_point", autoreset_mode="SAME_STEP", action_masks=masks, copy=True
        )
        return VectorAdapter(envs)
    return make_vec_env(lambda: gym.make(env.spec), number)  # type: ignore[arg-type]


def layers_of(algorithm: str, tensors: Mapping[str, Any], actions: int) -> dict[str, Array]:
    """Extract the linear layers of a policy, from observation to actions.

    QR-DQN's output layer is averaged over the quantiles: the greedy action depends on the mean alone, and
    the mean of linear outputs is linear.

    Args:
        algorithm: Name of the class of the model.
        tensors: The `state_dict` of the policy.
        actions: The number of actions.

    Returns:
        "0.weight" [inputs, units], "0.bias" [units], "1.weight" and so on.

    Raises:
        ValueError: If the policy has other layers.
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


def picture_layers_of(tensors: Mapping[str, Any]) -> dict[str, Array]:
    """Extract the layers of a CnnPolicy, from pictures to actions.

    PyTorch has the channels of a window first, this package has them last.

    Args:
        tensors: The `state_dict` of the policy.

    Raises:
        ValueError: If the policy has other layers.
    """
    convolutions = [f"features_extractor.cnn.{number}" for number in (0, 2, 4)]
    names = [*convolutions, "features_extractor.linear.0", "action_net"]
    if any(name.startswith("mlp_extractor.policy_net.") for name in tensors):
        raise ValueError("expected no hidden layers after those of the pictures; leave out net_arch")
    weights: dict[str, Array] = {}
    for number, name in enumerate(names):
        weight, bias = (tensors[f"{name}.{part}"].cpu().numpy() for part in ("weight", "bias"))
        if weight.ndim == 4:  # [filters, C, height, width]
            filters = len(weight)
            weight = weight.transpose(2, 3, 1, 0).reshape(-1, filters)
        elif number == len(convolutions):  # after planes [C, height, width] as one row
            weight = weight.T.reshape(filters, -1, len(weight)).swapaxes(0, 1).reshape(-1, len(weight))
        else:
            weight = weight.T
        weights[f"{number}.weight"], weights[f"{number}.bias"] = weight, bias
    return weights
