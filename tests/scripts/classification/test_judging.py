import json
import shutil

import numpy as np
import pytest
from PIL import Image

from cookie_jar.agents import QLearning
from cookie_jar.scripts import cookies
from cookie_jar.scripts.classification import experiments, judged, openings
from cookie_jar.scripts.classification.judged import open_run
from cookie_jar.scripts.common.console import run

COMMANDS = ("test", "confused", "shift", "explain")  # each opens the test set
FIGURES = {
    "test": ["test_scores.png"],
    "confused": ["confusion.png", "calibration.png", "mistakes.png"],
    "shift": ["shift.png"],
    "explain": ["explanation.png"],
    "weights": ["weights.png"],
}


def opened(folder):
    return len(openings.read_openings(folder / "data/cookies/openings.csv"))


@pytest.mark.parametrize(
    ("model", "command"),
    [
        *(("conv", command) for command in FIGURES),
        *((model, command) for model in ("features", "softmax") for command in ("explain", "weights")),
        *(("mlp", command) for command in ("test", "explain")),
    ],
)
def test_each_command_takes_the_models(judged, call, model, command):
    before = (judged / "runs" / model / "agent.safetensors").read_bytes()
    options = ["--no-yardsticks"] if command == "test" else []
    shown = call(command, f"runs/{model}", *options)
    for name in FIGURES[command]:
        assert f"wrote runs/{model}/{name}" in shown
        with Image.open(judged / "runs" / model / name) as picture:
            assert picture.width == 1560
    assert ("This test set has been opened once, for 1 model." in shown) == (command in COMMANDS)
    assert opened(judged) == (command in COMMANDS)
    assert (judged / "runs" / model / "agent.safetensors").read_bytes() == before
    assert "Next: " in shown


def test_the_table_goes_from_always_the_same_to_the_ceiling(judged, call):
    shown = call("test", "runs/conv", "runs/softmax", "--json", "scores.json")
    found = json.loads((judged / "scores.json").read_text())
    names = [row["name"] for row in found["rows"]]
    for name in ("always the same", "nearest mean (pixels)", "conv (runs/conv)", "softmax (runs/softmax)"):
        assert name in names
        assert name in shown
    scores = [row["accuracy"] for row in found["rows"]]
    assert scores == sorted(scores)
    assert names[-1] == "Bayes' rule (true attributes)"
    assert found["openings"] == {"times": 2, "models": 2}
    conv = open_run("runs/conv")
    pictures, labels = conv.part("test")
    assert found["accuracy"] == pytest.approx(conv.classifier.score(pictures, labels), abs=1e-12)
    assert found["interval"][0] < found["accuracy"] < found["interval"][1]
    assert found["numbers"] == 3_507
    assert found["pictures"] == len(labels) == 60
    assert found["ceiling"] == pytest.approx(0.969, abs=0.003)
    assert "96.9 %" in shown


def test_every_command_counts_as_an_opening(judged, call, undrawn):
    for times, command in enumerate(COMMANDS, 1):
        shown = call(command, "runs/softmax", *(["--no-yardsticks"] if command == "test" else []))
        assert opened(judged) == times
    assert "has been opened 4 times, for 1 model." in shown


def test_a_data_set_that_cannot_be_written_is_judged_with_a_warning(judged, call, monkeypatch, capsys):
    def fail(*args, **options):
        raise PermissionError(13, "Permission denied", "data/cookies/openings.csv")

    from cookie_jar.scripts.classification import judged as module

    monkeypatch.setattr(module, "record_opening", fail)
    assert run(cookies.main, ["test", "runs/softmax", "--no-yardsticks"]) == 0
    warned = capsys.readouterr().err
    assert "warning: this opening of the test set is not recorded; data/cookies/openings.csv: Perm" in warned


def test_the_best_epoch_of_a_run_is_judged(judged, call):
    found = open_run("runs/conv")
    index = found.split.validation
    losses = (judged / "runs/conv/losses.csv").read_text().splitlines()
    column = losses[0].split(",").index("validation_loss")
    lowest = min(float(line.split(",")[column]) for line in losses[1:])
    loss = found.classifier.loss(found.dataset.pictures[index], found.dataset.labels[index])
    assert loss == pytest.approx(lowest, rel=1e-5)


