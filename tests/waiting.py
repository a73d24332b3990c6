"""Waiting for conditions; the limits are last resorts, for machines that are very busy."""

import os
import signal
import subprocess
import time
from contextlib import contextmanager, suppress

LAST_RESORT = 300  # seconds


def wait_until(condition, what, seconds=LAST_RESORT):
    """Wait until a condition is true, and return its value; else fail, saying what was waited for."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"{what}: not within {seconds} seconds"
        time.sleep(0.02)
    return value


def wait_in_page(page, condition):
    """Wait until a condition in JavaScript is true, without eval, which our page forbids itself."""
    page.evaluate(f"""new Promise((done, fail) => {{
        const look = () => ({condition}) ? done() : setTimeout(look, 5);
        setTimeout(() => fail(new Error("waited too long")), 10_000);
        look();
    }})""")


@contextmanager
def running(command, **options):
    """Start a program; when the block is left, also by a failure, the program is ended."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes | options) as process:
        try:
            yield process
        finally:
            (kill_group if options.get("start_new_session") else subprocess.Popen.kill)(process)


def kill_group(process):
    """End a program and the programs that it has started; a shell is not always replaced by its command."""
    if not hasattr(os, "killpg"):
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def wait_while_it_runs(process, condition, what):
    """Wait until a condition is true, and return its value; fail if the program ends before."""
    value = wait_until(lambda: condition() or process.poll() is not None, what)
    assert process.poll() is None, f"{what}: the program has ended: {process.communicate()}"
    return value


def end_of(process):
    """Wait for the end of a program; return its exit status, its output and its errors."""
    try:
        out, err = process.communicate(timeout=LAST_RESORT)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError(f"it does not end: {process.communicate()}") from None
    return process.returncode, out, err
