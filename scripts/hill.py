"""The hill: what learning looks like as a way down a surface, and what the learning rate does on it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import Progress

from cookie_jar.agents import runs
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.files import write_atomically
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.scripts.common.console import UsageError, run
from cookie_jar.scripts.inspection.figures import draw_hill, draw_learning_rates
from cookie_jar.scripts.inspection.learning_rates import Curves, learning_curve
from cookie_jar.scripts.inspection.loss_landscape import errors, plane, principal_path
from cookie_jar.scripts.inspection.view import MemoryView

FEWEST = 3  # snapshots that make a path


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="cookie-jar hill",
        description=__doc__,
        epilog="RUN is the folder of a run of reinforce, actor-critic or ppo",
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="the folder of a run, such as runs/NAME")
    parser.add_argument("--png", type=Path, metavar="FILE", help="of the surface (default: RUN/hill.png)")
    parser.add_argument(
        "--grid", type=int, default=33, metavar="N", help="N x N points of it (default: %(default)s)"
    )
    parser.add_argument("--rates-png", type=Path, metavar="FILE", help="(default: RUN/learning_rates.png)")
    parser.add_argument(
        "--seeds", type=int, default=5, metavar="N",
        help="runs with each learning rate; 0 leaves that figure out (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--factor", type=float, default=50.0, metavar="X",
        help="the learning rate is divided by it, and multiplied by it (default: %(default)g)",
    )  # fmt: skip
    parser.add_argument(
        "--timesteps", type=int, metavar="N", help="steps of each of them (default: those of the run)"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    if not args.factor > 1:
        raise UsageError(f"--factor: expected more than 1, got {args.factor}")
    for name, least in (("grid", 5), ("seeds", 0), ("timesteps", 1)):
        value = getattr(args, name)
        if value is not None and value < least:
            raise UsageError(f"--{name}: expected at least {least}, got {value}")
    view = MemoryView(args.run)
    if not isinstance(view.agent, OnPolicy):
        raise UsageError(f"{args.run}: a Q-table walks down no hill; expected reinforce, actor-critic or ppo")
    if not view.evaluator.exact:
        raise UsageError(f"{args.run}: expected an environment with an exact model, got {view.agent.env}")
    console = Console()
    write(console, args.png or args.run / "hill.png", show_hill(view, args.run, args.grid, console))
    if args.seeds:
        file = args.rates_png or args.run / "learning_rates.png"
        rates = [factor * view.agent.learning_rate for factor in (1 / args.factor, 1, args.factor)]
        total = args.timesteps or view.agent.num_timesteps
        write(console, file, show_rates(view.evaluator, view.agent, rates, args.seeds, total, console))


def write(console: Console, file: Path, png: bytes) -> None:
    """Write a picture and say so."""
    write_atomically(file, png)
    console.out(f"written: {file}", highlight=False)


def show_hill(view: MemoryView, folder: Path, size: int, console: Console) -> bytes:
    """The surface with the path, as a PNG."""
    files = [file for _, file in runs.snapshots(folder)] + [runs.memory_file(folder)]
    if len(files) < FEWEST:
        raise UsageError(f"{folder}: expected a run with at least {FEWEST - 1} snapshots")
    path = principal_path(np.stack([MemoryView(file, view.evaluator).parameters() for file in files]))
    across, up = plane(path, size)
    points = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    all_points = np.vstack([points, path.points])
    with Progress(console=console, transient=True) as progress:
        surveyed = progress.track(errors(view, path, all_points), len(all_points), description="surveying")
        heights = np.array(list(surveyed))
    view.set_parameters(path.origin)
    spec = view.agent.env.spec
    title = f"{type(view.agent).__name__} on the hill of {'?' if spec is None else spec.id}"
    surface = heights[: len(points)].reshape(size, size)
    return draw_hill(title, across, up, surface, path, heights[len(points) :])


def show_rates(
    evaluator: Evaluator, agent: OnPolicy, rates: Sequence[float], seeds: int, total: int, console: Console
) -> bytes:
    """Learning curves with three learning rates, as a PNG."""
    curves: dict[float, Curves] = {}
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("learning anew", total=len(rates) * seeds)
        for rate in rates:
            scores = []
            for seed in range(seeds):
                steps, score = learning_curve(agent, evaluator, rate, seed, total)
                scores.append(score)
                progress.advance(task)
            curves[rate] = Curves(steps, np.array(scores))
    title = f"{type(agent).__name__} with three learning rates, {seeds} seeds each"
    return draw_learning_rates(title, curves)


if __name__ == "__main__":
    sys.exit(run(main))
