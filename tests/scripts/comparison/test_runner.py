import io

import pytest
from trials import record, trials

from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.comparison.executors import ChunkResult
from cookie_jar.scripts.comparison.runner import (
    chunks_by_algorithm,
    chunks_of,
    cost,
    run_isolated,
    run_trials,
)
from cookie_jar.scripts.comparison.store import Store
from cookie_jar.scripts.comparison.trials import Trial, failed


class FakeExecutor:
    """Calls the work in this process, and writes down the seeds of all chunks that it gets."""

    jobs = 2

    def __init__(self, fresh=False):
        self.fresh, self.passes = fresh, []

    def run(self, work, chunks, report=lambda chunk, steps: None):
        self.passes.append([[trial.seed for trial in chunk] for chunk in chunks])
        for chunk in chunks:
            report(chunk, 50)
            yield ChunkResult(chunk, *work(chunk))


def finish(chunk):
    return [record([0, 1])._replace(trial=trial) for trial in chunk], None


@pytest.fixture
def output():
    return Console(file=io.StringIO(), width=200)


def test_finished_trials_are_not_run_again(tmp_path, output):
    store, executor = Store(tmp_path), FakeExecutor()
    store.add(finish(trials(3))[0])
    assert run_trials(trials(5), store, executor, finish, output) == []
    assert executor.passes == [[[3], [4]]]
    assert {found.trial.seed for found in store.read().values()} == {0, 1, 2, 3, 4}
    assert "5 runs, 3 of them finished before" in output.file.getvalue()
    assert run_trials(trials(5), store, executor, finish, output) == []
    assert len(executor.passes) == 1


def test_lines_that_a_crash_has_cut_off_are_named(tmp_path, output):
    (tmp_path / "records.jsonl").write_text('{"cell": ')
    run_trials(trials(1), Store(tmp_path), FakeExecutor(), finish, output)
    assert "records.jsonl, line 1: skipped, because a crash has cut it off" in output.file.getvalue()
    assert len(Store(tmp_path).read()) == 1


@pytest.mark.parametrize("print_failures", [True, False])
def test_failures_are_returned_and_run_again_the_next_time(tmp_path, output, print_failures):
    def work(chunk):
        return [failed(t, "no [idea]") if t.seed == 1 else finish([t])[0][0] for t in chunk], None

    store, executor = Store(tmp_path), FakeExecutor()
    [failure] = run_trials(trials(3), store, executor, work, output, print_failures=print_failures)
    assert (failure.trial.seed, failure.error) == (1, "no [idea]")
    printed = "failed: q-learning in CookieJarCorner-v0, seed 1: no [idea]" in output.file.getvalue()
    assert printed is print_failures
    run_trials(trials(3), store, executor, finish, output)
    assert executor.passes == [[[0], [1], [2]], [[1]]]


def test_ctrl_c_keeps_what_is_finished(tmp_path, output):
    def work(chunk):
        if chunk[0].seed == 2:
            raise KeyboardInterrupt
        return finish(chunk)

    with pytest.raises(KeyboardInterrupt, match="finished runs are kept"):
        run_trials(trials(5), Store(tmp_path), FakeExecutor(), work, output)
    assert {found.trial.seed for found in Store(tmp_path).read().values()} == {0, 1}


def test_only_the_trial_that_ends_its_worker_fails():
    def work(chunk):
        return ([], "gone") if 5 in [trial.seed for trial in chunk] else finish(chunk)

    executor, every = FakeExecutor(), trials(9)
    results = list(run_isolated(executor, work, [every[:3], every[3:6], every[6:]]))
    assert executor.passes == [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[3], [4], [5]]]
    found = {found.trial.seed: found.error for result in results for found in result.records}
    assert found == dict.fromkeys(range(9)) | {5: "gone"}


