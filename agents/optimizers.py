"""Optimisers: how far to step down the hill of the loss, given its gradient.

Of a look-up table only the rows with a gradient take a step, and each counts its own steps: a row that no
sample used keeps its numbers, and its memory of former gradients, until it is used again.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from .layers import Parameter

Array = NDArray[Any]


class Sgd:
    """Stochastic gradient descent: w <- w - learning_rate * dL/dw (Robbins and Monro 1951)."""

    frames: ClassVar[tuple[str, ...]] = ()  # what is remembered of each weight

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self.parameters = parameters
        self.state = {
            f"{name}.{frame}": np.zeros_like(parameter.value)
            for name, parameter in parameters.items()
            for frame in self.frames
        }

    def step(self, learning_rate: float) -> None:
        """Move all weights by one step; their gradients are set."""
        for name, parameter in self.parameters.items():
            rows = slice(None) if parameter.rows is None else parameter.rows
            parameter.value[rows] -= learning_rate * self.direction(name, rows, parameter.gradient)

    def direction(self, name: str, rows: Any, gradient: Array) -> Array:
        """Where to go, from the gradient of some rows of the weights of that name; shaped like it."""
        return gradient


class Momentum(Sgd):
    """A heavy ball: v <- momentum * v + dL/dw, w <- w - learning_rate * v (Polyak 1964)."""

    frames = ("velocity",)
    momentum = 0.9

    def direction(self, name: str, rows: Any, gradient: Array) -> Array:
        """The velocity."""
        velocity = self.state[f"{name}.velocity"]
        new: Array = self.momentum * velocity[rows] + gradient
        velocity[rows] = new
        return new


class Adam(Sgd):
    """Steps of about equal size for weights with large and with small gradients (Kingma and Ba 2015).

    m <- b1 m + (1 - b1) g and v <- b2 v + (1 - b2) g^2 are running means of the gradient g and its square;
    dividing by 1 - b^t makes up for their start at 0; w <- w - learning_rate * m / (sqrt(v) + epsilon).
    """

    frames = ("mean", "square")
    betas = 0.9, 0.999
    epsilon = 1e-8

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        super().__init__(parameters)
        for name, parameter in parameters.items():
            shape = (len(parameter.value), *[1] * (parameter.value.ndim - 1))
            self.state[f"{name}.steps"] = np.zeros(shape, np.int64)  # of each row

    def direction(self, name: str, rows: Any, gradient: Array) -> Array:
        """The mean gradient in units of its usual size."""
        mean, square, steps = (self.state[f"{name}.{part}"] for part in (*self.frames, "steps"))
        b1, b2 = self.betas
        t = steps[rows] + 1
        m = b1 * mean[rows] + (1 - b1) * gradient
        v = b2 * square[rows] + (1 - b2) * (gradient * gradient)
        mean[rows], square[rows], steps[rows] = m, v, t
        correction = np.sqrt(1 - b2**t) / (1 - b1**t)
        result: Array = correction.astype(gradient.dtype) * m / (np.sqrt(v) + self.epsilon)
        return result


OPTIMIZERS: dict[str, type[Sgd]] = {"sgd": Sgd, "momentum": Momentum, "adam": Adam}


def clip_gradients(parameters: Mapping[str, Parameter], max_norm: float) -> float:
    """Shorten the gradient, all weights together, to at most that length (Pascanu et al. 2013).

    Returns:
        The length that it had.
    """
    squares = (float(np.square(p.gradient).sum()) for p in parameters.values())  # in the same order always
    norm = float(np.sqrt(sum(squares)))
    if norm > max_norm:
        for parameter in parameters.values():
            parameter.gradient *= max_norm / norm
    return norm
