"""Random command lines: each ends in one line of error, or does what the program is for."""

import io
import os
import re
from contextlib import redirect_stdout
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random

import gymnasium as gym
import pytest
from fuzzing import ODD_NUMBERS, ODD_TEXTS, bounded, is_one_line
from needs import needs_devices, needs_links, needs_pipes, needs_proc

from cookie_jar.agents import QLearning
from cookie_jar.envs.rendering.episode import EpisodeRunner
from cookie_jar.scripts import compare, cookies, train
from cookie_jar.scripts.cli import PROGRAMS
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.viewer.episode_files import save_episode

pytestmark = [pytest.mark.slow, needs_proc, needs_links, needs_pipes, needs_devices]

LINES = 2_000
BLOCKS = 20
COMMANDS = (
    *(program for program in PROGRAMS if program not in ("memory", "cookies", "benchmark")),
    *("memory show", "memory explain", "memory diff", "memory replay", "memory edit", "memory forget"),
    *("memory lesion", "benchmark --json"),
    *("cookies gather", "cookies look", "cookies split", "cookies train"),
)
CHEAP = {  # at the end of the line, because a correct command with a large number rightly takes long
    "train": ["--timesteps", "300", "--n-envs", "4", "--n-steps", "16"],
    "compare": [
        "--timesteps",
        "300",
        "--seeds",
        "1",
        "--checks",
        "2",
        "--jobs",
        "1",
        "--agents",
        "q-learning",
    ],
    "sweep": ["--timesteps", "300", "--seeds", "1", "--checks", "2", "--jobs", "1", "--random", "1"],
    "hill": ["--timesteps", "300", "--seeds", "0", "--grid", "3"],
    "cookies gather": ["--number", "40"],
    "cookies train": ["--epochs", "1"],
    "memory lesion": ["--draws", "2"],
    "benchmark --json": ["map.txt/file.json"],  # refused: what it measures takes minutes
}
CORNER = ("CookieJarCorner-v0",)
GOOD = {  # values by the name of the value in the usage, or by the option
    "RUN": ("runs/table", "runs/network", "runs/table@300", "runs/lake", "episode.json"),
    "ID": (*CORNER * 3, "CookieJar-v0", "FrozenLake-v1", "Pendulum-v1", "Nowhere-v0", "nowhere:X-v0"),
    "--kitchen": ("corner", "home", "map.txt"),
    "--texts": ("de.json",),
    "DATA": ("data/cookies", "data/new", "data/folder"),
    "OUT": ("png", "data/cookies"),
    "FOLDER": ("png", "data"),
    "DIR": ("new", "runs", "contest"),
    "FILE": ("out.csv", "out.json", "out.png", "out.gif", "new/out.png", "out.html"),
    "FILE.json": ("mine.json", "episode.json"),
    "N": ("0", "1", "2", "5"),
    "X": ("0", "0.1", "0.5", "1", "2"),
    "P": ("0", "0.2", "1", "1.5"),
    "COOKIE": ("raisin", "plain", "chocolate chip", "Raisin"),
    "NAME=VALUE": ("act=-0.02", "act=x", "x=1", "cookie_liked=2"),
    "NAME=VALUES": ("learning_rate=0.1,0.2", "gamma=.9", "use_model=no", "x=1", "seed=0..1"),
    "--engine": ("joblib",),
    "WIDTHxHEIGHT": ("160x160", "160x161", "0x0"),
}
ODD_FILES = ("pipe", "device", "folder", "pointer", "huge", "missing", "map.txt", "runs", "out.png")


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A current folder with runs, an episode and a comparison, and with files that nobody should read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr("webbrowser.open", lambda url: True)
    corner = ["--env", *CORNER, "--timesteps", "600"]
    for name, options in {
        "table": corner,
        "network": [*corner, "--agent", "ppo", "--policy", "network", "--net-arch", "4", "--n-steps", "16"],
        "lake": ["--env", "FrozenLake-v1", "--timesteps", "600"],
    }.items():
        assert run(train.main, [*options, "--name", name]) == 0
    assert run(cookies.main, ["gather", "--number", "60", "--png", "png"]) == 0
    assert run(cookies.main, ["split"]) == 0
    few = ["--agents", "q-learning", "--seeds", "1", "--checks", "2", "--jobs", "1", "--no-page"]
    assert run(compare.main, [*corner, *few, "--out", "contest"]) == 0
    Path("map.txt").write_text("#J##\n#SC#\n####\n", encoding="utf-8")
    runner = EpisodeRunner(gym.make(*CORNER, render_mode="rgb_array"))
    played = runner.roll_out(QLearning(*CORNER, seed=0).learn(3_000), 3)
    save_episode(Path("episode.json"), runner, played)
    os.mkfifo("pipe")
    Path("device").symlink_to("/dev/zero")
    Path("folder").mkdir()
    Path("pointer").write_text("version https://git-lfs.github.com/spec/v1\n", encoding="utf-8")
    Path("huge").touch()
    os.truncate("huge", 50 << 30)
    return tmp_path


