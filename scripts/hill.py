"""Plot training as a path on a surface, and the effect of the learning rate.

The height of the surface is the happiness that the agent misses, or the loss of a classifier.
"""

from cookie_jar.scripts.common.console import Console, UsageError, run

# isort: split
import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cookie_jar.agents.files import write_atomically
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.agents.run_files import HILL_FILE, RATES_FILE
from cookie_jar.agents.run_kinds import CLASSIFIER, run_kind
from cookie_jar.scripts.common.argument_types import (
    Parser,
    add_run,
    file_of,
    more_than,
    positive,
    run_folder,
    whole_between,
)
from cookie_jar.scripts.common.env_modules import add_module_option
from cookie_jar.scripts.common.run_folders import given_or_newest
from cookie_jar.scripts.inspection.learning_rates import learning_curves
from cookie_jar.scripts.inspection.loss_landscape import loss_landscape
from cookie_jar.scripts.inspection.view import MemoryView

MAX_GRID, MAX_SEEDS = 1_001, 1_000


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(
        prog="cookie-jar hill",
        description=__doc__,
        epilog="RUN must be a policy-gradient run (reinforce, actor-critic or ppo), or the run of a "
        "classifier whose data set still exists. "
        "A classifier descends the surface that is drawn, its loss. A policy gradient agent does not know "
        "this surface: each step descends a surrogate loss, whose gradient estimates the way down.",
    )
    add_run(parser, run_folder)
    parser.add_argument(
        "--png",
        type=file_of(".png"),
        metavar="FILE",
        help="file for the figure of the surface (default: RUN/hill.png)",
    )
    parser.add_argument(
        "--grid", type=whole_between(5, MAX_GRID), default=33, metavar="N",
        help="compute the surface on N x N points (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--rates-png", type=file_of(".png"), metavar="FILE",
        help="file for the figure of the learning rates (default: RUN/learning_rates.png)",
    )  # fmt: skip
    parser.add_argument(
        "--seeds", type=whole_between(0, MAX_SEEDS), default=5, metavar="N",
        help="seeds per learning rate; 0 omits that figure (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--factor", type=more_than(1), default=50.0, metavar="X",
        help="compare the learning rate with 1/X and X times its value (default: %(default)g)",
    )  # fmt: skip
    parser.add_argument(
        "--timesteps",
        type=positive,
        metavar="N",
        help="training steps per seed and learning rate (default: as in RUN; for a classifier at most 400)",
    )
    add_module_option(parser)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    folder, console = given_or_newest(args.run, kind=None), Console()
    draw = draw_classifier if run_kind(folder) == CLASSIFIER else draw_agent
    draw(args, folder, console)


def draw_agent(args: argparse.Namespace, folder: Path, console: Console) -> None:
    """Draw the figures of an agent.

    Raises:
        UsageError: If the run is not a policy-gradient run in an environment with a model.
    """
    view = MemoryView(folder)
    agent = view.agent
    if not isinstance(agent, OnPolicy):
        raise UsageError(
            f"{folder}: `hill` needs a policy-gradient run (reinforce, actor-critic or ppo), got a Q-table"
        )
    if not view.evaluator.exact:
        raise UsageError(f"{folder}: expected an environment with an exact model, got {agent.env}")
    from cookie_jar.scripts.inspection.figures import draw_landscape, draw_learning_rates

    name = type(agent).__name__
    title = f"The happiness that {name} misses in {view.env_id}"
    landscape = loss_landscape(view, agent, folder, args.grid, console)
    write(
        console,
        args.png or folder / HILL_FILE,
        draw_landscape(title, landscape, "missing happiness of the stochastic policy"),
    )
    if args.seeds:
        rates = [factor * agent.learning_rate for factor in (1 / args.factor, 1, args.factor)]
        total = args.timesteps or agent.num_timesteps
        curves = learning_curves(agent, view.evaluator, rates, args.seeds, total, console)
        title = f"{name} with three learning rates, {args.seeds} seeds each"
        file = args.rates_png or folder / RATES_FILE
        write(console, file, draw_learning_rates(title, curves))


def draw_classifier(args: argparse.Namespace, folder: Path, console: Console) -> None:
    """Draw the figures of a classifier."""
    from cookie_jar.scripts.inspection.classifiers.hill import landscape_figure, rates_figure

    write(console, args.png or folder / HILL_FILE, landscape_figure(folder, args.grid, console))
    if args.seeds:
        png = rates_figure(folder, args.factor, args.seeds, args.timesteps, console)
        write(console, args.rates_png or folder / RATES_FILE, png)


def write(console: Console, file: Path, png: bytes) -> None:
    """Write a figure, and print its name."""
    write_atomically(file, png)
    console.out(f"wrote {file}")


if __name__ == "__main__":
    sys.exit(run(main))
