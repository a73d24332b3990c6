"""`cookies train`: train a classifier on a data set, and save the run in a folder."""

import argparse
import warnings
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from cookie_jar.agents import CLASSIFIERS, Classifier, load_classifier, runs
from cookie_jar.agents.classifier_run import ClassifierRun, data_of
from cookie_jar.scripts.classification.data_folder import add_data, record_run
from cookie_jar.scripts.classification.prepare import prepared
from cookie_jar.scripts.classification.training_report import print_report
from cookie_jar.scripts.common.argument_types import (
    add_command,
    folder_name,
    non_negative,
    parent_folder,
    positive,
    run_folder,
)
from cookie_jar.scripts.common.console import Console, UsageError, command, progress_bar
from cookie_jar.scripts.common.dataset import DATA
from cookie_jar.scripts.common.options import add_hyperparameters, given_hyperparameters
from cookie_jar.scripts.common.run_folders import RUNS, new_folder, setting_words
from cookie_jar.scripts.common.split import (
    NUMBER,
    about_data,
    parts,
    split_of_run,
    training_pictures,
)
from cookie_jar.scripts.common.stopping import Interrupt

WITH_RESUME = ("data", "resume", "epochs", "discard_record")  # options for continued runs


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    train = add_command(
        commands,
        "train",
        "train a classifier on the training pictures, and keep the epoch with the lowest loss on the "
        "validation pictures",
    )
    add_data(train)
    group = train.add_argument_group("classifier")
    group.add_argument(
        "--model",
        choices=CLASSIFIERS,
        default="conv",
        help="features: softmax regression on four measured features; softmax and mlp: on pixels; conv: a "
        "small convolutional network (default: %(default)s)",
    )
    group.add_argument("--seed", type=non_negative, default=0, help="random seed (default: %(default)s)")
    add_hyperparameters(train, CLASSIFIERS, "models")
    _add_run_options(train)
    train.set_defaults(do=partial(train_classifier, train))


def _add_run_options(train: argparse.ArgumentParser) -> None:
    group = train.add_argument_group("run")
    group.add_argument(
        "--number",
        type=positive,
        metavar="N",
        help="train on the first N training pictures, stratified by kind (default: all)",
    )
    group.add_argument(
        "--name",
        type=folder_name,
        help="name of the run's folder (default: data set, model, seed, and all options that differ from "
        "their defaults)",
    )
    group.add_argument(
        "--run-dir",
        type=parent_folder,
        default=RUNS,
        metavar="DIR",
        help="parent folder of the run (default: %(default)s)",
    )
    group.add_argument(
        "--resume",
        type=run_folder,
        metavar="RUN",
        help="resume a run until its last epoch, or until a total of --epochs",
    )
    group.add_argument(
        "--discard-record",
        action="store_true",
        help="with --resume: start a new record of the losses; old files become *.discarded",
    )
    group.add_argument("--overwrite", action="store_true", help="replace an existing run of the same name")


def train_classifier(parser: argparse.ArgumentParser, args: argparse.Namespace, console: Console) -> None:
    """Train, save the run, and print its scores."""
    if args.resume is None:
        if args.discard_record:
            raise UsageError("--discard-record: expected --resume RUN with it")
        run = new_run(args, console)
    else:
        check_resumable(parser, args)
        run = resumed_run(args)
    with Interrupt() as interrupt:
        try:
            run.begin() if args.resume is None else run.resume(discard=args.discard_record)
        except BaseException:
            with suppress(OSError):
                run.folder.rmdir()  # nothing was written into it
            raise
        record_run(Path(run.about["data"]), run.folder, run.about["split"])
        learn_with_bar(run, interrupt, console)
        save_with_curve(run)
    if run.steps < run.target:
        console.print(f"Stopped after {run.steps:,} of {run.target:,} gradient steps; the run is saved.")
        console.out(f"Continue with: {command('cookies', 'train', '--resume', run.folder)}")
    print_report(console, run)