def test_figures_of_snapshots_say_their_steps(judged, call):
    shown = call("weights", "runs/softmax@1")
    assert "wrote runs/softmax/weights@1.png" in shown


def test_a_new_data_set_is_a_new_test_set(judged, call, refused):
    call("gather", "new", "--number", "120", "--seed", "5")
    call("split", "new")
    shown = call("test", "runs/conv", "--data", "new")
    assert "This test set has been opened once" in shown
    assert "nearest mean" not in shown
    assert (judged / "new/openings.csv").exists()
    call("gather", "known", "--number", "200")  # the first of the pictures that were learned from
    call("split", "known")
    assert "--data: expected a test set of new pictures, got" in refused(
        "test", "runs/conv", "--data", "known"
    )


@pytest.mark.parametrize("command", [*COMMANDS, "weights"])
@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ("agent", "expected a run of a classifier, got an agent; train a classifier with:"),
        ("nowhere", "nowhere: expected the folder of a run"),
        ("missing", "expected the folder of a data set with pictures.safetensors"),
        ("no split", "expected a split of the pictures"),
        ("another split", "expected the data set that runs/conv learned from, got another split"),
        ("other pictures", "expected the data set that runs/conv learned from, got other pictures"),
        ("damaged", "the file is damaged"),
    ],
)
def test_a_run_that_cannot_be_judged_is_refused_in_one_line(judged, refused, call, command, mistake, message):
    run_path = "runs/conv"
    if mistake == "agent":
        QLearning("CookieJarCorner-v0", seed=0).learn(500).save(judged / "runs/q/agent")
        run_path = "runs/q"
    elif mistake == "nowhere":
        run_path = "nowhere"
    elif mistake == "missing":
        shutil.rmtree(judged / "data/cookies")
    elif mistake == "no split":
        (judged / "data/cookies/split.csv").unlink()
    elif mistake == "another split":
        call("split", "--seed", "1", "--overwrite")
    elif mistake == "other pictures":
        call("gather", "--number", "200", "--overwrite", "--seed", "3")
        call("split", "--overwrite")
    elif mistake == "damaged":
        file = judged / "runs/conv/best.safetensors"
        data = bytearray(file.read_bytes())
        data[-5] ^= 1
        file.write_bytes(data)
    assert message in refused(command, run_path)
    assert not (judged / "data/cookies/openings.csv").exists()


def test_a_damaged_record_of_openings_is_refused(judged, refused):
    (judged / "data/cookies/openings.csv").write_text("nonsense\n")
    assert "openings.csv: line 1: expected" in refused("test", "runs/conv")


@pytest.mark.parametrize("number", ["12345", "-1", "x"])
def test_a_picture_that_does_not_exist_is_refused(judged, refused, number):
    assert "--picture: expected" in refused("explain", "runs/conv", "--picture", number)


@pytest.mark.parametrize("command", ["test", "shift", "explain", "weights"])
def test_a_figure_that_cannot_be_written_is_one_line(judged, refused, command):
    (judged / "file").write_text("")
    assert "file" in refused(command, "runs/softmax", "--png", "file/figure.png")


def test_runs_of_two_test_sets_are_not_compared(judged, refused, call):
    call("gather", "two", "--number", "120", "--seed", "9")
    call("split", "two")
    call("train", "two", "--model", "softmax", "--epochs", "1", "--name", "two")
    assert "expected runs with one test set" in refused("test", "runs/softmax", "runs/two")


def write_photographs(folder, kinds, number):
    rng = np.random.default_rng(0)
    for kind in kinds:
        (folder / kind).mkdir(parents=True)
        for index in range(number):
            pixels = rng.integers(0, 256, (20, 20, 3), np.uint8)
            Image.fromarray(pixels).save(folder / kind / f"{index}.png")


def gathered(folder, call, kinds):
    write_photographs(folder / "photos", kinds, 5)
    call("gather", "mine", "--from", "photos")
    call("split", "mine")


