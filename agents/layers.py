"""Layers of neural networks in plain NumPy, with hand-derived backpropagation.

A network is a chain of functions. In the forward pass, each layer maps its input x [n, inputs], one row per
sample, to its output y [n, outputs]. In the backward pass, each layer takes dL/dy, the gradient of the loss L
with respect to its outputs, and applies the chain rule to compute dL/dx for the layer before it and dL/dw for
its own weights w (Rumelhart, Hinton and Williams 1986; Goodfellow, Bengio and Courville 2016, section 6.5).
"""

from collections.abc import Sequence
from typing import Any, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MAX_DENSE = 1 << 16  # numbers of the inputs of a lookup that are zeros and ones; larger ones are sparse


class Parameter:
    """Weights, and the gradient of the loss with respect to them.

    Attributes:
        value: The weights, of any shape.
        gradient: The gradient of the last backward pass, shaped like `value`, or like `value[rows]`.
        rows: The rows of `value` that the gradient is for, each once; None for all of them.
    """

    def __init__(self, value: Array) -> None:
        self.value = value
        self.gradient = np.zeros_like(value)
        self.rows: NDArray[np.int64] | None = None


class Layer(Protocol):
    """A function in a chain."""

    def forward(self, x: Array) -> Array:
        """Return the outputs [n, outputs] for inputs [n, inputs], and keep the values for the gradients."""

    def weight_gradients(self, gradient: Array) -> None:
        """Set the gradients of the weights, given dL/dy [n, outputs]."""

    def input_gradient(self, gradient: Array) -> Array:
        """Return dL/dx [n, inputs], given dL/dy [n, outputs]."""

    def parameters(self) -> dict[str, Parameter]:
        """Return the weights by name."""


class Linear:
    """y = x W + b, with weights W [inputs, outputs] and biases b [outputs].

    Args:
        weight: The initial W.
    """

    def __init__(self, weight: Array) -> None:
        self.weight = Parameter(weight)
        self.bias = Parameter(np.zeros(weight.shape[1], weight.dtype))
        self._x = weight[:0].T

    def forward(self, x: Array) -> Array:
        """Return the outputs [n, outputs] for inputs [n, inputs]."""
        self._x = x
        y: Array = x @ self.weight.value
        y += self.bias.value
        return y

    def weight_gradients(self, gradient: Array) -> None:
        """Set dL/dW and dL/db, given dL/dy [n, outputs]."""
        # For sample n, y_nj = sum_i x_ni W_ij + b_j. All samples share the weights, so contributions add up:
        # dL/dW_ij = sum_n dL/dy_nj dy_nj/dW_ij = sum_n x_ni dL/dy_nj, and dL/db_j = sum_n dL/dy_nj.
        self.weight.gradient = self._x.T @ gradient
        self.bias.gradient = gradient.sum(axis=0)

    def input_gradient(self, gradient: Array) -> Array:
        """Return dL/dx [n, inputs], given dL/dy [n, outputs]."""
        # x_ni contributes to every output: dL/dx_ni = sum_j dL/dy_nj dy_nj/dx_ni = sum_j dL/dy_nj W_ij.
        back: Array = gradient @ self.weight.value.T
        return back

    def parameters(self) -> dict[str, Parameter]:
        """Return W and b."""
        return {"weight": self.weight, "bias": self.bias}


class Places:
    """The rows that the samples of a batch look up, int [n, k]; lookups with the same inputs share an object.

    Attributes:
        numbers: The row numbers [n, k].
    """

    def __init__(self) -> None:
        self.numbers = np.zeros((0, 1), np.int64)
        self._found: tuple[NDArray[np.int64], Any] | None = None

    def fill(self, numbers: NDArray[np.int64]) -> None:
        """Take the row numbers of the next batch."""
        self.numbers, self._found = numbers, None

    def found(self, size: int, dtype: np.dtype[Any]) -> tuple[NDArray[np.int64], Any]:
        """Return the rows in use [r], and how often each sample uses each row [n, rows].

        Args:
            size: The number of rows of the table.
            dtype: The dtype of the numbers.

        Returns:
            The second is dense and has columns for all rows of a small table; otherwise, it is sparse, with a
            column for each row in use.
        """
        if self._found is None:
            self._found = self._find(size, dtype)
        return self._found

    def _find(self, size: int, dtype: np.dtype[Any]) -> tuple[NDArray[np.int64], Any]:
        samples, per_sample = self.numbers.shape
        used = np.zeros(size, np.bool_)
        used[self.numbers] = True
        rows = np.flatnonzero(used)
        if samples * size <= MAX_DENSE:
            places = self.numbers + np.arange(0, samples * size, size)[:, None]
            counts = np.bincount(places.ravel(), minlength=samples * size)
            return rows, counts.astype(dtype).reshape(samples, size)

        from scipy.sparse import csr_array  # slow to import

        index = (np.cumsum(used) - 1)[self.numbers]
        ends = np.arange(0, samples * per_sample + 1, per_sample)
        ones = np.ones(samples * per_sample, dtype)
        return rows, csr_array((ones, index.ravel(), ends), shape=(samples, len(rows)))


