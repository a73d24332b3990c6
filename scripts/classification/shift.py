"""`cookies shift`: the same model on the same cookies in another light, burnt, or on other cloths."""

import argparse
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.run_files import SHIFT_FILE
from cookie_jar.scripts.classification.judged import (
    Judged,
    add_png,
    add_run_and_data,
    open_run,
    open_test_set,
    write_figure,
)
from cookie_jar.scripts.classification.openings import described
from cookie_jar.scripts.classification.scores import INTERVAL, accuracy
from cookie_jar.scripts.common.argument_types import add_command
from cookie_jar.scripts.common.bootstrap import Interval
from cookie_jar.scripts.common.console import Console, command, progress_bar
from cookie_jar.scripts.common.tables import new_table

EXAMPLES = 6  # pictures per shift in the figure
CHUNK = 500  # pictures that are drawn between two updates of the progress bar

Pictures = NDArray[np.uint8]


class Shifted(NamedTuple):
    """The score of a model under a shift.

    Attributes:
        label: The name of the shift.
        score: The accuracy with its interval.
        examples: Some of the pictures [m, S, S, 3].
    """

    label: str
    score: Interval
    examples: Pictures


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    shift = add_command(
        commands, "shift", "test a model on the same cookies in another light, burnt, or on other cloths"
    )
    add_run_and_data(shift)
    add_png(shift, SHIFT_FILE)
    shift.set_defaults(do=show_shifts)


def show_shifts(args: argparse.Namespace, console: Console) -> None:
    """Print and draw the accuracy of a classifier under each shift."""
    judged = open_run(args.run, args.data)
    openings = open_test_set(judged, "shift")
    rows = shifted_scores(judged, console)
    first, table = rows[0], new_table("", "accuracy", "95 % interval", "change")
    for label, score, _ in rows:
        share, low, high = (100 * value for value in score)
        change = "" if label == first.label else f"{share - 100 * first.score.estimate:+.1f}"
        table.add_row(label, f"{share:.1f} %", f"{low:.1f} to {high:.1f} %", change)
    console.print(table)
    source = "redrawn: the same cookies" if judged.is_drawn else "photographs, changed as an image"
    count = len(judged.split.test)
    console.print(f"\n{judged.name}; {count:,} test pictures, {source}; {INTERVAL}", style="dim")
    if judged.is_drawn:
        console.out("The cookies themselves have not changed, so the ceiling is the same.")
    if openings is not None:
        console.out(described(openings, first.score.estimate, count))
    from cookie_jar.scripts.classification.shift_figures import draw_shifts

    worst = min(rows[1:], key=lambda row: row.score.estimate)
    title = (
        f"{100 * first.score.estimate:.1f} % as learned, "
        f"{100 * worst.score.estimate:.1f} % at worst: {worst.label}"
    )
    png = draw_shifts(title, f"{judged.name}, {count:,} test pictures, with 95 % intervals", rows)
    write_figure(console, args.png, judged, SHIFT_FILE, png)
    console.out(f"Next: {command('cookies', 'lesson', 'shortcut')}")


def shifted_scores(judged: Judged, console: Console) -> list[Shifted]:
    """Return the scores of a classifier without a shift and under each shift, with a progress bar."""
    labels, examples = judged.part("test")[1], _example_indices(judged)
    rows = []
    with progress_bar(console) as bar:
        changes = _redrawn(judged) if judged.is_drawn else _changed(judged)
        task = bar.add_task("", total=len(changes))
        for label, pictures_of in changes.items():
            bar.update(task, description=label)
            pictures = pictures_of()
            predicted = judged.probabilities(pictures).argmax(axis=1)
            rows.append(Shifted(label, accuracy(labels, predicted), pictures[examples]))
            bar.advance(task)
    return rows


def _example_indices(judged: Judged) -> NDArray[np.int64]:
    """Return indices of test pictures with all kinds in turn, as far as there are enough."""
    labels = judged.part("test")[1]
    order = np.concatenate([np.flatnonzero(labels == kind) for kind in np.unique(labels)])
    rank = np.concatenate([np.arange((labels == kind).sum()) for kind in np.unique(labels)])
    return order[np.lexsort((labels[order], rank))][:EXAMPLES]


def _redrawn(judged: Judged) -> dict[str, Callable[[], Pictures]]:
    """Return functions that redraw the test pictures under each shift, with the options of the data set."""
    from cookie_jar.envs.cookies.pictures import draw_pictures
    from cookie_jar.envs.cookies.shifts import SHIFTS

    about, index = judged.dataset.about, judged.split.test
    numbers, kinds = judged.dataset.numbers[index], judged.dataset.labels[index]
    options = {name: about[name] for name in ("seed", "mess", "cloth_share")}
    size = judged.dataset.pictures.shape[1]
    own = str(about.get("shift", "none"))

    def redraw(name: str) -> Callable[[], Pictures]:
        return lambda: draw_pictures(numbers, kinds, size=size, shift=name, **options).pictures

    others = {shift.label: redraw(name) for name, shift in SHIFTS.items() if name not in (own, "none")}
    first = {
        SHIFTS["none"].label if own == "none" else f"as learned ({SHIFTS[own].label})": lambda: judged.part(
            "test"
        )[0]
    }
    plain = {} if own == "none" else {"without the shift": redraw("none")}
    return first | plain | others


def _changed(judged: Judged) -> dict[str, Callable[[], Pictures]]:
    """Return functions that change the test pictures as images: for photographs, which cannot be redrawn."""
    pictures = judged.part("test")[0]
    evening = np.array([1.16, 1.0, 0.78]) * 0.72  # as the drawn evening light
    return {
        "as learned": lambda: pictures,
        "evening light": lambda: _scaled(pictures, evening),
        "darker": lambda: _scaled(pictures, np.full(3, 0.5)),
        "brighter": lambda: _scaled(pictures, np.full(3, 1.5)),
        "in grey": lambda: np.repeat(_scaled(pictures, np.ones(3)).mean(axis=3, keepdims=True), 3, 3).astype(
            np.uint8
        ),
        "mirrored": lambda: np.ascontiguousarray(pictures[:, :, ::-1]),
        "upside down": lambda: np.ascontiguousarray(pictures[:, ::-1]),
        "with noise": lambda: _noisy(pictures),
    }


def _scaled(pictures: Pictures, factors: NDArray[np.float64]) -> Pictures:
    """Return pictures whose colours are multiplied by factors [3]."""
    scaled: Pictures = np.clip(pictures * factors, 0, 255).astype(np.uint8)
    return scaled


def _noisy(pictures: Pictures) -> Pictures:
    """Return pictures with normally distributed noise, standard deviation 15 of 255; always the same."""
    noise = np.random.default_rng(0).normal(0, 15, pictures.shape).astype(np.float32)
    noisy: Pictures = np.clip(pictures + noise, 0, 255).astype(np.uint8)
    return noisy
