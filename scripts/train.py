"""Train an agent in an environment, and save the run in a folder."""

import argparse
import sys
from collections.abc import Sequence

from cookie_jar.agents.training import TrainingRun
from cookie_jar.scripts.classification.seeing import check_eyes, make_run, print_eyes
from cookie_jar.scripts.common.argument_types import Parser, folder_name, parent_folder, positive, run_folder
from cookie_jar.scripts.common.console import Console, Interrupt, UsageError, command, progress_bar, run
from cookie_jar.scripts.common.env_modules import module_options
from cookie_jar.scripts.common.options import add_agent_options, add_environment_options
from cookie_jar.scripts.common.run_folders import RUNS
from cookie_jar.scripts.common.training import DEFAULT_STEPS, print_report, resumed_training, save_with_curve

WITH_RESUME = "resume", "timesteps", "watch", "large", "env_module", "discard_record"


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar train", description=__doc__)
    add_environment_options(parser)
    add_agent_options(parser)
    group = parser.add_argument_group("run")
    group.add_argument(
        "--eyes",
        metavar="RUN",
        help="the run of a classifier (see `cookies train`) that looks into the jar; for environments with "
        "pictures, such as CookieJarPicturesCorner-v0",
    )
    group.add_argument(
        "--timesteps",
        type=positive,
        metavar="N",
        help=f"training steps (default: {DEFAULT_STEPS})",
    )
    group.add_argument(
        "--name",
        type=folder_name,
        help="name of the run's folder (default: environment, agent and seed, and options that are not the "
        "defaults)",
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
        help="continue a run until its target number of steps, or for --timesteps more steps",
    )
    group.add_argument(
        "--discard-record",
        action="store_true",
        help="with --resume: begin a new record of episodes and evaluations; old files stay as *.discarded",
    )
    group.add_argument(
        "--watch", action="store_true", help="show training in a window, with sliders for the hyperparameters"
    )
    group.add_argument("--large", action="store_true", help="with --watch: large letters, for a projector")
    group.add_argument("--overwrite", action="store_true", help="replace an existing run of the same name")
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    console = Console()
    if args.large and not args.watch:
        raise UsageError("--large: expected --watch with it")
    if args.watch:
        check_screen()
    if args.resume is None:
        if args.discard_record:
            raise UsageError("--discard-record: expected --resume RUN with it")
        training = make_run(args, console)
    else:
        check_resumable(args)
        training = resumed_training(args.resume, args.timesteps, console)
        check_eyes(training)
    agent, target = training.agent, training.target
    with Interrupt() as interrupt:
        training.begin() if args.resume is None else training.resume(discard=args.discard_record)
        if args.watch:
            from cookie_jar.scripts.viewer.live import learn_in_window

            learn_in_window(training, lambda: interrupt.asked, large=args.large)
        else:
            learn_with_bar(training, interrupt, console)
        save_with_curve(training)
    if agent.num_timesteps < target:
        console.print(f"Stopped after {agent.num_timesteps:,} of {target:,} steps; the run is saved.")
        console.out(
            f"Continue with: {command('train', '--resume', training.folder, *module_options(agent.env))}"
        )
    print_report(console, training)
    print_eyes(console, training)


def check_resumable(args: argparse.Namespace) -> None:
    """Check that no option is given that a resumed run cannot change.

    Raises:
        UsageError: If there is such an option.
    """
    defaults = vars(parser().parse_args([]))
    changed = [
        f"--{name.replace('_', '-')}"
        for name, value in vars(args).items()
        if value != defaults[name] and name not in WITH_RESUME
    ]
    if changed:
        raise UsageError(f"--resume keeps the options of the run: leave out {', '.join(changed)}")


def check_screen() -> None:
    """Check for a display before anything is written.

    Raises:
        UsageError: If there is no display.
    """
    from cookie_jar.scripts.viewer.main_loop import has_display

    if not has_display():
        raise UsageError(
            "--watch: no display found; train without --watch, then save an episode with "
            f"{command('watch', 'RUN', '--save', 'episode.gif')}"
        )


def learn_with_bar(training: TrainingRun, interrupt: Interrupt, console: Console) -> None:
    """Train until the target or Ctrl-C, with a progress bar."""
    score = "greedy happiness [bold]{task.fields[score]}"
    with progress_bar(console, score, transient=False) as bar:
        done = training.agent.num_timesteps
        task = bar.add_task("training", total=training.target, completed=done, score=training.score)

        def stop() -> bool:
            bar.update(task, completed=training.agent.num_timesteps, score=training.score)
            return interrupt.asked

        training.learn(stop)


if __name__ == "__main__":
    sys.exit(run(main))
