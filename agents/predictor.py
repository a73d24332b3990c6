"""The answers of a fitted network: labels, probabilities, scores, and gradients that explain them."""

from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .errors import AgentError
from .estimator import Estimator
from .losses import cross_entropy, log_softmax
from .preprocessing import Inputs
from .samples import Ints, checked_labels, checked_pictures, checked_rows, is_pictures, label_numbers
from .trainer import Trainer, one_thread

PICTURES, ROWS = 10, 4_096  # samples per forward pass: few pictures stay in the cache

Array = NDArray[Any]
Labelled = tuple[Array, Array]  # pictures or features [n, ...], and labels [n]


class Scores(NamedTuple):
    """The mean cross-entropy in nats of a classifier, and its share of right answers."""

    loss: float
    accuracy: float


class Predictor(Estimator):
    """The part of a classifier that answers with fitted weights; see `Classifier` for samples and labels."""

    dtype: ClassVar[DTypeLike] = np.float32  # of the weights
    classes_: Array
    _inputs: Inputs
    _trainer: Trainer | None = None

    def samples(self, X: Any) -> Array:
        """Return checked samples as the network takes them: pictures or rows.

        Raises:
            AgentError: If they are no samples.
        """
        return checked_pictures(X) if is_pictures(X) else checked_rows(X)

    def __sklearn_is_fitted__(self) -> bool:
        """Return whether `fit` or `begin` has been called."""
        return self._trainer is not None

    def _fitted(self) -> Trainer:
        if self._trainer is None:
            raise AgentError(f"{type(self).__name__}: not fitted yet; call fit(X, y) first")
        return self._trainer

    def _checked(self, X: Any) -> Array:
        """Return samples of the shape that the network takes."""
        self._fitted()
        samples = self.samples(X)
        if samples.shape[1:] == self._inputs.shape:
            return samples
        if samples.ndim == 2 and len(self._inputs.shape) == 1:
            raise AgentError(
                f"X has {samples.shape[1]} features, but {type(self).__name__} is expecting "
                f"{self._inputs.shape[0]} features as input"
            )
        raise AgentError(f"X: expected samples of shape {self._inputs.shape}, got {samples.shape[1:]}")

    def _labelled(self, X: Any, y: Any) -> tuple[Array, Ints]:
        """Return at least one sample, and the number of the class of each."""
        samples = self._checked(X)
        if not len(samples):
            raise AgentError("X: expected at least one sample, got 0 sample(s)")
        return samples, label_numbers(y, self.classes_, len(samples))

    def _logits(self, samples: Array) -> Array:
        """Return logits, float64 [n, K], for checked samples."""
        size = PICTURES if samples.ndim == 4 else ROWS
        forward = self._fitted().chain.forward
        with np.errstate(all="ignore"), one_thread():
            parts = [
                forward(self._inputs.encode(samples[start : start + size]))
                for start in range(0, len(samples), size)
            ]
        return np.concatenate([np.empty((0, len(self.classes_))), *parts])

    def logits(self, X: Any) -> NDArray[np.float64]:
        """Return the logit of each class [n, K]: log-probabilities up to a constant per sample."""
        return self._logits(self._checked(X))

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Return the logits [n, K]; for two classes their difference [n], as scikit-learn expects."""
        logits = self.logits(X)
        return logits[:, 1] - logits[:, 0] if logits.shape[1] == 2 else logits

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the probability of each class [n, K], in the order of `classes_`."""
        probabilities: NDArray[np.float64] = np.exp(log_softmax(self.logits(X)))
        return probabilities

    def predict(self, X: Any) -> Array:
        """Return the most probable label of each sample [n]."""
        logits = self.logits(X)
        labels: Array = self.classes_[logits.argmax(axis=1)]
        return labels

    def score(self, X: Any, y: Any) -> float:
        """Return the accuracy: the share of samples whose most probable label is right."""
        found = self.predict(X)
        if not len(found):
            raise AgentError("X: expected at least one sample, got 0 sample(s)")
        return float((found == checked_labels(y, len(found))).mean())

    def loss(self, X: Any, y: Any) -> float:
        """Return the mean cross-entropy, without the L2 penalty."""
        samples, labels = self._labelled(X, y)
        return cross_entropy(self._logits(samples), labels)[0]

    def gradient(self, X: Any, y: Any) -> dict[str, Array]:
        """Return the gradient of `loss` with respect to each array of weights, by name."""
        (samples, labels), trainer = self._labelled(X, y), self._fitted()
        total = {name: np.zeros_like(array) for name, array in self.arrays().items()}
        with one_thread():
            for start in range(0, len(samples), PICTURES):
                part = slice(start, start + PICTURES)
                logits = trainer.chain.forward(self._inputs.encode(samples[part]))
                gradient = cross_entropy(logits, labels[part])[1] * (len(logits) / len(samples))
                trainer.chain.backward(gradient)
                for name, parameter in trainer.parameters.items():
                    total[name] += parameter.gradient
        return total

    def saliency(self, X: Any, label: Any) -> Array:
        """Return the gradient of the logit of a class with respect to each number of the samples [n, ...].

        Args:
            X: Samples.
            label: The label of the class.
        """
        samples = self._checked(X)
        [number] = label_numbers(np.array([label]), self.classes_, 1)
        chain, parts = self._fitted().chain, [np.zeros(samples[:0].shape, self.dtype)]
        with one_thread():
            for start in range(0, len(samples), PICTURES):
                logits = chain.forward(self._inputs.encode(samples[start : start + PICTURES]))
                gradient = np.zeros_like(logits)
                gradient[:, number] = 1
                parts.append(self._inputs.raw_gradient(chain.input_gradient(gradient)))
        return np.concatenate(parts)

    @property
    def num_parameters(self) -> int:
        """The number of learned weights."""
        return sum(array.size for array in self.arrays().values())

    def arrays(self) -> dict[str, Array]:
        """Return the learned weights by name; changing them in place changes the classifier."""
        return {name: parameter.value for name, parameter in self._fitted().parameters.items()}

    def constants(self) -> dict[str, Array]:
        """Return the arrays that scale the inputs: mean and scale of each column, if samples are rows."""
        self._fitted()
        return self._inputs.arrays()


def loss_and_accuracy(classifier: Predictor, labelled: Labelled) -> Scores:
    """Return the scores of a classifier on labelled inputs."""
    samples, labels = labelled
    logits = classifier.logits(samples)
    numbers = label_numbers(labels, classifier.classes_, len(logits))
    loss, _ = cross_entropy(logits, numbers)
    return Scores(loss, float((logits.argmax(axis=1) == numbers).mean()))
