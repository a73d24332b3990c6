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
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

MARK = "\x02cookie-jar step\x03"  # begins each line; libraries may print others
TOGETHER = 40  # seconds for all steps in one process; compiling without a cache takes some
ALONE = 80  # seconds for each step in its own process, all at once, if that was not enough
TRAINING_STEPS = 5_000


class Outcome(NamedTuple):
    """The outcome of a step: a text, or the error."""

    value: str = ""
    error: str | None = None


def probe(steps: Sequence[str]) -> dict[str, Outcome]:
    """Do steps in other processes, and return their outcomes; a step that ends its process has failed.

    However many steps hang, this takes at most `TOGETHER` + `ALONE` seconds.
    """
    outcomes: dict[str, Outcome] = {}
    while waiting := [step for step in steps if step not in outcomes]:
        found, end = _run(waiting, TOGETHER)
        outcomes |= found
        left = [step for step in waiting if step not in found]
        if left and end is None:
            print(f"no answer within {TOGETHER} s; checking the rest for up to {ALONE} s", file=sys.stderr)
            outcomes |= _each_alone(left)
        elif left:  # the first one ended the process
            outcomes[left[0]] = Outcome(error=end)
    return outcomes


def _each_alone(steps: Sequence[str]) -> dict[str, Outcome]:
    """Do each step in its own process, all at once."""
    with ThreadPoolExecutor(len(steps)) as pool:
        runs = list(pool.map(lambda step: _run([step], ALONE), steps))
    silent = f"no answer within {ALONE} s"
    return {
        step: found.get(step, Outcome(error=end or silent))
        for step, (found, end) in zip(steps, runs, strict=True)
    }


def _run(steps: Sequence[str], seconds: float) -> tuple[dict[str, Outcome], str | None]:
    """Do steps in another process; return their outcomes, and how it ended, or None after a time-out."""
    command = [sys.executable, "-P", "-m", __name__, *steps]
    environment = os.environ | {"PYGAME_HIDE_SUPPORT_PROMPT": "1", "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, env=environment, capture_output=True, timeout=seconds
        )
    except subprocess.TimeoutExpired as error:
        return _outcomes(error.stdout or b""), None
    except OSError as error:
        return {}, f"no process can be started: {error.strerror}"
    ended = f"with status {done.returncode}"
    if done.returncode < 0:
        ended = f"by {signal.Signals(-done.returncode).name}"
    return _outcomes(done.stdout), f"the process ended {ended}"


def _outcomes(output: bytes) -> dict[str, Outcome]:
    """Return the outcomes that a process has printed."""
    text = output.decode(errors="replace")
    lines = (line.removeprefix(MARK) for line in text.splitlines() if line.startswith(MARK))
    return {step: Outcome(value, error) for step, value, error in map(json.loads, lines)}


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
    """Return width and height of the desktop as text if a window can be opened, else ""."""
    if not import_module("cookie_jar.scripts.viewer.main_loop").has_display():
        return ""
    import_module("pygame").display.init()
    size = import_module("cookie_jar.envs.rendering.display").desktop()
    return "unknown size" if size is None else f"{size[0]}x{size[1]}"


def drawing() -> str:
    """Check that pygame is pygame-ce."""
    import_module("cookie_jar.envs.rendering.pygame_ce").check_pygame()
    return "pygame-ce"


def arithmetic() -> str:
    """Return what the last digits of networks depend on, and the threads of matrix products."""
    machine = import_module("cookie_jar.agents.machine").machine()
    pools = import_module("threadpoolctl").threadpool_info()
    threads = {pool["num_threads"] for pool in pools if pool["user_api"] == "blas"}
    counts = ", ".join(map(str, sorted(threads))) or os.environ.get("VECLIB_MAXIMUM_THREADS", "unknown")
    return ", ".join([*(f"{name} {text}" for name, text in machine.items()), f"threads {counts}"])


STEPS: dict[str, Callable[[], str]] = {
    "training": training,
    "numba cache": numba_cache,
    "matplotlib cache": matplotlib_cache,
    "display": display,
    "drawing": drawing,
    "arithmetic": arithmetic,
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
