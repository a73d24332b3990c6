"""Runs the cells of a contest, each in a process of its own: its memory is its own, and so is a crash."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from cookie_jar.scripts.comparison.run_trial import ONE_THREAD
from cookie_jar.scripts.comparison.trials import Trial, TrialRecord, failed

COMMAND = (sys.executable, "-m", "cookie_jar.scripts.comparison.run_trial")
ReportSteps = Callable[[Trial, int], None]  # is told a cell and its steps so far


class Crew:
    """A few workers; when the work is left early, by Ctrl-C for example, all of them end at once.

    Args:
        jobs: how many cells run at the same time.
        folder: gives the folder where the memory of a cell is kept.
        tell: is told the progress of each cell.
    """

    def __init__(self, jobs: int, folder: Callable[[Trial], Path], report_steps: ReportSteps) -> None:
        self._jobs, self._folder, self._tell = jobs, folder, report_steps
        self._running: set[subprocess.Popen[str]] = set()
        self._lock, self._over = threading.Lock(), False

    def run(self, trials: Sequence[Trial]) -> Iterator[TrialRecord]:
        """The records of all cells, as they are finished; of those that fail as well."""
        with ThreadPoolExecutor(self._jobs) as threads:
            try:
                pending: set[Future[TrialRecord | None]] = {
                    threads.submit(self._run, trial) for trial in trials
                }
                while pending:
                    done, pending = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
                    yield from (record for task in done if (record := task.result()) is not None)
            finally:
                self._end(threads)

    def _run(self, trial: Trial) -> TrialRecord | None:
        """One cell; None when the work was left."""
        with self._lock:
            if self._over:
                return None
            worker = _start()
            self._running.add(worker)
        with worker:  # closes its pipes
            record, problem = self._listen(worker, trial)
        with self._lock:
            self._running.discard(worker)
            if self._over:
                return None
        return record if record is not None else failed(trial, problem)

    def _listen(self, worker: subprocess.Popen[str], trial: Trial) -> tuple[TrialRecord | None, str]:
        """The record that a worker sends, or none and the reason."""
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert worker.stderr is not None
        task = {
            "cell": list(trial),
            "folder": str(self._folder(trial)),
            "begin": time.time(),
            "jobs": self._jobs,
        }
        errors: list[str] = []
        listener = threading.Thread(target=lambda: errors.extend(worker.stderr or ()), daemon=True)
        listener.start()
        record = None
        try:
            worker.stdin.write(json.dumps(task) + "\n")
            worker.stdin.close()
            for line in worker.stdout:
                message: dict[str, Any] = json.loads(line)
                if "steps" in message:
                    self._tell(trial, message["steps"])
                else:
                    record = TrialRecord.from_json(line)
        except (OSError, ValueError, KeyError, TypeError) as error:
            errors.append(f"{error!r}")
        status = worker.wait()
        listener.join(1)
        last = next((line.strip() for line in reversed(errors) if line.strip()), "")
        if status < 0:
            last = f"its process was ended by {signal.Signals(-status).name}, for want of memory perhaps"
        return record if status == 0 else None, last[:500] or f"its process ended with status {status}"

    def _end(self, threads: ThreadPoolExecutor) -> None:
        with self._lock:
            self._over = True
            for worker in self._running:
                worker.kill()
        threads.shutdown(cancel_futures=True)


def _start() -> subprocess.Popen[str]:
    """A worker that hears no Ctrl-C of its own: the crew ends it."""
    return subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | ONE_THREAD,
        start_new_session=True,
    )
