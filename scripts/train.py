"""Learn: let an agent gather experience in an environment, and keep what it has learned."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cookie_jar.agents import Agent, runs
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.agents.training import TrainingRun, target_of
from cookie_jar.scripts.common.argument_types import Parser, folder_name, positive, run_folder
from cookie_jar.scripts.common.arguments import (
    add_agent_options,
    make_agent,
    new_folder,
)
from cookie_jar.scripts.common.console import Interrupt, UsageError, command, run
from cookie_jar.scripts.common.environment_options import add_environment_options, make_environment
from cookie_jar.scripts.common.training_report import report

TABLE_STEPS, GRADIENT_STEPS = 100_000, 1_000_000  # that suffice in the home kitchen


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = Parser(prog="cookie-jar train", description=__doc__)
    add_environment_options(parser)
    add_agent_options(parser)
    group = parser.add_argument_group("run")
    group.add_argument(
        "--timesteps",
        type=positive,
        metavar="N",
        help=f"steps to learn from (default: {TABLE_STEPS:,} with a Q-table, else {GRADIENT_STEPS:,})",
    )
    group.add_argument("--name", type=folder_name, help="of the run (default: environment, agent and seed)")
    group.add_argument(
        "--run-dir",
        type=Path,
        default=Path("runs"),
        metavar="DIR",
        help="parent folder (default: %(default)s)",
    )
    group.add_argument(
        "--resume",
        type=run_folder,
        metavar="RUN",
        help="continue a run, for --timesteps more if given",
    )
    group.add_argument("--watch", action="store_true", help="learn in a window, with sliders to turn")
    group.add_argument("--overwrite", action="store_true", help="replace a run of the same name")
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    console = Console()
    if args.watch:
        check_screen()
    training = new_training(args, console) if args.resume is None else resumed_training(args, console)
    agent, target = training.agent, training.target
    with Interrupt() as interrupt:
        training.begin() if args.resume is None else training.go_on()
        if args.watch:
            from cookie_jar.scripts.viewer.live import learn_in_window

            learn_in_window(training, lambda: interrupt.asked)
        else:
            learn_with_bar(training, interrupt, console)
        from cookie_jar.scripts.common.learning_curve import draw_curve

        training.finish(draw_curve)
    if agent.num_timesteps < target:
        console.print(f"Stopped after {agent.num_timesteps:,} of {target:,} steps; nothing is lost.")
        console.out(f"Go on with: {command('train', '--resume', training.folder)}", highlight=False)
    report(console, training)


def check_screen() -> None:
    """Refuse to open a window where there is none, before anything is written.

    Raises:
        UsageError: there is no screen.
    """
    from cookie_jar.scripts.viewer.main_loop import has_display

    if not has_display():
        raise UsageError(
            "--watch: no screen found; learn without it, then write an episode to a file with "
            f"{command('watch', 'RUN', '--save', 'episode.gif')}"
        )


def learn_with_bar(training: TrainingRun, interrupt: "Interrupt", console: Console) -> None:
    """Learn until the target or Ctrl-C, with a progress bar."""
    with _progress(console) as bar:
        task = bar.add_task("learning", total=training.target, score=training.score)

        def stop() -> bool:
            bar.update(task, completed=training.agent.num_timesteps, score=training.score)
            return interrupt.asked

        training.learn(stop)


def new_training(args: argparse.Namespace, console: Console) -> TrainingRun:
    """A run from its beginning."""
    agent = make_agent(args, make_environment(args))
    evaluator = make_evaluator(agent, console)
    default = runs.default_name(args.env, args.agent, args.seed)
    folder = new_folder(args.run_dir, args.name, default, args.overwrite)
    steps = TABLE_STEPS if isinstance(agent, TemporalDifference) else GRADIENT_STEPS
    return TrainingRun(agent, evaluator, folder, args.timesteps or steps)


def resumed_training(args: argparse.Namespace, console: Console) -> TrainingRun:
    """A run that goes on: to its old target, or for so many steps more."""
    defaults = vars(parser().parse_args([]))
    changed = [
        f"--{name.replace('_', '-')}"
        for name, value in vars(args).items()
        if value != defaults[name] and name not in ("resume", "timesteps", "watch")
    ]
    if changed:
        raise UsageError(f"--resume goes on with what the run has: it takes none of {', '.join(changed)}")
    agent = runs.load(args.resume)
    if not (args.resume / runs.MONITOR_FILE).exists():
        raise UsageError(f"{args.resume}: expected a run that `train` made, with its {runs.MONITOR_FILE}")
    if args.timesteps is None:
        target = target_of(args.resume)
        if agent.num_timesteps >= target:
            raise UsageError(f"{args.resume} has learned from all its {target:,} steps: add --timesteps MORE")
    else:
        target = agent.num_timesteps + args.timesteps
    return TrainingRun(agent, make_evaluator(agent, console), args.resume, target)


def make_evaluator(agent: Agent, console: Console) -> Evaluator:
    """The judge, who has to think a while in a large kitchen."""
    with console.status("working out what the random child and the best one are worth"):
        return Evaluator(agent.env)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("greedy happiness [bold]{task.fields[score]}"),
        TimeRemainingColumn(),
        console=console,
    )


if __name__ == "__main__":
    sys.exit(run(main))
