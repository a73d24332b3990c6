import pytest
from needs import needs_links

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import Evaluator, QLearning, load, runs
from cookie_jar.agents.run_files import (
    CARD_FILE,
    FIGURES,
    figure_file,
    may_be_replaced,
    remove_derived,
    sealed,
)
from cookie_jar.agents.training import TrainingRun

CARD = b"---\nlibrary_name: cookie-jar\ntags:\n- CookieJar-v0\n---\n\n# QLearning\n"
OF_THE_USER = {"notes.txt": b"mine", "Hill.png": b"", "hill.png.bak": b"", "curve.png": b""}


def fill(folder, files):
    for name, data in files.items():
        (folder / name).write_bytes(data)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_figures_and_an_unedited_card_are_removed_and_nothing_else(tmp_path):
    fill(tmp_path, OF_THE_USER | dict.fromkeys(FIGURES, b"png") | {CARD_FILE: sealed(CARD)})
    assert remove_derived(tmp_path) is None
    assert contents(tmp_path) == OF_THE_USER


@pytest.mark.parametrize("text", [CARD, sealed(CARD) + b"\nlicense: mit\n", CARD.replace(b"\n", b"\r\n")])
def test_an_edited_card_is_renamed(tmp_path, text):
    for name in ("README.old.md", "README.old-2.md"):
        (tmp_path / CARD_FILE).write_bytes(text)
        assert remove_derived(tmp_path) == tmp_path / name
        assert (tmp_path / name).read_bytes() == text
        assert not (tmp_path / CARD_FILE).exists()


@pytest.mark.parametrize(
    "text", [b"", b"# My notes\nlibrary_name: cookie-jar\n", b"---\nlibrary_name: sb3\n---\n", b"\xff\x00"]
)
def test_any_other_readme_stays(tmp_path, text):
    (tmp_path / CARD_FILE).write_bytes(text)
    assert remove_derived(tmp_path) is None
    assert (tmp_path / CARD_FILE).read_bytes() == text


@needs_links
def test_links_and_folders_stay(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    fill(tmp_path / "elsewhere", {"hill.png": b"png", CARD_FILE: sealed(CARD)})
    folder = tmp_path / "run"
    (folder / runs.CURVE_FILE).mkdir(parents=True)
    for name in ("hill.png", CARD_FILE):
        (folder / name).symlink_to(tmp_path / "elsewhere" / name)
    assert remove_derived(folder) is None
    assert len(list(folder.iterdir())) == 3
    assert contents(tmp_path / "elsewhere") == {"hill.png": b"png", CARD_FILE: sealed(CARD)}


@needs_links
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ((), True),
        (("agent.safetensors", "notes.txt"), True),
        (("monitor.csv", "target.json"), True),  # a run that ended before its agent was saved
        (("notes.txt",), False),
        (("README.md",), False),
        (("monitor.csv", "notes.txt"), False),
        (("learning_curve.png",), False),
    ],
)
def test_only_a_run_may_be_replaced(tmp_path, files, expected):
    folder = tmp_path / "run"
    folder.mkdir()
    fill(folder, dict.fromkeys(files, b""))
    assert may_be_replaced(folder) is expected
    (tmp_path / "link").symlink_to(folder)
    assert not may_be_replaced(tmp_path / "link")


@needs_links
def test_a_link_to_an_agent_is_no_run(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / runs.AGENT_FILE).symlink_to(tmp_path / "file")
    assert not may_be_replaced(tmp_path / "run")


@pytest.mark.parametrize("again", ["begin", "resume"])
def test_a_changed_agent_leaves_no_figure_or_card_of_an_earlier_state(tmp_path, again):
    def training(agent, target):
        return TrainingRun(agent, Evaluator(agent.env), tmp_path, target)

    first = training(QLearning("CookieJarCorner-v0", seed=0), 300)
    first.begin()
    first.learn()
    first.finish(lambda *_: b"old curve")
    fill(tmp_path, OF_THE_USER | {"hill.png": b"old", CARD_FILE: sealed(CARD)})
    second = training(load(tmp_path) if again == "resume" else QLearning("CookieJarCorner-v0", seed=1), 600)
    getattr(second, again)()
    second.learn()
    assert {CARD_FILE, *FIGURES}.isdisjoint(contents(tmp_path))
    second.finish(lambda *_: b"new curve")
    assert contents(tmp_path)[runs.CURVE_FILE] == b"new curve"
    assert {CARD_FILE, "hill.png"}.isdisjoint(contents(tmp_path))
    assert contents(tmp_path).items() >= OF_THE_USER.items()


def test_the_figure_of_a_snapshot_has_its_steps_in_the_name_and_goes_with_the_others(tmp_path):
    folder = tmp_path / "run"
    (folder / "snapshots").mkdir(parents=True)
    for name in ("agent.safetensors", "snapshots/000000000012.safetensors"):
        (folder / name).touch()
    assert figure_file(folder, "weights.png") == folder / "weights.png"
    figure = figure_file(f"{folder}@30", "weights.png")
    assert figure == folder / "weights@12.png"
    mine = folder / "mine@12.png"
    for file in (figure, mine):
        file.touch()
    remove_derived(folder)
    assert not figure.exists()
    assert mine.exists()
