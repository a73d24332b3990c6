"""Damaged files of every kind that a command reads: each ends in one line of error, or in a right answer."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

import gymnasium as gym
import numpy as np
import pytest
from fuzzing import bounded, damaged_bytes, damaged_json, damaged_text, damaged_value, is_one_line
from needs import needs_proc
from rich.console import Console
from safetensors.numpy import save

from cookie_jar.agents import PPO, AgentError, DynaQ, NStepSarsa, QLambda, QLearning, Sarsa, load, runs
from cookie_jar.agents.memory import KEY, checksum, read_memory
from cookie_jar.envs import CookieJarError
from cookie_jar.envs.rendering.episode import EpisodeRunner
from cookie_jar.scripts import events, train
from cookie_jar.scripts.common.console import UsageError, run
from cookie_jar.scripts.common.options import make_environment
from cookie_jar.scripts.common.training import resumed_training
from cookie_jar.scripts.comparison import algorithms
from cookie_jar.scripts.comparison.aggregate import summarize
from cookie_jar.scripts.comparison.store import read_folder
from cookie_jar.scripts.viewer.episode_files import load_episode, save_episode

pytestmark = [pytest.mark.slow, needs_proc]

REFUSED = AgentError, UsageError, CookieJarError, gym.error.Error
BLOCKS = 8  # of each kind, so that all cores share the work
DATA = Path(__file__).parents[1] / "data" / "before"
SETTINGS = algorithms.FOLDER


class Kind(NamedTuple):
    """A kind of file.

    Attributes:
        damage: Writes a damaged file.
        use: Reads the file as a command does, and checks the answer.
    """

    damage: Callable[[Random], None]
    use: Callable[[], None]


def kitchen(folder: Path) -> Kind:
    path, maps = folder / "map", ("###J####\n#..T...#\n#S....C#\n########\n", "#J##\n#SC#\n####\n")

    def damage(rng: Random) -> None:
        path.write_bytes(damaged_text(rng.choice(maps), rng))

    def use() -> None:
        env = make_environment(train.parser().parse_args(["--kitchen", str(path)]))
        env.reset(seed=0)
        drawn = str(env.unwrapped.spec.kwargs["kitchen"]).split()
        assert drawn == path.read_bytes().decode("utf-8-sig").split()
        env.step(0)

    return Kind(damage, use)


AGENTS = {
    "q-learning": lambda: QLearning("CookieJarCorner-v0", seed=0),
    "sarsa steps": lambda: Sarsa("FrozenLake-v1", seed=0, use_model=False),
    "q-lambda": lambda: QLambda("CookieJarCorner-v0", seed=0),
    "n-step-sarsa": lambda: NStepSarsa("CookieJarCorner-v0", seed=0),
    "dyna-q": lambda: DynaQ("CookieJarCorner-v0", seed=0, planning_steps=1),
    "ppo": lambda: PPO("CookieJarCorner-v0", seed=0, n_envs=2, n_steps=8),
    "ppo network": lambda: PPO("CartPole-v1", seed=0, n_envs=2, n_steps=8, net_arch=[4]),
}


def use_memory(path: Path) -> None:
    agent = load(path)
    agent.predict(agent.observation_space.sample())
    agent.learn(20)
    assert all(np.isfinite(array).all() for array in agent.arrays().values())
    agent.save(path.with_name("saved"))


def raw_memory(folder: Path) -> Kind:
    path, files = folder / "memory.safetensors", []
    for name, make in AGENTS.items():
        make().learn(100).save(folder / f"{name}.safetensors")
        files.append((folder / f"{name}.safetensors").read_bytes())

    def damage(rng: Random) -> None:
        path.write_bytes(damaged_bytes(rng.choice(files), rng))

    return Kind(damage, lambda: use_memory(path))


def described_memory(folder: Path) -> Kind:
    """Memory files whose checksum is right, with another description or other arrays."""
    path, files = folder / "memory.safetensors", []
    for name, make in AGENTS.items():
        make().learn(100).save(folder / f"{name}.safetensors")
        files.append(read_memory(folder / f"{name}.safetensors"))

    def damage(rng: Random) -> None:
        arrays, original = rng.choice(files)
        description = original
        if rng.random() < 0.15:
            arrays = arrays | {rng.choice(list(arrays)): odd_array(rng)}
        else:
            description = damaged_value(description, rng)
        if rng.random() < 0.3:
            changed = damaged_json(original["env"], rng).decode("utf-8", "replace")
            description = original | {"env": changed}
        try:
            text = json.dumps(description | {"checksum": checksum(arrays, description)})
            path.write_bytes(save(arrays, {KEY: text}))
        except UnicodeEncodeError:
            path.write_bytes(b"")

    return Kind(damage, lambda: use_memory(path))


def odd_array(rng: Random) -> np.ndarray:
    shape = rng.choice(((), (0,), (1,), (40, 10), (40, 9), (10, 40), (40, 10, 1), (1, 0, 7)))
    value = rng.choice((0, 1, np.nan, np.inf, -1e308))
    dtype = rng.choice((np.float64, np.float32, np.int64, np.uint8, np.bool_, np.complex64, np.float16))
    with np.errstate(all="ignore"):
        return np.full(shape, value).astype(dtype)


def trained_run(folder: Path) -> Path:
    words = ["--env", "CookieJarCorner-v0", "--timesteps", "1500", "--run-dir", str(folder), "--name", "run"]
    assert run(train.main, words) == 0
    return folder / "run"


def record(name: str) -> Callable[[Path], Kind]:
    """A file beside the memory, read when the run is continued."""

    def kind(folder: Path) -> Kind:
        before = trained_run(folder)
        after, text = folder / "copy", (before / name).read_text(encoding="utf-8")
        damage_text = damaged_json if name.endswith(".json") else damaged_text
        expected = rows(before)

        def damage(rng: Random) -> None:
            shutil.rmtree(after, ignore_errors=True)
            shutil.copytree(before, after)
            (after / name).write_bytes(damage_text(text, rng))

        def use() -> None:
            resumed_training(after, 100, Console(quiet=True)).resume()
            assert rows(after) == expected

        return Kind(damage, use)

    return kind


def target(folder: Path) -> Kind:
    path, text = trained_run(folder) / runs.TARGET_FILE, '{"timesteps": 5000}'

    def damage(rng: Random) -> None:
        path.write_bytes(damaged_json(text, rng))

    def use() -> None:
        assert resumed_training(path.parent, None, Console(quiet=True)).target > 1_500

    return Kind(damage, use)


def rows(folder: Path) -> object:
    table = runs.EvaluationTable()
    table.read(folder / runs.EVALUATIONS_FILE)
    _, episodes = runs.Monitor(folder / runs.MONITOR_FILE).read()
    return table.steps, table.greedy, [(r, length) for r, length, *_ in episodes]


def exported_record(folder: Path) -> Kind:
    before = trained_run(folder)
    names = runs.MONITOR_FILE, runs.EVALUATIONS_FILE
    texts = {name: (before / name).read_text(encoding="utf-8") for name in names}

    def damage(rng: Random) -> None:
        for name, text in texts.items():
            (before / name).write_text(text, encoding="utf-8")
        name = rng.choice(list(texts))
        (before / name).write_bytes(damaged_text(texts[name], rng))

    def use() -> None:
        events.main([str(before), "--out", str(folder / "events")])

    use()  # imports TensorBoard, which takes more time than an input may
    return Kind(damage, use)


def snapshot(folder: Path) -> Kind:
    """A snapshot of another step, of another run, or damaged."""
    before, others = trained_run(folder), sorted((DATA / "trained").glob("[!q]*/*.safetensors"))
    own = [file.read_bytes() for _, file in runs.snapshots(before)]
    steps = [steps for steps, _ in runs.snapshots(before)]

    def damage(rng: Random) -> None:
        shutil.rmtree(before / runs.SNAPSHOTS)
        (before / runs.SNAPSHOTS).mkdir()
        for number, data in zip(steps, own, strict=True):
            runs.snapshot_file(before, number).write_bytes(data)
        file = runs.snapshot_file(before, rng.choice(steps))
        match rng.randrange(3):
            case 0:
                file.write_bytes(rng.choice(own))
            case 1:
                file.write_bytes(rng.choice(others).read_bytes())
            case 2:
                file.write_bytes(damaged_bytes(rng.choice(own), rng))

    def use() -> None:
        for number in steps:
            agent = load(f"{before}@{number}")
            assert agent.num_timesteps == number
            assert runs.snapshot_file(before, number).read_bytes() == own[steps.index(number)]

    return Kind(damage, use)


def episode(folder: Path) -> Kind:
    env = gym.make("CookieJarCorner-v0", clumsiness=0.2, render_mode="rgb_array")
    path, runner = folder / "episode.json", EpisodeRunner(env)
    played = runner.roll_out(QLearning("CookieJarCorner-v0", seed=0).learn(3_000), 3)
    save_episode(path, runner, played)
    text = path.read_text(encoding="utf-8")

    def damage(rng: Random) -> None:
        path.write_bytes(damaged_json(text, rng))

    def use() -> None:
        again, seed, replayer = load_episode(path)
        total = again.roll_out(replayer, seed).time_steps[-1].total
        stored = json.loads(path.read_bytes().decode("utf-8-sig")).get("happiness", total)
        assert total == pytest.approx(stored, abs=1e-6)

    return Kind(damage, use)


def records(folder: Path) -> Kind:
    path = folder / "records.jsonl"
    source = min(DATA.rglob("records.jsonl"))
    lines = source.read_text(encoding="utf-8").splitlines()

    def damage(rng: Random) -> None:
        number = rng.randrange(len(lines))
        if rng.random() < 0.6:
            changed = damaged_json(lines[number], rng).decode("utf-8", "replace")
            data = "\n".join((*lines[:number], changed, *lines[number + 1 :], "")).encode()
        else:
            data = damaged_text("\n".join((*lines, "")), rng)
        path.write_bytes(data)

    return Kind(damage, lambda: (summarize(read_folder(folder)), None)[1])


def settings(folder: Path) -> Kind:
    source = (SETTINGS / "ppo.yml").read_text(encoding="utf-8")
    path = folder / "ppo.yml"

    def damage(rng: Random) -> None:
        path.write_bytes(damaged_text(source, rng))

    def use() -> None:
        for env_id in ("CookieJar-v0", "Other-v0"):
            algorithms.settings_of("ppo", env_id)

    return Kind(damage, use)


KINDS: dict[str, tuple[int, Callable[[Path], Kind]]] = {
    "kitchen": (3_000, kitchen),
    "raw memory": (2_400, raw_memory),
    "described memory": (5_600, described_memory),
    "snapshot": (400, snapshot),
    "monitor": (2_000, record(runs.MONITOR_FILE)),
    "evaluations": (2_000, record(runs.EVALUATIONS_FILE)),
    "target": (400, target),
    "exported record": (1_600, exported_record),
    "episode": (2_400, episode),
    "records": (1_600, records),
    "settings": (1_600, settings),
}


def test_there_are_twenty_thousand_inputs():
    assert sum(number for number, _ in KINDS.values()) >= 20_000


@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.parametrize("name", KINDS)
def test_damaged_files_are_refused_or_read_right(name, block, tmp_path, monkeypatch):
    number, make = KINDS[name]
    monkeypatch.setattr(algorithms, "FOLDER", tmp_path)
    kind, rng, refused = make(tmp_path), Random(f"{name} {block}"), 0
    for _ in range(number // BLOCKS):
        kind.damage(rng)
        with bounded():
            try:
                kind.use()
            except REFUSED as error:
                message = str(error)
            else:
                continue
        assert is_one_line(message) or name == "kitchen", message
        assert len(message) < 2_000, message
        refused += 1
    assert refused > 0
