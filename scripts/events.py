"""Events: write a run's record as TensorBoard reads it, under the names that Stable-Baselines3 uses."""

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cookie_jar.agents import runs
from cookie_jar.scripts.common.console import UsageError, run

WINDOW = 100  # episodes of a mean, as in Stable-Baselines3
MOST = 2_000  # points of a curve
NAMES = {"happiness": "eval/mean_reward", "length": "eval/mean_ep_length", "success": "eval/success_rate"}


class Scalar(NamedTuple):
    """A number at a step.

    Attributes:
        tag: of the curve.
        step: so many steps of experience.
        value: the number.
        time: of the clock, in seconds since 1970.
    """

    tag: str
    step: int
    value: float
    time: float


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="cookie-jar events", description=__doc__)
    parser.add_argument("run", metavar="RUN", type=Path, help="the folder of a run, such as runs/NAME")
    parser.add_argument(
        "--out", type=Path, default=Path("tensorboard"), metavar="DIR", help="default: %(default)s"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    events = [*episodes(args.run), *evaluations(args.run)]
    write_events(args.out / args.run.resolve().name, events)
    print(f"wrote {len(events):,} numbers; look at them with: tensorboard --logdir {args.out}")


def episodes(folder: Path) -> Iterator[Scalar]:
    """Mean return and length of the last episodes while exploring, and the speed.

    Raises:
        UsageError: the folder has no such record.
    """
    start, rows = _monitor(folder)
    step, every = 0, max(1, -(-len(rows) // MOST))
    for number, (_, length, seconds) in enumerate(rows):
        step += int(length)
        if number % every == 0:
            last = rows[max(0, number + 1 - WINDOW) : number + 1]
            now = start + seconds
            yield Scalar("rollout/ep_rew_mean", step, sum(row[0] for row in last) / len(last), now)
            yield Scalar("rollout/ep_len_mean", step, sum(row[1] for row in last) / len(last), now)
            if seconds > 0:
                yield Scalar("time/fps", step, step / seconds, now)


def evaluations(folder: Path) -> Iterator[Scalar]:
    """The greedy policy now and then, at the times of the episodes around."""
    start, rows = _monitor(folder)
    ends = np.cumsum([0, *(length for _, length, _ in rows)])
    seconds = [0.0, *(row[2] for row in rows)]
    path = folder / runs.EVALUATIONS_FILE
    try:
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            step = int(row["steps"])
            now = start + float(np.interp(step, ends, seconds))
            for name, tag in NAMES.items():
                yield Scalar(tag, step, float(row[name]), now)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: expected the judgements that `train` writes; {error}") from None


def write_events(folder: Path, events: Sequence[Scalar]) -> None:
    """Write a file of events in the place of an earlier one.

    Raises:
        UsageError: TensorBoard is not installed.
    """
    try:
        from tensorboard.compat.proto.event_pb2 import Event as Protocol
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.event_file_writer import EventFileWriter
    except ModuleNotFoundError:
        raise UsageError("TensorBoard is not installed; pip install tensorboard") from None
    for earlier in folder.glob("events.out.tfevents.*"):
        earlier.unlink()
    writer = EventFileWriter(str(folder))
    for event in events:
        summary = Summary(value=[Summary.Value(tag=event.tag, simple_value=event.value)])
        writer.add_event(Protocol(wall_time=event.time, step=event.step, summary=summary))
    writer.close()


def _monitor(folder: Path) -> tuple[float, list[tuple[float, float, float]]]:
    """When a run began, and return, length and seconds of each episode."""
    path = folder / runs.MONITOR_FILE
    if not path.exists():
        raise UsageError(
            f"{folder}: expected the folder of a run with {runs.MONITOR_FILE}; `train` makes one"
        )
    try:
        header, _, *rows = path.read_text(encoding="utf-8").splitlines()
        start = float(json.loads(header.removeprefix("#"))["t_start"])
        return start, [(float(r), float(length), float(t)) for r, length, t in csv.reader(rows)]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: expected the record of episodes that `train` writes; {error}") from None


if __name__ == "__main__":
    sys.exit(run(main))
