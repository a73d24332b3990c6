"""A classifier with the data set that it is judged on."""

import argparse
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import FileError
from cookie_jar.agents.classifier import Classifier
from cookie_jar.agents.classifier_run import best_file, check_data, data_of
from cookie_jar.agents.classifiers import CLASSIFIERS, load_classifier
from cookie_jar.agents.files import write_atomically
from cookie_jar.agents.run_files import figure_file
from cookie_jar.agents.run_kinds import CLASSIFIER, kind_of
from cookie_jar.agents.runs import read_agent
from cookie_jar.scripts.classification.openings import Openings, digest, record_opening
from cookie_jar.scripts.common.argument_types import file_of, parent_folder
from cookie_jar.scripts.common.console import Console, UsageError, command, printable
from cookie_jar.scripts.common.dataset import Dataset, read_dataset
from cookie_jar.scripts.common.run_folders import given_or_newest
from cookie_jar.scripts.common.split import Split, about_data, read_split, split_of_run

Numbers = NDArray[Any]
Ints = NDArray[np.int64]


class Judged(NamedTuple):
    """A classifier with the data set that it is judged on.

    Attributes:
        run: The run, as given.
        classifier: The classifier: of a run that of the best epoch on the validation part.
        dataset: The data set.
        split: Its split; of its training part, the pictures that the classifier learned from.
        split_digest: The digest of the split of the data set.
        folder: The folder of the data set.
        is_own: Whether the classifier learned from this data set.
    """

    run: Path
    classifier: Classifier
    dataset: Dataset
    split: Split
    split_digest: str
    folder: Path
    is_own: bool

    @property
    def model(self) -> str:
        """The name of the model, such as "conv"."""
        names = {kind: name for name, kind in CLASSIFIERS.items()}
        return names.get(type(self.classifier), type(self.classifier).__name__)

    @property
    def name(self) -> str:
        """The name in tables and figures."""
        return f"{self.model} ({printable(self.run, 60)})"

    @property
    def is_drawn(self) -> bool:
        """Whether the pictures are drawn cookies, for which there is a ceiling."""
        return self.dataset.attributes is not None and self.dataset.about.get("source") == "drawn"

    @property
    def labels(self) -> Ints:
        """The label in the data set of each class of the classifier [K]."""
        return class_labels(self.classifier, self.dataset.kinds)

    def label_of(self, kind: int) -> Numbers:
        """Return the label that the classifier was taught for a kind of the data set [1].

        Raises:
            UsageError: If the classifier does not know the kind.
        """
        found = np.flatnonzero(self.labels == kind)
        if not len(found):
            raise UsageError(
                f"RUN: expected a classifier that knows {self.dataset.kinds[kind]}, got another one"
            )
        return self.classifier.classes_[found]

    def part(self, name: str) -> tuple[NDArray[np.uint8], Ints]:
        """Return the pictures and the labels of "train", "validation" or "test"."""
        index = getattr(self.split, name)
        return self.dataset.pictures[index], self.dataset.labels[index]

    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return the probability of each kind of the data set [n, K]."""
        found = np.zeros((len(pictures), len(self.dataset.kinds)))
        found[:, self.labels] = self.classifier.predict_proba(pictures)
        return found


def class_labels(classifier: Classifier, kinds: tuple[str, ...]) -> Ints:
    """Return the label in the data set of each class of a classifier.

    Raises:
        UsageError: If the classes are not kinds of the data set.
    """
    classes = classifier.classes_
    if classes.dtype.kind == "U":
        numbers = [kinds.index(name) if name in kinds else -1 for name in classes.tolist()]
    else:
        numbers = [int(label) if 0 <= label < len(kinds) else -1 for label in classes.tolist()]
    if -1 in numbers:
        wrong = classes.tolist()[numbers.index(-1)]
        raise UsageError(f"RUN: expected the kinds {', '.join(kinds)}, got a classifier of {wrong!s:.80}")
    return np.array(numbers)


def add_run_and_data(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """Add the arguments RUN and --data."""
    text = "a run of `cookies train`, or a snapshot (default: the newest)"
    if several:
        parser.add_argument("runs", nargs="*", metavar="RUN", help=f"{text}; several are compared")
    else:
        parser.add_argument("run", nargs="?", metavar="RUN", help=text)
    parser.add_argument(
        "--data", type=parent_folder, metavar="DATA",
        help="the folder of the data set (default: the one that RUN learned from)",
    )  # fmt: skip


def add_png(parser: argparse.ArgumentParser, name: str) -> None:
    """Add the option --png, whose default is a file in the folder of the run."""
    parser.add_argument(
        "--png", type=file_of(".png"), metavar="FILE", help=f"file for the figure (default: RUN/{name})"
    )


def open_run(run: str | Path | None, data: Path | None = None) -> Judged:
    """Load a classifier and a data set.

    Args:
        run: The run; None for the newest one.
        data: The folder of the data set; None for the one that the classifier learned from.

    Raises:
        UsageError: If the run is not one of a classifier, or the data set does not fit.
        AgentError: If a file cannot be read.
    """
    path = given_or_newest(run, CLASSIFIER)
    file = best_file(path)
    if kind_of(read_agent(file)[1]) != CLASSIFIER:
        raise UsageError(
            f"{path}: expected a run of a classifier, got an agent; "
            f"train a classifier with: {command('cookies', 'train')}"
        )
    classifier, about = load_classifier(file), data_of(path)
    known = about.get("data")
    learned = Path(known) if isinstance(known, str) else None
    folder = learned if data is None else data
    if folder is None:
        raise UsageError(f"{path} does not say which data set it learned from: add --data FOLDER")
    try:
        dataset = read_dataset(folder)
        split = read_split(folder, dataset)
    except FileError as error:
        if data is not None:
            raise
        raise UsageError(f"{error}; or name its new place with --data FOLDER") from None
    class_labels(classifier, dataset.kinds)
    _check_kinds(path, about.get("kinds"), folder, dataset.kinds)
    here = about_data(folder, dataset, split)
    is_own = about.get("digest") == here["digest"]
    if is_own or data is None:
        check_data(path, here)
        split = split_of_run(dataset, split, about)
    else:
        _check_new(learned, dataset, split)
    return Judged(path, classifier, dataset, split, here["split"], folder, is_own)


def _check_kinds(path: Path, known: object, folder: Path, kinds: tuple[str, ...]) -> None:
    """Check that labels mean the same kinds in the data set as in the one that the classifier learned from.

    Raises:
        UsageError: If they do not.
    """
    if isinstance(known, list) and tuple(known) != kinds:
        learned = printable(", ".join(map(str, known)), 200)
        raise UsageError(
            f"--data: expected the kinds that {path} learned, {learned}, in the same order; "
            f"got {printable(', '.join(kinds), 200)} in {folder}"
        )


def _check_new(known: Path | None, dataset: Dataset, split: Split) -> None:
    """Check that the test pictures of another data set were not learned from, as far as that is known.

    Raises:
        UsageError: If a test picture was learned from.
    """
    try:
        if known is None:
            raise FileError("unknown")
        learned = read_dataset(known)
        index = read_split(known, learned).train
    except FileError:
        Console(stderr=True).out(
            "warning: the pictures that the classifier learned from are gone: cannot check whether "
            "some of them are in this test set"
        )
        return
    seen = {picture.tobytes() for picture in learned.pictures[index]}
    both = sum(picture.tobytes() in seen for picture in dataset.pictures[split.test])
    if both:
        raise UsageError(
            f"--data: expected a test set of new pictures, got {both:,} that the classifier learned from; "
            "gather with another --seed"
        )


def open_test_set(judged: Judged, program: str) -> Openings | None:
    """Record that the test set is opened for a model, and return its openings; None if that is impossible.

    Raises:
        FileError: If the record is damaged.
    """
    pictures, labels = judged.part("test")
    weights = judged.classifier.arrays()
    try:
        return record_opening(
            judged.folder, program, str(judged.run),
            split=judged.split_digest,
            model=digest(*(weights[name] for name in sorted(weights))), test_set=digest(pictures, labels),
        )  # fmt: skip
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}"
        Console(stderr=True).out(f"warning: this opening of the test set is not recorded; {reason}")
        return None


def write_figure(console: Console, given: Path | None, judged: Judged, name: str, png: bytes) -> None:
    """Write a figure to the given file, or to `figure_file`, and print its path.

    Raises:
        OSError: If the file cannot be written.
    """
    file = figure_file(judged.run, name) if given is None else given
    write_atomically(file, png)
    console.out(f"wrote {file}")
