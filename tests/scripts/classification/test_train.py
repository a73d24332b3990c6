from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cookie_jar.agents import load_classifier, runs
from cookie_jar.agents.classifier_run import best_file, data_of
from cookie_jar.agents.memory import read_memory
from cookie_jar.scripts.classification import gather
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.dataset import DATA, Dataset, digest, read_dataset
from cookie_jar.scripts.common.split import Split, parts, split_digest, training_pictures
from cookie_jar.scripts.common.stopping import Interrupt

FAST = "--model", "features", "--epochs", "2"
undrawn = pytest.mark.usefixtures("undrawn")


@pytest.fixture
def data(call):
    """The folder of a small data set with a split."""
    call("gather", "small", "--number", 120)
    call("split", "small")
    return Path("small")


def test_a_run_is_trained_and_saved(data, call):
    text = call("train", data, "--epochs", 3, "--seed", 1)
    folder = Path("runs/small-conv-epochs-3-1")
    assert "Next: cookie-jar cookies test runs/small-conv-epochs-3-1" in text
    assert "always the same kind" in text
    assert load_classifier(folder).num_steps == 6  # 72 pictures in batches of 50
    assert load_classifier(best_file(folder)).num_steps in (2, 4, 6)
    dataset, split = parts(data)
    about = data_of(folder)
    assert (about["data"], about["digest"]) == ("small", digest(dataset))
    assert about["split"] == split_digest(dataset, split)
    assert about["kinds"] == ["raisin", "chocolate chip", "plain"]
    with Image.open(folder / runs.CURVE_FILE) as picture:
        picture.verify()


@undrawn
def test_without_a_data_set_the_default_one_is_gathered_and_split(call, monkeypatch):
    monkeypatch.setattr(gather, "NUMBER", 90)
    monkeypatch.setattr(gather.drawn, "__kwdefaults__", gather.drawn.__kwdefaults__ | {"number": 90})
    text = call("train", *FAST)
    assert "No data set in data/cookies yet" in text
    assert "are not split yet" in text
    assert [len(indices) for indices in parts(DATA)[1]] == [54, 18, 18]
    assert Path("runs/cookies-features-epochs-2-0").is_dir()
    assert "yet" not in call("train", *FAST, "--name", "again")


@undrawn
def test_a_split_is_made_if_there_is_none(call):
    call("gather", "new", "--number", 60)
    assert "not split yet" in call("train", "new", *FAST)
    parts("new")


@pytest.mark.parametrize("model", ["features", "softmax", "mlp", "conv"])
def test_all_models_can_be_trained(data, call, model):
    call("train", data, "--model", model, "--epochs", 1, "--name", model)
    assert load_classifier(Path("runs") / model).predict(read_dataset(data).pictures[:2]).shape == (2,)


@undrawn
def test_the_same_seed_gives_the_same_numbers(data, call):
    for name in ("a", "b"):
        call("train", data, "--epochs", 2, "--name", name, "--seed", 4)
    first, second = (load_classifier(Path("runs") / name).arrays() for name in ("a", "b"))
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])


class Stopped(Interrupt):
    """As if the user had pressed Ctrl-C before the first part of the training."""

    asked = True


@undrawn
def test_a_stopped_run_can_be_resumed_to_the_same_numbers(data, call, monkeypatch):
    call("train", data, "--epochs", 3, "--name", "whole")
    with monkeypatch.context() as patch:
        patch.setattr("cookie_jar.scripts.classification.train.Interrupt", Stopped)
        text = call("train", data, "--epochs", 3, "--name", "part")
    assert "Stopped after" in text
    assert "Continue with: cookie-jar cookies train --resume runs/part" in text
    call("train", "--resume", "runs/part")  # without DATA: that of the run
    for name in (runs.AGENT_FILE, "best.safetensors", "losses.csv"):
        assert Path("runs/part", name).read_bytes() == Path("runs/whole", name).read_bytes()


@undrawn
def test_a_finished_run_can_be_trained_longer(data, call, refused):
    call("train", data, *FAST, "--name", "x")
    assert "learned for 2 epochs: add --epochs N" in refused("train", "--resume", "runs/x")
    assert "learned for 2 epochs" in refused("train", "--resume", "runs/x", "--epochs", 1)
    call("train", "--resume", "runs/x", "--epochs", 4)
    assert load_classifier("runs/x").num_steps == 8


@undrawn
def test_the_number_of_training_pictures_is_kept_when_resuming(data, call):
    call("train", data, *FAST, "--name", "x", "--number", 20)
    assert load_classifier("runs/x").num_steps == 2
    call("train", "--resume", "runs/x", "--epochs", 3)
    assert load_classifier("runs/x").num_steps == 3


