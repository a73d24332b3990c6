"""Yardsticks: simple and strong methods whose scores stand beside those of a classifier.

Each is a function of training inputs [n, d], training labels [n], kinds K and test inputs [m, d] that returns
the predicted labels [m] and how many numbers the method keeps after training.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 15  # of k-NN
CHUNK = 250  # test pictures whose distances are computed at once
TREES = 100  # per kind
INSTALL = 'pip install "cookie-jar[yardsticks]"'

Numbers = NDArray[Any]
Ints = NDArray[np.integer[Any]]
Method = Callable[[Numbers, Ints, int, Numbers], tuple[Ints, int]]


class Yardstick(NamedTuple):
    """A method with its name in tables.

    Attributes:
        name: The name.
        inputs: "pixels", "features" (measured in the picture), "attributes" (the true ones), or "" for none.
        method: The function.
        library: The library that the method needs, or None.
        slow: Whether the method takes more than a few seconds on 5,000 pictures.
    """

    name: str
    inputs: str
    method: Method
    library: str | None = None
    slow: bool = False


def most_frequent(train: Numbers, labels: Ints, kinds: int, test: Numbers) -> tuple[Ints, int]:
    """Predict always the most frequent kind."""
    return np.full(len(test), np.bincount(labels, minlength=kinds).argmax()), 1


def nearest_mean(train: Numbers, labels: Ints, kinds: int, test: Numbers) -> tuple[Ints, int]:
    """Predict the kind with the nearest mean of the training inputs."""
    present = np.unique(labels)
    means = np.stack([_floats(train[labels == kind]).mean(axis=0) for kind in present])
    distances = (means**2).sum(axis=1) - 2 * _floats(test) @ means.T
    return present[distances.argmin(axis=1)], means.size


def nearest_neighbours(train: Numbers, labels: Ints, kinds: int, test: Numbers) -> tuple[Ints, int]:
    """Predict the most frequent kind among the nearest training inputs; ties go to the first kind."""
    known = _floats(train)
    squares, k = (known**2).sum(axis=1), min(NEIGHBOURS, len(known))
    votes = np.zeros((len(test), kinds), np.int64)
    for start in range(0, len(test), CHUNK):
        part = _floats(test[start : start + CHUNK])
        nearest = np.argpartition(squares - 2 * part @ known.T, k - 1, axis=1)[:, :k]
        np.add.at(votes, (np.arange(start, start + len(part))[:, None], labels[nearest]), 1)
    return votes.argmax(axis=1), known.size


def boosting(train: Numbers, labels: Ints, kinds: int, test: Numbers) -> tuple[Ints, int]:
    """Predict with scikit-learn's gradient boosting of small trees."""
    from sklearn.ensemble import GradientBoostingClassifier

    model = GradientBoostingClassifier(n_estimators=TREES, max_features="sqrt", random_state=0)
    model.fit(train, labels)
    trees = [tree.tree_ for tree in model.estimators_.ravel()]
    numbers = sum(_tree_numbers(tree.node_count, tree.n_leaves) for tree in trees)
    return np.asarray(model.predict(test)), int(numbers)


def xgboost(train: Numbers, labels: Ints, kinds: int, test: Numbers) -> tuple[Ints, int]:
    """Predict with XGBoost's gradient boosting of trees."""
    from xgboost import XGBClassifier

    present, codes = np.unique(labels, return_inverse=True)
    model = XGBClassifier(
        n_estimators=TREES, max_depth=4, learning_rate=0.2, tree_method="hist", n_jobs=1, random_state=0
    )
    model.fit(train, codes)
    trees = model.get_booster().get_dump()
    numbers = sum(_tree_numbers(len(tree.splitlines()), tree.count("leaf=")) for tree in trees)
    return present[np.asarray(model.predict(test), int)], numbers


def softmax(train: Numbers, labels: Ints, kinds: int, test: Numbers) -> tuple[Ints, int]:
    """Predict with our own softmax regression."""
    from cookie_jar.agents.classifiers import SoftmaxClassifier

    model = SoftmaxClassifier(learning_rate=0.02, seed=0).fit(train, labels)
    return model.predict(test), model.num_parameters


class Inputs:
    """The inputs of yardsticks for training and test pictures; features are measured when asked for.

    Args:
        pictures: All pictures [n, S, S, 3].
        attributes: Their true attributes [n, 5], if known.
        train: Indices of the training pictures.
        test: Indices of the test pictures.
    """

    def __init__(self, pictures: Numbers, attributes: Numbers | None, train: Ints, test: Ints) -> None:
        self._known = {"pixels": pictures.reshape(len(pictures), -1)}
        if attributes is not None:
            self._known["attributes"] = attributes
        self._pictures, self._train, self._test = pictures, train, test

    def of(self, name: str) -> tuple[Numbers, Numbers]:
        """Return the training inputs and the test inputs: "pixels", "features" or "attributes"."""
        name = name or "pixels"
        if name == "features" and name not in self._known:
            from cookie_jar.agents.features import FEATURES, measure

            features = np.zeros((len(self._pictures), len(FEATURES)))
            for part in (self._train, self._test):
                features[part] = measure(self._pictures[part])
            self._known[name] = features
        return self._known[name][self._train], self._known[name][self._test]


YARDSTICKS = (
    Yardstick("always the same", "", most_frequent),
    Yardstick("nearest mean", "pixels", nearest_mean),
    Yardstick(f"{NEIGHBOURS} nearest neighbours", "pixels", nearest_neighbours),
    Yardstick("XGBoost", "features", xgboost, "xgboost"),
    Yardstick("scikit-learn's boosting", "features", boosting, "sklearn"),
    Yardstick("XGBoost", "pixels", xgboost, "xgboost", slow=True),
    Yardstick("softmax", "attributes", softmax),
)


def missing(yardsticks: tuple[Yardstick, ...] = YARDSTICKS) -> list[str]:
    """Return the libraries of yardsticks that are not installed."""
    libraries = dict.fromkeys(yardstick.library for yardstick in yardsticks)
    return [library for library in libraries if library is not None and find_spec(library) is None]


def _tree_numbers(nodes: int, leaves: int) -> int:
    """Return the numbers of a binary tree: a value per leaf, an input and a threshold per inner node."""
    return leaves + 2 * (nodes - leaves)


def _floats(inputs: Numbers) -> NDArray[np.float32]:
    """Return inputs as float32 in small units: pixels from 0 to 1, and other numbers as they are."""
    values = inputs.astype(np.float32)
    return values / np.float32(255) if inputs.dtype == np.uint8 else values
