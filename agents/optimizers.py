"""Optimizers: update rules of gradient descent.

The gradient of a lookup table is zero in the rows that no sample of the batch used. `Sgd` leaves such rows as
they are, `Adam` moves them on with their running means. `Momentum` and `RowAdam` are variants for tables:
rows that no sample used keep their weights and their state.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil, log
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from .layers import Parameter

Array = NDArray[Any]

DENSE = "dense"  # all weights but lookup tables, which are updated as one flat array: ten times fewer calls


class Sgd:
    """Stochastic gradient descent: w <- w - learning_rate * dL/dw (Robbins and Monro 1951).

    Attributes:
        parameters: The weights by name.
        state: The arrays that the optimizer remembers, by names such as "policy.0.table.mean".
    """

    moments: ClassVar[tuple[str, ...]] = ()  # state arrays of each parameter

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self.parameters = parameters
        self._dense = {name: parameter for name, parameter in parameters.items() if parameter.rows is None}
        self._parts = {name: table for name, table in parameters.items() if name not in self._dense}
        if self._dense:
            self._parts[DENSE] = _joined([*self._dense.values()])
        self.state: dict[str, Array] = {}
        self._moments: dict[str, Array] = {}  # of the parts; `state` has views
        for moment in self.moments:
            self._add_state(moment, {name: part.value for name, part in parameters.items()})

    def _add_state(self, moment: str, like: Mapping[str, Array]) -> None:
        """Add a state array of zeros, shaped and typed like an array for each parameter."""
        dense = [like[name] for name in self._dense]
        if dense:
            self._moments[f"{DENSE}.{moment}"] = np.zeros(sum(array.size for array in dense), dense[0].dtype)
            views = _views(self._moments[f"{DENSE}.{moment}"], dense)
            self.state |= {f"{name}.{moment}": view for name, view in zip(self._dense, views, strict=True)}
        tables = {f"{name}.{moment}": np.zeros_like(like[name]) for name in self._parts if name != DENSE}
        self.state |= tables
        self._moments |= tables

    def step(self, learning_rate: float) -> None:
        """Update all weights by one step along their gradients."""
        for name, part in self._parts.items():
            if name == DENSE:
                part.gradient = np.concatenate([dense.gradient.ravel() for dense in self._dense.values()])
            rows, gradient = self.used(part)
            part.value[rows] -= learning_rate * self.direction(name, rows, gradient)

    def used(self, parameter: Parameter) -> tuple[Any, Array]:
        """Return the rows of a parameter that a step updates, and their gradient [rows, ...]."""
        return slice(None) if parameter.rows is None else parameter.rows, parameter.gradient

    def direction(self, name: str, rows: Any, gradient: Array) -> Array:
        """Return the direction of the step [rows, ...], given the gradient of some rows of a parameter."""
        return gradient


class Momentum(Sgd):
    """Heavy-ball momentum: v <- momentum * v + dL/dw, w <- w - learning_rate * v (Polyak 1964).

    In a lookup table, rows that no sample used stand still, and keep their velocity for the next time.
    """

    moments = ("velocity",)
    momentum = 0.9

    def direction(self, name: str, rows: Any, gradient: Array) -> Array:
        """Return the velocity [rows, ...]."""
        velocity = self._moments[f"{name}.velocity"]
        new: Array = self.momentum * velocity[rows] + gradient
        velocity[rows] = new
        return new


class Adam(Sgd):
    """Adam (Kingma and Ba 2015).

    m <- b1 m + (1 - b1) g and v <- b2 v + (1 - b2) g^2 are running means of the gradient g and its square;
    division by 1 - b^t corrects their bias towards 0; w <- w - learning_rate * m / (sqrt(v) + epsilon).
    Epsilon is added before v is corrected, as in the faster form at the end of section 2 of the paper.
    """

    moments = ("mean", "square")
    betas = 0.9, 0.999
    epsilon = 1e-8

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        super().__init__(parameters)
        rows = {
            name: np.zeros((len(part.value), *[1] * (part.value.ndim - 1)), np.int64)
            for name, part in parameters.items()
        }
        self._add_state("steps", rows)  # one count per row, see `RowAdam`

    def used(self, parameter: Parameter) -> tuple[Any, Array]:
        """Return all rows, and the whole gradient."""
        if parameter.rows is None:
            return slice(None), parameter.gradient
        whole = np.zeros_like(parameter.value)
        whole[parameter.rows] = parameter.gradient
        return slice(None), whole

    def direction(self, name: str, rows: Any, gradient: Array) -> Array:
        """Return the mean gradient divided by its root mean square [rows, ...]."""
        mean, square, steps = self._state(name)
        b1, b2 = self.betas
        steps += 1
        mean *= b1
        mean += (1 - b1) * gradient
        square *= b2
        square += (1 - b2) * (gradient * gradient)
        return self._ratio(mean, square, steps[:1])

    def _state(self, name: str) -> tuple[Array, Array, Array]:
        """Return the running means, and the number of steps of each row."""
        mean, square, steps = (self._moments[f"{name}.{part}"] for part in (*self.moments, "steps"))
        return mean, square, steps

    def _ratio(self, mean: Array, square: Array, steps: Array) -> Array:
        """Return mean / sqrt(square), both corrected for the number of steps."""
        correction = corrections(*self.betas).take(steps, mode="clip")
        ratio: Array = correction.astype(mean.dtype) * mean
        root = np.sqrt(square)
        root += self.epsilon
        ratio /= root
        return ratio


@cache
def corrections(b1: float, b2: float) -> Array:
    """Return the correction of Adam's step for each number of steps t, sqrt(1 - b2^t) / (1 - b1^t) [T].

    The last correction is 1, as are all that would follow: the powers are lost in rounding.
    """
    steps = np.arange(ceil(-54 * log(2) / log(max(b1, b2))) + 2)
    with np.errstate(divide="ignore", invalid="ignore"):  # t = 0 is not used
        found: Array = np.sqrt(1 - b2**steps) / (1 - b1**steps)
    return found


class RowAdam(Adam):
    """Adam for lookup tables: each row is its own problem.

    The means and the step count of a row change only when a sample of the batch used the row, so that a state
    visited for the first time takes a step of full length. With dense layers, the same as `Adam`. Sparse
    variants in libraries, such as PyTorch's SparseAdam, share one step count among all rows.
    """

    used = Sgd.used

    def direction(self, name: str, rows: Any, gradient: Array) -> Array:
        """Return the mean gradient divided by its root mean square [rows, ...]."""
        if isinstance(rows, slice):  # all rows, which have taken equally many steps
            return super().direction(name, rows, gradient)
        mean, square, steps = self._state(name)
        b1, b2 = self.betas
        t = steps.take(rows, axis=0) + 1
        m = b1 * mean.take(rows, axis=0) + (1 - b1) * gradient
        v = b2 * square.take(rows, axis=0) + (1 - b2) * (gradient * gradient)
        mean[rows], square[rows], steps[rows] = m, v, t
        return self._ratio(m, v, t)


def _joined(parameters: Sequence[Parameter]) -> Parameter:
    """Return parameters as one, whose values are a flat array; the values of each become a view of that."""
    values = [parameter.value for parameter in parameters]
    flat = np.concatenate([value.ravel() for value in values])
    for parameter, view in zip(parameters, _views(flat, values), strict=True):
        parameter.value = view
    return Parameter(flat)


def _views(flat: Array, like: Sequence[Array]) -> list[Array]:
    """Return consecutive parts of a flat array, each with the shape of an array."""
    ends = np.cumsum([array.size for array in like])
    return [part.reshape(array.shape) for part, array in zip(np.split(flat, ends[:-1]), like, strict=True)]


OPTIMIZERS: dict[str, type[Sgd]] = {"sgd": Sgd, "momentum": Momentum, "adam": Adam}
TABLE_OPTIMIZERS: dict[str, type[Sgd]] = OPTIMIZERS | {"row-adam": RowAdam}  # also for lookup tables


def clip_gradients(parameters: Mapping[str, Parameter], max_norm: float) -> float:
    """Scale the gradients of all weights, if their joint norm exceeds `max_norm` (Pascanu et al. 2013).

    Returns:
        The norm before scaling.
    """
    gradients = (parameter.gradient for parameter in parameters.values())  # always in the same order
    squares = (float(np.add.reduce(np.square(gradient), axis=None)) for gradient in gradients)
    norm = float(np.sqrt(sum(squares)))
    if norm > max_norm:
        for parameter in parameters.values():
            parameter.gradient *= max_norm / norm
    return norm