def test_small_trials_travel_together():
    sizes = [len(chunk) for chunk in chunks_of(trials(120), FakeExecutor())]
    assert sizes == [3] * 40
    assert max(len(chunk) for chunk in chunks_of(trials(1_000), FakeExecutor())) == 5
    assert {len(chunk) for chunk in chunks_of(trials(120), FakeExecutor(fresh=True))} == {1}
    slow = [trial._replace(algorithm="sb3-ppo") for trial in trials(120)]
    assert {len(chunk) for chunk in chunks_of(slow, FakeExecutor())} == {1}


def test_trials_of_one_algorithm_share_a_process_up_to_the_share_of_a_job():
    """Of two jobs, the longest algorithm keeps one busy; of sixteen, none gets two of its trials."""
    mixed = [t._replace(algorithm=name) for t in trials(5) for name in ("ppo", "sb3-dqn", "q-learning")]
    mixed = [trial._replace(timesteps=15_000) for trial in mixed]
    executor = FakeExecutor(fresh=True)
    found = [(chunk[0].algorithm, len(chunk)) for chunk in chunks_by_algorithm(mixed, executor)]
    assert found[0][0] == "sb3-dqn"
    assert sum(size for name, size in found if name == "sb3-dqn") == 5
    assert {name: size for name, size in found if name != "sb3-dqn"} == {"ppo": 5, "q-learning": 5}
    executor.jobs = 16
    chunks = chunks_by_algorithm(mixed, executor)
    assert {len(chunk) for chunk in chunks if chunk[0].algorithm == "sb3-dqn"} == {1}
    assert sorted(trial.key for chunk in chunks for trial in chunk) == sorted(trial.key for trial in mixed)


def test_ctrl_c_keeps_the_finished_trials_of_a_chunk(tmp_path, output):
    def work(chunk):
        [one, *_], _ = finish(chunk[:1])
        Store(tmp_path).keep(one)  # as a worker does before it goes on
        raise KeyboardInterrupt

    store, executor = Store(tmp_path), FakeExecutor(fresh=True)
    with pytest.raises(KeyboardInterrupt, match="finished runs are kept"):
        run_trials(trials(4), store, executor, work, output, by_algorithm=True)
    assert {found.trial.seed for found in store.read().values()} == {0}
    assert run_trials(trials(4), store, executor, finish, output, by_algorithm=True) == []
    assert executor.passes == [[[0, 1], [2, 3]], [[1], [2], [3]]]
    assert {found.trial.seed for found in store.read().values()} == {0, 1, 2, 3}
    assert not list(tmp_path.glob("runs/*/records.jsonl"))


def test_what_a_killed_comparison_has_kept_is_found(tmp_path, output):
    [one, *_], _ = finish(trials(2))
    Store(tmp_path).keep(one)
    executor = FakeExecutor(fresh=True)
    run_trials(trials(2), Store(tmp_path), executor, finish, output, by_algorithm=True)
    assert executor.passes == [[[1]]]


def test_it_says_how_many_runs_there_are_and_how_many_at_a_time(tmp_path, output):
    """How long they take depends on the machine: only the progress bar says that, as soon as it knows."""
    run_trials(trials(4), Store(tmp_path), FakeExecutor(), finish, output)
    first, last = output.file.getvalue().splitlines()
    assert first == "4 runs; 2 at a time"
    assert last.startswith("4 of 4 runs finished after ")


def test_the_bar_counts_the_runs(tmp_path):
    output = Console(file=io.StringIO(), force_terminal=True, width=100)
    run_trials(trials(4), Store(tmp_path), FakeExecutor(), finish, output)
    assert "4/4 runs" in output.file.getvalue()


def test_estimates_of_time():
    short, long = Trial("E", "ppo", 0, 150_000, {}, 100), Trial("E", "ppo", 0, 300_000, {}, 100)
    assert cost(long, fresh=False) - cost(short, fresh=False) == pytest.approx(1.0)
    assert cost(short, fresh=True) - cost(short, fresh=False) == pytest.approx(1.0)
