"""`cookies test`: accuracies on the test set, from always the same kind to the ceiling."""

import argparse
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from cookie_jar.agents.files import write_atomically
from cookie_jar.agents.run_files import SCORES_FILE
from cookie_jar.scripts.classification.judged import (
    Judged,
    add_png,
    add_run_and_data,
    open_run,
    open_test_set,
    write_figure,
)
from cookie_jar.scripts.classification.openings import Openings, described, digest
from cookie_jar.scripts.classification.scores import INTERVAL, accuracy, mean_loss
from cookie_jar.scripts.classification.yardsticks import INSTALL, YARDSTICKS, Inputs, Yardstick, missing
from cookie_jar.scripts.common.argument_types import add_command, file_of
from cookie_jar.scripts.common.bootstrap import Interval
from cookie_jar.scripts.common.console import Console, UsageError, command, progress_bar
from cookie_jar.scripts.common.output_files import SCORES_JSON
from cookie_jar.scripts.common.tables import new_table

FORMAT_VERSION = 1


class Row(NamedTuple):
    """A row of the table.

    Attributes:
        name: The name of the model or the yardstick.
        score: The accuracy with its interval.
        numbers: How many numbers are kept; None for rules that are not learned.
        run: The run of a model.
        loss: The mean cross-entropy of a model.
    """

    name: str
    score: Interval
    numbers: int | None = None
    run: str | None = None
    loss: float | None = None


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    test = add_command(commands, "test", "print accuracies on the test set, from the worst to the ceiling")
    add_run_and_data(test, several=True)
    json_file = file_of(".json", beginning=SCORES_JSON)
    test.add_argument("--json", type=json_file, metavar="FILE", help="file for the scores as JSON")
    add_png(test, SCORES_FILE)
    test.add_argument("--no-yardsticks", action="store_true", help="leave out the baseline methods")
    test.add_argument(
        "--all",
        action="store_true",
        help="also train slow baselines: XGBoost on pixels, about half a minute",
    )
    test.set_defaults(do=test_models)


def test_models(args: argparse.Namespace, console: Console) -> None:
    """Print and write the scores of models and yardsticks."""
    models = [open_run(run, args.data) for run in args.runs or [None]]
    first, tests = models[0], {digest(*model.part("test")) for model in models}
    if len(tests) > 1:
        raise UsageError("RUN: expected runs with one test set, got runs of several data sets or splits")
    yardsticks = _yardsticks(first, args)
    openings = [open_test_set(model, "test") for model in models][-1]
    rows = _rows(console, models, yardsticks)
    ceiling = _ceiling(first)
    _print(console, first, rows, ceiling)
    _explain(console, first, rows, ceiling, openings)
    if args.json is not None:
        write_atomically(
            args.json, (json.dumps(_as_json(first, rows, ceiling, openings), indent=2) + "\n").encode()
        )
        console.out(f"wrote {args.json}")
    write_figure(console, args.png, first, SCORES_FILE, _figure(first, rows, ceiling))
    console.out(f"Next: {command('cookies', 'confused', first.run)}")


def _yardsticks(judged: Judged, args: argparse.Namespace) -> list[Yardstick]:
    """Return the yardsticks that can be trained on the data set."""
    if args.no_yardsticks or not judged.is_own:
        return []
    absent = missing()
    return [
        yardstick
        for yardstick in YARDSTICKS
        if yardstick.library not in absent
        and (args.all or not yardstick.slow)
        and (judged.is_drawn or yardstick.inputs != "attributes")
    ]


def _rows(console: Console, models: Sequence[Judged], yardsticks: Sequence[Yardstick]) -> list[Row]:
    """Return the scores of models and yardsticks, with a progress bar; the worst comes first."""
    first = models[0]
    labels, kinds = first.part("test")[1], len(first.dataset.kinds)
    rows = []
    with progress_bar(console) as bar:
        task = bar.add_task("", total=len(models) + len(yardsticks))
        for model in models:
            bar.update(task, description=model.name)
            found = model.probabilities(model.part("test")[0])
            score, loss = accuracy(labels, found.argmax(axis=1)), mean_loss(found, labels)
            rows.append(Row(model.name, score, model.classifier.num_parameters, str(model.run), loss))
            bar.advance(task)
        inputs = Inputs(first.dataset.pictures, first.dataset.attributes, first.split.train, first.split.test)
        for yardstick in yardsticks:
            bar.update(task, description=yardstick.name)
            train, test = inputs.of(yardstick.inputs)
            predicted, numbers = yardstick.method(train, first.part("train")[1], kinds, test)
            name = f"{yardstick.name} ({yardstick.inputs})" if yardstick.inputs else yardstick.name
            rows.append(Row(name, accuracy(labels, predicted), numbers))
            bar.advance(task)
    if first.is_drawn:
        rows.append(Row("Bayes' rule (true attributes)", _bayes(first)))
    return sorted(rows, key=lambda row: row.score.estimate)