def test_photographs_of_two_kinds_are_judged_without_a_ceiling(inside, call):
    kinds = ["[red]a$b", "c{d}"]
    gathered(inside, call, kinds)
    for model in ("features", "conv"):
        call("train", "mine", "--model", model, "--name", model, "--epochs", "2")
    shown = call("test", "runs/features", "runs/conv", "--no-yardsticks", "--json", "scores.json")
    assert "ceiling" not in shown
    assert json.loads((inside / "scores.json").read_text())["ceiling"] is None
    for command in ("confused", "explain"):
        assert kinds[0] in call(command, "runs/conv")
    assert kinds[0] in call("weights", "runs/features")
    assert "upside down" in call("shift", "runs/conv")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_data_set_of_other_kinds_is_refused(judged, call, refused, command):
    gathered(judged, call, ["crunchy", "round", "soft"])
    message = "expected the kinds that runs/conv learned, raisin, chocolate chip, plain"
    assert message in refused(command, "runs/conv", "--data", "mine")
    assert not (judged / "mine/openings.csv").exists()


@pytest.mark.parametrize(("option", "suffix"), [("--png", ".png"), ("--json", ".json")])
def test_records_are_not_replaced_by_scores_or_figures(judged, refused, option, suffix):
    before = (judged / "data/cookies/split.csv").read_bytes()
    assert f"ends in {suffix}" in refused("test", "runs/conv", option, "data/cookies/split.csv")
    assert (judged / "data/cookies/split.csv").read_bytes() == before


def test_ten_kinds_are_judged(inside, call):
    gathered(inside, call, [f"kind {number}" for number in range(10)])
    call("train", "mine", "--model", "softmax", "--name", "ten", "--epochs", "2")
    for command in ("test", "confused", "explain", "weights"):
        call(command, "runs/ten")


def test_an_mlp_has_no_weights_to_look_at(judged, refused):
    assert "expected a model features, softmax or conv, got mlp" in refused("weights", "runs/mlp")


def test_one_gradient_step_lowers_the_loss_of_its_picture(judged, call):
    shown = call("explain", "runs/softmax", "--picture", "7", "--rate", "0.0001").splitlines()
    start = next(i for i, line in enumerate(shown) if "test accuracy" in line)
    losses = [float(line.split()[1]) for line in shown[start + 1 : start + 5]]
    assert losses[0] > losses[1] > losses[2] > losses[3]


def test_the_lessons_have_a_table_and_a_figure(inside, call, monkeypatch):
    monkeypatch.setattr(experiments, "SIZES", {10: 2, 20: 2})
    for name, stops in (("UNDERFITTING", (0, 2)), ("OVERFITTING", (0, 2, 4)), ("RATE_STEPS", (0, 2))):
        monkeypatch.setattr(experiments, name, stops)
    monkeypatch.setattr(experiments, "SHORTCUT_STEPS", 2)
    full = experiments.training
    monkeypatch.setattr(experiments, "training", lambda number, *rest: full(min(number, 100), *rest))
    few = experiments.held_out
    monkeypatch.setattr(experiments, "held_out", lambda number, *rest: few(min(number, 90), *rest))
    for name in ("pictures", "underfitting", "overfitting", "learning-rate", "shortcut"):
        shown = call("lesson", name)
        assert f"wrote lesson-{name}.png" in shown
        with Image.open(inside / f"lesson-{name}.png") as picture:
            assert picture.size == (1560, 877)
    assert shown == call("lesson", name)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing"], "got 'nothing'"),
        (["pictures", "--seed", "-1"], "--seed: expected at least 0"),
        (["pictures", "--png", "."], "--png: expected a file to write"),
    ],
)
def test_a_lesson_with_a_mistake_is_refused_at_once(refused, words, message):
    assert message in refused("lesson", *words)


def test_a_stopped_lesson_leaves_nothing(inside, monkeypatch, capsys):
    def stop(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(experiments, "held_out", stop)
    assert run(cookies.main, ["lesson", "overfitting"]) == 130
    assert list(inside.iterdir()) == []


def test_classes_that_are_no_kinds_are_refused(judged):
    found = open_run("runs/softmax")
    assert found.labels.tolist() == [0, 1, 2]
    with pytest.raises(judged_error(), match="expected the kinds a, b"):
        judged_labels(found.classifier, ("a", "b"))


def judged_error():
    return judged.UsageError


def judged_labels(classifier, kinds):
    return judged.class_labels(classifier, kinds)
