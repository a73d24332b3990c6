"""A data set and classifiers that an earlier version wrote are read: see data/classifiers/README.md."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from cookie_jar.agents import load_classifier
from cookie_jar.scripts import cookies, memory
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.common.split import parts

KEPT = Path(__file__).parent / "data" / "classifiers"
MODELS = ("features", "conv")


@pytest.fixture(autouse=True)
def inside(tmp_path, monkeypatch):
    shutil.copytree(KEPT / "data", tmp_path / "data")
    shutil.copytree(KEPT / "runs", tmp_path / "runs")
    monkeypatch.chdir(tmp_path)


def test_the_data_set_has_its_parts():
    dataset, split = parts(Path("data"))
    assert dataset.pictures.shape == (120, 16, 16, 3)
    assert [len(part) for part in split] == [60, 30, 30]


@pytest.mark.parametrize("name", MODELS)
def test_a_classifier_predicts_as_before(name):
    dataset, _ = parts(Path("data"))
    found = load_classifier(f"runs/{name}/best.safetensors").predict_proba(dataset.pictures[:10])
    expected = json.loads((KEPT / "probabilities.json").read_text())[name]
    assert np.allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_a_run_is_shown_tested_and_continued(name, capsys):
    assert run(memory.main, ["show", f"runs/{name}"]) == 0
    assert run(cookies.main, ["test", f"runs/{name}", "--no-yardsticks"]) == 0
    assert "opened once, for 1 model" in capsys.readouterr().out
    assert run(cookies.main, ["train", "--resume", f"runs/{name}", "--epochs", "3"]) == 0
    assert load_classifier(f"runs/{name}").num_steps == 6