@undrawn
def test_a_run_is_not_resumed_on_other_pictures(data, call, refused):
    call("train", data, *FAST, "--name", "x")
    call("gather", data, "--number", 120, "--seed", 1, "--overwrite")
    call("split", data)
    message = refused("train", "--resume", "runs/x", "--epochs", 3)
    assert "expected the data set that runs/x learned from" in message


@undrawn
def test_a_data_set_that_was_moved_can_be_named(data, call, refused):
    call("train", data, *FAST, "--name", "x")
    data.rename("elsewhere")
    assert "small: expected the folder of a data set" in refused("train", "--resume", "runs/x", "--epochs", 3)
    call("train", "elsewhere", "--resume", "runs/x", "--epochs", 3)


@undrawn
def test_a_run_protects_its_split(data, call, refused):
    call("train", data, *FAST, "--name", "x")
    assert "runs/x learned from this split" in refused("split", data, "--seed", 1)


@undrawn
def test_a_read_only_data_set_can_be_trained_on(data, call, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", "small/runs.csv")

    monkeypatch.setattr("cookie_jar.scripts.classification.data_folder.write_table", refuse)
    call("train", data, *FAST, "--name", "x")


@undrawn
def test_overfitting_is_reported(data, call):
    words = ["--model", "mlp", "--number", 20, "--epochs", 30, "--learning-rate", 0.01, "--name", "over"]
    assert "Overfitting began after epoch" in call("train", data, *words)


@undrawn
def test_unfinished_training_is_reported(data, call):
    text = call("train", data, "--model", "features", "--epochs", 2, "--name", "short")
    assert "still falling in the last epoch: train longer, such as with --epochs 500" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--model", "oak"], "--model: expected one of features, "),
        (["--learning-rate", "fast"], "learning_rate: expected a number"),
        (["--epochs", "0"], "epochs: expected a whole number of at least 1"),
        (["--model", "softmax", "--filters", "8", "16"], "--model softmax does not take --filters"),
        (["--number", "2"], "--number: expected from 3 to 72 training pictures, got 2"),
        (["--number", "73"], "--number: expected from 3 to 72"),
        (["--name", "a/b"], "--name: expected a plain name"),
        (["--resume", "nowhere"], "--resume: expected the folder of a run"),
        (["--discard-record"], "--discard-record: expected --resume"),
    ],
)
def test_a_mistake_gives_one_clear_message_and_no_run(data, refused, words, message):
    assert message in refused("train", data, *words)
    assert not Path("runs").exists()


def test_options_are_checked_before_pictures_are_gathered(refused):
    assert "learning_rate" in refused("train", "--learning-rate", "-1")
    assert not DATA.exists()
    assert "gather nowhere" in refused("train", "nowhere")


def test_pictures_that_are_too_small_leave_no_run(call, refused):
    call("gather", "tiny", "--number", 60, "--size", 8)
    call("split", "tiny")
    assert "expected pictures of at least" in refused("train", "tiny")
    assert not list(Path("runs").iterdir())


@undrawn
def test_options_that_a_run_keeps_are_refused_when_resuming(data, call, refused):
    call("train", data, *FAST, "--name", "x")
    message = refused("train", "--resume", "runs/x", "--model", "mlp", "--learning-rate", "1", "--seed", "2")
    assert "leave out --model, --seed, --learning-rate" in message


@undrawn
def test_an_existing_run_is_replaced_only_if_asked_for(data, call, refused):
    call("train", data, *FAST, "--name", "x")
    assert "already exists" in refused("train", data, *FAST, "--name", "x")
    call("train", data, *FAST, "--name", "x", "--seed", 3, "--overwrite")
    assert read_memory(Path("runs/x") / runs.AGENT_FILE)[1]["hyperparameters"]["seed"] == 3


def test_the_first_training_pictures_have_the_shares_of_the_kinds():
    labels = np.repeat([0, 1, 2], [60, 30, 10])
    dataset = Dataset(np.zeros((100, 8, 8, 3), np.uint8), labels, np.arange(100), None, ("a", "b", "c"), {})
    split = Split(np.arange(100), np.arange(0), np.arange(0))
    assert len(training_pictures(dataset, split, None)) == 100
    chosen = training_pictures(dataset, split, 20)
    assert np.bincount(labels[chosen]).tolist() == [12, 6, 2]
    assert chosen.tolist() == [*range(12), *range(60, 66), 90, 91]
    assert np.bincount(labels[training_pictures(dataset, split, 3)]).tolist() == [1, 1, 1]
    for number in (2, 101):
        with pytest.raises(UsageError, match="from 3 to 100"):
            training_pictures(dataset, split, number)
