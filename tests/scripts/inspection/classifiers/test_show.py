import csv
import json
import re

import numpy as np
import pytest

from cookie_jar.agents.classifiers import CLASSIFIERS
from cookie_jar.agents.features import FEATURES
from cookie_jar.scripts import memory
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.inspection.classifiers.show import in_words


@pytest.mark.parametrize("model", CLASSIFIERS)
def test_the_description_says_task_experience_performance_and_numbers(classifiers, views, model, capsys):
    memory.main(["show", str(classifiers(model))])
    out = capsys.readouterr().out
    view = views(model)
    assert re.search(rf"algorithm +{type(view.classifier).__name__} for samples of", out)
    assert re.search(r"task \(T\) +tell raisin, chocolate chip, plain apart", out)
    assert re.search(r"experience \(E\) +24 gradient steps, 3 epochs of 50 pictures", out)
    assert f"performance (P)  {view.summary()}" in out
    assert re.search(rf"numbers +{view.size:,}\n", out)
    assert re.search(r"best epoch +\d \(step \d+\), validation loss \d\.\d+, in .*best\.safetensors", out)


def test_coefficients_stand_under_their_names(classifiers, views, capsys):
    memory.main(["show", str(classifiers("features"))])
    out = capsys.readouterr().out
    view = views("features")
    numbers = [*view.arrays["1.weight"], view.arrays["1.bias"]]
    for name, row in zip((*FEATURES, "bias"), numbers, strict=True):
        assert re.search(rf"{name} +" + " +".join(re.escape(f"{value:+.2f}") for value in row), out)
    assert re.search(" +".join(view.kinds), out)


def test_words_name_the_strongest_coefficient_first():
    lines = in_words(np.array([0.91, 0.0, -1.06, 5.63]), 5.63, 60)
    assert [line.split("  ")[0] for line in lines] == ["darker dots", "smaller dots", "bigger", "more dots"]
    assert [line.split()[-2 if "█" in line else -1] for line in lines] == ["+5.63", "-1.06", "+0.91", "0.00"]
    assert [line.count("█") for line in lines] == [24, 4, 3, 0]


def test_words_without_room_for_bars_are_whole():
    lines = in_words(np.array([0.91, 0.2, -1.06, 5.63]), 5.63, 20)
    assert lines[0] == "darker dots      +5.63"


def test_numbers_are_written_to_files(classifiers, views, tmp_path):
    files = tmp_path / "numbers.csv", tmp_path / "numbers.json"
    memory.main(["show", str(classifiers("features")), "--csv", str(files[0]), "--json", str(files[1])])
    view = views("features")
    with files[0].open() as file:
        rows = list(csv.DictReader(file))
    assert [np.float32(row["value"]) for row in rows] == view.parameters().tolist()
    found = json.loads(files[1].read_text())
    assert found["1.weight"] == view.arrays["1.weight"].tolist()
    assert found["kinds"] == view.kinds
    assert found["description"]["algorithm"] == "FeatureClassifier"
    assert len(found["inputs.mean"]) == len(FEATURES)


def test_without_the_data_set_the_memory_is_shown_and_the_reason(lost, capsys):
    memory.main(["show", str(lost)])
    out = capsys.readouterr().out
    assert "as recorded at step 24" in out
    assert re.search(r"data set .*\(cannot be used: .*expected the folder of a data set", out)


@pytest.mark.parametrize("option", [["--all"], ["--state", "1"], ["--at", "1,1"], ["--png", "map.png"]])
def test_options_for_agents_are_refused(classifiers, option, capsys):
    assert run(memory.main, ["show", str(classifiers("features")), *option]) == 2
    assert f"{option[0]}: expected an agent with states, got a classifier" in capsys.readouterr().err
