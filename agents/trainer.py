"""Gradient descent on shuffled batches, which can be divided into pieces of any number of steps."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from .errors import AgentError, NotFiniteError
from .layers import Chain
from .losses import cross_entropy, l2_penalty
from .optimizers import OPTIMIZERS

Array = NDArray[Any]
Ints = NDArray[np.int64]


class Trainer:
    """The training of a chain of layers: weights, optimizer, random numbers and progress.

    An epoch is a pass over all samples in a new random order. The position in the epoch follows from
    `num_steps`; the order follows from the state of the generator at the beginning of the epoch.

    Args:
        chain: The layers, which end in a logit per class.
        settings: The hyperparameters by name. See `classifier.Classifier`.
        samples: The number of training samples.
        rng: Random number generator of the orders and of the augmentation.

    Attributes:
        num_steps: The number of gradient steps so far.
        loss_curve: The mean training loss of each whole epoch.
    """

    def __init__(
        self, chain: Chain, settings: Mapping[str, Any], samples: int, rng: np.random.Generator
    ) -> None:
        self.chain = chain
        self.parameters = chain.parameters()
        self.optimizer = OPTIMIZERS[settings["optimizer"]](self.parameters)
        self.restart(settings, samples, rng)

    def restart(self, settings: Mapping[str, Any], samples: int, rng: np.random.Generator) -> None:
        """Start an epoch of other samples; the weights, and the state of the optimizer, stay as they are."""
        self.settings, self.samples, self.rng = settings, samples, rng
        self.num_steps = 0
        self.loss_curve: list[float] = []
        self._order: Ints | None = None
        self._before_epoch: Mapping[str, Any] = {}  # the state of the generator
        self._loss_sum = 0.0  # of the samples of the running epoch

    @property
    def steps_per_epoch(self) -> int:
        """The number of batches that cover all samples."""
        return -(-self.samples // int(self.settings["batch_size"]))

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step: falls linearly, by the share `decay`, until the last epoch."""
        done = min(1.0, self.num_steps / (self.settings["epochs"] * self.steps_per_epoch))
        return float(self.settings["learning_rate"] * (1 - self.settings["decay"] * done))

    def train(self, batch: Callable[[Ints], Array], labels: Ints, steps: int) -> None:
        """Take gradient steps.

        Args:
            batch: Returns the inputs of the network for numbers of samples.
            labels: The number of the class of each sample [n].
            steps: The number of steps.

        Raises:
            NotFiniteError: If the loss or a weight is not finite.
        """
        size = self.settings["batch_size"]
        with np.errstate(all="ignore"), one_thread():
            for _ in range(steps):
                start = self.num_steps % self.steps_per_epoch * size
                if start == 0:
                    self._before_epoch = self.rng.bit_generator.state
                    self._order = None
                chosen = self._epoch_order()[start : start + size]
                self._step(batch(chosen), labels[chosen])
        self._check_weights()

    def _step(self, x: Array, labels: Ints) -> None:
        x = self._augmented(x) if self.settings["augment"] and x.ndim == 4 else x
        loss, gradient = cross_entropy(self.chain.forward(np.ascontiguousarray(x)), labels)
        if not np.isfinite(loss):
            self._refuse("the loss", loss)
        self.chain.backward(gradient)
        if self.settings["l2"]:
            for name, parameter in self.parameters.items():
                if name.endswith("weight"):
                    parameter.gradient += l2_penalty(parameter.value, self.settings["l2"])[1]
        self.optimizer.step(self.learning_rate)
        self.num_steps += 1
        self._loss_sum += loss * len(labels)
        if self.num_steps % self.steps_per_epoch == 0:
            self.loss_curve.append(self._loss_sum / self.samples)
            self._loss_sum = 0.0

    def _augmented(self, x: Array) -> Array:
        """Return pictures [n, H, W, C] mirrored and transposed at random, all in the same way."""
        upside_down, mirrored, transposed = self.rng.random(3) < 0.5
        if upside_down:
            x = x[:, ::-1]
        if mirrored:
            x = x[:, :, ::-1]
        return x.swapaxes(1, 2) if transposed and x.shape[1] == x.shape[2] else x

    def _epoch_order(self) -> Ints:
        """Return the order of the samples in the running epoch."""
        if self._order is None:
            now = self.rng.bit_generator.state
            self.rng.bit_generator.state = self._before_epoch
            self._order = self.rng.permutation(self.samples)
            if self.num_steps % self.steps_per_epoch:  # loaded in the middle of the epoch
                self.rng.bit_generator.state = now
        return self._order

    def _check_weights(self) -> None:
        for name, parameter in self.parameters.items():
            if not np.isfinite(parameter.value).all():
                self._refuse(name, parameter.value[~np.isfinite(parameter.value)][0])

    def _refuse(self, name: str, found: float) -> None:
        raise NotFiniteError(
            f"{name}: expected finite numbers, got {found} after {self.num_steps:,} steps; "
            "a lower learning rate may help"
        )

    def progress(self) -> dict[str, Any]:
        """Return the state of the running epoch as plain values, without the weights."""
        return {
            "samples": self.samples,
            "before_epoch": self._before_epoch or self.rng.bit_generator.state,
            "loss_sum": self._loss_sum,
            "loss_curve": self.loss_curve,
        }

    def set_progress(self, progress: Mapping[str, Any], num_steps: int) -> None:
        """Restore the state that `progress` returned.

        Raises:
            AgentError: If the state is not such a state.
        """
        before, loss_sum = progress.get("before_epoch"), progress.get("loss_sum")
        curve: Any = progress.get("loss_curve")
        if not isinstance(before, dict) or not isinstance(loss_sum, float) or not _is_curve(curve):
            raise AgentError("the state of the running epoch is damaged")
        if len(curve) != num_steps // self.steps_per_epoch:
            raise AgentError(f"expected the losses of {num_steps // self.steps_per_epoch:,} epochs")
        self._before_epoch, self._loss_sum, self.loss_curve = before, loss_sum, list(curve)
        self.num_steps, self._order = num_steps, None


def _is_curve(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(loss, float) for loss in value)


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> Any:
    """Return a context in which matrix products use one thread: faster for small ones, and always equal."""
    return _controller().limit(limits=1, user_api="blas")
