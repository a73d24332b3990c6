import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from classifier_runs import BATCH, classifier_run, finished_run
from needs import needs_links, needs_signals

from cookie_jar.agents import (
    AgentError,
    FileError,
    NotFiniteError,
    QLearning,
    load_classifier,
    loss_table,
    memory,
    runs,
)
from cookie_jar.agents.classifier_run import SAMPLE, best_file, check_data, data_of, loss_and_accuracy
from cookie_jar.agents.classifiers import CLASSIFIERS
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.memory import read_memory
from cookie_jar.agents.training import TrainingRun

FILES = {runs.AGENT_FILE, runs.BEST_FILE, runs.LOSSES_FILE, runs.SNAPSHOTS}


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def resumed(folder, **options):
    run = classifier_run(folder, "data", load_classifier(folder), **options)
    run.resume()
    return run


def stopped(folder, steps, **options):
    """A run that has taken some steps and was then killed: nothing was saved after the last save."""
    run = classifier_run(folder, "data", **options)
    run.begin()
    run.learn(lambda: run.steps >= steps, lambda now: 1)
    run.unlock()
    return folder


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    parent = tmp_path_factory.mktemp("uninterrupted")
    return {model: finished_run(parent / model, "data", model=model) for model in CLASSIFIERS}


@pytest.mark.parametrize("model", CLASSIFIERS)
@pytest.mark.parametrize("steps", [1, 5, 8, 11, 17, 20])
def test_a_resumed_run_ends_with_the_same_bytes(model, steps, uninterrupted, tmp_path):
    folder = stopped(tmp_path / "run", steps, model=model)
    run = resumed(folder)
    assert run.steps <= steps
    run.learn(limit=lambda now: 3)
    run.finish()
    assert contents(folder) == contents(uninterrupted[model])


def test_a_run_that_was_stopped_twice_within_an_epoch_ends_with_the_same_bytes(uninterrupted, tmp_path):
    folder = tmp_path / "run"
    run = classifier_run(folder, "data")
    run.begin()
    for steps in (11, 13):
        assert run.steps_per_epoch == 8
        run.learn(lambda run=run, steps=steps: run.steps >= steps, lambda now: 1)
        run.finish()
        assert load_classifier(folder).num_steps == steps  # nothing is lost
        run = resumed(folder)
    run.learn()
    run.finish()
    assert contents(folder) == contents(uninterrupted["softmax"])


