"""Neural networks in plain NumPy: layers, and how each passes the gradient of the loss back.

A network is a chain of functions. Forwards, each layer turns its input x [n, inputs], one row a sample, into
its output y [n, outputs]. Backwards, each layer is given dL/dy, how much the loss L changes with each of its
outputs, and by the chain rule works out dL/dx for the layer before it, and dL/dw for its own weights w
(Rumelhart, Hinton and Williams 1986; Goodfellow, Bengio and Courville 2016, section 6.5).
"""

from collections.abc import Sequence
from typing import Any, NoReturn, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy.sparse import csr_array

from .encoding import Inputs

Array = NDArray[Any]
HIDDEN_GAIN = 2**0.5  # what Stable-Baselines3 scales its hidden layers with


class Parameter:
    """Weights, and the gradient of the loss with respect to them.

    Attributes:
        value: the weights, of any shape.
        gradient: of the last backward pass, shaped like `value`; or like `value[rows]`.
        rows: which rows of `value` the gradient is for, each once; None for all of them.
    """

    def __init__(self, value: Array) -> None:
        self.value = value
        self.gradient = np.zeros_like(value)
        self.rows: NDArray[np.int64] | None = None


class Layer(Protocol):
    """One function of the chain."""

    def forward(self, x: Array) -> Array:
        """The outputs [n, outputs] for inputs [n, inputs]; remembers what the gradients need."""

    def weight_gradients(self, gradient: Array) -> None:
        """From dL/dy [n, outputs], set the gradients of the weights."""

    def input_gradient(self, gradient: Array) -> Array:
        """From dL/dy [n, outputs] to dL/dx [n, inputs]."""

    def parameters(self) -> dict[str, Parameter]:
        """The weights by name."""


class Linear:
    """y = x W + b, with weights W [inputs, outputs] and biases b [outputs].

    Args:
        weight: W at first.
    """

    def __init__(self, weight: Array) -> None:
        self.weight = Parameter(weight)
        self.bias = Parameter(np.zeros(weight.shape[1], weight.dtype))
        self._x = weight[:0].T

    def forward(self, x: Array) -> Array:
        """[n, inputs] to [n, outputs]."""
        self._x = x
        y: Array = x @ self.weight.value
        y += self.bias.value
        return y

    def weight_gradients(self, gradient: Array) -> None:
        """dL/dy [n, outputs] to dL/dW and dL/db."""
        # Of sample n, y_nj = sum_i x_ni W_ij + b_j. All samples share the weights, so their parts add up:
        # dL/dW_ij = sum_n dL/dy_nj dy_nj/dW_ij = sum_n x_ni dL/dy_nj, and dL/db_j = sum_n dL/dy_nj.
        self.weight.gradient = self._x.T @ gradient
        self.bias.gradient = gradient.sum(axis=0)

    def input_gradient(self, gradient: Array) -> Array:
        """dL/dy [n, outputs] to dL/dx [n, inputs]."""
        # x_ni has a part in every output: dL/dx_ni = sum_j dL/dy_nj dy_nj/dx_ni = sum_j dL/dy_nj W_ij.
        back: Array = gradient @ self.weight.value.T
        return back

    def parameters(self) -> dict[str, Parameter]:
        """W and b."""
        return {"weight": self.weight, "bias": self.bias}


