"""Everything that the README says one can type works as written."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
COMMANDS = [line for block in re.findall(r"```bash\n(.*?)```", README, re.S) for line in block.splitlines()]
TESTS = 'pip install -e ".[dev]" && pytest'
INSTALL = "pip install -e . && "


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


def test_the_story_in_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    failures, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried >= 10
    assert failures == 0


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy")
    for name in ("envs", "agents", "scripts"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def shown(copy):
    """Run every command in its order, in one folder, and keep what it prints.

    The installations are left to `.ci/run`, which runs them in fresh environments.
    """
    environment = os.environ | {
        "COLUMNS": "100",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    shown = {}
    for command in COMMANDS:
        if command == TESTS:
            continue
        words = command.removeprefix(INSTALL)
        stays_open = ("watch" in words or "play" in words.split()) and "--save" not in words
        process = subprocess.Popen(
            words, shell=True, cwd=copy, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        try:
            out, err = process.communicate(timeout=5 if stays_open else 120)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 15)
            out, err = process.communicate()
            assert stays_open, command
        else:
            assert not stays_open, f"{command} closed its window: {err}"
            assert process.returncode == 0, f"{command}: {err}"
        shown[command] = out
    return shown


def test_every_command_runs(shown, copy):
    assert len(shown) >= 7
    assert (copy / "episode.gif").stat().st_size > 10_000
    assert (copy / "corner.gif").exists()


def test_training_prints_the_table(shown):
    [table] = [block for block in blocks("text") if "learned (greedy)" in block]
    for line in table.splitlines():
        assert line in shown[INSTALL + "python scripts/train.py"]


@pytest.mark.parametrize(
    ("first_line", "command"),
    [
        ("state 0", "cookie-jar memory show runs/small --state 0"),
        ("The child was in state", "cookie-jar memory explain runs/small"),
        ("forgotten", "cookie-jar memory lesion runs/small"),
    ],
)
def test_memories_look_as_the_page_shows_them(shown, first_line, command):
    [block] = [block for block in blocks("text") if block.lstrip().startswith(first_line)]
    printed = [line.rstrip() for line in shown[command].splitlines()]
    for line in block.splitlines():
        assert line.rstrip() in printed


def test_the_two_commands_do_all_the_set_up():
    assert INSTALL + "python scripts/train.py" in COMMANDS
    assert TESTS in COMMANDS
    assert TESTS in map(str.strip, (ROOT / ".ci" / "run").read_text().splitlines())


def test_the_tree_names_every_file():
    [tree] = [block for block in blocks("text") if "dynamics.py" in block]
    named = set(re.findall(r"\w+\.py", tree))
    there = {
        path.name
        for folder in ("envs", "agents", "scripts")
        for path in (ROOT / folder).rglob("*.py")
        if path.name not in ("__init__.py", "errors.py", "arrays.py") and path.parent.name != "rendering"
    }
    assert named == there
    drawing = {path.stem for path in (ROOT / "envs" / "rendering").glob("[!_]*.py")}
    assert drawing == set(re.search(r"the picture: ((?:.*,\n)*.*)", tree)[1].replace(",", " ").split())


def test_pictures_are_there_and_light():
    for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", README):
        assert 0 < (ROOT / name).stat().st_size < 1_000_000


def test_the_tables_name_what_there_is():
    from cookie_jar.envs import IDS, Event, Happiness
    from cookie_jar.envs.config import make_config

    ids = set(re.findall(r"^\| `(\w+-v\d)`", README, re.M))
    assert ids == set(IDS)
    options = dict(re.findall(r"^\| `(\w+)` \| `(.+?)` \|", README, re.M))
    for name, default in make_config.__kwdefaults__.items():
        assert options[name] == repr(default).replace("'", '"')
    assert set(re.findall(r"\| `(\w+)` \|$", README, re.M)) == set(Happiness._fields)
    values = [float(value) for value in re.findall(r"\| ([+-]\d\.\d\d) \|", README)]
    assert values == list(Happiness())
    for event in Event:
        assert re.search(rf"\b{event.label}\b", README)
