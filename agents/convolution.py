"""Layers for pictures: convolution and max pooling, with hand-derived gradients.

Planes are arrays [n, H, W, C], the C channels last.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .layers import Array, Linear, Parameter


class Convolution:
    """A convolution without padding: the same linear layer for every window of the planes.

    Args:
        weight: The initial weights [size^2 C, filters], for windows flattened row by row, the C planes last.
        size: The height and the width of a window.
        stride: The distance between two windows.
    """

    def __init__(self, weight: Array, size: int = 3, stride: int = 1) -> None:
        self._linear, self._size, self._stride = Linear(weight), size, stride
        self._shape: tuple[int, ...] = ()
        self._flat = Windows(size, stride)

    @staticmethod
    def windows(length: int, size: int, stride: int) -> int:
        """Return the number of windows along an axis of the planes."""
        return (length - size) // stride + 1

    def forward(self, x: Array) -> Array:
        """Return the outputs [n, down, across, filters] for planes [n, H, W, C]."""
        self._shape = x.shape
        down, across = (self.windows(length, self._size, self._stride) for length in x.shape[1:3])
        return self._linear.forward(self._flat(x)).reshape(len(x), down, across, -1)

    def weight_gradients(self, gradient: Array) -> None:
        """Set dL/dW and dL/db, given dL/dy [n, down, across, filters]."""
        # Each window is a sample of the linear layer: all windows share the weights.
        self._linear.weight_gradients(gradient.reshape(-1, gradient.shape[-1]))

    def input_gradient(self, gradient: Array) -> Array:
        """Return dL/dx [n, H, W, C], given dL/dy [n, down, across, filters]."""
        # y_a = sum_b x_(stride a + b) W_b for places a of windows and b in a window, in two dimensions; so
        # each b adds dL/dy_a W_b^T to dL/dx at stride a + b. One matrix product computes all of these.
        samples, down, across, filters = gradient.shape
        size, stride = self._size, self._stride
        weight = self._linear.weight.value.reshape(size * size, -1, filters)
        parts = gradient.reshape(-1, filters) @ weight.swapaxes(1, 2)
        back = np.zeros(self._shape, gradient.dtype)
        for place, part in zip(np.ndindex(size, size), parts, strict=True):
            rows, columns = (
                slice(first, first + stride * (count - 1) + 1, stride)
                for first, count in zip(place, (down, across), strict=True)
            )
            back[:, rows, columns] += part.reshape(samples, down, across, -1)
        return back

    def parameters(self) -> dict[str, Parameter]:
        """Return W and b."""
        return self._linear.parameters()


class Windows:
    """The windows of planes, copied into a buffer that the next call overwrites.

    Args:
        size: The height and the width of a window.
        stride: The distance between two windows.
    """

    def __init__(self, size: int, stride: int) -> None:
        self._size, self._stride = size, stride
        self._buffer: Array = np.empty(0)

    def __call__(self, x: Array) -> Array:
        """Return the windows [n down across, size^2 C] of planes [n, H, W, C]."""
        x = np.ascontiguousarray(x)
        samples, height, width, planes = x.shape
        size, stride = self._size, self._stride
        down, across = (Convolution.windows(length, size, stride) for length in (height, width))
        # A row of a window is contiguous: `size` pixels with all their channels.
        shape = samples, down, across, size, size * planes
        if self._buffer.shape != shape or self._buffer.dtype != x.dtype:
            self._buffer = np.empty(shape, x.dtype)
        image, row, pixel, channel = x.strides
        steps = image, stride * row, stride * pixel, row, channel
        np.copyto(self._buffer, as_strided(x, shape, steps, writeable=False))
        return self._buffer.reshape(samples * down * across, size * size * planes)


class MaxPool:
    """The largest value of each window; windows touch, and an incomplete last row or column is left out.

    Args:
        size: The height and the width of a window.
    """

    def __init__(self, size: int = 2) -> None:
        self._size = size
        self._x = self._y = np.zeros((0, 0, 0, 0))

    def forward(self, x: Array) -> Array:
        """Return the outputs [n, H // size, W // size, C] for planes [n, H, W, C]."""
        first, *others = self._places(x)
        y = first.copy()
        for other in others:
            np.maximum(y, other, out=y)
        self._x, self._y = x, y
        return y

    def weight_gradients(self, gradient: Array) -> None:
        """Do nothing: there are no weights."""

    def input_gradient(self, gradient: Array) -> Array:
        """Return dL/dx [n, H, W, C], given dL/dy [n, H // size, W // size, C]."""
        # y changes with the largest x of its window alone; with the first one, if several are equal.
        back = np.zeros(self._x.shape, gradient.dtype)
        left = np.ones(self._y.shape, np.bool_)
        for x, part in zip(self._places(self._x), self._places(back), strict=True):
            largest = x == self._y
            largest &= left
            left &= ~largest
            np.multiply(gradient, largest, out=part)
        return back

    def _places(self, x: Array) -> list[Array]:
        """Return a view [n, H // size, W // size, C] for each place in a window."""
        size = self._size
        down, across = x.shape[1] // size * size, x.shape[2] // size * size
        return [x[:, i:down:size, j:across:size] for i in range(size) for j in range(size)]

    def parameters(self) -> dict[str, Parameter]:
        """Return no weights."""
        return {}
