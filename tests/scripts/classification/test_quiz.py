import csv
import shutil

import numpy as np
import pygame
import pytest
from windows import press

from cookie_jar.agents.classifier_run import ClassifierRun
from cookie_jar.agents.classifiers import SoftmaxClassifier
from cookie_jar.envs import Cookie, draw_pictures
from cookie_jar.scripts import cookies
from cookie_jar.scripts.classification.quiz_answers import example, parse_answers
from cookie_jar.scripts.common.console import UsageError, run
from cookie_jar.scripts.common.dataset import DATA, Dataset, read_dataset, write_dataset
from cookie_jar.scripts.common.split import about_data, make_split, write_split
from cookie_jar.scripts.viewer import main_loop

KINDS = tuple(kind.label for kind in Cookie)
NUMBER = 90  # pictures; a fifth of them for the test
RUN = "runs/softmax"


@pytest.fixture(autouse=True)
def inside(tmp_path, monkeypatch):
    """A folder with a small data set."""
    monkeypatch.chdir(tmp_path)
    drawn = draw_pictures(np.arange(NUMBER), np.arange(NUMBER) % 3)
    about = {"source": "drawn", "size": 32, "seed": 0, "mess": 0.3, "shift": "none", "cloth_share": 0.0}
    dataset = Dataset(drawn.pictures, drawn.kinds, drawn.numbers, drawn.attributes, KINDS, about)
    write_dataset(DATA, dataset)
    write_split(DATA, dataset, make_split(dataset))
    return tmp_path


@pytest.fixture
def trained(inside):
    """A run of a classifier that has learned very little."""
    dataset = read_dataset(DATA)
    split = make_split(dataset)
    sets = [(dataset.pictures[index], dataset.labels[index]) for index in split[:2]]
    (inside / RUN).mkdir(parents=True)
    classifier = SoftmaxClassifier(epochs=1, seed=0)
    training = ClassifierRun(classifier, inside / RUN, *sets, about_data(DATA, dataset, split))
    training.begin()
    training.learn(lambda: False)
    training.finish(lambda *_: b"")
    return RUN


def truth(seed=0, number=4):
    """The right labels of a quiz."""
    dataset = read_dataset(DATA)
    index = np.random.default_rng(seed).choice(make_split(dataset).test, number, replace=False)
    return [KINDS[label] for label in dataset.labels[index]]


def quiz(*options):
    return run(cookies.main, ["quiz", *options])


def test_right_answers(capsys):
    assert quiz("--number", "4", "--answers", ",".join(truth())) == 0
    out = capsys.readouterr().out
    assert "4 of 4" in out
    assert "100 %" in out
    assert "40 to 100 %" in out
    assert "ceiling" in out
    assert "cookies train" in out


def test_a_seed_draws_other_pictures(capsys):
    assert quiz("--number", "4", "--seed", "1", "--answers", ",".join(truth(1))) == 0
    assert "4 of 4" in capsys.readouterr().out
    assert truth(0) != truth(1)


def test_a_run_is_judged_on_the_same_pictures_and_opens_the_test_set(trained, capsys):
    assert quiz("--number", "4", "--answers", ",".join(truth())) == 0
    out = capsys.readouterr().out
    assert f"softmax ({trained})" in out
    assert "cookies train" not in out
    rows = list(csv.DictReader((DATA / "openings.csv").read_text().splitlines()))
    assert [(row["command"], row["run"]) for row in rows] == [("quiz", trained)]


def test_a_data_set_finds_the_run_that_learned_from_it(trained, inside, capsys):
    options = ["--number", "4", "--answers", "r,c,p,p"]
    assert quiz(str(DATA), *options) == 0
    assert f"softmax ({trained})" in capsys.readouterr().out
    shutil.copytree(DATA, "other")
    dataset = read_dataset(DATA)
    write_dataset(inside / "other", dataset._replace(numbers=dataset.numbers + 1000))
    write_split(inside / "other", read_dataset("other"), make_split(read_dataset("other")))
    assert quiz("other", *options) == 0
    assert "softmax" not in capsys.readouterr().out


def test_without_a_display_it_says_what_to_do(capsys, monkeypatch):
    monkeypatch.setattr(main_loop, "has_display", lambda: False)
    assert quiz() == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "--save sheet.png" in error
    assert "--answers" in error


def test_a_sheet_is_written_without_and_with_the_labels(inside, capsys):
    assert quiz("--number", "4", "--save", "sheet.png") == 0
    assert "--number 4 --answers r,c,p,..." in capsys.readouterr().out
    assert quiz("--number", "4", "--save", "labels.png", "--answers", "r,r,r,r") == 0
    sheet, labels = (pygame.image.load(inside / name) for name in ("sheet.png", "labels.png"))
    assert sheet.get_width() == labels.get_width()
    assert sheet.get_height() < labels.get_height()


@pytest.mark.usefixtures("display")
def test_in_the_window_the_result_counts_what_was_answered(monkeypatch, capsys):
    monkeypatch.setattr(main_loop, "has_display", lambda: True)
    monkeypatch.setattr(main_loop, "show", lambda view, *_: press(view, pygame.K_1, pygame.K_1, pygame.K_1))
    assert quiz("--number", "4") == 0
    out = capsys.readouterr().out
    assert f"{truth()[:3].count('raisin')} of 3" in out
    assert "3 of 4 pictures were labelled" in out


def test_a_window_that_is_closed_at_once_prints_no_result(monkeypatch, capsys):
    monkeypatch.setattr(main_loop, "has_display", lambda: True)
    monkeypatch.setattr(main_loop, "show", lambda view, *_: None)
    assert quiz() == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--number", "19"], "expected at most the 18 test pictures, got 19"),
        (["--number", "4", "--answers", "r,c"], "expected 4 labels, one for each picture, got 2"),
        (["--number", "1", "--answers", "x"], "picture 1: expected one of raisin, chocolate chip, plain"),
        (["nowhere"], "nowhere: expected a run of `cookies train`, or a data set"),
        ([str(DATA), "--data", str(DATA)], "is a data set itself"),
    ],
)
def test_a_mistake_is_one_line(options, reason, capsys):
    assert quiz(*options) == 2
    error = capsys.readouterr().err
    assert reason in error
    assert error.count("\n") == 1


def test_labels_are_names_beginnings_or_numbers():
    assert parse_answers(" Raisin,choc,3,p", KINDS, 4) == [0, 1, 2, 2]
    assert parse_answers("dog", ("dog", "doghouse"), 1) == [0]
    for word in ("do", "", "0", "3", "²"):
        with pytest.raises(UsageError, match="picture 1"):
            parse_answers(word, ("dog", "doghouse"), 1)


def test_the_example_uses_letters_that_tell_the_kinds_apart():
    assert example(KINDS) == "r,c,p"
    assert example(("dog", "donkey", "cat", "cow")) == "1,2,3"
