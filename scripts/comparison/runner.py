"""Run the trials of a comparison or a sweep on an executor, and store their records."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

from rich.markup import escape

from cookie_jar.scripts.common.console import Console, printable, progress_bar
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS
from cookie_jar.scripts.comparison.executors import Chunk, ChunkResult, Executor, Work
from cookie_jar.scripts.comparison.progress import LineProgress
from cookie_jar.scripts.comparison.store import Store
from cookie_jar.scripts.comparison.trials import Trial, TrialRecord, failed

CHUNK_SIZE = 5  # maximum trials per chunk: training a table is faster than sending a trial
EVALUATION = 0.03  # approximate seconds of an evaluation in a kitchen of 1,615 states


def run_trials(
    trials: Sequence[Trial],
    store: Store,
    executor: Executor,
    work: Work,
    console: Console,
    *,
    print_failures: bool = False,
    by_algorithm: bool = False,
) -> list[TrialRecord]:
    """Run the trials that are not finished, in their order, and store each record at once.

    Args:
        trials: All trials, including finished ones.
        store: The store of the records.
        executor: Runs the trials.
        work: Runs a chunk of trials in a worker.
        console: The console for the progress bar.
        print_failures: Whether to print each failure immediately.
        by_algorithm: Whether trials of one algorithm share a process; see `chunks_by_algorithm`.

    Returns:
        The records of the trials that failed.

    Raises:
        KeyboardInterrupt: If the user stops the run; with the message for the user.
    """
    store.add_kept(trials)
    finished = store.read()
    for note in store.notes:
        console.out(note, style="dim")
    missing = [trial for trial in trials if trial.key not in finished]
    console.print(_announcement(len(trials), missing, executor), style="dim")
    failures: list[TrialRecord] = []
    try:
        with _progress(missing, executor, console) as progress:
            split = chunks_by_algorithm if by_algorithm else chunks_of
            chunks = split(missing, executor)
            for chunk, records, _ in run_isolated(executor, work, chunks, progress.update):
                store.add(records)
                store.drop_kept(chunk)
                progress.update(chunk, sum(trial.timesteps for trial in chunk))
                failures += (failed := [record for record in records if record.error is not None])
                for record in failed if print_failures else ():
                    text = f"failed: {record.trial.name}: {record.error}"
                    console.out(text, style="red")
    except KeyboardInterrupt:
        store.add_kept(missing)
        again = "finished runs are kept; run the same command again to run the others"
        raise KeyboardInterrupt(f"stopped: {again}") from None
    return failures


def run_isolated(
    executor: Executor,
    work: Work,
    chunks: Sequence[Chunk],
    report: Callable[[Chunk, int], None] = lambda chunk, steps: None,
) -> Iterator[ChunkResult]:
    """Yield the results of all chunks; if a worker dies, only the trial that ended it fails.

    A chunk whose worker died is split into single trials, which run after all other chunks.
    """
    while chunks:
        again: list[Chunk] = []
        with closing(executor.run(work, chunks, report)) as results:
            for result in results:
                if result.error is None:
                    yield result
                elif len(result.chunk) > 1:
                    again += [[trial] for trial in result.chunk]
                else:
                    [trial] = result.chunk
                    yield ChunkResult(result.chunk, [failed(trial, result.error)])
        chunks = again


def chunks_of(trials: Sequence[Trial], executor: Executor) -> list[Chunk]:
    """Split trials into chunks; fresh processes and Stable-Baselines3 get one trial per chunk."""
    small = not executor.fresh and all(ALGORITHMS[trial.algorithm].is_numpy for trial in trials)
    size = min(CHUNK_SIZE, 1 + len(trials) // 50) if small else 1
    return [trials[start : start + size] for start in range(0, len(trials), size)]


def chunks_by_algorithm(trials: Sequence[Trial], executor: Executor) -> list[Chunk]:
    """Split trials into chunks of one algorithm in one environment, the longest first.

    Starting a process takes longer than most trials of a quick comparison. A chunk is at most the share of
    one job in all the work, so that all jobs are busy.
    """
    costs = {trial.key: cost(trial, fresh=False) for trial in trials}
    share = sum(costs.values()) / (executor.jobs or 1)
    open_chunks: dict[tuple[str, str], list[Trial]] = {}
    chunks: list[list[Trial]] = []
    for trial in trials:
        kind = trial.env_id, trial.algorithm
        chunk = open_chunks.get(kind)
        if chunk is None or sum(costs[other.key] for other in (*chunk, trial)) > share:
            chunks.append(chunk := [])
            open_chunks[kind] = chunk
        chunk.append(trial)
    return sorted(chunks, key=lambda chunk: -sum(costs[trial.key] for trial in chunk))


def cost(trial: Trial, *, fresh: bool) -> float:
    """Estimate the seconds that a trial takes, in a fresh process or in one that has run trials before."""
    algorithm = ALGORITHMS[trial.algorithm]
    evaluations = EVALUATION * trial.n_evaluations
    return algorithm.startup * fresh + trial.timesteps / algorithm.speed + evaluations


def _announcement(number: int, missing: Sequence[Trial], executor: Executor) -> str:
    before = number - len(missing)
    text = f"{number:,} runs" + (f", {before:,} of them finished before" if before else "")
    return text if executor.jobs is None else f"{text}; {executor.jobs} at a time"


def _progress(
    trials: Sequence[Trial], executor: Executor, console: Console
) -> "_TrialProgress | LineProgress":
    """Return a progress bar for terminals, and lines for other output."""
    return _TrialProgress(trials, executor, console) if console.is_terminal else LineProgress(trials, console)


class _TrialProgress:
    """A progress bar that counts trials, and estimates the remaining time from their costs."""

    def __init__(self, trials: Sequence[Trial], executor: Executor, console: Console) -> None:
        self._costs = {trial.key: cost(trial, fresh=executor.fresh) for trial in trials}
        self._done = dict.fromkeys(self._costs, 0.0)  # the part of each trial, from 0 to 1
        now = "[dim]{task.fields[now]}"
        self._bar = progress_bar(console, now, count="{task.fields[ended]:,}/{task.fields[trials]:,} runs")
        whole = sum(self._costs.values())
        self._task = self._bar.add_task(
            "training", total=whole, now="loading libraries", ended=0, trials=len(trials)
        )

    def __enter__(self) -> "_TrialProgress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def update(self, chunk: Chunk, steps: int) -> None:
        """Show the total number of steps of a chunk's trials so far."""
        for trial in chunk:
            made = min(steps, trial.timesteps)
            self._done[trial.key] = made / trial.timesteps
            steps -= made
        done = sum(self._costs[key] * part for key, part in self._done.items())
        ended = sum(part == 1 for part in self._done.values())
        self._bar.update(self._task, completed=done, ended=ended, now=escape(printable(chunk[0].name, 100)))
