"""A quiz: pictures that a person labels, beside the labels of a model and the ceiling."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.common.bootstrap import Interval, proportion


class Questions(NamedTuple):
    """The pictures of a quiz.

    Attributes:
        pictures: uint8 [n, S, S, 3].
        labels: The kinds in the pictures, as indices of `kinds`, int64 [n].
        kinds: The names of the kinds.
        model: The name of the model, or "" without a model.
        predicted: The labels of the model, int64 [n]; None without a model.
        ceiling: The accuracy that no labeller of such pictures exceeds on average; None if unknown.
    """

    pictures: NDArray[np.uint8]
    labels: NDArray[np.int64]
    kinds: tuple[str, ...]
    model: str = ""
    predicted: NDArray[np.int64] | None = None
    ceiling: float | None = None


class Mark(NamedTuple):
    """A row of the result: how many labels of someone are right, with the 95 % interval of the accuracy."""

    name: str
    right: int
    pictures: int
    accuracy: Interval


class Quiz:
    """The answers of a person to the questions of a quiz.

    Args:
        questions: The pictures.

    Attributes:
        answers: The label that was given to each picture, or None.
        position: The index of the current picture; the number of pictures at the end.
    """

    def __init__(self, questions: Questions) -> None:
        self.questions = questions
        self.answers: list[int | None] = [None] * len(questions.labels)
        self.position = 0

    @property
    def ended(self) -> bool:
        """Whether all pictures are labelled."""
        return self.position >= len(self.answers)

    @property
    def answered(self) -> NDArray[np.int64]:
        """The indices of the labelled pictures [m]."""
        return np.array([i for i, answer in enumerate(self.answers) if answer is not None], np.int64)

    def answer(self, label: int) -> bool:
        """Label the current picture and go to the next; return whether there was a picture."""
        if self.ended or not 0 <= label < len(self.questions.kinds):
            return False
        self.answers[self.position] = label
        self.position += 1
        return True

    def back(self) -> bool:
        """Go back to the previous picture, to change its label; return whether that is possible.

        At the end, when the right labels are known, it is not.
        """
        if self.position == 0 or self.ended:
            return False
        self.position -= 1
        return True

    def marks(self) -> list[Mark]:
        """Return the marks of the person and of the model, on the pictures that are labelled."""
        index, questions = self.answered, self.questions
        if not len(index):
            return []
        given = np.array([self.answers[i] for i in index])
        labellers = [("you", given)]
        if questions.predicted is not None:
            labellers.append((questions.model, questions.predicted[index]))
        rights = [(name, int((labels == questions.labels[index]).sum())) for name, labels in labellers]
        return [Mark(name, right, len(index), proportion(right, len(index))) for name, right in rights]

    def mistakes(self) -> list[int]:
        """Return the indices of the labelled pictures that the person or the model got wrong."""
        questions, predicted = self.questions, self.questions.predicted
        return [
            i
            for i in self.answered.tolist()
            if self.answers[i] != questions.labels[i]
            or (predicted is not None and predicted[i] != questions.labels[i])
        ]


def result_rows(quiz: Quiz) -> list[tuple[str, str, str, str]]:
    """Return the result as text: name, right answers, accuracy and 95 % interval of each row."""
    rows = [
        (
            mark.name,
            f"{mark.right} of {mark.pictures}",
            f"{mark.accuracy.estimate:.0%}".replace("%", " %"),
            f"{100 * mark.accuracy.low:.0f} to {100 * mark.accuracy.high:.0f} %",
        )
        for mark in quiz.marks()
    ]
    if rows and quiz.questions.ceiling is not None:
        rows.append(("ceiling", "", f"{100 * quiz.questions.ceiling:.1f} %", ""))
    return rows
