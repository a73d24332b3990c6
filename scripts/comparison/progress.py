"""Progress as plain lines, for output that is no terminal: a file, a pipe, a continuous integration."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.comparison.executors import Chunk
from cookie_jar.scripts.comparison.trials import Trial

SHORTEST, LONGEST, GROWTH = 5.0, 60.0, 1.5  # seconds between two lines: rarer the longer it takes
MOST_NAMED = 2  # of the running trials


class LineProgress:
    """Context manager that prints from time to time how many trials are finished, and which are running.

    Args:
        trials: The trials that will be run.
        console: The console for the lines.
        period: Seconds until the first line; later lines are rarer.
    """

    def __init__(self, trials: Sequence[Trial], console: Console, period: float = SHORTEST) -> None:
        self._trials = {trial.key: trial for trial in trials}
        self._steps = dict.fromkeys(self._trials, 0)
        self._console, self._period = console, period
        self._start = time.monotonic()
        self._ended = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> "LineProgress":
        self._start = time.monotonic()
        if self._trials:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._trials:
            self._thread.join()
            self._console.out(self.line(), style="dim")

    def update(self, chunk: Chunk, steps: int) -> None:
        """Note the total number of steps of a chunk's trials so far."""
        for trial in chunk:
            self._steps[trial.key] = min(steps, trial.timesteps)
            steps -= self._steps[trial.key]

    def line(self) -> str:
        """Return the progress as text, such as "2 of 9 runs finished after 8 s; running: ..."."""
        made = [(trial, self._steps[key]) for key, trial in self._trials.items()]
        finished = sum(steps >= trial.timesteps for trial, steps in made)
        text = f"{finished:,} of {len(made):,} runs finished after {time.monotonic() - self._start:.0f} s"
        running = [
            f"{trial.name} ({100 * steps / trial.timesteps:.0f} %)"
            for trial, steps in made
            if 0 < steps < trial.timesteps
        ]
        if self._ended.is_set():
            return text
        if len(running) > MOST_NAMED:
            running[MOST_NAMED:] = [f"{len(running) - MOST_NAMED} more"]
        return f"{text}; " + (f"running: {', '.join(running)}" if running else "the next ones are starting")

    def _run(self) -> None:
        while not self._ended.wait(self._period):
            self._console.out(self.line(), style="dim")
            self._period = min(GROWTH * self._period, LONGEST)


@contextmanager
def stages(console: Console) -> Iterator["Stages"]:
    """Show what is being done: beside a spinner in a terminal, else as one line for each stage."""
    shown = Stages(console)
    try:
        yield shown
    finally:
        shown.stop()


class Stages:
    """The function of `stages` that names the current stage."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("") if console.is_terminal else None

    def __call__(self, text: str) -> None:
        """Name the stage that begins."""
        if self._status is None:
            self._console.out(text, style="dim")
        else:
            self._status.update(text)
            self._status.start()

    def stop(self) -> None:
        """Remove the spinner."""
        if self._status is not None:
            self._status.stop()
