"""Train an agent in an environment, and save the run in a folder."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec

if find_spec("cookie_jar") is None:  # the file of the program in a checkout that is not installed
    sys.exit("error: cookie-jar is not installed in this Python; in the source folder, run: pip install -e .")

from cookie_jar.scripts.common.argument_types import Parser, folder_name, parent_folder, positive, run_folder
from cookie_jar.scripts.common.console import Console, UsageError, command, run
from cookie_jar.scripts.common.env_modules import module_options
from cookie_jar.scripts.common.options import add_agent_options, add_environment_options
from cookie_jar.scripts.common.run_folders import RUNS
from cookie_jar.scripts.common.seeds import seed_range, train_together
from cookie_jar.scripts.common.stopping import Interrupt
from cookie_jar.scripts.common.training import (
    DEFAULT_STEPS,
    check_resumable,
    learn_with_bar,
    print_report,
    resumed_training,
    save_with_curve,
)


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar train", description=__doc__)
    add_environment_options(parser)
    add_agent_options(parser)
    group = parser.add_argument_group("run")
    group.add_argument(
        "--eyes",
        metavar="RUN",
        help="the run of a classifier (see `cookies train`) that recognises the cookies; for environments "
        "with pictures, such as CookieJarPicturesCorner-v0",
    )
    group.add_argument(
        "--timesteps",
        type=positive,
        metavar="N",
        help=f"training steps (default: {DEFAULT_STEPS})",
    )
    group.add_argument(
        "--seeds",
        type=seed_range,
        metavar="FIRST..LAST",
        help="train one run for each of these seeds, using all cores",
    )
    group.add_argument(
        "--name",
        type=folder_name,
        help="name of the run's folder (default: environment, agent, seed, and all options that differ from "
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
        help="resume a run until its target number of steps, or for --timesteps more steps",
    )
    group.add_argument(
        "--discard-record",
        action="store_true",
        help="with --resume: start a new record of episodes and evaluations; old files become *.discarded",
    )
    group.add_argument(
        "--watch", action="store_true", help="show training in a window, with sliders for the hyperparameters"
    )
    group.add_argument("--large", action="store_true", help="with --watch: enlarge all text, for a projector")
    group.add_argument("--overwrite", action="store_true", help="replace an existing run of the same name")
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    from cookie_jar.scripts.classification.seeing import check_eyes, make_run, make_runs, print_eyes

    console = Console()
    if args.large and not args.watch:
        raise UsageError("--large: expected --watch with it")
    if args.discard_record and args.resume is None:
        raise UsageError("--discard-record: expected --resume RUN with it")
    if args.watch:
        check_screen()
    if args.seeds is not None and args.resume is None:
        train_together(make_runs(args, console), console)
        return
    if args.resume is None:
        training = make_run(args, console)
    else:
        check_resumable(args, parser().parse_args([]))
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


if __name__ == "__main__":
    sys.exit(run(main))