KILLED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from classifier_runs import classifier_run
run = classifier_run(Path({folder!r}), "data")
run.begin()
run.learn(lambda: run.steps >= 11 and os.kill(os.getpid(), signal.SIGKILL), lambda now: 1)
"""


@needs_signals
def test_a_killed_process_leaves_a_run_that_can_be_resumed(uninterrupted, tmp_path):
    folder = tmp_path / "run"
    code = KILLED.format(tests=str(Path(__file__).parents[1]), folder=str(folder))
    process = subprocess.run([sys.executable, "-c", code], check=False)
    assert process.returncode == -signal.SIGKILL
    left = folder / f".{runs.BEST_FILE}.{dead_process()}.part"
    left.write_text("half")
    run = resumed(folder)
    run.learn()
    run.finish()
    assert contents(folder) == contents(uninterrupted["softmax"])


def dead_process():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_run_has_a_row_per_epoch_and_keeps_the_best(uninterrupted):
    folder = uninterrupted["conv"]
    run = classifier_run(folder, "data", load_classifier(folder))
    run.table.read(folder / runs.LOSSES_FILE)
    assert [(row.step, row.epoch) for row in run.table.rows] == [(0, 0), (8, 1), (16, 2), (24, 3)]
    best, last = load_classifier(best_file(folder)), load_classifier(folder)
    assert best.num_steps == run.best.step
    assert loss_and_accuracy(best, run.validation) == (run.best.validation_loss, run.best.validation_accuracy)
    scores = loss_and_accuracy(last, run.validation)
    assert scores.loss == last.loss(*run.validation)
    assert scores.accuracy == last.score(*run.validation)
    assert len(run.train[1]) <= SAMPLE  # the training loss is that of all pictures
    assert run.table.rows[-1].training_loss == last.loss(*run.train)
    assert [steps for steps, _ in runs.snapshots(folder)][:5] == [0, 1, 2, 3, 4]


def test_the_best_epoch_is_the_classifier_that_was_saved_after_it(tmp_path):
    folder = tmp_path / "run"
    run = classifier_run(folder, "data", epochs=8, learning_rate=0.05)
    run.begin()
    saved = {0: (folder / runs.AGENT_FILE).read_bytes()}

    def keep():
        saved.setdefault(run.steps, (folder / runs.AGENT_FILE).read_bytes())

    run.learn(keep)
    run.finish()
    assert 0 < run.best.step < run.target  # overfitted
    assert (folder / runs.BEST_FILE).read_bytes() == saved[run.best.step]
    assert best_file(folder) == folder / runs.BEST_FILE
    assert best_file(f"{folder}@5") == runs.memory_file(f"{folder}@5")
    (folder / runs.BEST_FILE).unlink()
    with pytest.raises(FileError, match="expected the classifier of the best epoch, found no file"):
        best_file(folder)
    assert best_file(folder / runs.AGENT_FILE) == folder / runs.AGENT_FILE


def test_the_notes_say_task_experience_performance_and_data(uninterrupted):
    notes = load_classifier(uninterrupted["softmax"]).notes
    assert notes["task"] == "tell raisin, chocolate chip, plain apart"
    assert notes["experience"] == "24 gradient steps, 3 epochs of 50 pictures"
    assert notes["performance"]["step"] == 24
    assert data_of(uninterrupted["softmax"]) == notes["data"]


def test_a_run_can_go_on_for_more_epochs_in_any_parts(uninterrupted, tmp_path):
    folders = [tmp_path / name for name in ("whole", "parts")]
    for folder in folders:
        finished_run(folder, "data")
        run = resumed(folder, epochs=5)
        assert run.target == 40
        if folder.name == "parts":
            run.learn(lambda run=run: run.steps >= 29, lambda now: 1)
            run.finish()
            run = resumed(folder, epochs=None)  # the longer target was saved
        run.learn()
        run.finish()
    assert contents(folders[0]) == contents(folders[1])


def test_a_finished_run_learns_no_more(uninterrupted, tmp_path):
    folder = finished_run(tmp_path / "run", "data")
    run = resumed(folder)
    run.learn()
    run.finish()
    assert contents(folder) == contents(uninterrupted["softmax"])
    with pytest.raises(
        AgentError, match="expected a run that was begun; load its classifier, and call resume"
    ):
        run.learn()


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"digest": "x"}, "got other pictures or labels"), ({"split": "x"}, "got another split into parts")],
)
def test_another_data_set_is_refused(tmp_path, changed, message):
    folder = stopped(tmp_path / "run", 11)
    before, about = contents(folder), data_of(folder)
    check_data(folder, about)
    run = classifier_run(folder, "data", load_classifier(folder), about={**about, **changed})
    with pytest.raises(FileError, match=rf"data: expected the data set that .*run learned from, {message}"):
        run.resume()
    assert contents(folder) == before


def test_the_path_of_the_data_set_may_change(uninterrupted, tmp_path):
    folder = stopped(tmp_path / "run", 11)
    about = data_of(folder) | {"data": "elsewhere"}
    run = classifier_run(folder, "data", load_classifier(folder), about=about)
    run.resume()
    assert data_of(folder) == about


def cut(path):
    path.write_bytes(path.read_bytes()[:-40])


def edit_losses(folder):
    path = folder / runs.LOSSES_FILE
    text = path.read_text()
    path.write_text(text.replace("\n8,1,0", "\n8,1,1"))
    assert path.read_text() != text


DAMAGES = {
    "best damaged": (lambda folder: cut(folder / runs.BEST_FILE), "best.safetensors"),
    "best missing": (lambda folder: (folder / runs.BEST_FILE).unlink(), "best.safetensors"),
    "losses damaged": (lambda folder: cut(folder / runs.LOSSES_FILE), "losses.csv"),
    "losses missing": (lambda folder: (folder / runs.LOSSES_FILE).unlink(), "losses.csv"),
    "losses edited": (edit_losses, "losses.csv: expected the 2 rows that belong to the saved classifier"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_record_is_refused_and_can_be_discarded(name, tmp_path):
    damage, message = DAMAGES[name]
    folder = stopped(tmp_path / "run", 11)
    damage(folder)
    before = contents(folder)
    with pytest.raises(FileError, match=f"{message}.*; to continue with a new record, add --discard-record"):
        resumed(folder)
    assert contents(folder) == before
    run = classifier_run(folder, "data", load_classifier(folder))
    run.resume(discard=True)
    run.learn()
    run.finish()
    whole = CLASSIFIERS["softmax"](epochs=3, batch_size=BATCH).fit(*run.train)
    assert all((array == whole.arrays()[key]).all() for key, array in run.classifier.arrays().items())
    assert [row.step for row in run.table.rows] == [10, 16, 24]
    for path, data in before.items():
        if path.name in (runs.LOSSES_FILE, runs.BEST_FILE):
            assert (folder / f"{path}.discarded").read_bytes() == data
    again = classifier_run(folder, "data", load_classifier(folder), epochs=4)
    again.resume()  # the new record is as good as the first


@pytest.mark.parametrize("file", [runs.BEST_FILE, f"{runs.SNAPSHOTS}/000000000005.safetensors"])
def test_a_memory_of_another_run_is_refused(file, tmp_path):
    folder = stopped(tmp_path / "run", 11)
    other = stopped(tmp_path / "other", 11, seed=1)
    (folder / file).write_bytes((other / file).read_bytes())
    with pytest.raises(
        FileError, match=f"{file}: expected .* of the run in its folder, with the seed 0, got 1"
    ):
        load_classifier(folder / file)
    if file == runs.BEST_FILE:
        with pytest.raises(FileError, match=f"{file}: expected the best epoch of this run"):
            resumed(folder)


def test_rows_after_the_saved_classifier_are_deleted(uninterrupted, tmp_path):
    folder = stopped(tmp_path / "run", 11)
    with (folder / runs.LOSSES_FILE).open("a") as file:
        file.write("16,2,0.1,0.1,1.0,1.0\n")
    later = folder / runs.SNAPSHOTS / "000000000016.safetensors"
    later.write_text("killed while this was written")
    run = resumed(folder)
    assert not later.exists()
    run.learn()
    run.finish()
    assert contents(folder) == contents(uninterrupted["softmax"])


def test_a_best_epoch_that_was_not_yet_saved_is_saved(uninterrupted, tmp_path):
    folder = stopped(tmp_path / "run", 8)
    assert load_classifier(folder / runs.BEST_FILE).num_steps == 8
    (folder / runs.BEST_FILE).write_bytes((folder / runs.SNAPSHOTS / "000000000000.safetensors").read_bytes())
    run = resumed(folder)
    assert load_classifier(folder / runs.BEST_FILE).num_steps == 8
    run.learn()
    run.finish()
    assert contents(folder) == contents(uninterrupted["softmax"])


@needs_links
@pytest.mark.parametrize("begins", [True, False])
def test_a_linked_folder_of_snapshots_is_refused_before_anything_changes(tmp_path, begins):
    folder, outside = stopped(tmp_path / "run", 11), tmp_path / "outside"
    (folder / runs.SNAPSHOTS).rename(outside)
    (folder / runs.SNAPSHOTS).symlink_to(outside)
    before = contents(tmp_path)
    run = classifier_run(folder, "data", None if begins else load_classifier(folder))
    with pytest.raises(AgentError, match="snapshots: expected a folder, got a link"):
        run.begin() if begins else run.resume()
    assert contents(tmp_path) == before


@needs_links
@pytest.mark.parametrize("begins", [True, False])
def test_what_files_link_to_stays_as_it_is(tmp_path, begins):
    folder, outside = stopped(tmp_path / "run", 11), tmp_path / "outside"
    outside.mkdir()
    for file in [path for path in folder.rglob("*") if path.is_file()]:
        file.rename(outside / file.name)
        file.symlink_to(outside / file.name)
    before = contents(outside)
    run = classifier_run(folder, "data", None if begins else load_classifier(folder))
    run.begin() if begins else run.resume()
    run.learn()
    run.finish(lambda *_: b"curve")
    assert contents(outside) == before
    assert load_classifier(folder).num_steps == 24


def test_a_second_process_is_refused_while_the_first_lives(tmp_path):
    folder = tmp_path / "run"
    first = classifier_run(folder, "data")
    first.begin()
    first.learn(lambda: first.steps >= 11, lambda now: 1)
    before = contents(folder)
    for classifier in (None, load_classifier(folder)):
        second = classifier_run(folder, "data", classifier)
        with pytest.raises(AgentError, match="is being trained by another process"):
            second.begin() if classifier is None else second.resume()
    assert contents(folder) == before
    first.learn()
    first.finish()
    with pytest.raises(AgentError, match="the saved classifier has changed since it was loaded"):
        second.resume()
    assert {path.name for path in folder.iterdir()} == FILES


def fail_to_write(patch, name, code):
    """Let every write to files whose path contains a name fail, as on a full disk."""
    for module in (loss_table, memory):
        real = module.write_atomically

        def write(path, data, real=real):
            if name in str(path):
                raise OSError(code, os.strerror(code), str(path))
            real(path, data)

        patch.setattr(module, "write_atomically", write)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("file", [runs.LOSSES_FILE, runs.AGENT_FILE, runs.BEST_FILE, runs.SNAPSHOTS])
def test_a_full_disk_is_named_and_the_run_goes_on_later(uninterrupted, tmp_path, monkeypatch, code, file):
    folder = tmp_path / "run"
    run = classifier_run(folder, "data")
    run.begin()
    run.learn(lambda: run.steps >= 7, lambda now: 1)
    with monkeypatch.context() as patch:
        fail_to_write(patch, file, code)
        with pytest.raises(FileError, match=rf"{file}.*: cannot be written: {os.strerror(code)}") as caught:
            run.learn()
    message = str(caught.value)
    assert "\n" not in message
    assert f"continue with: cookies train --resume {folder}" in message
    saved = load_classifier(folder).num_steps
    assert f"The last saved classifier, after {saved:,} steps, is in {folder / runs.AGENT_FILE}" in message
    with pytest.raises(AgentError, match="load its classifier, and call resume"):
        run.learn()
    again = resumed(folder)
    again.learn()
    again.finish()
    assert contents(folder) == contents(uninterrupted["softmax"])


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
@pytest.mark.parametrize("function", ["write_atomically", "stop"])
def test_a_run_that_was_interrupted_anywhere_can_be_resumed(
    uninterrupted, tmp_path, monkeypatch, error, function
):
    folder, calls = tmp_path / "run", []
    run = classifier_run(folder, "data")
    run.begin()

    def interrupt(*_):
        calls.append(1)
        if len(calls) == 7:
            raise error
        return real(*_) if function == "write_atomically" else None

    real = memory.write_atomically
    with monkeypatch.context() as patch:
        if function == "write_atomically":
            patch.setattr(memory, function, interrupt)
        with pytest.raises(error):
            run.learn(interrupt if function == "stop" else lambda: False, lambda now: 1)
    again = resumed(folder)
    again.learn()
    again.finish()
    assert contents(folder) == contents(uninterrupted["softmax"])


def test_numbers_that_are_no_longer_finite_end_the_run_with_advice(tmp_path):
    run = classifier_run(tmp_path / "run", "data", model="conv", optimizer="sgd", learning_rate=1e30)
    run.begin()
    with pytest.raises(
        NotFiniteError, match=r"lower.*learning rate.*The last saved classifier, after \d steps"
    ):
        run.learn()
    assert load_classifier(tmp_path / "run").num_steps < 24


def test_an_agent_and_a_classifier_replace_each_other_without_leftovers(tmp_path):
    folder = finished_run(tmp_path / "run", "data", lambda *_: b"curve")
    agent = QLearning("CookieJarCorner-v0", seed=0)
    training = TrainingRun(agent, Evaluator(agent.env), folder, 100)
    training.begin()
    training.learn()
    training.finish()
    assert not {path.name for path in folder.iterdir()} & {runs.LOSSES_FILE, runs.BEST_FILE}
    finished_run(folder, "data")
    assert {path.name for path in folder.iterdir()} == FILES


def test_an_edited_classifier_without_a_record_cannot_be_resumed(tmp_path):
    classifier = load_classifier(finished_run(tmp_path / "run", "data"))
    notes = {name: value for name, value in classifier.notes.items() if name != "record"}
    classifier.save(tmp_path / "edited" / runs.AGENT_FILE, notes)
    with pytest.raises(FileError, match="expected a classifier with the record of its run"):
        resumed(tmp_path / "edited")


def test_a_description_can_hold_anything(tmp_path):
    folder = finished_run(tmp_path / "run", "data")
    classifier = load_classifier(folder)
    good = classifier.notes
    for record in (
        [],
        {"run": 1},
        {"run": "x", "losses": {"rows": "many"}},
        {**good["record"], "epochs": "x"},
    ):
        classifier.save(folder / runs.AGENT_FILE, good | {"record": record})
        with pytest.raises(AgentError, match=r"record of its run|epochs: expected a whole number"):
            resumed(folder)
    classifier.save(folder / runs.AGENT_FILE, good | {"data": [1]})
    assert data_of(folder) == {}
    with pytest.raises(AgentError, match="expected the data set"):
        resumed(folder)
    assert np.isfinite(read_memory(folder / runs.BEST_FILE)[0]["1.weight"]).all()
