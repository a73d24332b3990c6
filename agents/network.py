"""The network of policy gradient agents, and its initial weights."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from .convolution import Convolution
from .encoding import Inputs
from .layers import Array, Chain, Flatten, Layer, Linear, Lookup, Parameter, Places, Tanh

HIDDEN_GAIN = 2**0.5  # the scale of hidden layers, as in Stable-Baselines3


class Network:
    """A policy and a value function: a chain that ends in a logit per action, and a chain for the value.

    Without hidden layers, both chains are tables or linear functions, initially zero. Hidden layers have tanh
    units and orthogonal initial weights (Saxe, McClelland and Ganguli 2014) of the same scale as in
    Stable-Baselines3; a lookup table as first layer is the weight matrix of one-hot inputs. The weights of
    the policy's last layer are 100 times smaller, so that all actions are about equally likely initially. For
    planes, both chains share a convolution as first layer. Inputs that are scaled to [0, 1] are shifted to
    [-1/2, 1/2].

    Args:
        inputs: The encoder of observations.
        actions: The number of actions A.
        hidden: Units of each hidden layer, the same for both chains.
        rng: Random number generator of the initial weights.
        dtype: The dtype of the weights.
    """

    def __init__(
        self,
        inputs: Inputs,
        actions: int,
        hidden: Sequence[int],
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.trunk, width = Chain([]), first_width(inputs)
        self._looked_up = width  # rows of a lookup table that are added up
        self._middle = np.asarray(0.5 if inputs.scaled else 0, dtype)
        if inputs.planes:
            size, stride = inputs.window
            weight = HIDDEN_GAIN * orthogonal(rng, size * size * inputs.planes[2], inputs.filters)
            self.trunk = Chain([Convolution(weight.astype(dtype), size, stride), Tanh(), Flatten()])
        places = Places()  # of the lookups, which have the same inputs
        self.policy = _chain(inputs.rows, places, width, [*hidden, actions], 0.01, rng, dtype)
        self.value = _chain(inputs.rows, places, width, [*hidden, 1], 1.0, rng, dtype)
        chains = {"trunk": self.trunk, "policy": self.policy, "value": self.value}
        self._parameters = {
            f"{side}.{name}": parameter
            for side, chain in chains.items()
            for name, parameter in chain.parameters().items()
        }

    def add_to_values(self, constant: float) -> None:
        """Add a constant to the values of all inputs."""
        layer = self.value.layers[-1]
        if isinstance(layer, Lookup):
            layer.table.value += np.asarray(constant / self._looked_up, layer.table.value.dtype)
        elif isinstance(layer, Linear):
            layer.bias.value += np.asarray(constant, layer.bias.value.dtype)

    def forward(self, x: Array) -> tuple[Array, Array]:
        """Return the logits [n, A] and the values [n] for inputs [n, ...].

        Logits are log-probabilities up to a constant per row.
        """
        x = self._features(x)
        return self.policy.forward(x), self.value.forward(x)[:, 0]

    def logits(self, x: Array) -> Array:
        """Return only the logits [n, A]."""
        return self.policy.forward(self._features(x))

    def _features(self, x: Array) -> Array:
        # Inputs that are all positive would move all units together, which hides the differences of pictures.
        return self.trunk.forward(x - self._middle if self._middle else x)

    def backward(self, logits: Array, values: Array) -> None:
        """Set all gradients, given dL/dlogits [n, A] and dL/dvalues [n] at the last inputs."""
        if not self.trunk.layers:
            self.policy.backward(logits)
            self.value.backward(values[:, None])
            return
        # The trunk's output x feeds both chains: dL/dx is the sum of both gradients.
        gradient = self.policy.input_gradient(logits) + self.value.input_gradient(values[:, None])
        self.trunk.backward(gradient)

    def parameters(self) -> dict[str, Parameter]:
        """Return the weights by name, such as "policy.0.table" or "value.2.weight"."""
        return self._parameters


def first_width(inputs: Inputs) -> int:
    """Return the number of inputs of the chains of the policy and the values."""
    if not inputs.planes:
        return inputs.width
    down, across = (Convolution.windows(length, *inputs.window) for length in inputs.planes[:2])
    return down * across * inputs.filters


def parameter_shapes(inputs: Inputs, actions: int, hidden: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the weights of a network by name, without creating it. See `Network`."""
    shapes: dict[str, tuple[int, ...]] = {}
    first = first_width(inputs)
    if inputs.planes:
        size = inputs.window[0] ** 2 * inputs.planes[2]
        shapes |= {"trunk.0.weight": (size, inputs.filters), "trunk.0.bias": (inputs.filters,)}
    for side, last in (("policy", actions), ("value", 1)):
        width = first
        for number, units in enumerate([*hidden, last]):
            if number == 0 and inputs.rows:
                shapes[f"{side}.0.table"] = inputs.rows, units
            else:
                name = f"{side}.{2 * number}"
                shapes |= {f"{name}.weight": (width, units), f"{name}.bias": (units,)}
            width = units
    return shapes


def orthogonal(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """Return a random matrix [rows, columns] with orthonormal columns (or rows, if there are fewer)."""
    tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diag(r))  # otherwise some directions would be more likely than others
    return q if rows >= columns else q.T


def _chain(
    rows: int,
    places: Places,
    width: int,
    outputs: Sequence[int],
    last: float,
    rng: np.random.Generator,
    dtype: DTypeLike,
) -> Chain:
    """Return a chain with a layer for each number of outputs and tanh units between them.

    Args:
        rows: The rows of a lookup table as first layer, or 0.
        places: Where the lookup finds its row numbers.
        width: The number of rows that are looked up, or of inputs.
        outputs: The outputs of each layer.
        last: The scale of the initial weights of the last layer, if there are hidden layers.
        rng: Random number generator of the initial weights.
        dtype: The dtype of the weights.
    """
    layers: list[Layer] = []
    for number, units in enumerate(outputs, 1):
        gain = HIDDEN_GAIN if number < len(outputs) else last if len(outputs) > 1 else 0.0
        if number == 1 and rows:
            drawn = orthogonal(rng, rows, units) if gain else rng.standard_normal((rows, units))
            layers.append(Lookup((gain * drawn).astype(dtype), places))
        else:
            layers += [Tanh()] if layers else []
            layers.append(Linear((gain * orthogonal(rng, width, units)).astype(dtype)))
        width = units
    return Chain(layers)