def _bayes(judged: Judged) -> Interval:
    """Return the accuracy of the exact posterior of the true attributes on the test pictures."""
    from cookie_jar.envs.cookies.recipe import log_posterior

    attributes = judged.dataset.attributes
    assert attributes is not None
    predicted = log_posterior(attributes[judged.split.test]).argmax(axis=1)
    return accuracy(judged.part("test")[1], predicted)


def _ceiling(judged: Judged) -> float | None:
    """Return the accuracy that no reader of pictures can exceed on average; None for photographs."""
    if not judged.is_drawn:
        return None
    from cookie_jar.envs.cookies.recipe import ceiling

    return ceiling().accuracy


def _print(console: Console, judged: Judged, rows: Sequence[Row], ceiling: float | None) -> None:
    table = new_table("", "numbers kept", "accuracy", "95 % interval")
    for name, score, numbers, run, _ in rows:
        share, low, high = (100 * value for value in score)
        kept = "" if numbers is None else f"{numbers:,}"
        cells = (name, kept, f"{share:.1f} %", f"{low:.1f} to {high:.1f} %")
        table.add_row(*cells, style="bold green" if run is not None else "")
    if ceiling is not None:
        table.add_row("ceiling (computed from the recipe)", "", f"{100 * ceiling:.1f} %", "")
    console.print(table)
    count = len(judged.split.test)
    console.print(f"\n{count:,} test pictures of {judged.folder}; {INTERVAL}", style="dim")


def _explain(
    console: Console, judged: Judged, rows: Sequence[Row], ceiling: float | None, openings: Openings | None
) -> None:
    """Print what the scores mean, how often the test set was opened, and which rows are missing."""
    if ceiling is not None:
        console.out(
            "No classifier can exceed the ceiling on average, because the attributes of the kinds overlap."
        )
    for row in rows:
        if row.run is not None and ceiling is not None and row.score.low > ceiling:
            console.out(
                f"warning: {row.name} is above the ceiling: something other than the cookie gives the "
                f"kind away, such as the cloth; test this with: {command('cookies', 'shift', row.run)}"
            )
    if openings is not None:
        best = max(row.score.estimate for row in rows if row.run is not None)
        console.out(described(openings, best, len(judged.split.test)))
    if judged.is_own and (absent := missing()):
        console.out(f"Left out because it is not installed: {', '.join(absent)}; to install: {INSTALL}")


def _as_json(
    judged: Judged, rows: Sequence[Row], ceiling: float | None, openings: Openings | None
) -> dict[str, Any]:
    """Return the scores as plain values; those of the first run also at the top."""
    mine = next(row for row in rows if row.run == str(judged.run))
    return {
        "format_version": FORMAT_VERSION,
        "run": mine.run,
        "accuracy": mine.score.estimate,
        "interval": [mine.score.low, mine.score.high],
        "interval_method": INTERVAL,
        "loss": mine.loss,
        "numbers": mine.numbers,
        "ceiling": ceiling,
        "pictures": len(judged.split.test),
        "data": str(judged.folder),
        "test_set": digest(*judged.part("test")),
        "openings": None if openings is None else openings._asdict(),
        "rows": [
            {
                "name": row.name,
                "run": row.run,
                "accuracy": row.score.estimate,
                "interval": [row.score.low, row.score.high],
                "numbers": row.numbers,
                "loss": row.loss,
            }
            for row in rows
        ],
    }


def _figure(judged: Judged, rows: Sequence[Row], ceiling: float | None) -> bytes:
    from cookie_jar.scripts.classification.score_figures import Bar, draw_scores

    best = max((row for row in rows if row.run is not None), key=lambda row: row.score.estimate)
    title = f"{100 * best.score.estimate:.1f} % of new pictures are classified correctly"
    if ceiling is not None:
        title += f"; the ceiling is {100 * ceiling:.1f} %"
    subtitle = f"{len(judged.split.test):,} test pictures, with 95 % intervals"
    bars = [Bar(row.name, row.score, row.run is not None) for row in rows]
    return draw_scores(title, subtitle, bars, ceiling)
