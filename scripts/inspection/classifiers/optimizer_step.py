"""A step of the optimizer on a classifier's numbers, and its arithmetic for one number."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.layers import Parameter
from cookie_jar.agents.optimizers import OPTIMIZERS, Adam, Momentum, Sgd
from cookie_jar.scripts.inspection.classifiers.view import ClassifierView, Labelled

Floats = NDArray[np.float64]


class Stepper:
    """The optimizer of a classifier, which takes steps from the classifier's present state.

    Args:
        view: The view of the classifier; its parameters are changed by each step.
    """

    def __init__(self, view: ClassifierView) -> None:
        self.view, classifier = view, view.classifier
        self._parameters = {name: Parameter(array) for name, array in view.arrays.items()}
        self.optimizer: Sgd = OPTIMIZERS[classifier.optimizer](self._parameters)
        for name, array in classifier.optimizer_state().items():
            self.optimizer.state[name][...] = array

    def gradient(self, labelled: Labelled) -> dict[str, NDArray[Any]]:
        """Return the gradient of the loss, with the L2 penalty of the weights, by name."""
        l2 = self.view.classifier.l2
        return {
            name: array + l2 * self.view.arrays[name] if name.endswith("weight") else array
            for name, array in self.view.classifier.gradient(*labelled).items()
        }

    def step(self, labelled: Labelled, rate: float) -> None:
        """Take a step on some labelled samples."""
        arrays = self.view.arrays  # the optimizer may keep the values in arrays of its own
        for name, gradient in self.gradient(labelled).items():
            self._parameters[name].value[...] = arrays[name]
            self._parameters[name].gradient = gradient
        self.optimizer.step(rate)
        for name, parameter in self._parameters.items():
            arrays[name][...] = parameter.value

    def arithmetic(self, index: int, gradient: float, rate: float) -> list[str]:
        """Return the arithmetic of a step for a parameter, given its gradient, in lines of text."""
        name, position = self.view.position(index)
        before = float(self.view.arrays[name][tuple(position)])
        direction = gradient
        lines: list[str] = []
        if isinstance(self.optimizer, Momentum):
            lines, direction = self._momentum(name, position, gradient)
        elif isinstance(self.optimizer, Adam):
            lines, direction = self._adam(name, position, gradient)
        what = "gradient" if not lines else "direction"
        term = f"{rate:g} x {direction:+.6f} = {before - rate * direction:.6f}"
        return [
            *lines,
            f"after = before - learning rate x {what} = {before:.6f} - {term}",
        ]

    def _momentum(self, name: str, position: list[int], gradient: float) -> tuple[list[str], float]:
        velocity, factor = float(self._state(name, "velocity", position)), Momentum.momentum
        direction = factor * velocity + gradient
        text = f"{factor:g} x {velocity:+.6f} + {gradient:+.6f} = {direction:+.6f}"
        return [f"direction = momentum x earlier direction + gradient = {text}"], direction

    def _adam(self, name: str, position: list[int], gradient: float) -> tuple[list[str], float]:
        (b1, b2), epsilon = Adam.betas, Adam.epsilon
        mean, square = (float(self._state(name, moment, position)) for moment in Adam.moments)
        steps = int(self.optimizer.state[f"{name}.steps"].ravel()[position[0]]) + 1
        m, v = b1 * mean + (1 - b1) * gradient, b2 * square + (1 - b2) * gradient**2
        corrected, root = m / (1 - b1**steps), float(np.sqrt(v / (1 - b2**steps)))
        direction = corrected / (root + epsilon)
        return [
            f"mean of gradients   = {b1:g} x {mean:+.6g} + {1 - b1:.3g} x {gradient:+.6g} = {m:+.6g}",
            f"mean of squares     = {b2:g} x {square:.6g} + {1 - b2:.3g} x {gradient:+.6g}^2 = {v:.6g}",
            f"corrected, step {steps:,}: {corrected:+.6g} and {root:.6g}^2 (Adam divides by 1 - beta^step)",
            f"direction           = {corrected:+.6g} / {root:.6g} = {direction:+.6f}",
        ], direction

    def _state(self, name: str, moment: str, position: list[int]) -> Any:
        return self.optimizer.state[f"{name}.{moment}"][tuple(position)]


@contextmanager
def restored(view: ClassifierView) -> Iterator[Floats]:
    """Yield the parameters [n], and restore them at the end."""
    parameters = view.parameters()
    try:
        yield parameters
    finally:
        view.set_parameters(parameters)
