"""`cookies quiz`: label pictures yourself, and compare your score with the classifier's and the ceiling."""

import argparse
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cookie_jar.agents.classifier_run import data_of
from cookie_jar.agents.files import write_atomically
from cookie_jar.agents.run_kinds import CLASSIFIER
from cookie_jar.scripts.classification.judged import Judged, open_run, open_test_set
from cookie_jar.scripts.classification.quiz_answers import example, parse_answers
from cookie_jar.scripts.common.argument_types import (
    add_command,
    file_of,
    non_negative,
    parent_folder,
    positive,
)
from cookie_jar.scripts.common.console import Console, UsageError, command, printable
from cookie_jar.scripts.common.dataset import DATA, Dataset, digest, is_dataset
from cookie_jar.scripts.common.run_folders import RUNS, newest_run
from cookie_jar.scripts.common.split import Split, parts
from cookie_jar.scripts.common.tables import new_table
from cookie_jar.scripts.viewer.quiz import Questions, Quiz, result_rows

PICTURES = 30


class Source(NamedTuple):
    """The pictures that a quiz draws from, and the classifier to compare with, or None."""

    dataset: Dataset
    split: Split
    judged: Judged | None


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    quiz = add_command(
        commands,
        "quiz",
        "label test pictures yourself; compare your score with a classifier's and with the ceiling",
    )
    quiz.add_argument(
        "source", nargs="?", type=parent_folder, metavar="RUN|DATA",
        help="a run of `cookies train` to compare yourself with, or the folder of a data set (default: the "
        "newest run)",
    )  # fmt: skip
    quiz.add_argument(
        "--data", type=parent_folder, metavar="DATA",
        help="the folder of the data set (default: the one that RUN learned from)",
    )  # fmt: skip
    quiz.add_argument(
        "--number", type=positive, metavar="N",
        help=f"number of pictures, drawn at random from the test part (default: {PICTURES}, or all of fewer)",
    )  # fmt: skip
    quiz.add_argument("--seed", type=non_negative, default=0, help="random seed (default: %(default)s)")
    quiz.add_argument(
        "--save", type=file_of(".png"), metavar="FILE",
        help="write the numbered pictures to a PNG file instead of opening a window; with --answers also "
        "their kinds",
    )  # fmt: skip
    quiz.add_argument(
        "--answers", metavar="LIST",
        help="your labels in the order of the pictures, such as r,c,p: names, their beginnings, or numbers "
        "from 1",
    )  # fmt: skip
    quiz.set_defaults(do=take_quiz)


def take_quiz(args: argparse.Namespace, console: Console) -> None:
    """Open the window of a quiz, or judge the given answers, and print the result."""
    source = open_source(args.source, args.data)
    quiz = make_quiz(source, args.number, args.seed)
    again = command(*words(args))
    if args.answers is not None:
        for label in parse_answers(args.answers, quiz.questions.kinds, len(quiz.answers)):
            quiz.answer(label)
        record_opening(source)
        print_result(console, quiz, source)
    if args.save is not None:
        from cookie_jar.scripts.viewer.quiz_result import sheet_png

        write_atomically(args.save, sheet_png(quiz))
        console.out(f"saved {args.save}")
        if args.answers is None:
            labels = f"{example(quiz.questions.kinds)},..."
            console.out(f"Label the {len(quiz.answers)} pictures with: {again} --answers {labels}")
    elif args.answers is None:
        _open_window(args, source, console, again)


def _open_window(args: argparse.Namespace, source: Source, console: Console, again: str) -> None:
    """Show the quiz in a window, and print the result of what was answered, also after Ctrl-C.

    Raises:
        UsageError: If there is no display.
    """
    from cookie_jar.scripts.viewer import main_loop
    from cookie_jar.scripts.viewer.quiz_view import QuizView

    if not main_loop.has_display():
        raise UsageError(
            f"no display found: write the pictures to a file with: {again} --save sheet.png, "
            "then give your labels with --answers"
        )
    record_opening(source)
    view = QuizView(lambda seed: make_quiz(source, args.number, seed), args.seed)
    try:
        main_loop.show(view, "Cookie Jar: quiz")
    finally:
        print_result(console, view.quiz, source)


