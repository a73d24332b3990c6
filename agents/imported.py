"""Policies that were trained by another library, as NumPy networks.

An imported policy is saved like any other agent, so that it can be replayed and evaluated without the
library that trained it.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import prod
from typing import Annotated, Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import NDArray

from .base import Agent
from .checks import discrete
from .encoding import Inputs
from .errors import AgentError, shown
from .hyperparameters import MAX_SEED, Flag, Interval, LayerSizes, OneOf, Whole
from .layers import Chain, Layer, Linear, Relu, Tanh
from .network_policy import likelihoods, sample_actions

SB3_ALGORITHMS = ("PPO", "A2C", "DQN", "QRDQN", "MaskablePPO")
ACTIVATIONS: dict[str, Callable[[], Layer]] = {"tanh": Tanh, "relu": Relu}
MAX_WIDTH = 1 << 20

Array = NDArray[Any]
Floats = NDArray[np.float64]


class ImportedNetwork(Agent):
    """A network trained by another library, which acts but cannot be trained further. See `Agent`.

    Attributes:
        weights: The weights by name.
    """

    weights: dict[str, Array]

    @abstractmethod
    def outputs(self, observations: Array) -> Array:
        """Return the log-probabilities of the actions up to a constant [n, A], or values of the actions."""

    def best(self, observations: Array) -> NDArray[np.int64]:
        """Return the greedy actions [n] for observations [n, ...]."""
        best: NDArray[np.int64] = self.outputs(observations).argmax(axis=1)
        return best

    def probabilities(self, observations: Array) -> Floats:
        """Return the probability of each action [n, A] when exploring, for observations [n, ...]."""
        likely = likelihoods(self.outputs(observations).astype(np.float64))
        probabilities: Floats = likely / likely.sum(axis=1, keepdims=True)
        return probabilities

    def sample(self, observations: Array) -> NDArray[np.int64]:
        """Sample exploring actions [n] for observations [n, ...]."""
        return sample_actions(self.probabilities(observations), self.rng)

    def set_weights(self, weights: Mapping[str, Array]) -> None:
        """Replace the weights in place with those of the same names and shapes.

        Raises:
            AgentError: If a weight is missing, has another shape, or is not finite. Nothing has changed then.
        """
        if not isinstance(weights, Mapping):
            raise AgentError(f"weights: expected arrays by name, got {shown(weights)}")
        self.set_parameters({name: weights.get(name) for name in self.weights}, exact_match=False)

    def learn_steps(self, steps: int) -> None:
        """Raise an error: an imported policy cannot be trained.

        Raises:
            AgentError: Always.
        """
        raise AgentError(
            "an imported policy cannot be trained further; use `compare` to train with Stable-Baselines3"
        )


class ImportedPolicy(ImportedNetwork):
    """A policy trained by another library: linear layers with tanh or ReLU units between them.

    Args:
        env: A Gymnasium environment with discrete actions, or its id.
        algorithm: The algorithm that trained the policy.
        net_arch: Units of each hidden layer.
        activation: Units between the layers.
        epsilon: Probability of a random action when exploring; None if the outputs are log-probabilities.
        masked: Whether `masks` rules out actions that change nothing.
        gamma: Discount factor of the training.
        seed: Seed of the random choices.

    Attributes:
        weights: By name, "0.weight" [inputs, units], "0.bias" [units], and so on.
        masks: uint8 [observations, A], 1 for allowed actions, if masked.
    """

    saved_as = "Guest"

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        algorithm: Annotated[str, OneOf(SB3_ALGORITHMS)],
        net_arch: Annotated[Sequence[int], LayerSizes(MAX_WIDTH)] = (64, 64),
        activation: Annotated[str, OneOf(tuple(ACTIVATIONS))] = "tanh",
        epsilon: Annotated[float | None, Interval(0, 1)] = None,
        masked: Annotated[bool, Flag()] = False,
        gamma: Annotated[float, Interval(0, 1)] = 0.99,
        seed: Annotated[int | None, Whole(0, MAX_SEED)] = None,
    ) -> None:
        super().__init__(env, gamma=gamma, seed=seed)
        self.algorithm = self.checked("algorithm", algorithm)
        self.activation = self.checked("activation", activation)
        self.epsilon = self.checked("epsilon", epsilon)
        self.net_arch, self.masked = tuple(self.checked("net_arch", net_arch)), self.checked("masked", masked)
        if isinstance(self.observation_space, Box) and self.observation_space.dtype == np.uint8:
            space = self.observation_space
            raise AgentError(f"expected discrete or real-valued observations, not pictures, got {space}")
        self.inputs = Inputs(self.observation_space)
        widths = _widths(self.inputs, self.net_arch, self.action_space)
        linear = [Linear(np.zeros(shape, np.float32)) for shape in pairwise(widths)]
        layers: list[Layer] = [linear[0]]
        for layer in linear[1:]:
            layers += [ACTIVATIONS[self.activation](), layer]
        self.network = Chain(layers)
        self.weights = {
            f"{number}.{name}": parameter.value
            for number, layer in enumerate(linear)
            for name, parameter in layer.parameters().items()
        }
        if masked and not self.inputs.rows:
            raise AgentError(
                f"masked: expected Discrete or MultiDiscrete observations, got {self.observation_space}"
            )
        rows = prod(self.inputs.sizes) if masked else 0
        self.masks = np.ones((rows, int(self.action_space.n)), np.uint8)

    @classmethod
    def array_shapes(cls, env: gym.Env[Any, Any], settings: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the weights and the masks."""
        inputs, actions = Inputs(env.observation_space), discrete(env.action_space, "action")
        layers = enumerate(pairwise(_widths(inputs, settings["net_arch"], actions)))
        shapes: dict[str, tuple[int, ...]] = {}
        for number, (width, units) in layers:
            shapes |= {f"{number}.weight": (width, units), f"{number}.bias": (units,)}
        return shapes | ({"masks": (prod(inputs.sizes), int(actions.n))} if settings["masked"] else {})

    @property
    def policy(self) -> NDArray[np.int64]:
        """The greedy action in each state, int64 [S], if observations are state numbers."""
        if not isinstance(self.observation_space, Discrete):
            raise AgentError(f"expected a Discrete observation space, got {self.observation_space}")
        return self.best(np.arange(self.observation_space.n))

    def outputs(self, observations: Array) -> Array:
        """Return the network's outputs [n, A] for observations [n, ...]; -inf for masked actions."""
        outputs = self.network.forward(self.inputs.one_hot(observations))
        if self.masked:
            outputs = np.where(self.masks[self.inputs.codes(observations)] == 1, outputs, -np.inf)
        return outputs

    def probabilities(self, observations: Array) -> Floats:
        """Return the probability of each action [n, A] when exploring, for observations [n, ...]."""
        if self.epsilon is None:
            return super().probabilities(observations)
        outputs = self.outputs(observations)
        greedy = np.eye(outputs.shape[1])[outputs.argmax(axis=1)]
        exploring: Floats = self.epsilon / outputs.shape[1] + (1 - self.epsilon) * greedy
        return exploring

    def arrays(self) -> dict[str, Array]:
        """Return the weights, and the masks if masked."""
        return self.weights | ({"masks": self.masks} if self.masked else {})


def _widths(inputs: Inputs, net_arch: Sequence[int], actions: Discrete) -> list[int]:
    """Return the number of inputs of each layer, and the number of actions.

    Raises:
        AgentError: If there are too many inputs or actions.
    """
    widths = [inputs.rows or inputs.width, *net_arch, int(actions.n)]
    if max(widths) > MAX_WIDTH:
        raise AgentError(f"expected up to {MAX_WIDTH} inputs and actions, got {widths[0]} and {widths[-1]}")
    return widths
