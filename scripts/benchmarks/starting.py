"""Processor time of commands, from the start of their process to its end."""

import os
import sys
import time
from collections.abc import Sequence
from functools import cache
from subprocess import DEVNULL, Popen
from tempfile import TemporaryDirectory

from cookie_jar.scripts.benchmarks.timing import Measurement, Scale, alternate

COMMANDS = {  # in a folder with the run `runs/new`
    "--help": ("--help",),
    "train --help": ("train", "--help"),
    "memory show": ("memory", "show", "runs/new"),
    "train": ("train", "--name", "new", "--overwrite"),
}


def command_time(name: str, scale: Scale) -> Measurement:
    """Measure a command, compared with `import gymnasium`, which commands with an environment need."""
    words = _program(COMMANDS[name])
    ours, peer = alternate(scale.rounds, lambda: processor_seconds(words), _import_gymnasium)
    return Measurement(f"cookie-jar {name}, processor time", "s", ours, "import gymnasium", peer)


def _program(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "cookie_jar.scripts.cli", *words]


def _import_gymnasium() -> float:
    return processor_seconds([sys.executable, "-c", "import gymnasium"])


def processor_seconds(command: Sequence[str]) -> float:
    """Run a command in a folder with a run, and return the processor time of its process in seconds.

    Systems that do not report the time of one process give the time that passes.
    """
    start = time.perf_counter()
    process = Popen(command, cwd=run_folder().name, stdout=DEVNULL)
    if not hasattr(os, "wait4"):
        process.wait()
        return time.perf_counter() - start
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"expected that {' '.join(command)} succeeds, got status {process.returncode}")
    return usage.ru_utime + usage.ru_stime


@cache
def run_folder() -> TemporaryDirectory[str]:
    """Return a folder with the run `runs/new`; training it also fills the caches of compiled code."""
    folder = TemporaryDirectory(ignore_cleanup_errors=True)
    Popen(_program(COMMANDS["train"]), cwd=folder.name, stdout=DEVNULL).wait()
    return folder
