"""The classifiers: softmax regression on features or on pixels, an MLP, a convolutional network."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Annotated, Any

from .classifier import Classifier
from .convolution import Convolution, MaxPool
from .errors import AgentError, MemoryFileError
from .features import FEATURES, measure
from .hyperparameters import LayerSizes
from .layers import Array, Chain, Flatten, Layer, Linear, Relu, Tanh
from .runs import memory_file, read_agent
from .samples import checked_pictures, checked_rows, is_pictures

MAX_UNITS = 4_096  # of a hidden layer
MAX_FILTERS = 256
WINDOW, STRIDE = 5, 2  # of the first convolution
SECOND_WINDOW, POOL = 3, 2
SMALLEST = WINDOW + STRIDE * (SECOND_WINDOW + POOL - 2)  # pixels of a side

Shapes = dict[str, tuple[int, ...]]


class SoftmaxClassifier(Classifier):
    """Softmax regression (multinomial logistic regression): p = softmax(x W + b).

    Every number of a sample has one coefficient per class. Other arguments as in `Classifier`.

    Args:
        **options: See `Classifier`.
    """

    @classmethod
    def array_shapes(cls, shape: Sequence[int], classes: int, settings: Mapping[str, Any]) -> Shapes:
        """Return the shapes of W and b."""
        return linear_shapes([prod(shape), classes])

    def chain(self, weights: Mapping[str, Array]) -> Chain:
        """Return a linear layer."""
        return Chain([Flatten(), Linear(weights["1.weight"])])


class FeatureClassifier(SoftmaxClassifier):
    """Softmax regression on features that are measured in pictures (see `features.measure`): 15 numbers.

    X is pictures, or their measured features [n, 4]. Other arguments as in `Classifier`.

    Args:
        learning_rate: Step size of gradient descent in the first step.
        **options: See `Classifier`.
    """

    def __init__(self, *, learning_rate: float = 0.02, **options: Any) -> None:
        super().__init__(learning_rate=learning_rate, **options)

    def samples(self, X: Any) -> Array:
        """Return the features [n, 4]."""
        if is_pictures(X):
            return measure(checked_pictures(X))
        rows = checked_rows(X)
        if rows.shape[1] != len(FEATURES):
            expected = f"pictures, or the {len(FEATURES)} features {', '.join(FEATURES)}"
            raise AgentError(f"X: expected {expected}, got {rows.shape[1]} columns")
        return rows


class MLPClassifier(Classifier):
    """A multilayer perceptron with tanh units. Other arguments as in `Classifier`.

    Args:
        hidden: Units of each hidden layer.
        **options: See `Classifier`.
    """

    def __init__(
        self, *, hidden: Annotated[Sequence[int], LayerSizes(MAX_UNITS)] = (64,), **options: Any
    ) -> None:
        super().__init__(**options)
        self.hidden = hidden

    @classmethod
    def array_shapes(cls, shape: Sequence[int], classes: int, settings: Mapping[str, Any]) -> Shapes:
        """Return the shapes of the weights and biases of all layers."""
        return linear_shapes([prod(shape), *settings["hidden"], classes])

    def chain(self, weights: Mapping[str, Array]) -> Chain:
        """Return linear layers with tanh units between them."""
        layers: list[Layer] = [Flatten()]
        for weight in weights.values():
            layers += [Tanh()] if len(layers) > 1 else []
            layers.append(Linear(weight))
        return Chain(layers)


class ConvClassifier(Classifier):
    """A small convolutional network for pictures.

    Windows of 5 x 5 pixels with stride 2, ReLU; windows of 3 x 3, ReLU; the largest of 2 x 2; a linear layer.
    (ReLU follows the maximum, which gives the same numbers with less work.) Other arguments as in
    `Classifier`.

    Args:
        filters: Filters of the first and of the second convolution.
        learning_rate: Step size of gradient descent in the first step.
        augment: Whether to mirror and transpose pictures at random during training.
        **options: See `Classifier`.
    """

    def __init__(
        self,
        *,
        learning_rate: float = 0.01,
        filters: Annotated[Sequence[int], LayerSizes(MAX_FILTERS, 2, least=2)] = (8, 16),
        augment: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, augment=augment, **options)
        self.filters = filters

    def samples(self, X: Any) -> Array:
        """Return checked pictures."""
        return checked_pictures(X)

    @classmethod
    def array_shapes(cls, shape: Sequence[int], classes: int, settings: Mapping[str, Any]) -> Shapes:
        """Return the shapes of the weights and biases of all layers."""
        if len(shape) != 3 or min(shape[:2]) < SMALLEST:
            raise AgentError(
                f"X: expected pictures of at least {SMALLEST} x {SMALLEST} pixels, got {list(shape)}"
            )
        first, second = settings["filters"]
        sides = (Convolution.windows(side, WINDOW, STRIDE) for side in shape[:2])
        down, across = (Convolution.windows(side, SECOND_WINDOW, 1) // POOL for side in sides)
        return {
            "0.weight": (WINDOW * WINDOW * shape[2], first),
            "0.bias": (first,),
            "2.weight": (SECOND_WINDOW * SECOND_WINDOW * first, second),
            "2.bias": (second,),
            "6.weight": (down * across * second, classes),
            "6.bias": (classes,),
        }

    def chain(self, weights: Mapping[str, Array]) -> Chain:
        """Return the layers of the network."""
        return Chain(
            [
                Convolution(weights["0.weight"], WINDOW, STRIDE),
                Relu(),
                Convolution(weights["2.weight"], SECOND_WINDOW),
                MaxPool(POOL),
                Relu(),
                Flatten(),
                Linear(weights["6.weight"]),
            ]
        )


def linear_shapes(widths: Sequence[int]) -> Shapes:
    """Return the shapes of linear layers with tanh units between them, after `Flatten`."""
    shapes: Shapes = {}
    for number, (inputs, units) in enumerate(pairwise(widths)):
        shapes |= {f"{2 * number + 1}.weight": (inputs, units), f"{2 * number + 1}.bias": (units,)}
    return shapes


CLASSIFIERS: dict[str, type[Classifier]] = {
    "features": FeatureClassifier,
    "softmax": SoftmaxClassifier,
    "mlp": MLPClassifier,
    "conv": ConvClassifier,
}


def load_classifier(run: str | Path) -> Classifier:
    """Load a classifier of any class.

    Args:
        run: The folder of a run, "FOLDER@STEPS" for its last snapshot up to that step, or a file.

    Raises:
        AgentError: If there is no such run or snapshot, or the file is not a saved classifier.
    """
    file = memory_file(run)
    _, description = read_agent(file)
    kinds = {kind.__name__: kind for kind in CLASSIFIERS.values()}
    algorithm = description.get("algorithm")
    if not isinstance(algorithm, str) or algorithm not in kinds:
        raise MemoryFileError(
            f"{file}: expected one of the classifiers {', '.join(kinds)}, got {algorithm!r:.100}"
        )
    classifier: Classifier = kinds[algorithm].load(file)
    return classifier
