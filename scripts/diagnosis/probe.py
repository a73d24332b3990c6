"""Steps that import libraries, done in another process: a broken library can end the process.

`python -m cookie_jar.scripts.diagnosis.probe STEP ...` does the steps and prints a line of JSON for each.
A step is the name of a module to import, or one of `STEPS`.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

MARK = "\x02cookie-jar step\x03"  # begins each line; libraries may print others
TIMEOUT = 120  # seconds for all steps; compiling without a cache takes some
TRAINING_STEPS = 5_000


class Outcome(NamedTuple):
    """The outcome of a step: a text, or the error."""

    value: str = ""
    error: str | None = None


def probe(steps: Sequence[str]) -> dict[str, Outcome]:
    """Do steps in other processes, and return their outcomes; a step that ends its process has failed."""
    outcomes: dict[str, Outcome] = {}
    while waiting := [step for step in steps if step not in outcomes]:
        output, end = _run(waiting)
        lines = (line.removeprefix(MARK) for line in output.splitlines() if line.startswith(MARK))
        found = {step: Outcome(value, error) for step, value, error in map(json.loads, lines)}
        outcomes |= found
        left = [step for step in waiting if step not in found]
        if left:  # the first one ended the process
            outcomes[left[0]] = Outcome(error=end)
    return outcomes


def _run(steps: Sequence[str]) -> tuple[str, str]:
    """Do steps in another process; return its output, and how it ended."""
    command = [sys.executable, "-P", "-m", __name__, *steps]
    environment = os.environ | {"PYGAME_HIDE_SUPPORT_PROMPT": "1", "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    options = {"stdin": subprocess.DEVNULL, "capture_output": True, "timeout": TIMEOUT}
    try:
        done = subprocess.run(command, env=environment, **options)
    except subprocess.TimeoutExpired as error:
        return (error.stdout or b"").decode(errors="replace"), f"no answer within {TIMEOUT} s"
    except OSError as error:
        return "", f"no process can be started: {error.strerror}"
    ended = f"with status {done.returncode}"
    if done.returncode < 0:
        ended = f"by {signal.Signals(-done.returncode).name}"
    return done.stdout.decode(errors="replace"), f"the process ended {ended}"


def training() -> str:
    """Train a little, save the agent and load it again; return what was done."""
    import_module("cookie_jar.scripts.train")  # and all that this program imports
    agents = import_module("cookie_jar.agents")
    start = time.perf_counter()
    agent = agents.QLearning("CookieJarCorner-v0", seed=0).learn(TRAINING_STEPS)
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        saved = agents.load(agent.save(Path(folder) / "agent"))
    if (saved.q_table != agent.q_table).any():
        raise ValueError("the agent that was loaded differs from the one that was saved")
    return f"{TRAINING_STEPS:,} steps of Q-learning in {time.perf_counter() - start:.1f} s, saved and loaded"


def numba_cache() -> str:
    """Return the folder of the compiled code, or "" if there is none that is writable."""
    loops: Any = import_module("cookie_jar.agents.td_loops")
    return str(loops.learn_on_model.stats.cache_path or "")


def matplotlib_cache() -> str:
    """Return the folder of matplotlib's caches."""
    return str(import_module("matplotlib").get_cachedir())


def display() -> str:
    """Return "yes" if a window can be opened, else ""."""
    return "yes" if import_module("cookie_jar.scripts.viewer.main_loop").has_display() else ""


STEPS: dict[str, Callable[[], str]] = {
    "training": training,
    "numba cache": numba_cache,
    "matplotlib cache": matplotlib_cache,
    "display": display,
}


def do(step: str) -> Outcome:
    """Do a step; whatever a broken library raises is its error."""
    try:
        if step in STEPS:
            return Outcome(STEPS[step]())
        import_module(step)
    except BaseException as error:
        return Outcome(error=" ".join(f"{type(error).__name__}: {error}".split())[:300])
    return Outcome("imported")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print("\n" + MARK + json.dumps([name, *do(name)]), flush=True)
