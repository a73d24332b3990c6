"""The base of classifiers: networks that learn labels by gradient descent, in scikit-learn's shape."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Annotated, Any, Self, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from . import classifier_files
from .checks import check_size
from .class_only import class_only
from .errors import AgentError, shown
from .hyperparameters import MAX_SEED, Flag, Interval, OneOf, Whole
from .layers import Chain
from .losses import cross_entropy
from .optimizers import OPTIMIZERS
from .predictor import Predictor
from .preprocessing import Inputs, PictureInputs, RowInputs
from .samples import MAX_CLASSES, Ints, checked_labels, label_numbers
from .trainer import Trainer

MAX_EPOCHS = 10_000

Array = NDArray[Any]


class Classifier(Predictor):
    """A classifier trained by gradient descent on the cross-entropy.

    Samples X are pictures, uint8 [n, H, W, 3], or rows of numbers [n, columns]. Pictures are scaled to
    [-2, 2]; columns are standardised with the mean and the standard deviation of the training samples. Labels
    y are whole numbers, texts or truth values. The same seed gives the same numbers.

    Hyperparameters are checked when `fit` or `begin` is called.

    Args:
        learning_rate: Step size of gradient descent in the first step.
        optimizer: Update rule of gradient descent.
        l2: Strength of the penalty l2 / 2 * sum(w^2) on the weights w, without biases.
        epochs: Number of passes over the training samples.
        batch_size: Number of samples per gradient step.
        augment: Whether to mirror and transpose pictures at random during training.
        decay: Fraction by which the learning rate falls, linearly, until the last epoch.
        seed: Seed of the random number generator.

    Attributes:
        classes_: The labels, sorted [K].
        n_features_in_: The number of columns, if samples are rows.
        loss_curve_: The mean cross-entropy of the batches of each epoch.
        validation_curve_: The cross-entropy on the validation samples after each epoch of `fit`.
        best_epoch_: The epoch, from 1, whose weights `fit` kept: without validation, the last one.
    """

    n_features_in_: int
    validation_curve_: list[float]
    best_epoch_: int
    _notes: dict[str, Any]
    _seen: tuple[Any, Any, Array, Ints] | None = None  # X and y of the last call of `train`, and as checked

    def __init__(
        self,
        *,
        learning_rate: Annotated[float, Interval(0, 1e30)] = 0.002,
        optimizer: Annotated[str, OneOf(tuple(OPTIMIZERS))] = "adam",
        l2: Annotated[float, Interval(0, 1e6)] = 0.0,
        epochs: Annotated[int, Whole(1, MAX_EPOCHS)] = 10,
        batch_size: Annotated[int, Whole(1)] = 50,
        augment: Annotated[bool, Flag()] = False,
        decay: Annotated[float, Interval(0, 1)] = 0.95,
        seed: Annotated[int, Whole(0, MAX_SEED)] = 0,
    ) -> None:
        self.learning_rate, self.optimizer, self.l2 = learning_rate, optimizer, l2
        self.epochs, self.batch_size, self.augment = epochs, batch_size, augment
        self.decay, self.seed = decay, seed

    @classmethod
    @abstractmethod
    def array_shapes(
        cls, shape: Sequence[int], classes: int, settings: Mapping[str, Any]
    ) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the weights by name, without creating them.

        Args:
            shape: The shape of a sample.
            classes: The number K of classes.
            settings: The checked values of the hyperparameters.

        Raises:
            AgentError: If samples of this shape do not fit.
        """

    @abstractmethod
    def chain(self, weights: Mapping[str, Array]) -> Chain:
        """Return the layers with these initial weights; biases start at zero."""

    def fit(self, X: Any, y: Any, validation: tuple[Any, Any] | None = None) -> Self:
        """Train from the beginning for `epochs` epochs, and return the classifier.

        Args:
            X: Training samples.
            y: Their labels [n].
            validation: Samples and labels that are not trained on. The weights after the epoch with the
                lowest cross-entropy on them are kept.

        Raises:
            AgentError: If samples, labels or hyperparameters are not valid.
            NotFiniteError: If the loss is no longer finite.
        """
        samples, labels = self._begin(X, y)
        held_out = None if validation is None else self._validation(validation)
        best: dict[str, Array] = {}
        trainer = self._fitted()
        for epoch in range(1, trainer.settings["epochs"] + 1):
            self._advance(samples, labels, trainer.steps_per_epoch)
            if held_out is None:
                self.best_epoch_ = epoch
                continue
            loss = cross_entropy(self._logits(held_out[0]), held_out[1])[0]
            if loss < min(self.validation_curve_, default=float("inf")):
                self.best_epoch_, best = epoch, {name: array.copy() for name, array in self.arrays().items()}
            self.validation_curve_.append(loss)
        for name, array in best.items():
            self.arrays()[name][...] = array
        return self

    def begin(self, X: Any, y: Any) -> None:
        """Start training from the beginning: initial weights, and no steps yet. Then call `train`.

        Args:
            X: Training samples.
            y: Their labels [n].

        Raises:
            AgentError: If samples, labels or hyperparameters are not valid.
        """
        self._seen = X, y, *self._begin(X, y)

    def train(self, X: Any, y: Any, steps: int) -> None:
        """Continue training by some steps. Dividing the steps among calls does not change the numbers.

        Args:
            X: The training samples, the same in each call.
            y: Their labels [n].
            steps: The number of gradient steps.

        Raises:
            AgentError: If the samples are not as many as before, or of another shape.
            NotFiniteError: If the loss is no longer finite.
        """
        steps, trainer = Whole(0)("steps", steps), self._fitted()
        if self._seen is None or self._seen[0] is not X or self._seen[1] is not y:
            samples = self._checked(X)
            self._seen = X, y, samples, label_numbers(y, self.classes_, len(samples))
        _, _, samples, labels = self._seen
        if len(samples) != trainer.samples:
            raise AgentError(
                f"X: expected the {trainer.samples:,} samples that training began with, got {len(samples):,}"
            )
        self._advance(samples, labels, steps)

    def _advance(self, samples: Array, labels: Ints, steps: int) -> None:
        self._fitted().train(lambda chosen: self._inputs.encode(samples[chosen]), labels, steps)

    def _begin(self, X: Any, y: Any) -> tuple[Array, Ints]:
        """Check samples and labels, and start training."""
        settings, samples = self.settings(), self.samples(X)
        if not len(samples):
            raise AgentError("X: expected at least one sample, got 0 sample(s)")
        labels = checked_labels(y, len(samples))
        classes, numbers = np.unique(labels, return_inverse=True)
        if not 2 <= len(classes) <= MAX_CLASSES:
            found = "1 class" if len(classes) == 1 else f"{len(classes):,} classes"
            raise AgentError(f"y: expected 2 to {MAX_CLASSES:,} classes, got {found}")
        self._build(settings, classes, self._new_inputs(samples), len(samples))
        return samples, numbers.astype(np.int64)

    def _new_inputs(self, samples: Array) -> Inputs:
        kind = PictureInputs if samples.ndim == 4 else RowInputs
        return kind.of(samples, self.dtype)

    def _build(self, settings: Mapping[str, Any], classes: Array, inputs: Inputs, samples: int) -> None:
        """Create the network and the optimizer."""
        shapes = self.array_shapes(inputs.shape, len(classes), settings)
        numbers = sum(prod(shape) for shape in shapes.values())
        check_size("the weights of the network, with the state of the optimizer,", numbers, 16)
        rng = np.random.default_rng(settings["seed"])
        chain = self.chain(initial_weights(rng, shapes, self.dtype))
        self._trainer, self._inputs, self._seen = Trainer(chain, settings, samples, rng), inputs, None
        self.classes_, self.validation_curve_, self.best_epoch_, self._notes = classes, [], 0, {}
        if len(inputs.shape) == 1:
            self.n_features_in_ = inputs.shape[0]

    def _validation(self, validation: Any) -> tuple[Array, Ints]:
        if not isinstance(validation, (tuple, list)) or len(validation) != 2:
            raise AgentError(f"validation: expected samples and labels (X, y), got {shown(validation)}")
        return self._labelled(*validation)

    @property
    def notes(self) -> dict[str, Any]:
        """Plain values that are saved with the classifier; empty when fitting begins."""
        self._fitted()
        return self._notes

    @notes.setter
    def notes(self, notes: dict[str, Any]) -> None:
        self._fitted()
        self._notes = notes

    @property
    def num_steps(self) -> int:
        """The number of gradient steps so far."""
        return 0 if self._trainer is None else self._trainer.num_steps

    @property
    def steps_per_epoch(self) -> int:
        """The number of gradient steps of an epoch."""
        return self._fitted().steps_per_epoch

    @property
    def loss_curve_(self) -> list[float]:
        """The mean cross-entropy of the batches of each epoch."""
        if self._trainer is None:
            raise AttributeError("loss_curve_: not fitted yet")
        return self._trainer.loss_curve

    def optimizer_state(self) -> dict[str, Array]:
        """Return the arrays that continued training needs besides the weights, by name."""
        return self._fitted().optimizer.state

    def save(self, path: str | Path, notes: Mapping[str, Any] | None = None) -> Path:
        """Save the classifier to a file, with all that continued training needs.

        Args:
            path: The file; the suffix ".safetensors" is added if it is missing.
            notes: Plain values to save with the classifier; by default `self.notes`.

        Returns:
            The path of the file.

        Raises:
            AgentError: If there is nothing to save yet, or a number is not finite.
        """
        return classifier_files.save(self, path, notes)

    @class_only
    def load(cls, path: str | Path) -> Self:
        """Load a classifier of this class from a file.

        Raises:
            MemoryFileError: If the file is not a saved classifier of this class.
        """
        return cast(Self, classifier_files.load(cls, path))


def initial_weights(
    rng: np.random.Generator, shapes: Mapping[str, tuple[int, ...]], dtype: DTypeLike
) -> dict[str, Array]:
    """Return random weights by name, normally distributed with variance 2 / inputs (He et al. 2015).

    Those of the last layer are ten times smaller, so that all classes are about equally probable; without
    other layers they are zero.
    """
    names = [name for name in shapes if name.endswith("weight")]
    weights = {}
    for name in names:
        scale = np.sqrt(2 / shapes[name][0]) * (1 if name != names[-1] else 0.1 if len(names) > 1 else 0)
        weights[name] = (rng.standard_normal(shapes[name]) * scale).astype(dtype)
    return weights
