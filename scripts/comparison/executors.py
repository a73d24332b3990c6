"""Where the chunks of a sweep are worked on: processes of this machine, or a Ray cluster.

An engine is given a function and chunks, and yields what the function makes of each, in the order in which
they are finished. The function and the chunks are plain, so that they can travel.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.console import Console

from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison.algorithms import CONTENDERS
from cookie_jar.scripts.comparison.run_trial import ONE_THREAD
from cookie_jar.scripts.comparison.store import Store
from cookie_jar.scripts.comparison.trials import Cell, Record, failed

CHUNK = 5  # cells that travel together at most: tables learn sooner than they are sent

Work = Callable[[Any], Any]
Engine = Callable[[Work, Sequence[Any]], Iterator[Any]]

STARTING_AGAIN = 3  # how often Ray by itself runs a task again


class WorkerDiedError(Exception):
    """A process died, and with it the chunks that were under way: those can be run again."""


def joblib_engine(jobs: int) -> Engine:
    """Processes of this machine; -1 takes all cores, 1 none but this process."""

    def engine(work: Work, chunks: Sequence[Any]) -> Iterator[Any]:
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

    return engine


def ray_engine(address: str | None) -> Engine:
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

    def engine(work: Work, chunks: Sequence[Any]) -> Iterator[Any]:
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

    return engine


def outlast(
    engine: Engine, work: Work, chunks: Sequence[Any], name: Callable[[Any], Any], lost: Callable[[Any], Any]
) -> Iterator[Any]:
    """What the engine yields; when a worker dies, what is missing is run again in two halves, and so on.

    Args:
        engine: does the work.
        work: a function of a chunk that returns (name of the chunk, result).
        chunks: all of them.
        name: of a chunk.
        lost: the result of a chunk that ended its worker when it was alone.
    """
    missing = {name(chunk): chunk for chunk in chunks}
    try:
        for which, result in engine(work, list(missing.values())):
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
                yield from outlast(engine, work, part, name, lost)


def sweep(cells: Sequence[Cell], store: Store, engine: Engine, console: Console) -> list[Record]:
    """Run what is missing, and write each cell down as it is finished; returns those that failed."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    before, number = store.read(), len(cells)
    cells = [cell for cell in cells if cell.key not in before]
    done = f", {number - len(cells):,} of them done before" if before else ""
    console.print(f"{number:,} runs{done}", style="dim", highlight=False)
    if not cells:
        return []
    ours = all(CONTENDERS[cell.contender].is_ours for cell in cells)
    size = min(CHUNK, 1 + len(cells) // 50) if ours else 1
    chunks = [(number, [cell._asdict() for cell in cells[number : number + size]])
              for number in range(0, len(cells), size)]  # fmt: skip
    failures: list[Record] = []
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("runs", total=len(cells))
        for lines in outlast(engine, run_chunk, chunks, lambda chunk: chunk[0], lost):
            records = [Record.from_json(line) for line in lines]
            store.add(records)
            failures += [record for record in records if record.error is not None]
            progress.advance(task, len(records))
    return failures


def run_chunk(chunk: tuple[int, list[dict[str, Any]]]) -> tuple[int, list[str]]:
    """The number of a chunk, and the records of its cells as JSON; one that fails does not end the rest."""
    from cookie_jar.scripts.comparison.run_trial import run_cell

    number, cells = chunk
    lines = []
    for cell in (Cell(**fields) for fields in cells):
        try:
            record = run_cell(cell, brief=True)
            line = record._replace(peak_memory=None).to_json()  # a process runs many: it would tell nothing
        except Exception as error:  # whatever an agent or an environment brings about
            line = failed(cell, f"{type(error).__name__}: {error}").to_json()
        lines.append(line)
    return number, lines


def lost(chunk: tuple[int, list[dict[str, Any]]]) -> list[str]:
    """The records of a chunk that ended its process."""
    why = "its process was ended, for want of memory perhaps"
    return [failed(Cell(**fields), why).to_json() for fields in chunk[1]]