class Lookup:
    """y = the sum of some rows of a table [rows, outputs]; their numbers are the input, int [n, k].

    It is the `Linear` layer (without b) for inputs that are 1 in k places and 0 in all others: there the
    product with W just picks rows of W. Rows that no sample uses have no gradient, and are left alone.

    Args:
        table: the rows at first.
    """

    def __init__(self, table: Array) -> None:
        self.table = Parameter(table)
        self._rows = np.zeros((0, 1), np.int64)

    def forward(self, x: Array) -> Array:
        """Row numbers [n, k] to [n, outputs]."""
        self._rows = x
        y = self.table.value[x[:, 0]]
        for column in range(1, x.shape[1]):
            y += self.table.value[x[:, column]]
        return y

    def weight_gradients(self, gradient: Array) -> None:
        """dL/dy [n, outputs] to the gradient of the rows in use."""
        # Of sample n, y_n = sum_k table[x_nk]: the linear layer with an input that is 1 in the k places x_nk.
        # So, as there, dL/dtable = input^T dL/dy; the input, nearly all zeros, is kept as a sparse matrix.
        rows, index = np.unique(self._rows, return_inverse=True)
        samples, per_sample = self._rows.shape
        ends = np.arange(0, samples * per_sample + 1, per_sample)
        ones = np.ones(samples * per_sample, gradient.dtype)
        inputs = csr_array((ones, index.ravel(), ends), shape=(samples, len(rows)))
        self.table.rows, self.table.gradient = rows, inputs.T @ gradient

    def input_gradient(self, gradient: Array) -> NoReturn:
        """There is none: a number of a row cannot be changed a little."""
        raise NotImplementedError("a look-up comes first in a chain")

    def parameters(self) -> dict[str, Parameter]:
        """The table."""
        return {"table": self.table}


class Convolution:
    """The same linear layer over every 3x3 window of planes: what helps in one place helps in all.

    Args:
        weight: at first [9 C, filters], for windows laid flat row by row, the C planes of a place together.
    """

    def __init__(self, weight: Array) -> None:
        self._linear = Linear(weight)

    def forward(self, x: Array) -> Array:
        """Planes [n, H, W, C] to [n, (H - 2) (W - 2) filters]."""
        samples, height, width, _ = x.shape
        windows = [x[:, i : height - 2 + i, j : width - 2 + j] for i in range(3) for j in range(3)]
        flat = np.concatenate(windows, axis=3).reshape(-1, len(self._linear.weight.value))
        return self._linear.forward(flat).reshape(samples, -1)

    def weight_gradients(self, gradient: Array) -> None:
        """dL/dy [n, outputs] to dL/dW and dL/db."""
        # Each window is a sample of the linear layer: all of them share the weights.
        self._linear.weight_gradients(gradient.reshape(-1, self._linear.weight.value.shape[1]))

    def input_gradient(self, gradient: Array) -> NoReturn:
        """Not needed for the first layer, whose inputs are given."""
        raise NotImplementedError("a convolution comes first in a chain")

    def parameters(self) -> dict[str, Parameter]:
        """W and b."""
        return self._linear.parameters()


class Tanh:
    """y = tanh x, the bend without which many linear layers would be one."""

    def __init__(self) -> None:
        self._y = np.zeros((0, 0))

    def forward(self, x: Array) -> Array:
        """[n, units] to [n, units]."""
        self._y = np.tanh(x)
        return self._y

    def weight_gradients(self, gradient: Array) -> None:
        """There are no weights."""

    def input_gradient(self, gradient: Array) -> Array:
        """dL/dy [n, units] to dL/dx [n, units]."""
        # d tanh(x)/dx = 1 - tanh(x)^2 = 1 - y^2, one unit at a time.
        back: Array = gradient * (1 - self._y * self._y)
        return back

    def parameters(self) -> dict[str, Parameter]:
        """There are none."""
        return {}


class Chain:
    """Layers one after the other."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = layers

    def forward(self, x: Array) -> Array:
        """The outputs [n, outputs] of the last layer for the inputs [n, ...] of the first."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, gradient: Array) -> None:
        """From dL/dy [n, outputs] of the last layer, set the gradients of all weights."""
        for layer in reversed(self.layers[1:]):
            layer.weight_gradients(gradient)
            gradient = layer.input_gradient(gradient)
        self.layers[0].weight_gradients(gradient)

    def input_gradient(self, gradient: Array) -> Array:
        """The same, and on to dL/dx [n, inputs] of the first layer, where layers come before it."""
        for layer in reversed(self.layers):
            layer.weight_gradients(gradient)
            gradient = layer.input_gradient(gradient)
        return gradient

    def parameters(self) -> dict[str, Parameter]:
        """The weights by name, such as "0.table" or "2.weight": the number is the layer's."""
        return {
            f"{number}.{name}": parameter
            for number, layer in enumerate(self.layers)
            for name, parameter in layer.parameters().items()
        }


