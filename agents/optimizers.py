"""Optimizers: update rules of gradient descent.

In a lookup table, only the rows with a gradient are updated, and each row counts its own steps: a row that
no sample used keeps its weights and its state.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from .layers import Parameter

Array = NDArray[Any]


class Sgd:
    """Stochastic gradient descent: w <- w - learning_rate * dL/dw (Robbins and Monro 1951)."""

    moments: ClassVar[tuple[str, ...]] = ()  # state arrays of each parameter

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self.parameters = parameters
        self.state = {
            f"{name}.{moment}": np.zeros_like(parameter.value)
            for name, parameter in parameters.items()
            for moment in self.moments
        }

    def step(self, learning_rate: float) -> None:
        """Update all weights by one step along their gradients."""
        for name, parameter in self.parameters.items():
            rows = slice(None) if parameter.rows is None else parameter.rows
            parameter.value[rows] -= learning_rate * self.direction(name, rows, parameter.gradient)

    def direction(self, name: str, rows: Any, gradient: Array) -> Array:
        """Return the direction of the step [rows, ...], given the gradient of some rows of a parameter."""
        return gradient


class Momentum(Sgd):
    """Heavy-ball momentum: v <- momentum * v + dL/dw, w <- w - learning_rate * v (Polyak 1964)."""

    moments = ("velocity",)
    momentum = 0.9

    def direction(self, name: str, rows: Any, gradient: Array) -> Array:
        """Return the velocity [rows, ...]."""
        velocity = self.state[f"{name}.velocity"]
        new: Array = self.momentum * velocity[rows] + gradient
        velocity[rows] = new
        return new


class Adam(Sgd):
    """Adam (Kingma and Ba 2015).

    m <- b1 m + (1 - b1) g and v <- b2 v + (1 - b2) g^2 are running means of the gradient g and its square;
    division by 1 - b^t corrects their bias towards 0; w <- w - learning_rate * m / (sqrt(v) + epsilon).
    """

    moments = ("mean", "square")
    betas = 0.9, 0.999
    epsilon = 1e-8

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        super().__init__(parameters)
        for name, parameter in parameters.items():
            shape = (len(parameter.value), *[1] * (parameter.value.ndim - 1))
            self.state[f"{name}.steps"] = np.zeros(shape, np.int64)  # one count per row

    def direction(self, name: str, rows: Any, gradient: Array) -> Array:
        """Return the mean gradient divided by its root mean square [rows, ...]."""
        mean, square, steps = (self.state[f"{name}.{part}"] for part in (*self.moments, "steps"))
        b1, b2 = self.betas
        if isinstance(rows, slice):  # all rows, which have taken equally many steps
            steps += 1
            mean *= b1
            mean += (1 - b1) * gradient
            square *= b2
            square += (1 - b2) * (gradient * gradient)
            return self._ratio(mean, square, steps[:1])
        t = steps[rows] + 1
        m = b1 * mean[rows] + (1 - b1) * gradient
        v = b2 * square[rows] + (1 - b2) * (gradient * gradient)
        mean[rows], square[rows], steps[rows] = m, v, t
        return self._ratio(m, v, t)

    def _ratio(self, mean: Array, square: Array, steps: Array) -> Array:
        """Return mean / sqrt(square), both corrected for the number of steps."""
        b1, b2 = self.betas
        correction = np.sqrt(1 - b2**steps) / (1 - b1**steps)
        ratio: Array = correction.astype(mean.dtype) * mean
        root = np.sqrt(square)
        root += self.epsilon
        ratio /= root
        return ratio


OPTIMIZERS: dict[str, type[Sgd]] = {"sgd": Sgd, "momentum": Momentum, "adam": Adam}


def clip_gradients(parameters: Mapping[str, Parameter], max_norm: float) -> float:
    """Scale the gradients of all weights, if their joint norm exceeds `max_norm` (Pascanu et al. 2013).

    Returns:
        The norm before scaling.
    """
    squares = (float(np.square(p.gradient).sum()) for p in parameters.values())  # always in the same order
    norm = float(np.sqrt(sum(squares)))
    if norm > max_norm:
        for parameter in parameters.values():
            parameter.gradient *= max_norm / norm
    return norm