class Lookup:
    """y = the sum of k rows of a table [rows, outputs]; the input is the row numbers, int [n, k].

    Equals a `Linear` layer without b whose inputs are 1 in k places and 0 elsewhere: the product with W picks
    rows of W. Rows that no sample uses have no gradient.

    Args:
        table: The initial rows.
        places: Where the row numbers are kept; None for an own object.
    """

    def __init__(self, table: Array, places: Places | None = None) -> None:
        self.table = Parameter(table)
        self._places = Places() if places is None else places
        self.table.rows, self.table.gradient = np.zeros(0, np.int64), table[:0]

    def forward(self, x: Array) -> Array:
        """Return the outputs [n, outputs] for row numbers [n, k]."""
        self._places.fill(x)
        y: Array = self.table.value.take(x.T, axis=0).sum(axis=0)
        return y

    def weight_gradients(self, gradient: Array) -> None:
        """Set the gradient of the rows in use, given dL/dy [n, outputs]."""
        # For sample n, y_n = sum_k table[x_nk]: the linear layer with an input that is 1 in the places x_nk.
        # As there, dL/dtable = input^T dL/dy; large inputs, nearly all zeros, are stored as sparse matrices.
        numbers = self._places.numbers
        if numbers.shape[1] == 1 and (numbers[1:] > numbers[:-1]).all():  # each row once: nothing adds up
            self.table.rows, self.table.gradient = numbers[:, 0], gradient
            return
        rows, inputs = self._places.found(len(self.table.value), gradient.dtype)
        found: Array = inputs.T @ gradient
        self.table.rows = rows
        self.table.gradient = found if len(found) == len(rows) else found.take(rows, axis=0)

    def input_gradient(self, gradient: Array) -> NoReturn:
        """Raise an error: row numbers are not differentiable."""
        raise NotImplementedError("a lookup must be the first layer of a chain")

    def parameters(self) -> dict[str, Parameter]:
        """Return the table."""
        return {"table": self.table}


class Tanh:
    """y = tanh x, the nonlinearity without which a chain of linear layers would be linear."""

    def __init__(self) -> None:
        self._y = np.zeros((0, 0))

    def forward(self, x: Array) -> Array:
        """Return the outputs [n, units] for inputs [n, units]."""
        self._y = np.tanh(x)
        return self._y

    def weight_gradients(self, gradient: Array) -> None:
        """Do nothing: there are no weights."""

    def input_gradient(self, gradient: Array) -> Array:
        """Return dL/dx [n, units], given dL/dy [n, units]."""
        # d tanh(x)/dx = 1 - tanh(x)^2 = 1 - y^2, elementwise.
        back: Array = gradient * (1 - self._y * self._y)
        return back

    def parameters(self) -> dict[str, Parameter]:
        """Return no weights."""
        return {}


class Relu:
    """y = max(x, 0)."""

    def __init__(self) -> None:
        self._positive = np.zeros((0, 0), np.bool_)

    def forward(self, x: Array) -> Array:
        """Return the outputs [n, units] for inputs [n, units]."""
        self._positive = x > 0
        y: Array = np.maximum(x, 0)
        return y

    def weight_gradients(self, gradient: Array) -> None:
        """Do nothing: there are no weights."""

    def input_gradient(self, gradient: Array) -> Array:
        """Return dL/dx [n, units], given dL/dy [n, units]."""
        back: Array = gradient * self._positive
        return back

    def parameters(self) -> dict[str, Parameter]:
        """Return no weights."""
        return {}


class Flatten:
    """y = x with all axes but the first joined."""

    def __init__(self) -> None:
        self._shape: tuple[int, ...] = ()

    def forward(self, x: Array) -> Array:
        """Return the outputs [n, units] for inputs [n, ...]."""
        self._shape = x.shape
        return x.reshape(len(x), -1)

    def weight_gradients(self, gradient: Array) -> None:
        """Do nothing: there are no weights."""

    def input_gradient(self, gradient: Array) -> Array:
        """Return dL/dx [n, ...], given dL/dy [n, units]."""
        return gradient.reshape(self._shape)

    def parameters(self) -> dict[str, Parameter]:
        """Return no weights."""
        return {}


class Chain:
    """A sequence of layers."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = layers

    def forward(self, x: Array) -> Array:
        """Return the outputs [n, outputs] of the last layer for inputs [n, ...] of the first."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, gradient: Array) -> None:
        """Set the gradients of all weights, given dL/dy [n, outputs] of the last layer."""
        for layer in reversed(self.layers[1:]):
            layer.weight_gradients(gradient)
            gradient = layer.input_gradient(gradient)
        self.layers[0].weight_gradients(gradient)

    def input_gradient(self, gradient: Array) -> Array:
        """Set the gradients of all weights, and return dL/dx [n, inputs] of the first layer."""
        for layer in reversed(self.layers):
            layer.weight_gradients(gradient)
            gradient = layer.input_gradient(gradient)
        return gradient

    def parameters(self) -> dict[str, Parameter]:
        """Return the weights by the number and the name of the layer, such as "0.table" or "2.weight"."""
        return {
            f"{number}.{name}": parameter
            for number, layer in enumerate(self.layers)
            for name, parameter in layer.parameters().items()
        }