class Network:
    """Two chains side by side: the policy's, which ends in a number for each action, and the value's.

    Without hidden layers both are tables, or linear, and their numbers are zeros at first. Hidden layers have
    tanh units; their weights are random at first: orthogonal (Saxe, McClelland and Ganguli 2014), so that
    signals neither grow nor fade on their way, but for the last layer of the policy, which is a hundred
    times smaller, so that at first all actions are about as likely. Where observations are planes, a
    convolution comes first, and both chains start from what it finds.

    Args:
        inputs: what observations are turned into.
        actions: A.
        hidden: units of each hidden layer, the same for both chains.
        rng: draws the weights at first.
        dtype: of the weights.
    """

    def __init__(
        self,
        inputs: Inputs,
        actions: int,
        hidden: Sequence[int],
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.trunk, width = Chain([]), inputs.width
        if inputs.planes:
            height, breadth, planes = inputs.planes
            weight = HIDDEN_GAIN * orthogonal(rng, 9 * planes, inputs.filters)
            self.trunk = Chain([Convolution(weight.astype(dtype)), Tanh()])
            width = (height - 2) * (breadth - 2) * inputs.filters
        self.policy = _chain(inputs.rows, width, [*hidden, actions], 0.01, rng, dtype)
        self.value = _chain(inputs.rows, width, [*hidden, 1], 1.0, rng, dtype)

    def forward(self, x: Array) -> tuple[Array, Array]:
        """The logit of each action [n, A], and the value [n], for inputs [n, ...].

        Logits are log-probabilities, but for a constant that is the same for all actions.
        """
        x = self.trunk.forward(x)
        return self.policy.forward(x), self.value.forward(x)[:, 0]

    def logits(self, x: Array) -> Array:
        """Only the logits [n, A]."""
        return self.policy.forward(self.trunk.forward(x))

    def backward(self, logits: Array, values: Array) -> None:
        """Set all gradients from dL/dlogits [n, A] and dL/dvalues [n], for the inputs seen last."""
        if not self.trunk.layers:
            self.policy.backward(logits)
            self.value.backward(values[:, None])
            return
        # The trunk's output x has a part in both: dL/dx is the sum of what comes back from either.
        gradient = self.policy.input_gradient(logits) + self.value.input_gradient(values[:, None])
        self.trunk.backward(gradient)

    def parameters(self) -> dict[str, Parameter]:
        """The weights by name, such as "policy.0.table" or "value.2.weight"."""
        chains = {"trunk": self.trunk, "policy": self.policy, "value": self.value}
        return {
            f"{side}.{name}": parameter
            for side, chain in chains.items()
            for name, parameter in chain.parameters().items()
        }


def orthogonal(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """A random matrix [rows, columns] whose columns (or rows, if there are fewer) are orthonormal."""
    tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diag(r))  # else some directions would be more likely than others
    return q if rows >= columns else q.T


def _chain(
    rows: int, width: int, outputs: Sequence[int], last: float, rng: np.random.Generator, dtype: DTypeLike
) -> Chain:
    """A layer for each number of outputs, with tanh units between them.

    Args:
        rows: of a table to look up in the first layer, or 0.
        width: how many rows are looked up, or how many inputs there are.
        outputs: of each layer.
        last: how large the weights of the last layer are at first.
        rng: draws them.
        dtype: of the weights.
    """
    layers: list[Layer] = []
    for number, units in enumerate(outputs, 1):
        gain = HIDDEN_GAIN if number < len(outputs) else last if len(outputs) > 1 else 0.0
        if number == 1 and rows:
            table = rng.standard_normal((rows, units)) * (gain / np.sqrt(width))
            layers.append(Lookup(table.astype(dtype)))
        else:
            layers += [Tanh()] if layers else []
            layers.append(Linear((gain * orthogonal(rng, width, units)).astype(dtype)))
        width = units
    return Chain(layers)
