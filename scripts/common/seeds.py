"""Runs that differ only in their seeds, trained at the same time in threads of this process.

Compiled training loops run on all cores; agents that learn in Python take turns. Each run has its own agent,
random numbers and folder, and is the same as if it were trained alone.
"""

import re
from argparse import ArgumentTypeError
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from statistics import median

from cookie_jar.agents import AgentError
from cookie_jar.agents.training import TrainingRun
from cookie_jar.scripts.common.argument_types import non_negative
from cookie_jar.scripts.common.console import Console, UsageError, command, progress_bar
from cookie_jar.scripts.common.cores import available_cores
from cookie_jar.scripts.common.env_modules import module_options
from cookie_jar.scripts.common.stopping import Interrupt
from cookie_jar.scripts.common.tables import new_table
from cookie_jar.scripts.common.training import save_with_curve, score_cells

MAX_SEEDS = 1_000
POLL_SECONDS = 0.1  # between two looks at the progress


def seed_range(text: str) -> range:
    """Return the seeds of "FIRST..LAST"; a type for argparse."""
    match = re.fullmatch(r"([^.]+)\.\.([^.]+)", text)
    if match is None:
        raise ArgumentTypeError(f"expected FIRST..LAST, such as 0..15, got {text!r:.100}")
    seeds = range(non_negative(match[1]), non_negative(match[2]) + 1)
    if not 1 <= len(seeds) <= MAX_SEEDS:
        raise ArgumentTypeError(f"expected 1 to {MAX_SEEDS:,} seeds in ascending order, got {text:.100}")
    return seeds


def train_together(trainings: Sequence[TrainingRun], console: Console) -> None:
    """Train runs until their targets or Ctrl-C, save all of them, and print their scores.

    Raises:
        UsageError: If runs failed; the others are saved.
    """
    with Interrupt() as interrupt:
        for training in trainings:
            training.begin()
        errors = learn_together(trainings, interrupt, console)
        whole = [training for training in trainings if training not in errors]
        with console.status("drawing the learning curves"):
            for training in whole:
                save_with_curve(training)
    if whole:
        print_scores(whole, console)
    if errors:
        texts = [f"{training.folder}: {error}" for training, error in errors.items()]
        raise UsageError(f"{len(errors)} of {len(trainings)} runs failed; {'; '.join(texts)}")


def learn_together(
    trainings: Sequence[TrainingRun], interrupt: Interrupt, console: Console
) -> dict[TrainingRun, AgentError]:
    """Let the agents of runs learn on all cores, with one progress bar, and return the errors of runs."""
    target = sum(training.target for training in trainings)
    with progress_bar(console, transient=False) as bar, ThreadPoolExecutor(available_cores()) as pool:
        task = bar.add_task(f"training {len(trainings)} seeds", total=target)
        ends = {pool.submit(training.learn, lambda: interrupt.asked): training for training in trainings}
        running: set[Future[None]] = set(ends)
        while running:
            _, running = wait(running, POLL_SECONDS)
            bar.update(task, completed=sum(training.agent.num_timesteps for training in trainings))
    errors = {ends[future]: error for future in ends if (error := future.exception()) is not None}
    for error in errors.values():
        if not isinstance(error, AgentError):
            raise error
    return {training: error for training, error in errors.items() if isinstance(error, AgentError)}


def print_scores(trainings: Sequence[TrainingRun], console: Console) -> None:
    """Print a row for each run and their median, and how to continue those that were stopped."""
    evaluator = trainings[0].evaluator
    table = new_table("", "happiness", "of possible", "success", "actions per success")
    table.add_row("random", *score_cells(evaluator, evaluator.random))
    for training in trainings:
        table.add_row(f"seed {training.agent.seed}", *score_cells(evaluator, training.greedy[-1]))
    if evaluator.optimum is not None:
        table.add_row("optimum", *score_cells(evaluator, evaluator.optimum))
    console.print()
    console.print(table)
    middle = median(training.greedy[-1].mean_return for training in trainings)
    console.print(f"\nmedian of {len(trainings)} seeds: {middle:.2f}; {evaluator.how}", style="dim")
    for training in trainings:
        console.out(f"Saved in {training.folder}")
    for training in trainings:
        now = training.agent.num_timesteps
        if now < training.target:
            resume = command("train", "--resume", training.folder, *module_options(training.agent.env))
            console.out(f"Stopped after {now:,} of {training.target:,} steps; continue with: {resume}")
