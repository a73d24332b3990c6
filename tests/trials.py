"""Trials and records made by hand, and work for worker processes, which import this file by its name."""

import os
import signal

from cookie_jar.scripts.comparison.executors import report_steps
from cookie_jar.scripts.comparison.trials import EvaluationPoint, Trial, TrialRecord, failed

CORNER = "CookieJarCorner-v0"


def record(scores, seed=0, algorithm="ppo", optimum=100.0, **changes):
    """Return the record of a trial with scores at 0, 100, 200 ... steps; random is 0."""
    trial = Trial(CORNER, algorithm, seed, 100 * (len(scores) - 1), {})._replace(**changes)
    points = [
        EvaluationPoint(100 * i, i / 10, i / 10, score, score, 0.5, 9.0) for i, score in enumerate(scores)
    ]
    return TrialRecord(trial, points, 0.0, optimum, peak_memory=1_000_000)


def trials(number):
    """Return trials that differ in their seeds."""
    return [Trial(CORNER, "q-learning", seed, 100, {}) for seed in range(number)]


def outcomes(folder):
    """Return the results of all trials in a folder that do not depend on the clock."""
    from cookie_jar.scripts.comparison.store import Store

    return {
        key: (record.trial, [repr((p.steps, p.greedy, p.exploring)) for p in record.evaluations])
        for key, record in Store(folder).read().items()
    }


def note_process(chunk):
    """Work: write down the process and its environment."""
    os.write(1, b"noise")
    os.write(2, b"noise")
    return [failed(trial, f"{os.getpid()} {os.environ['OMP_NUM_THREADS']}") for trial in chunk]


def die_at_some(chunk):
    """Work: the trials with the seeds 3, 7 and 8 end their process in three ways."""
    for trial in chunk:
        if trial.seed == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        if trial.seed == 7:
            os._exit(5)
        if trial.seed == 8:
            raise SystemExit("no")
    return [failed(trial, "survived") for trial in chunk]


def wait_after_reporting(chunk):
    """Work: report 40 steps, then wait until the file of the trial's variant is there."""
    import time
    from pathlib import Path

    report_steps(40)
    end = time.monotonic() + 300
    while not Path(chunk[0].variant).exists():
        assert time.monotonic() < end, "no report has come"
        time.sleep(0.02)
    return [failed(trial, "done") for trial in chunk]


def wait_forever(chunk):
    """Work: write down the process in the file of the trial's variant, then go on until it is ended."""
    import time
    from pathlib import Path

    with Path(chunk[0].variant).open("a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(600)


def speak(chunk):
    """Work: print a megabyte to both outputs, write a file of the trial's variant, and return a megabyte."""
    import sys
    from pathlib import Path

    for stream in (sys.stdout, sys.stderr):
        print("é 🍪" * 200_000, file=stream, flush=True)
    os.write(1, b"x" * 10**6)
    os.write(2, b"x" * 10**6)
    Path(chunk[0].variant).write_text("é 🍪")
    said = failed(chunk[0], f"{sys.flags.utf8_mode} é 🍪")
    return [said] * 20_000


def read_input(chunk):
    """Work: read what is typed, which is nothing."""
    import sys

    return [failed(chunk[0], repr(sys.stdin.read()))]
