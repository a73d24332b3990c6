"""Progress as plain lines, for output that is no terminal: a file, a pipe, a continuous integration."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.comparison.executors import Chunk
from cookie_jar.scripts.comparison.trials import Trial

LOOK, LONGEST = 1.0, 10.0  # seconds between two looks for runs that began or ended, and between two lines
MOST_NAMED = 2  # of the running trials


class LineProgress:
    """Context manager that prints how many trials are finished, and which are running.

    A line is printed when a trial has begun or ended, but at most one per look, and after `LONGEST` seconds
    without a line.

    Args:
        trials: The trials that will be run.
        console: The console for the lines.
        look: Seconds between two looks.
    """

    def __init__(self, trials: Sequence[Trial], console: Console, look: float = LOOK) -> None:
        self._trials = {trial.key: trial for trial in trials}
        self._steps = dict.fromkeys(self._trials, 0)
        self._console, self._look = console, look
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
        finished, running = self._now()
        seconds = time.monotonic() - self._start
        text = f"{finished:,} of {len(self._trials):,} runs finished after {seconds:.0f} s"
        if self._ended.is_set():
            return text
        names = [
            f"{trial.name} ({100 * self._steps[trial.key] / trial.timesteps:.0f} %)" for trial in running
        ]
        if len(names) > MOST_NAMED:
            names[MOST_NAMED:] = [f"{len(names) - MOST_NAMED} more"]
        return f"{text}; " + (f"running: {', '.join(names)}" if names else "the next runs are starting")

    def _now(self) -> tuple[int, list[Trial]]:
        """Return the number of trials that are finished, and those that are running."""
        made = [(trial, self._steps[key]) for key, trial in self._trials.items()]
        finished = sum(steps >= trial.timesteps for trial, steps in made)
        return finished, [trial for trial, steps in made if 0 < steps < trial.timesteps]

    def _run(self) -> None:
        said, said_at = self._now(), self._start
        while not self._ended.wait(self._look):
            now, seconds = self._now(), time.monotonic()
            if now != said or seconds - said_at >= LONGEST:
                self._console.out(self.line(), style="dim")
                said, said_at = now, seconds


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
