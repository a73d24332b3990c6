"""A view of a saved classifier: its parameters with their names, and its scores on its data set."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import FileError
from cookie_jar.agents.classifier import Classifier
from cookie_jar.agents.classifier_run import Scores, check_data, data_in, loss_and_accuracy
from cookie_jar.agents.classifiers import FeatureClassifier, SoftmaxClassifier, load_classifier
from cookie_jar.agents.features import FEATURES
from cookie_jar.agents.memory import read_memory
from cookie_jar.agents.runs import memory_file
from cookie_jar.scripts.common.console import UsageError, printable
from cookie_jar.scripts.common.dataset import Dataset
from cookie_jar.scripts.common.split import Split, about_data, parts, split_of_run
from cookie_jar.scripts.inspection.parameters import Parameters

WEIGHT, BIAS = "1.weight", "1.bias"  # of softmax regression
BIAS_NAME = "bias"
COLOURS = ("red", "green", "blue")

Labelled = tuple[NDArray[Any], NDArray[Any]]


class RunData:
    """The data set of a run, as its classifier takes it.

    Args:
        dataset: The data set.
        split: Its split; the training part has the pictures that the run learned from.
        classifier: The classifier.
    """

    def __init__(self, dataset: Dataset, split: Split, classifier: Classifier) -> None:
        self.dataset, self.split, self._measure = dataset, split, classifier.samples
        texts = classifier.classes_.dtype.kind == "U"
        self._labels = np.array(dataset.kinds)[dataset.labels] if texts else dataset.labels

    @cached_property
    def train(self) -> Labelled:
        """The samples and labels of the training part."""
        return self.samples(self.split.train)

    @cached_property
    def validation(self) -> Labelled:
        """The samples and labels of the validation part."""
        return self.samples(self.split.validation)

    def samples(self, index: NDArray[np.int64]) -> Labelled:
        """Return the samples and labels of some pictures."""
        return self._measure(self.dataset.pictures[index]), self._labels[index]


class ClassifierView(Parameters):
    """The memory of a classifier: all numbers that were learned.

    Args:
        run: A folder, RUN@STEPS or a file, as in `runs.memory_file`.
        other: A view of another memory of the same run, whose data set is used.

    Attributes:
        classifier: The classifier.
        description: The description in the file.
        missing: Why the data set cannot be used, or "".
    """

    def __init__(self, run: str | Path, other: "ClassifierView | None" = None) -> None:
        self.run, self.classifier = run, load_classifier(run)
        self.description = read_memory(memory_file(run))[1]
        super().__init__(self.classifier.arrays())
        self._data: RunData | None
        self.missing: str
        self._data, self.missing = self._read_data() if other is None else (other._data, other.missing)

    def _read_data(self) -> tuple[RunData | None, str]:
        """Return the data set of the run, or None and the reason."""
        about = self.about
        folder = about.get("data")
        if not isinstance(folder, str):
            return None, f"{self.run} does not say which data set it learned from"
        try:
            dataset, split = parts(folder)
            check_data(self.run, about_data(Path(folder), dataset, split), self.classifier.notes)
            return RunData(dataset, split_of_run(dataset, split, about), self.classifier), ""
        except (FileError, UsageError) as error:
            return None, str(error)

    @property
    def about(self) -> dict[str, Any]:
        """The description of the data set that the classifier learned from; may be empty."""
        return data_in(self.classifier.notes)

    @property
    def data(self) -> RunData:
        """The data set of the run.

        Raises:
            UsageError: If the data set is missing or is a different one.
        """
        if self._data is None:
            raise UsageError(self.missing)
        return self._data

    @property
    def has_data(self) -> bool:
        """Whether the data set of the run can be used."""
        return self._data is not None

    @cached_property
    def kinds(self) -> list[str]:
        """The name of each class."""
        names, classes = self.about.get("kinds"), self.classifier.classes_.tolist()
        if isinstance(names, list) and all(type(c) is int and 0 <= c < len(names) for c in classes):
            return [printable(names[number], 60) for number in classes]
        return [printable(label, 60) for label in classes]

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of a sample."""
        return tuple(self.description["input_shape"])

    @property
    def columns(self) -> list[str] | None:
        """The name of each column that has a coefficient, if the classifier is a softmax regression."""
        if isinstance(self.classifier, FeatureClassifier):
            return list(FEATURES)
        if not isinstance(self.classifier, SoftmaxClassifier):
            return None
        shape = self.input_shape
        if len(shape) == 1:
            return [f"column {number}" for number in range(shape[0])]
        return [f"pixel {y},{x} {COLOURS[c]}" for y, x, c in np.ndindex(*shape)]

    def parameter_name(self, index: int) -> str:
        """Return the name of a parameter: its kind and column, or its array and its index there."""
        name, position = self.position(index)
        if self.columns is None:
            return f"{name} {position}"
        column = BIAS_NAME if name == BIAS else self.columns[position[0]]
        return f"{self.kinds[position[-1]]}: {column}"

    def parameter_index(self, words: Sequence[str]) -> int:
        """Return the index in `parameters` of KIND COLUMN, or of an array's name and an index there.

        Raises:
            UsageError: If there is no such parameter.
        """
        if len(words) == 2 and words[0] in self.kinds and self.columns is not None:
            kind = str(self.kinds.index(words[0]))
            if words[1] == BIAS_NAME:
                words = [BIAS, kind]
            elif words[1] in self.columns:
                words = [WEIGHT, str(self.columns.index(words[1])), kind]
        return super().parameter_index(words)

    @property
    def places(self) -> str:
        """What can stand for the place of a parameter, for messages."""
        if not isinstance(self.classifier, FeatureClassifier):
            return super().places
        kinds, columns = ", ".join(map(repr, self.kinds)), ", ".join((*FEATURES, BIAS_NAME))
        return f"KIND COLUMN (KIND: {kinds}; COLUMN: {columns}), or {super().places}"

    def scores(self) -> Scores:
        """Return the scores on the validation part.

        Raises:
            UsageError: If the data set is missing.
        """
        return loss_and_accuracy(self.classifier, self.data.validation)

    def summary(self) -> str:
        """Return the scores on the validation part as text, or those that were recorded."""
        if self.has_data:
            count = len(self.data.validation[1])
            return f"{scores_text(self.scores())} ({count:,} pictures of the validation part)"
        recorded: Any = self.classifier.notes.get("performance")
        try:
            scores = Scores(float(recorded["validation_loss"]), float(recorded["validation_accuracy"]))
        except (KeyError, TypeError, ValueError):
            return "not known without the data set"
        return f"{scores_text(scores)} (validation part, as recorded at step {recorded.get('step')!s:.20})"


def scores_text(scores: Scores) -> str:
    """Return an accuracy and a loss as text."""
    return f"accuracy {100 * scores.accuracy:.1f} %, loss {scores.loss:.4f}"
