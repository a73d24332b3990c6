"""Programs that a scheduler or a container ends: SIGTERM saves and stops, as Ctrl-C does."""

import os
import signal
import sys
import time
from functools import partial

import pytest
from needs import needs_signals, needs_terminals
from waiting import end_of, running, wait_while_it_runs

from cookie_jar.agents import runs
from cookie_jar.scripts import cookies
from cookie_jar.scripts.common.console import run

TERM = signal.SIGTERM
MODULE = [sys.executable, "-m"]
IN_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # the terminal of this session, which is told when it is closed
os.execv(sys.argv[1], sys.argv[1:])
"""
STUBBORN = """
import sys, time
from cookie_jar.scripts.common import stopping
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.common.stopping import Interrupt

stopping.REPEATED = float(sys.argv[1])

def main(argv):
    with Interrupt() as interrupt:
        print("ready", flush=True)
        while not (interrupt.asked and "obey" in sys.argv):
            time.sleep(0.01)
    time.sleep(0.5)  # saves

sys.exit(run(main))
"""


@needs_signals
@pytest.mark.slow
def test_all_seeds_are_saved(inside):
    command = [*MODULE, "cookie_jar.scripts.train", "--seeds", "0..2", "--timesteps", "2000000000"]
    saved = partial(inside.glob, "runs/*/snapshots/*")
    with running(command) as process:
        wait_while_it_runs(process, lambda: len({file.parent for file in saved()}) == 3, "the snapshots")
        process.send_signal(TERM)
        code, out, err = end_of(process)
    assert code == 143, err
    assert out.count("Stopped after") == 3
    for folder in (inside / "runs").iterdir():
        assert runs.load(folder).num_timesteps > 0
        assert runs.read_record(folder)


@needs_signals
@pytest.mark.slow
def test_a_classifier_is_saved(inside):
    assert run(cookies.main, ["gather", "data", "--number", "60", "--size", "16"]) == 0
    command = [*MODULE, "cookie_jar.scripts.cookies", "train", "data", "--epochs", "10000", "--name", "x"]
    snapshots = inside / "runs" / "x" / "snapshots"
    with running(command) as process:
        wait_while_it_runs(process, lambda: len(list(snapshots.glob("*"))) > 1, "a snapshot")
        process.send_signal(TERM)
        code, out, err = end_of(process)
    assert code == 143, err
    assert "the run is saved" in out
    assert runs.read_agent(inside / "runs" / "x" / "agent.safetensors")


@needs_terminals
def test_a_run_is_saved_when_its_terminal_is_closed(inside):
    terminal, end = os.openpty()
    command = [*MODULE, "cookie_jar.scripts.train", "--name", "x", "--timesteps", "2000000000"]
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), end)
    with running([sys.executable, "-c", IN_TERMINAL, *command], start_new_session=True, **streams) as process:
        os.close(end)
        saved = partial(inside.glob, "runs/x/snapshots/*")
        wait_while_it_runs(process, lambda: len(list(saved())) > 1, "a snapshot")
        os.close(terminal)
        assert end_of(process)[0] == 129
    assert runs.load("runs/x").num_timesteps > 0


@needs_signals
def test_a_signal_that_is_sent_twice_counts_once():
    """`timeout` sends it to the program, and to the group of the program."""
    with running([sys.executable, "-c", STUBBORN, "60", "obey"]) as process:
        assert process.stdout.readline() == "ready\n"
        for _ in range(3):
            process.send_signal(TERM)
        assert end_of(process) == (143, "", "")


@needs_signals
def test_the_second_sigterm_ends_a_program_at_once():
    with running([sys.executable, "-c", STUBBORN, "0.05"]) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(TERM)
        while process.poll() is None:
            time.sleep(0.1)
            process.send_signal(TERM)
        assert end_of(process) == (-TERM, "", "")
