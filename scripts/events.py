"""Export a run's training record to TensorBoard, with the tag names of Stable-Baselines3."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cookie_jar.agents import runs
from cookie_jar.scripts.common.argument_types import Parser, run_folder
from cookie_jar.scripts.common.console import Console, UsageError, run

WINDOW = 100  # number of episodes of a running mean, as in Stable-Baselines3
MAX_POINTS = 2_000  # of a curve
TAGS = {"mean_return": "eval/mean_reward", "length": "eval/mean_ep_length", "success": "eval/success_rate"}


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar events", description=__doc__)
    parser.add_argument("run", type=run_folder, metavar="RUN", help="the folder of a run, such as runs/NAME")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("tensorboard"),
        metavar="DIR",
        help="log folder; the run gets a subfolder (default: %(default)s)",
    )
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    scalars = [*episode_scalars(args.run), *evaluation_scalars(args.run)]
    write_events(args.out / args.run.resolve().name, scalars)
    Console().out(f"wrote {len(scalars):,} values; show them with: tensorboard --logdir {args.out}")


class Scalar(NamedTuple):
    """A value of a curve.

    Attributes:
        tag: The name of the curve.
        step: The environment step.
        value: The value.
        time: The time of the clock, in seconds since 1970.
    """

    tag: str
    step: int
    value: float
    time: float


def episode_scalars(folder: Path) -> Iterator[Scalar]:
    """Yield the mean return and length of recent training episodes, and the speed.

    Raises:
        UsageError: If the folder has no such record.
    """
    start, rows = _read_monitor(folder)
    every = max(1, -(-len(rows) // MAX_POINTS))
    for number, (_, _, seconds, step) in enumerate(rows):
        if number % every == 0:
            last = rows[max(0, number + 1 - WINDOW) : number + 1]
            now = start + seconds
            yield Scalar("rollout/ep_rew_mean", step, sum(row[0] for row in last) / len(last), now)
            yield Scalar("rollout/ep_len_mean", step, sum(row[1] for row in last) / len(last), now)
            if seconds > 0:
                yield Scalar("time/fps", step, step / seconds, now)


def evaluation_scalars(folder: Path) -> Iterator[Scalar]:
    """Yield the evaluations of the greedy policy; their times are interpolated between the episodes.

    Raises:
        UsageError: If the folder has no such record.
    """
    start, rows = _read_monitor(folder)
    ends = [0, *(row.end for row in rows)]
    seconds = [0.0, *(row.seconds for row in rows)]
    path, table = folder / runs.EVALUATIONS_FILE, runs.EvaluationTable()
    try:
        table.read(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: expected the evaluations that `train` writes; {error}") from None
    for step, score in zip(table.steps, table.greedy, strict=True):
        now = start + float(np.interp(step, ends, seconds))
        for name, tag in TAGS.items():
            yield Scalar(tag, step, getattr(score, name), now)


def write_events(folder: Path, scalars: Sequence[Scalar]) -> None:
    """Write an event file, replacing earlier event files in the folder.

    Raises:
        UsageError: If TensorBoard is not installed.
    """
    try:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.event_file_writer import EventFileWriter
    except ModuleNotFoundError:
        raise UsageError("TensorBoard is not installed; run: pip install tensorboard") from None
    for earlier in folder.glob("events.out.tfevents.*"):
        earlier.unlink()
    writer = EventFileWriter(str(folder))
    for scalar in scalars:
        summary = Summary(value=[Summary.Value(tag=scalar.tag, simple_value=scalar.value)])
        writer.add_event(Event(wall_time=scalar.time, step=scalar.step, summary=summary))
    writer.close()


def _read_monitor(folder: Path) -> tuple[float, list[runs.TrainingEpisode]]:
    """Return the start time of a run, and the episodes whose end is known."""
    path = folder / runs.MONITOR_FILE
    if not path.exists():
        raise UsageError(
            f"{folder}: expected the folder of a run with {runs.MONITOR_FILE}; create a run with `train`"
        )
    try:
        start, episodes = runs.Monitor(path).read()
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: expected the record of episodes that `train` writes; {error}") from None
    return start, runs.known_ends(episodes, 1)


if __name__ == "__main__":
    sys.exit(run(main))