@cache
def usage(command: str) -> tuple[dict[str, str], str]:
    """Return the options of a command with the names of their values, and its positional arguments."""
    name, *rest = command.split()
    text = io.StringIO()
    with redirect_stdout(text), pytest.raises(SystemExit):
        import_module(f"cookie_jar.scripts.{name}").main(
            [*(rest if name in ("memory", "cookies") else []), "--help"]
        )
    shown = " ".join(text.getvalue().partition("\n\n")[0].split())
    options = re.findall(r"(--[a-z-]+)(?: ({[^}]*}|[A-Za-z=,.\[\]]+))?", shown)
    return dict(options), re.sub(r"\[[^\]]*\]", "", shown.partition(name)[2])


def value(option: str, kind: str, rng: Random) -> str:
    """Return a good value of an option, or an odd one."""
    if rng.random() < 0.4:
        return str(rng.choice((*ODD_TEXTS, *ODD_NUMBERS, *ODD_FILES))).replace("\x00", "")
    if kind.startswith("{"):
        return rng.choice(kind.strip("{}").split(","))
    return rng.choice(GOOD.get(option, GOOD.get(kind.strip("[]"), ODD_TEXTS))).replace("\x00", "")


def command_line(rng: Random) -> tuple[str, list[str]]:
    """Return a program and its arguments."""
    command = rng.choice(COMMANDS)
    name, *words = command.split()
    options, positional = usage(command)
    for kind in re.findall(r"\b(?:RUN|A|B|PLACE|VALUE)\b", positional):
        words.append(value(kind, "RUN" if kind in "RUNAB" else "N", rng))
    if rng.random() < 0.7 and name in ("watch", "play", "page"):
        words.append(value("RUN", "RUN", rng))
    if rng.random() < 0.5 and name == "cookies":
        words.append(value("DATA", "DATA", rng))
    for option in rng.sample(list(options), min(len(options), rng.choice((0, 1, 1, 2, 3)))):
        words.append(option)
        if options[option]:
            words.append(value(option, options[option], rng))
    if rng.random() < 0.1:
        words.append(rng.choice(ODD_TEXTS).replace("\x00", ""))
    return name, [*words, *CHEAP.get(command, [])]


@pytest.mark.parametrize("block", range(BLOCKS))
def test_command_lines_end_in_one_line_of_error_or_a_result(block, room, capfd):
    rng, ends = Random(f"command lines {block}"), []
    for _ in range(LINES // BLOCKS):
        name, words = command_line(rng)
        capfd.readouterr()
        with bounded():
            try:
                status = run(import_module(f"cookie_jar.scripts.{name}").main, words)
            except SystemExit as end:  # --help
                status = end.code
        shown = capfd.readouterr()
        said = f"cookie-jar {name} {words!r:.2000} ended with {status}: {shown.err:.2000}"
        assert status in (0, 2), said
        assert "Traceback" not in shown.err + shown.out, said
        assert "\x1b" not in shown.err + shown.out, said
        if status == 2:
            [message] = [line for line in shown.err.splitlines() if line.startswith("error: ")]
            assert is_one_line(message), said
        ends.append(status)
    assert set(ends) == {0, 2}
