"""Policies for pictures that were trained by Stable-Baselines3, as NumPy networks."""

from collections.abc import Mapping
from typing import Annotated, Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray

from .checks import discrete
from .convolution import Convolution
from .errors import AgentError
from .hyperparameters import MAX_SEED, Interval, OneOf, Whole
from .imported import ImportedNetwork
from .layers import Chain, Flatten, Layer, Linear, Parameter, Relu
from .trainer import one_thread

CONVOLUTIONS = (8, 4, 32), (4, 2, 64), (3, 1, 64)  # size and stride of windows, filters (Mnih et al. 2015)
UNITS = 512  # of the linear layer after them
SMALLEST = 36  # pixels
CHUNK = 256  # pictures per forward pass

Array = NDArray[Any]
Floats = NDArray[np.float64]


class ImportedPicturePolicy(ImportedNetwork):
    """A policy with the network of Stable-Baselines3's CnnPolicy: three convolutions and a linear layer.

    Args:
        env: A Gymnasium environment whose observations are pictures, uint8 [height, width, channels], and
            whose actions are discrete, or its id.
        algorithm: The algorithm that trained the policy.
        gamma: Discount factor of the training.
        seed: Seed of the random choices.

    Attributes:
        weights: By name, "0.weight" [inputs, units], "0.bias" [units], and so on; a convolution's inputs are
            the pixels of a window row by row, the channels last.
    """

    saved_as = "PictureGuest"

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        algorithm: Annotated[str, OneOf(("PPO", "A2C"))],
        gamma: Annotated[float, Interval(0, 1)] = 0.99,
        seed: Annotated[int | None, Whole(0, MAX_SEED)] = None,
    ) -> None:
        super().__init__(env, gamma=gamma, seed=seed)
        self.algorithm = self.checked("algorithm", algorithm)
        shapes = iter(_shapes(self.observation_space, int(self.action_space.n)).values())
        weights = [np.zeros(shape, np.float32) for shape in shapes if len(shape) == 2]
        layers: list[Layer] = []
        parameters: list[Mapping[str, Parameter]] = []
        for (size, stride, _), weight in zip(CONVOLUTIONS, weights, strict=False):
            convolution = Convolution(weight, size, stride)
            layers += [convolution, Relu()]
            parameters.append(convolution.parameters())
        hidden, last = (Linear(weight) for weight in weights[len(CONVOLUTIONS) :])
        self.network = Chain([*layers, Flatten(), hidden, Relu(), last])
        self.weights = {
            f"{number}.{name}": parameter.value
            for number, mine in enumerate([*parameters, hidden.parameters(), last.parameters()])
            for name, parameter in mine.items()
        }

    @classmethod
    def array_shapes(cls, env: gym.Env[Any, Any], settings: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the weights."""
        return _shapes(env.observation_space, int(discrete(env.action_space, "action").n))

    @property
    def policy(self) -> NDArray[np.int64]:
        """Raise an error: pictures have no state numbers.

        Raises:
            AgentError: Always.
        """
        raise AgentError(f"expected a Discrete observation space, got {self.observation_space}")

    def outputs(self, observations: Array) -> Array:
        """Return the log-probabilities of the actions up to a constant [n, A], for pictures [n, ...]."""
        parts = (observations[start : start + CHUNK] for start in range(0, len(observations), CHUNK))
        with one_thread():
            found = [self.network.forward(part.astype(np.float32) / np.float32(255)) for part in parts]
        return np.concatenate([np.empty((0, int(self.action_space.n)), np.float32), *found])

    def arrays(self) -> dict[str, Array]:
        """Return the weights."""
        return self.weights


def _shapes(space: gym.Space[Any], actions: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the weights by name.

    Raises:
        AgentError: If the observations are no pictures.
    """
    shape = space.shape if isinstance(space, Box) and space.dtype == np.uint8 else None
    if shape is None or len(shape) != 3 or min(shape[:2]) < SMALLEST:
        raise AgentError(
            f"expected pictures of at least {SMALLEST} x {SMALLEST} pixels as observations, got {space}"
        )
    height, width, channels = shape
    shapes: dict[str, tuple[int, ...]] = {}
    for number, (size, stride, filters) in enumerate(CONVOLUTIONS):
        shapes |= {f"{number}.weight": (size * size * channels, filters), f"{number}.bias": (filters,)}
        height, width = (Convolution.windows(side, size, stride) for side in (height, width))
        channels = filters
    for number, (inputs, units) in enumerate(((height * width * channels, UNITS), (UNITS, actions)), 3):
        shapes |= {f"{number}.weight": (inputs, units), f"{number}.bias": (units,)}
    return shapes
