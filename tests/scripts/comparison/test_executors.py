import argparse
import os
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import pebble
import pytest
from needs import needs_signals
from trials import (
    die_at_some,
    note_process,
    read_input,
    speak,
    trials,
    wait_after_reporting,
    wait_forever,
)
from waiting import wait_until

from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.cores import available_cores
from cookie_jar.scripts.comparison import executors
from cookie_jar.scripts.comparison.executors import LocalExecutor, RayExecutor, number_of_jobs
from cookie_jar.scripts.comparison.runner import run_isolated


def chunks(number, size):
    every = trials(number)
    return [every[start : start + size] for start in range(0, number, size)]


def test_windows_has_a_limit_for_processes(monkeypatch):
    monkeypatch.setattr(executors, "MOST_JOBS", 61)
    assert LocalExecutor(200).jobs == 61
    monkeypatch.setattr(executors, "available_cores", lambda: 128)
    assert LocalExecutor(-1).jobs == 61
    assert LocalExecutor(61).jobs == 61


@pytest.mark.parametrize("fresh", [False, True])
def test_each_chunk_runs_once_with_one_thread(fresh, capfd, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    results = list(LocalExecutor(2, fresh=fresh).run(note_process, chunks(6, 2)))
    assert sorted(result.chunk[0].seed for result in results) == [0, 2, 4]
    told = [record.error.split() for result in results for record in result.records]
    processes, threads = {process for process, _ in told}, {number for _, number in told}
    assert threads == {"1"}
    assert len(processes) == 3 if fresh else 1 <= len(processes) <= 2
    assert str(os.getpid()) not in processes
    assert "noise" not in "".join(capfd.readouterr())


@needs_signals
@pytest.mark.parametrize(("size", "fresh"), [(4, False), pytest.param(1, True, marks=pytest.mark.slow)])
def test_the_death_of_a_worker_fails_its_own_trial_alone(size, fresh):
    executor = LocalExecutor(2, fresh=fresh)
    results = run_isolated(executor, die_at_some, chunks(12, size))
    reasons = {record.trial.seed: record.error for result in results for record in result.records}
    assert len(reasons) == 12
    assert reasons.pop(3) == "its process was ended by SIGKILL, perhaps for lack of memory"
    assert reasons.pop(7) == "its process ended with status 5"
    assert reasons.pop(8) == "SystemExit: no"
    assert set(reasons.values()) == {"survived"}


def break_pools(monkeypatch, number):
    """Let the next pools break at their first task, as when a worker dies that waits for one."""
    real, left = pebble.ProcessPool, [number]

    class Pool(real):
        def schedule(self, *args):
            if left[0] == 0:
                return super().schedule(*args)
            left[0] -= 1
            future = Future()
            future.set_exception(BrokenProcessPool("a worker died"))
            return future

    monkeypatch.setattr(pebble, "ProcessPool", Pool)


def test_the_chunks_of_a_broken_pool_run_in_a_new_one(monkeypatch):
    break_pools(monkeypatch, 2)
    results = list(LocalExecutor(2).run(note_process, chunks(6, 2)))
    assert sorted(result.chunk[0].seed for result in results) == [0, 2, 4]
    assert all(result.error is None for result in results)


def test_pools_that_break_again_and_again_end_the_run(monkeypatch):
    break_pools(monkeypatch, 1_000)
    with pytest.raises(UsageError, match="expected worker processes"):
        list(LocalExecutor(2).run(note_process, chunks(6, 2)))


def test_progress_is_reported_while_a_chunk_runs(tmp_path):
    file = tmp_path / "go on"
    chunk = [trial._replace(variant=str(file)) for trial in trials(1)]
    reports = []

    def report(chunk, steps):
        reports.append((chunk, steps))
        file.touch()

    [result] = LocalExecutor(1).run(wait_after_reporting, [chunk], report)
    assert result.records[0].error == "done"
    assert set(map(str, reports)) == {str((chunk, 40))}


@needs_signals
def test_workers_end_when_the_results_are_no_longer_wanted(tmp_path):
    file = tmp_path / "processes"
    waiting = [[trial._replace(variant=str(file))] for trial in trials(3)]
    results = LocalExecutor(2).run(wait_forever, waiting, lambda chunk, steps: None)
    with pytest.raises(KeyboardInterrupt):
        stop_when(results, lambda: file.exists() and len(file.read_text().splitlines()) == 2)
    for process in map(int, file.read_text().splitlines()):
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def stop_when(results, ready):
    """Wait for results, with a Ctrl-C as soon as a condition holds."""
    import _thread
    import threading

    def interrupt():
        try:
            wait_until(ready, "what shall be interrupted")
        finally:
            _thread.interrupt_main()

    threading.Thread(target=interrupt, daemon=True).start()
    list(results)


@pytest.mark.parametrize("utf8", ["0", "1"])
def test_workers_speak_utf_8_and_cannot_block_their_parent(tmp_path, monkeypatch, capfd, utf8):
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONUTF8", utf8)
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    file = tmp_path / "é 🍪"
    chunk = [trial._replace(variant=str(file)) for trial in trials(1)]
    [result] = LocalExecutor(1).run(speak, [chunk])
    assert result.error is None
    assert {record.error for record in result.records} == {"1 é 🍪"}
    assert file.read_text(encoding="utf-8") == "é 🍪"
    assert capfd.readouterr() == ("", "")


def test_workers_read_nothing():
    [result] = LocalExecutor(1).run(read_input, chunks(1, 1))
    assert result.records[0].error == "''"


def test_workers_are_not_forked(monkeypatch):
    def refuse():
        raise AssertionError("threads and locks do not survive a fork")

    monkeypatch.setattr(os, "fork", refuse, raising=False)
    [result] = LocalExecutor(1).run(note_process, chunks(1, 1))
    assert result.error is None


def test_work_that_cannot_be_sent_fails():
    [result] = LocalExecutor(1).run(lambda chunk: [], chunks(1, 1))
    assert "test_work_that_cannot_be_sent_fails.<locals>.<lambda>" in result.error


def test_the_number_of_processes():
    assert LocalExecutor(3).jobs == 3
    assert 1 <= LocalExecutor(-1).jobs <= available_cores()
    assert number_of_jobs("-1") == -1
    for text in ("0", "-2", "many"):
        with pytest.raises(argparse.ArgumentTypeError):
            number_of_jobs(text)


@pytest.mark.slow
def test_ray_needs_a_cluster_at_the_address():
    pytest.importorskip("ray")
    with pytest.raises(UsageError, match="expected the address of a Ray cluster"):
        RayExecutor("nowhere")