def words(args: argparse.Namespace) -> list[Any]:
    """Return the words of the command that asks for the same pictures."""
    given: list[Any] = ["cookies", "quiz"]
    given += [] if args.source is None else [args.source]
    given += [] if args.data is None else ["--data", args.data]
    given += [] if args.number is None else ["--number", args.number]
    return given if args.seed == 0 else [*given, "--seed", args.seed]


def open_source(source: Path | None, data: Path | None) -> Source:
    """Return the pictures and the classifier that are named on the command line.

    Args:
        source: A run, or the folder of a data set; the newest run is its classifier, if it learned from the
            data set. None for the newest run or, without a run, the data set in `DATA`.
        data: The folder of the data set, if not the run's own.

    Raises:
        AgentError: If there is no such data set or run, or one cannot be read.
        UsageError: If a data set is given twice, or the run does not fit.
    """
    if source is None and data is None and is_dataset(DATA) and _newest_run() is None:
        source = DATA
    if source is not None and not source.exists() and "@" not in source.name:
        raise UsageError(f"{source}: expected a run of `cookies train`, or a data set; found no such folder")
    if source is None or not is_dataset(source):
        judged = open_run(source, data)
        return Source(judged.dataset, judged.split, judged)
    if data is not None:
        raise UsageError(f"--data: expected a run before it, but {source} is a data set itself")
    dataset, split = parts(source)
    run = _newest_run()
    learned_here = run is not None and data_of(run).get("digest") == digest(dataset)
    return Source(dataset, split, open_run(run, source) if learned_here else None)


def _newest_run() -> Path | None:
    """Return the newest run of a classifier, or None if there is none."""
    try:
        return newest_run(RUNS, CLASSIFIER)
    except UsageError:
        return None


def make_quiz(source: Source, number: int | None, seed: int) -> Quiz:
    """Return the quiz of a seed: random pictures of the test part, all different.

    Raises:
        UsageError: If the test part has fewer pictures.
    """
    dataset, split, judged = source
    if number is None:
        number = min(PICTURES, len(split.test))
    if number > len(split.test):
        raise UsageError(f"--number: expected at most the {len(split.test):,} test pictures, got {number:,}")
    index = np.random.default_rng(seed).choice(split.test, number, replace=False)
    pictures, kinds = dataset.pictures[index], tuple(printable(kind) for kind in dataset.kinds)
    questions = Questions(pictures, dataset.labels[index], kinds, ceiling=_ceiling(dataset))
    if judged is None:
        return Quiz(questions)
    predicted = judged.probabilities(pictures).argmax(axis=1)
    return Quiz(questions._replace(model=judged.name, predicted=predicted))


def _ceiling(dataset: Dataset) -> float | None:
    """Return the ceiling of drawn cookies; None for photographs, whose ceiling is unknown."""
    if dataset.attributes is None or dataset.about.get("source") != "drawn":
        return None
    from cookie_jar.envs.cookies.recipe import ceiling

    return ceiling().accuracy


def record_opening(source: Source) -> None:
    """Record that the score of the classifier on test pictures will be shown."""
    if source.judged is not None:
        open_test_set(source.judged, "quiz")


def print_result(console: Console, quiz: Quiz, source: Source) -> None:
    """Print the accuracies of the person and of the classifier, and the ceiling."""
    rows = result_rows(quiz)
    if not rows:
        return
    table = new_table("", "correct", "accuracy", "95 % interval")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    if not quiz.ended:
        console.out(f"{quiz.position} of {len(quiz.answers)} pictures were labelled.")
    if source.judged is None:
        train = command("cookies", "train")
        console.out(f"To compare yourself with a classifier, train one with: {train}")
