"""`cookies lesson`: experiments that show one point each, with their own measured numbers and a figure."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.table import Table

from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.common.argument_types import add_command, file_of, non_negative
from cookie_jar.scripts.common.bootstrap import Interval
from cookie_jar.scripts.common.console import Console, command, progress_bar
from cookie_jar.scripts.common.tables import new_table


class Report(NamedTuple):
    """What a lesson shows.

    Attributes:
        table: The measured numbers.
        points: What they mean, a sentence each.
        png: The figure.
    """

    table: Table
    points: list[str]
    png: bytes


class Lesson(NamedTuple):
    """A lesson: its help text, its number of gradient steps, and the function that runs the experiment."""

    help: str
    steps: Callable[[], int]
    run: Callable[[int, Callable[[int], None]], Report]


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    lesson = add_command(
        commands, "lesson", "run an experiment that shows one point of learning from pictures"
    )
    lesson.add_argument(
        "name", choices=LESSONS, metavar="NAME",
        help="; ".join(f"{name}: {lesson.help}" for name, lesson in LESSONS.items()),
    )  # fmt: skip
    lesson.add_argument("--seed", type=non_negative, default=0, help="random seed (default: %(default)s)")
    lesson.add_argument(
        "--png", type=file_of(".png"), metavar="FILE", help="file for the figure (default: lesson-NAME.png)"
    )
    lesson.set_defaults(do=show_lesson)


def show_lesson(args: argparse.Namespace, console: Console) -> None:
    """Run an experiment, print its numbers, and draw its figure."""
    lesson = LESSONS[args.name]
    with progress_bar(console) as bar:
        task = bar.add_task(lesson.help, total=lesson.steps())
        report = lesson.run(args.seed, lambda steps: bar.advance(task, steps))
    console.print(report.table)
    console.print()
    for point in report.points:
        console.out(point)
    file = args.png or Path(f"lesson-{args.name}.png")
    write_atomically(file, report.png)
    console.out(f"wrote {file}")
    names = list(LESSONS)
    following = names[(names.index(args.name) + 1) % len(names)]
    console.out(f"Next: {command('cookies', 'lesson', following)}")


def pictures(seed: int, advance: Callable[[int], None]) -> Report:
    """Show the accuracy of three models against the number of training pictures."""
    from cookie_jar.scripts.classification import experiments, lesson_figures

    scores = experiments.number_of_pictures(seed, advance)
    sizes = list(experiments.SIZES)
    table = new_table("training pictures", "4 features", "softmax on pixels", "network")
    for number, *row in zip(sizes, *scores.values(), strict=True):
        table.add_row(f"{number:,}", *(_share(score) for score in row))
    most = 100 * _ceiling()
    first, last = (100 * scores["conv"][end].estimate for end in (0, -1))
    few = 100 * scores["features"][0].estimate
    title = f"More pictures help the network: {first:.0f} % with {sizes[0]}, {last:.0f} % with {sizes[-1]:,}"
    subtitle = "accuracy on 2,000 new pictures, with 95 % intervals"
    return Report(
        table,
        [
            f"With {sizes[0]} pictures, 4 well chosen features (15 numbers) reach {few:.1f} %, "
            f"and the network (3,507 numbers) {first:.1f} %.",
            f"With {sizes[-1]:,} pictures, the network reaches {last:.1f} %; "
            f"no reader of pictures exceeds the ceiling of {most:.1f} %.",
        ],
        lesson_figures.draw_sizes(title, subtitle, sizes, scores, _ceiling()),
    )


def underfitting(seed: int, advance: Callable[[int], None]) -> Report:
    """Show that softmax regression on pixels stays where a network goes on."""
    from cookie_jar.scripts.classification import experiments, lesson_figures

    curves = experiments.underfitting(seed, advance)
    table = new_table("after training", "training pictures", "new pictures", left=("after training",))
    for name, curve in curves.items():
        shares = (curve.training_accuracy[-1], curve.held_out_accuracy[-1])
        cells = (f"{100 * share:.1f} %" for share in shares)
        table.add_row(lesson_figures.MODEL_NAMES[name], *cells)
    low, high = (100 * curves[name].held_out_accuracy[-1] for name in ("softmax", "conv"))
    own = 100 * curves["softmax"].training_accuracy[-1]
    title = f"Underfitting: softmax on pixels stays at {low:.0f} %, the network reaches {high:.0f} %"
    subtitle = "5,000 training pictures; new: 2,000 pictures that were not used for learning"
    return Report(
        table,
        [
            f"Softmax on pixels classifies only {own:.1f} % of its own training pictures correctly: "
            "one template per kind is too simple.",
            "More steps or more pictures do not help; another model does.",
        ],
        lesson_figures.draw_underfitting(title, subtitle, curves, _ceiling()),
    )


def overfitting(seed: int, advance: Callable[[int], None]) -> Report:
    """Show that the loss on new pictures rises while the training loss falls to 0."""
    from cookie_jar.scripts.classification import experiments, lesson_figures

    curve = experiments.overfitting(seed, advance)
    best, last = int(np.argmin(curve.held_out_loss)), len(curve.steps) - 1
    headings = ("training loss", "loss on new pictures", "training pictures", "new pictures")
    table = new_table("step", *headings)
    for point in (0, best, last):
        losses = (f"{loss[point]:.3f}" for loss in (curve.training_loss, curve.held_out_loss))
        shares = (curve.training_accuracy[point], curve.held_out_accuracy[point])
        table.add_row(f"{curve.steps[point]}", *losses, *(f"{100 * share:.1f} %" for share in shares))
    ratio = curve.held_out_loss[last] / curve.held_out_loss[best]
    title = f"Overfitting: the loss on new pictures rises to {ratio:.1f} times its minimum"
    subtitle = f"{experiments.FEW} training pictures without flips; 1,000 new pictures"
    return Report(
        table,
        [
            f"From step {curve.steps[best]} on, the network memorises the {experiments.FEW} pictures: "
            f"the loss on new pictures ends at {ratio:.2f} times its minimum.",
            "The accuracy hardly moves, so watch the loss. `cookies train` keeps the best epoch.",
        ],
        lesson_figures.draw_overfitting(title, subtitle, curve),
    )


def learning_rate(seed: int, advance: Callable[[int], None]) -> Report:
    """Show a learning rate that is too small, one that is good, and one that is too large."""
    from cookie_jar.scripts.classification import experiments, lesson_figures

    curves = experiments.learning_rates(seed, advance)
    table = new_table("learning rate", "training loss", "new pictures", "")
    verdicts = ("too small: slow", "good", "too large: never settles")
    for (rate, curve), verdict in zip(curves.items(), verdicts, strict=True):
        told = f"{100 * curve.held_out_accuracy[-1]:.1f} %"
        table.add_row(f"{rate:g}", lesson_figures.loss_text(experiments.end_loss(curve)), told, verdict)
    ends = " / ".join(lesson_figures.loss_text(experiments.end_loss(curve)) for curve in curves.values())
    title = f"Three learning rates end at a loss of {ends}"
    subtitle = f"the network, plain gradient descent, {experiments.RATE_STEPS[-1]} steps on 5,000 pictures"
    return Report(
        table,
        [
            "The learning rate determines how far each step goes.",
            f"Losses: means of the last 100 steps; guessing has a loss of log 3 = {np.log(3):.2f}.",
        ],
        lesson_figures.draw_rates(title, subtitle, curves),
    )


def shortcut(seed: int, advance: Callable[[int], None]) -> Report:
    """Show that a model learns the cloth if that gives the kind away, and that the ceiling exposes it."""
    from cookie_jar.scripts.classification import experiments, lesson_figures
    from cookie_jar.scripts.classification.lesson_figures import Group

    found = experiments.shortcut(seed, advance)
    table = new_table("", "own hold-out set", "swapped cloths")
    names = {"honest": "honest pictures", "shortcut": "cloth gives the kind away in 95 %"}
    for name, scores in found.items():
        table.add_row(names[name], _share(scores.own), _share(scores.swapped))
    own, swapped = found["shortcut"]
    share = experiments.SHARE
    groups = [
        Group("own hold-out set", [scores.own for scores in found.values()], _examples(seed, share)),
        Group(
            "the cloths swapped",
            [scores.swapped for scores in found.values()],
            _examples(seed, 1.0, "swapped"),
        ),
    ]
    title = (
        f"A shortcut: {100 * own.estimate:.1f} % on its own set, {100 * swapped.estimate:.1f} % when swapped"
    )
    steps = experiments.SHORTCUT_STEPS
    subtitle = f"two networks, {steps} steps on 5,000 pictures; 5,000 new pictures, with 95 % intervals"
    models = ("honest training", "cloth gives the kind away")
    return Report(
        table,
        [
            f"{100 * own.estimate:.1f} % is more than the cookies allow: the ceiling is "
            f"{100 * _ceiling():.1f} %. Something else gives the kind away.",
            "A hold-out set with the same flaw does not show it; a test with swapped cloths does.",
            f"Both learn for only {experiments.SHORTCUT_STEPS} steps: trained longer, the fall is smaller.",
        ],
        lesson_figures.draw_shortcut(title, subtitle, groups, models, _ceiling()),
    )


def _examples(seed: int, share: float, shift: str = "none") -> Any:
    """Return 16 pictures, of the kinds in turn."""
    from cookie_jar.scripts.classification.experiments import held_out

    found, labels = held_out(90, seed, share, shift)
    return np.concatenate([found[np.flatnonzero(labels == row % 3)[row // 3 :][:1]] for row in range(18)])


def _share(score: Interval) -> str:
    """Return a share with half the width of its interval."""
    return f"{100 * score.estimate:.1f} ± {50 * (score.high - score.low):.1f} %"


def _ceiling() -> float:
    from cookie_jar.envs.cookies.recipe import ceiling

    return ceiling().accuracy


def _steps(count: Callable[[Any], int]) -> Callable[[], int]:
    """Return a function of the experiments' numbers of steps, imported late: numba is heavy."""

    def steps() -> int:
        from cookie_jar.scripts.classification import experiments

        return count(experiments)

    return steps


LESSONS: Mapping[str, Lesson] = {
    "pictures": Lesson(
        "accuracy against the number of pictures", _steps(lambda e: 3 * sum(e.SIZES.values())), pictures
    ),
    "underfitting": Lesson(
        "a model that is too simple", _steps(lambda e: 2 * e.UNDERFITTING[-1]), underfitting
    ),
    "overfitting": Lesson("too few pictures", _steps(lambda e: e.OVERFITTING[-1]), overfitting),
    "learning-rate": Lesson(
        "steps that are too small or too large", _steps(lambda e: 3 * e.RATE_STEPS[-1]), learning_rate
    ),
    "shortcut": Lesson("a cloth that gives the kind away", _steps(lambda e: 2 * e.SHORTCUT_STEPS), shortcut),
}
