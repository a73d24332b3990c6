import shutil

import numpy as np
import pytest
from PIL import Image

from cookie_jar.agents import CLASSIFIERS
from cookie_jar.scripts import cookies
from cookie_jar.scripts.common.console import run


@pytest.fixture
def call(inside, capsys, monkeypatch):
    """A function that runs a command of `cookies` in an empty folder and returns its output."""
    monkeypatch.setenv("COLUMNS", "120")

    def call(*words):
        capsys.readouterr()
        assert run(cookies.main, list(map(str, words))) == 0
        return capsys.readouterr().out

    return call


@pytest.fixture
def refused(inside, refuse):
    """A function that runs a command of `cookies` with a mistake and returns its one message."""
    return lambda *words: refuse(cookies.main, list(map(str, words)))


@pytest.fixture
def photographs(inside):
    """A folder `photos` with 8 pictures of 40x30 pixels of each of two kinds."""
    rng = np.random.default_rng(0)
    for kind in ("crunchy", "soft"):
        (inside / "photos" / kind).mkdir(parents=True)
        for number in range(8):
            pixels = rng.integers(0, 256, (30, 40, 3), np.uint8)
            Image.fromarray(pixels).save(inside / "photos" / kind / f"{number}.png")
    return inside / "photos"


@pytest.fixture(scope="session")
def _judged(tmp_path_factory):
    """A folder with a data set of 300 drawn pictures, and a short run of each model in runs/MODEL."""
    folder = tmp_path_factory.mktemp("judged")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for words in (
            ["gather", "--number", "300"],
            ["split"],
            *(["train", "--model", model, "--name", model, "--epochs", "2"] for model in CLASSIFIERS),
        ):
            assert run(cookies.main, words) == 0
    return folder


@pytest.fixture
def judged(_judged, inside):
    """An own copy of the folder with short runs, which is the current folder."""
    shutil.copytree(_judged, inside, dirs_exist_ok=True)
    return inside