def new_run(args: argparse.Namespace, console: Console) -> ClassifierRun:
    """Return a new run with the options of the command line, of a data set that is gathered if necessary.

    Raises:
        UsageError, AgentError: If an option is invalid, or there is no data set.
    """
    classifier = make_classifier(args)
    dataset, split = prepared(args.data, console)
    chosen = training_pictures(dataset, split, args.number)
    default = default_name(args)
    folder = new_folder(args.run_dir, args.name, default, args.overwrite)
    if args.name is None and folder.name != default:
        console.out(f"{args.run_dir / default} already exists; saving this run as {folder}")
    about = about_data(args.data, dataset, split) | {NUMBER: len(chosen)}
    train, validation = ((dataset.pictures[i], dataset.labels[i]) for i in (chosen, split.validation))
    try:
        return ClassifierRun(classifier, folder, train, validation, about)
    except BaseException:
        with suppress(OSError):
            folder.rmdir()
        raise


def make_classifier(args: argparse.Namespace) -> Classifier:
    """Make the classifier that the options describe.

    Raises:
        UsageError: If the classifier does not have one of the given hyperparameters.
        AgentError: If a hyperparameter is out of range.
    """
    classifier = CLASSIFIERS[args.model](seed=args.seed, **given_hyperparameters(args, "model", CLASSIFIERS))
    classifier.settings()
    return classifier


def default_name(args: argparse.Namespace) -> str:
    """Return the name of a run, such as "cookies-conv-0"."""
    given = given_hyperparameters(args, "model", CLASSIFIERS)
    settings = CLASSIFIERS[args.model].hyperparameters
    words = [setting_words(n, value) for n, value in given.items() if value != settings[n].default]
    if args.number is not None:
        words.append(setting_words(NUMBER, args.number))
    return runs.default_name(args.data.resolve().name, args.model, args.seed, (), words)


def check_resumable(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Check that no option is given that a resumed run cannot change.

    Raises:
        UsageError: If there is such an option.
    """
    changed = [
        f"--{name.replace('_', '-')}"
        for name, value in vars(args).items()
        if name not in (*WITH_RESUME, "do", "command") and value != parser.get_default(name)
    ]
    if changed:
        raise UsageError(f"--resume keeps the options of the run: leave out {', '.join(changed)}")


def resumed_run(args: argparse.Namespace) -> ClassifierRun:
    """Return the run of a folder, to continue it on the data set that it was trained on.

    Raises:
        UsageError: If the run has reached its target, or its data set is unknown.
        AgentError: If the run or the data set cannot be read, or the data set is a different one.
    """
    classifier, about = load_classifier(args.resume), data_of(args.resume)
    folder = Path(str(about.get("data", DATA))) if args.data == DATA else args.data
    dataset, split = parts(folder)
    chosen = split_of_run(dataset, split, about).train
    train, validation = ((dataset.pictures[i], dataset.labels[i]) for i in (chosen, split.validation))
    now = about_data(folder, dataset, split) | {NUMBER: len(chosen)}
    epochs = (
        None if args.epochs is None else classifier.hyperparameters["epochs"].parse("epochs", args.epochs)
    )
    run = ClassifierRun(classifier, args.resume, train, validation, now, epochs)
    if run.steps >= run.target:
        done = run.steps // run.steps_per_epoch
        raise UsageError(
            f"{args.resume} has learned for {done:,} epochs: add --epochs N, with N above {done:,}"
        )
    return run


def learn_with_bar(run: ClassifierRun, interrupt: Interrupt, console: Console) -> None:
    """Train until the last epoch or Ctrl-C, with a progress bar that shows both losses."""
    fields = "loss [bold]{task.fields[training]:.3f}", "validation [bold]{task.fields[validation]:.3f}"
    with progress_bar(console, *fields, transient=False) as bar:

        def losses() -> dict[str, Any]:
            row = run.table.rows[-1]
            return {"training": row.training_loss, "validation": row.validation_loss}

        task = bar.add_task("training", total=run.target, completed=run.steps, **losses())

        def stop() -> bool:
            bar.update(task, completed=run.steps, **losses())
            return interrupt.asked

        run.learn(stop)


def save_with_curve(run: ClassifierRun) -> None:
    """Save the run, then draw the learning curve; without a curve, the run is complete too."""
    from cookie_jar.scripts.common.figures import FigureError
    from cookie_jar.scripts.common.loss_curve import draw_losses

    try:
        run.finish(draw_losses)
    except FigureError as error:
        warnings.warn(f"the run was saved without its learning curve: {error}", stacklevel=2)
