import os
import shlex
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import classifier_runs
import pytest
from needs import needs_links

from cookie_jar.agents import QLearning, runs
from cookie_jar.agents.run_kinds import AGENT, CLASSIFIER
from cookie_jar.scripts import train
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.names import is_plain
from cookie_jar.scripts.common.run_folders import default_name, given_or_newest, new_folder


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("", "cookie-jar-q-learning-0"),
        ("--env CookieJarCorner-v0 --agent sarsa --seed 3", "cookie-jar-corner-sarsa-3"),
        ("--timesteps 700 --run-dir elsewhere", "cookie-jar-q-learning-0"),
        ("--kitchen home --likes 'chocolate chip' --no-hints --clumsiness 0", "cookie-jar-q-learning-0"),
        ("--learning-rate 0.2 --gamma .99 --happiness act=-0.01", "cookie-jar-q-learning-0"),
        ("--kitchen mine.txt", "cookie-jar-mine-q-learning-0"),
        ("--kitchen 'maps/My Küche @3.txt'", "cookie-jar-my-kuche-3-q-learning-0"),
        ("--kitchen 台所.txt", "cookie-jar-kitchen-q-learning-0"),
        ("--kitchen house", "cookie-jar-house-q-learning-0"),
        ("--likes raisin", "cookie-jar-likes-raisin-q-learning-0"),
        ("--clumsiness 0.3", "cookie-jar-clumsiness-0.3-q-learning-0"),
        ("--env CookieJarClumsy-v0 --clumsiness 0.2", "cookie-jar-clumsy-q-learning-0"),
        ("--env CookieJarClumsy-v0 --clumsiness 0", "cookie-jar-clumsy-clumsiness-0-q-learning-0"),
        ("--env CookieJarHints-v0 --no-hints", "cookie-jar-hints-no-hints-q-learning-0"),
        ("--hints --random-start", "cookie-jar-random-start-hints-q-learning-0"),
        ("--shuffle-cookies", "cookie-jar-shuffle-cookies-q-learning-0"),
        (
            "--happiness act=-0.05 --happiness cookie_liked=1e7",
            "cookie-jar-happiness-act-minus-0.05-happiness-cookie-liked-10000000-q-learning-0",
        ),
        ("--learning-rate 0.5", "cookie-jar-q-learning-learning-rate-0.5-0"),
        ("--learning-rate 5e-1 --exploration-steps 5e4", "cookie-jar-q-learning-learning-rate-0.5-0"),
        ("--agent ppo --net-arch 64 64 --no-normalize-advantage", "cookie-jar-ppo-0"),
        ("--agent ppo --net-arch 8 4 --policy network", "cookie-jar-ppo-policy-network-net-arch-8-4-0"),
        ("--agent ppo --net-arch --n-envs 512", "cookie-jar-ppo-n-envs-512-net-arch-none-0"),
        ("--agent ppo --normalize-advantage", "cookie-jar-ppo-normalize-advantage-0"),
        ("--env ALE/Pong-v5", "pong-q-learning-0"),
        ("--env x:..-v0", "q-learning-0"),
    ],
)
def test_a_default_name_tells_what_is_special(words, name):
    assert default_name(train.parser().parse_args(shlex.split(words))) == name
    assert len(name) <= 80
    assert is_plain(name)


def test_a_long_default_name_is_cut_and_stays_unique():
    def name(seed):
        words = ["--kitchen", f"{'long' * 100}.txt", "--hints", "--seed", str(seed)]
        return default_name(train.parser().parse_args(words))

    assert name(1) == name(1) != name(2)
    assert len(name(1)) == 80
    assert name(1).startswith("cookie-jar-longlong")


@needs_links
def test_a_default_name_that_is_taken_is_numbered(tmp_path):
    names = [new_folder(tmp_path, None, "run", False).name for _ in range(3)]
    assert names == ["run", "run-2", "run-3"]
    (tmp_path / "run-4").touch()
    (tmp_path / "run-5").symlink_to("nowhere")
    assert new_folder(tmp_path, None, "run", False).name == "run-6"


def test_programs_that_start_together_do_not_share_a_folder(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        folders = list(pool.map(lambda _: new_folder(tmp_path, None, "run", False), range(100)))
    assert len(set(folders)) == 100


def test_a_name_that_is_taken_is_refused_unless_it_may_be_overwritten(tmp_path):
    folder = new_folder(tmp_path / "deep", "mine", "run", False)
    assert folder == tmp_path / "deep" / "mine"
    with pytest.raises(UsageError, match="mine already exists; choose another --name, or add --overwrite"):
        new_folder(tmp_path / "deep", "mine", "run", False)
    assert new_folder(tmp_path / "deep", "mine", "run", True) == folder


def test_a_folder_that_holds_no_run_is_not_overwritten(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(UsageError, match=r"--overwrite: expected a run, but .*mine holds no run"):
        new_folder(tmp_path, "mine", "run", True)


@needs_links
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_that_cannot_be_made_is_refused(tmp_path, overwrite):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")
    for parent, name in ((tmp_path / "file", "mine"), (tmp_path, "file"), (tmp_path, "link")):
        with pytest.raises(UsageError, match="cannot create the folder"):
            new_folder(parent, name, "run", overwrite)


@needs_links
def test_without_a_run_the_newest_is_taken(inside, capsys):
    for age, name in enumerate(("c", "a", "b")):
        file = QLearning("CookieJarCorner-v0").save(inside / "runs" / name / "agent")
        os.utime(file, (1_000 - age, 1_000 - age))
    (inside / "runs" / "notes").mkdir()
    (inside / "runs" / "d").mkdir()
    (inside / "runs" / "d" / runs.AGENT_FILE).symlink_to(file)
    (inside / "runs" / "e").symlink_to("b")
    (inside / "runs" / "file").touch()
    assert given_or_newest(None) == Path("runs", "c")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "RUN: runs/c (the newest run)\n")
    assert str(given_or_newest("runs/a@3")) == "runs/a@3"


def test_the_newest_run_is_one_of_the_kind_that_is_asked_for(inside):
    with pytest.raises(UsageError, match=r"expected the run of a classifier, found none .* cookies train"):
        given_or_newest(None, CLASSIFIER)
    for age, name in enumerate(("conv", "agent")):
        file = inside / "runs" / name / runs.AGENT_FILE
        if name == "agent":
            with pytest.raises(UsageError, match="expected the run of an agent, found only other runs"):
                given_or_newest(None)
            QLearning("CookieJarCorner-v0").save(file)
        else:
            classifier_runs.finished_run(file.parent, "data")
        os.utime(file, (1_000 - age, 1_000 - age))
    found = [given_or_newest(None, kind) for kind in (None, AGENT, CLASSIFIER)]
    assert found == [Path("runs", name) for name in ("conv", "agent", "conv")]
    damaged = inside / "runs" / "damaged" / runs.AGENT_FILE
    damaged.parent.mkdir()
    damaged.write_text("nothing")
    assert given_or_newest(None, AGENT) == Path("runs", "damaged")  # the program then names the damage


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir(), lambda path: path.touch()])
def test_without_any_run_the_command_that_creates_one_is_named(inside, make):
    make(inside / "runs")
    with pytest.raises(UsageError, match="found none in runs; create a run with: cookie-jar train"):
        given_or_newest(None)
