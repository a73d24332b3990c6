"""Executors: where trials run, in processes of this machine or on a Ray cluster.

An executor applies a function to chunks of trials and yields the results in the order in which they finish.
If a worker process dies, only its own chunk fails.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing import get_context, parent_process, resource_tracker
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, Protocol

from cookie_jar.scripts.common.argument_types import at_least
from cookie_jar.scripts.common.blas import ONE_THREAD
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.cores import available_cores
from cookie_jar.scripts.common.stopping import handlers_kept
from cookie_jar.scripts.comparison.trials import Trial, TrialRecord

WORKER_ENV = ONE_THREAD | {"PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"}  # environment of a worker
MOST_JOBS = 61 if sys.platform == "win32" else 10_000  # Windows waits for 63 handles at most
POLL_SECONDS = 0.3  # interval at which the progress of the workers is read
MAX_POOLS = 4  # how often a pool of workers is started
RAY_RETRIES = 3  # how often Ray repeats a task whose worker died

Chunk = Sequence[Trial]
Work = Callable[[Chunk], list[TrialRecord]]
ReportProgress = Callable[[Chunk, int], None]  # called with a running chunk and its steps so far


class ChunkResult(NamedTuple):
    """The records of a chunk, or the reason why its worker process died.

    Attributes:
        chunk: The trials.
        records: Their records; empty if the worker died.
        error: Why the worker died, or None.
    """

    chunk: Chunk
    records: list[TrialRecord]
    error: str | None = None


Results = Generator[ChunkResult, None, None]


class Executor(Protocol):
    """Runs chunks of trials.

    Attributes:
        jobs: Number of worker processes, or None if it is unknown.
        fresh: Whether each chunk gets a new process.
    """

    jobs: int | None
    fresh: bool

    def run(self, work: Work, chunks: Sequence[Chunk], report: ReportProgress = ...) -> Results:
        """Yield the result of each chunk as it finishes; work and chunks must be picklable."""
        ...


class LocalExecutor:
    """Runs chunks in processes of this machine, each with one thread.

    Args:
        jobs: Number of processes, at most `MOST_JOBS`; -1 uses all cores.
        fresh: Whether each chunk gets a new process, which makes its peak memory measurable.
    """

    def __init__(self, jobs: int, *, fresh: bool = False) -> None:
        self.jobs: int | None = min(jobs if jobs > 0 else available_cores(), MOST_JOBS)
        self.fresh = fresh

    def run(
        self, work: Work, chunks: Sequence[Chunk], report: ReportProgress = lambda chunk, steps: None
    ) -> Results:
        """Yield the result of each chunk as it finishes; closing the generator ends all workers.

        The death of an idle worker breaks the whole pool: the other chunks are then run in a new pool.

        Raises:
            UsageError: If pools break again and again.
        """
        assert self.jobs is not None
        os.environ.update(WORKER_ENV)  # for the workers, which start as new interpreters
        waiting = dict(enumerate(chunks))
        reason = ""
        for _ in range(MAX_POOLS):
            if not waiting:
                return
            try:
                with closing(self._run_in_pool(work, waiting, report)) as results:
                    for number, result in results:
                        del waiting[number]
                        yield result
            except BrokenProcessPool as error:
                reason = str(error)
        if waiting:
            raise UsageError(
                f"expected worker processes, but they end or cannot be started ({reason}); repeat the command"
            )

    def _run_in_pool(
        self, work: Work, chunks: Mapping[int, Chunk], report: ReportProgress
    ) -> Generator[tuple[int, ChunkResult], None, None]:
        """Yield the number and the result of each chunk as it finishes.

        Raises:
            BrokenProcessPool: If the pool is broken.
        """
        from pebble import ProcessPool

        context = get_context("spawn")
        steps = context.RawArray("q", max(chunks) + 1)  # written by the workers; needs no lock
        finished: SimpleQueue[Future[list[TrialRecord]]] = SimpleQueue()
        running: dict[Future[list[TrialRecord]], int] = {}
        workers = min(self.jobs or 1, len(chunks))
        pool = ProcessPool(workers, int(self.fresh), start_worker, (steps,), context)
        try:
            with _sigint_blocked():
                for number, chunk in chunks.items():
                    running[pool.schedule(_run_chunk, (work, chunk, number))] = number
            for future in running:
                future.add_done_callback(finished.put)
            while running:
                try:
                    future = finished.get(timeout=POLL_SECONDS)
                except Empty:
                    for number in running.values():
                        if steps[number]:
                            report(chunks[number], steps[number])
                else:
                    number = running.pop(future)
                    yield number, _result(chunks[number], future)
        finally:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()


class RayExecutor:
    """Runs chunks as tasks of a Ray cluster; the package must be installed on all its nodes.

    Args:
        address: Address of a running cluster, or None to start one on this machine.

    Raises:
        UsageError: If Ray is not installed, or there is no cluster at the address.
    """

    jobs: int | None = None
    fresh = False

    def __init__(self, address: str | None) -> None:
        try:
            import ray
        except ModuleNotFoundError:
            found = "--engine ray: the extra cluster is not installed; run: pip install ray"
            source = 'pip install -e ".[cluster]"'
            raise UsageError(f"{found} (or, in the source folder: {source})") from None
        local = address is None and "RAY_ADDRESS" not in os.environ
        try:
            if not ray.is_initialized():
                with handlers_kept():
                    ray.init(
                        address,
                        num_cpus=available_cores() if local else None,
                        log_to_driver=False,
                        runtime_env={"env_vars": WORKER_ENV},
                    )
        except (ConnectionError, ValueError, RuntimeError) as error:
            reason = str(error).splitlines()[0]
            raise UsageError(
                f"--address {address}: expected the address of a Ray cluster; {reason}"
            ) from None

    def run(
        self, work: Work, chunks: Sequence[Chunk], report: ReportProgress = lambda chunk, steps: None
    ) -> Results:
        """Yield the result of each chunk as it finishes. Ray retries a task whose worker or node died."""
        import ray

        def run_chunk(chunk: Chunk) -> list[TrialRecord]:  # Ray takes functions only; `work` may be a partial
            return work(chunk)

        task = ray.remote(num_cpus=1, max_retries=RAY_RETRIES)(run_chunk)
        running = {task.remote(chunk): chunk for chunk in chunks}
        while running:
            [reference], _ = ray.wait(list(running))
            chunk = running.pop(reference)
            try:
                yield ChunkResult(chunk, ray.get(reference))
            except ray.exceptions.RayTaskError as error:
                reason = str(error).strip().splitlines()[-1]
                raise UsageError(
                    f"a worker of the cluster failed (is cookie-jar installed on all nodes?): {reason}"
                ) from None
            except ray.exceptions.RayError as error:  # its worker or its node died, or ran out of memory
                yield ChunkResult(chunk, [], str(error).splitlines()[0])


def number_of_jobs(text: str) -> int:
    """Return the argument of --jobs: a number of processes, or -1 for all cores."""
    jobs = at_least(-1)(text)
    if jobs == 0:
        raise argparse.ArgumentTypeError("expected a number of processes, or -1 for all cores, got 0")
    return jobs


_steps: Any = None  # in a worker process: the shared array of the steps of each chunk
_number = 0  # in a worker process: the number of the running chunk


def start_worker(steps: Any) -> None:
    """Prepare a worker process: discard the output of libraries, and let the process be ended immediately.

    The process also ends when the program that started it is gone, and does not finish its trial.

    Args:
        steps: Shared array of integers, one for each chunk.
    """
    global _steps
    _steps = steps
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # compiled code never returns to Python's handler
    for name in ("SIGINT", "SIGHUP", "SIGBREAK"):  # of a terminal, for the parent, which ends workers
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def report_steps(steps: int) -> None:
    """Report the number of steps of the running chunk; called in a worker process."""
    if _steps is not None:
        _steps[_number] = steps


def _run_chunk(work: Work, chunk: Chunk, number: int) -> list[TrialRecord]:
    global _number
    _number = number
    return work(chunk)


def _result(chunk: Chunk, future: Future[list[TrialRecord]]) -> ChunkResult:
    from pebble import ProcessExpired

    error = future.exception()
    if isinstance(error, BrokenProcessPool):
        raise error
    if error is None:
        return ChunkResult(chunk, future.result())
    if not isinstance(error, ProcessExpired):
        return ChunkResult(chunk, [], f"{type(error).__name__}: {error}")
    if error.exitcode is not None and error.exitcode < 0:
        name = signal.Signals(-error.exitcode).name
        return ChunkResult(chunk, [], f"its process was ended by {name}, perhaps for lack of memory")
    return ChunkResult(chunk, [], f"its process ended with status {error.exitcode}")


@contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Start threads and processes that ignore Ctrl-C: the main thread handles it and ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # starting it would unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
