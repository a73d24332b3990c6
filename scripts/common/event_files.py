"""Event files of TensorBoard."""

import hashlib
import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cookie_jar.agents.files import is_regular, write_atomically
from cookie_jar.scripts.common.console import UsageError

LARGEST = float(np.finfo(np.float32).max)  # absolute value in an event


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


def event_file(out: Path, run: Path) -> Path:
    """Return the event file of a run, in a subfolder that holds no other event files.

    The name of the file says which run it belongs to. If another run of the same name or another program has
    the subfolder, a number is added to its name.
    """
    run = run.resolve()
    name = f"events.out.tfevents.{hashlib.sha256(os.fsencode(run)).hexdigest()[:12]}.cookie-jar"
    folders = [out / run.name, *(out / f"{run.name}-{number}" for number in range(2, 1_000))]
    own = (folder / name for folder in folders if is_regular(folder / name) and not folder.is_symlink())
    free = (folder for folder in folders if not _has_events(folder))
    return next(own, None) or next(free) / name


def _has_events(folder: Path) -> bool:
    """Return whether a folder holds event files, or is something else than a folder."""
    if not os.path.lexists(folder):
        return False
    is_folder = folder.is_dir() and not folder.is_symlink()
    return not is_folder or any("tfevents" in path.name for path in folder.iterdir())


def write_events(file: Path, start: float, scalars: Iterable[Scalar]) -> None:
    """Write an event file.

    Raises:
        UsageError: If TensorBoard is not installed.
    """
    try:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.record_writer import RecordWriter
    except ModuleNotFoundError:
        raise UsageError("TensorBoard is not installed; run: pip install tensorboard") from None
    data = io.BytesIO()
    writer = RecordWriter(data)
    writer.write(Event(wall_time=start, file_version="brain.Event:2").SerializeToString())
    for tag, step, value, now in scalars:
        summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
        writer.write(Event(wall_time=now, step=step, summary=summary).SerializeToString())
    write_atomically(file, data.getvalue())
