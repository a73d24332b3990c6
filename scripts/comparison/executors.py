"""Where the chunks of a sweep are worked on: processes of this machine, or a Ray cluster.

An engine is given a function and chunks, and yields what the function makes of each, in the order in which
they are finished. The function and the chunks are plain, so that they can travel.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.console import Console

from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS
from cookie_jar.scripts.comparison.run_trial import ONE_THREAD
from cookie_jar.scripts.comparison.store import Store
from cookie_jar.scripts.comparison.trials import Trial, TrialRecord, failed

CHUNK = 5  # cells that travel together at most: tables learn sooner than they are sent

Work = Callable[[Any], Any]
Executor = Callable[[Work, Sequence[Any]], Iterator[Any]]

STARTING_AGAIN = 3  # how often Ray by itself runs a task again


class WorkerDiedError(Exception):
    """A process died, and with it the chunks that were under way: those can be run again."""


def joblib_executor(jobs: int) -> Executor:
    """Processes of this machine; -1 takes all cores, 1 none but this process."""

    def executor(work: Work, chunks: Sequence[Any]) -> Iterator[Any]:
        from joblib import Parallel, delayed, parallel_config
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        if jobs == 1:
            yield from map(work, chunks)
            return
        with parallel_config(backend="loky", inner_max_num_threads=1):
            results = Parallel(n_jobs=jobs, return_as="generator_unordered")(map(delayed(work), chunks))
            try:
                yield from results
            except TerminatedWorkerError as error:
                raise WorkerDiedError(str(error).splitlines()[0]) from None

    return executor


def ray_executor(address: str | None) -> Executor:
    """The tasks of a Ray cluster, or of one that is started here where no address is given.

    Tasks rather than joblib's backend for Ray: there, a worker that dies takes the whole sweep along; a task
    is started again on another node. The package has to be installed on all nodes.

    Raises:
        UsageError: Ray is not installed, or there is no cluster at the address.
    """
    try:
        import ray
    except ModuleNotFoundError:
        raise UsageError("--engine ray: Ray is not installed; pip install -e '.[cluster]'") from None
    try:
        if not ray.is_initialized():
            ray.init(address=address, log_to_driver=False, runtime_env={"env_vars": ONE_THREAD})
    except (ConnectionError, ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"--address {address}: expected the address of a Ray cluster; {reason}") from None

    def executor(work: Work, chunks: Sequence[Any]) -> Iterator[Any]:
        task = ray.remote(num_cpus=1, max_retries=STARTING_AGAIN)(work)
        pending = [task.remote(chunk) for chunk in chunks]
        while pending:
            done, pending = ray.wait(pending)
            try:
                yield from ray.get(done)
            except ray.exceptions.RayTaskError as error:
                reason = str(error).strip().splitlines()[-1]
                raise UsageError(
                    f"a worker of the cluster failed (is cookie-jar on all nodes?): {reason}"
                ) from None
            except ray.exceptions.RayError as error:  # its worker, its node or its memory is gone
                raise WorkerDiedError(str(error).splitlines()[0]) from None

    return executor


def outlast(
    executor: Executor,
    work: Work,
    chunks: Sequence[Any],
    name: Callable[[Any], Any],
    lost: Callable[[Any], Any],
) -> Iterator[Any]:
    """What the engine yields; when a worker dies, what is missing is run again in two halves, and so on.

    Args:
        executor: does the work.
        work: a function of a chunk that returns (name of the chunk, result).
        chunks: all of them.
        name: of a chunk.
        lost: the result of a chunk that ended its worker when it was alone.
    """
    missing = {name(chunk): chunk for chunk in chunks}
    try:
        for which, result in executor(work, list(missing.values())):
            del missing[which]
            yield result
    except WorkerDiedError:
        rest = list(missing.values())
        if len(chunks) == 1:
            yield lost(chunks[0])
            return
        half = (len(rest) + 1) // 2
        for part in (rest[:half], rest[half:]):
            if part:
                yield from outlast(executor, work, part, name, lost)


def sweep(trials: Sequence[Trial], store: Store, executor: Executor, console: Console) -> list[TrialRecord]:
    """Run what is missing, and write each cell down as it is finished; returns those that failed."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    before, number = store.read(), len(trials)
    trials = [trial for trial in trials if trial.key not in before]
    done = f", {number - len(trials):,} of them done before" if before else ""
    console.print(f"{number:,} runs{done}", style="dim", highlight=False)
    if not trials:
        return []
    ours = all(ALGORITHMS[trial.algorithm].is_numpy for trial in trials)
    size = min(CHUNK, 1 + len(trials) // 50) if ours else 1
    chunks = [(number, [trial._asdict() for trial in trials[number : number + size]])
              for number in range(0, len(trials), size)]  # fmt: skip
    failures: list[TrialRecord] = []
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("runs", total=len(trials))
        for lines in outlast(executor, run_chunk, chunks, lambda chunk: chunk[0], lost):
            records = [TrialRecord.from_json(line) for line in lines]
            store.add(records)
            failures += [record for record in records if record.error is not None]
            progress.advance(task, len(records))
    return failures


def run_chunk(chunk: tuple[int, list[dict[str, Any]]]) -> tuple[int, list[str]]:
    """The number of a chunk, and the records of its cells as JSON; one that fails does not end the rest."""
    from cookie_jar.scripts.comparison.run_trial import run_trial

    number, trials = chunk
    lines = []
    for trial in (Trial(**fields) for fields in trials):
        try:
            record = run_trial(trial, brief=True)
            line = record._replace(peak_memory=None).to_json()  # a process runs many: it would tell nothing
        except Exception as error:  # whatever an agent or an environment brings about
            line = failed(trial, f"{type(error).__name__}: {error}").to_json()
        lines.append(line)
    return number, lines


def lost(chunk: tuple[int, list[dict[str, Any]]]) -> list[str]:
    """The records of a chunk that ended its process."""
    why = "its process was ended, for want of memory perhaps"
    return [failed(Trial(**fields), why).to_json() for fields in chunk[1]]
