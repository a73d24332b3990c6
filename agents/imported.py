"""Guests: agents that another library has trained, kept as tensors, at home among ours.

A guest is a small network in NumPy. It is stored like every other memory, as numbers in a safetensors file,
so that it can be watched and judged where the library that trained it is not installed.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import prod
from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box, Discrete, MultiBinary, MultiDiscrete
from numpy.typing import NDArray

from .base import Agent
from .checks import in_range, one_of
from .errors import AgentError

ALGORITHMS = ("PPO", "A2C", "DQN", "QRDQN", "MaskablePPO")
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {"tanh": np.tanh, "relu": lambda x: np.maximum(x, 0)}
MAX_WIDTH = 1 << 20

Array = NDArray[Any]
Floats = NDArray[np.float64]


class ImportedPolicy(Agent):
    """A policy that was learned elsewhere: linear layers, between them tanh or relu units.

    Args:
        env: a Gymnasium environment with discrete actions, or the id of one.
        algorithm: who trained it, one of `ALGORITHMS`.
        net_arch: units of each hidden layer.
        activation: "tanh" or "relu".
        epsilon: how often it acts at random when it explores; None where its outputs are log-probabilities.
        masked: whether it never does what would change nothing; `masks` then says what may change something.
        gamma: discount factor with which it was trained.
        seed: of its choices.

    Attributes:
        weights: by name, "0.weight" [inputs, units], "0.bias" [units], and so on.
        masks: uint8 [observations, A], 1 where an act may change something, when masked.
    """

    saved_as = "Guest"
    hyperparameters: ClassVar[tuple[str, ...]] = (
        "algorithm",
        "net_arch",
        "activation",
        "epsilon",
        "masked",
        "gamma",
        "seed",
    )

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        algorithm: str,
        net_arch: Sequence[int] = (64, 64),
        activation: str = "tanh",
        epsilon: float | None = None,
        masked: bool = False,
        gamma: float = 0.99,
        seed: int | None = None,
    ) -> None:
        super().__init__(env, gamma=gamma, seed=seed)
        self.algorithm = one_of("algorithm", algorithm, ALGORITHMS)
        self.activation = one_of("activation", activation, ACTIVATIONS)
        self.epsilon = None if epsilon is None else in_range("epsilon", epsilon, 0, 1)
        self.net_arch, self.masked = [int(units) for units in net_arch], bool(masked)
        self._sizes = _sizes(self.observation_space)
        width = sum(self._sizes) or prod(self.observation_space.shape or ())
        widths = [width, *self.net_arch, int(self.action_space.n)]
        if len(widths) > 10 or not all(1 <= width <= MAX_WIDTH for width in widths):
            raise AgentError(f"net_arch: expected up to 8 layers of up to {MAX_WIDTH} units, got {net_arch}")
        self.weights: dict[str, Array] = {}
        for number, (inputs, units) in enumerate(pairwise(widths)):
            self.weights[f"{number}.weight"] = np.zeros((inputs, units), np.float32)
            self.weights[f"{number}.bias"] = np.zeros(units, np.float32)
        if masked and not self._sizes:
            raise AgentError(
                f"masked: expected observations that can be numbered, got {self.observation_space}"
            )
        rows = prod(self._sizes) if masked else 0
        self.masks = np.ones((rows, int(self.action_space.n)), np.uint8)

    @property
    def policy(self) -> NDArray[np.int64]:
        """The greedy action in each state, int64 [S], where observations are their numbers."""
        if not isinstance(self.observation_space, Discrete):
            raise AgentError(f"expected numbers of states to look up, got {self.observation_space}")
        return self.best(np.arange(self.observation_space.n))

    def take(self, weights: Mapping[str, Array]) -> None:
        """Put the trained weights in the place of the present ones."""
        for name, mine in self.weights.items():
            mine[...] = weights[name]

    def outputs(self, observations: Array) -> Array:
        """What the network says of each action [n, A]; what is ruled out is minus infinity."""
        x = _encode(observations, self._sizes)
        last = len(self.weights) // 2 - 1
        for number in range(last + 1):
            x = x @ self.weights[f"{number}.weight"] + self.weights[f"{number}.bias"]
            x = x if number == last else ACTIVATIONS[self.activation](x)
        if self.masked:
            codes = np.ravel_multi_index(tuple(observations.reshape(len(x), -1).T), self._sizes)
            x = np.where(self.masks[codes] == 1, x, -np.inf)
        return x

    def best(self, observations: Array) -> NDArray[np.int64]:
        """Greedy actions [n] for observations [n, ...]."""
        best: NDArray[np.int64] = self.outputs(observations).argmax(axis=1)
        return best

    def probabilities(self, observations: Array) -> Floats:
        """The probability of each action [n, A], as it acts while it explores."""
        outputs = self.outputs(observations).astype(np.float64)
        if self.epsilon is not None:
            greedy = np.eye(outputs.shape[1])[outputs.argmax(axis=1)]
            exploring: Floats = self.epsilon / outputs.shape[1] + (1 - self.epsilon) * greedy
            return exploring
        likely = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        probabilities: Floats = likely / likely.sum(axis=1, keepdims=True)
        return probabilities

    def sample(self, observations: Array) -> NDArray[np.int64]:
        """Actions [n] as it acts while it explores."""
        ends = self.probabilities(observations).cumsum(axis=1)
        random = self.rng.random((len(ends), 1)) * ends[:, -1:]
        drawn: NDArray[np.int64] = (random >= ends).sum(axis=1)
        return drawn

    def learn_steps(self, steps: int) -> None:
        """A guest has learned elsewhere.

        Raises:
            AgentError: always.
        """
        raise AgentError("a guest cannot learn here: `compare` trains it anew with Stable-Baselines3")

    def arrays(self) -> dict[str, Array]:
        """The weights, and the masks of one that needs them."""
        return self.weights | ({"masks": self.masks} if self.masked else {})


def _sizes(space: gym.Space[Any]) -> tuple[int, ...]:
    """How many values each number of an observation can have; none for measurements."""
    if isinstance(space, Discrete):
        return (int(space.n),)
    if isinstance(space, MultiDiscrete) and space.nvec.ndim == 1:
        return tuple(space.nvec.tolist())
    if isinstance(space, MultiBinary) or (isinstance(space, Box) and space.dtype != np.uint8):
        return ()
    raise AgentError(f"expected observations of numbers or measurements, not pictures, got {space}")


def _encode(observations: Array, sizes: tuple[int, ...]) -> Array:
    """Float32 [n, inputs]: a 1 in the place of each number, as Stable-Baselines3 lays them out."""
    flat = observations.reshape(len(observations), -1)
    if not sizes:
        return flat.astype(np.float32)
    places = flat + np.cumsum([0, *sizes[:-1]])
    x = np.zeros((len(flat), sum(sizes)), np.float32)
    np.put_along_axis(x, places, 1, axis=1)
    return x
