"""The folder of a run: what is in it, and how it gets there."""

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path

import gymnasium as gym

from .base import Agent
from .errors import AgentError, MemoryFileError
from .files import write_atomically
from .imported import ImportedPolicy
from .memory import read_memory
from .registry import AGENTS

AGENT_FILE = "agent.safetensors"  # the memory
SNAPSHOTS = "snapshots"  # the memory as it was, by steps
MONITOR_FILE = "monitor.csv"  # every episode while exploring, as Stable-Baselines3 writes it
EVALUATIONS_FILE = "evaluations.csv"  # the greedy policy now and then
CURVE_FILE = "learning_curve.png"
TARGET_FILE = "target.json"  # how many steps it is to learn from


def default_name(env_id: str, agent: str, seed: int) -> str:
    """A name for a run, such as "cookie-jar-q-learning-0"."""
    plain = re.sub(r"-v\d+$", "", env_id.split(":")[-1].split("/")[-1])
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", plain).lower()
    return f"{words}-{agent}-{seed}"


def memory_file(run: str | Path) -> Path:
    """The file that a user means by a run's folder, by "RUN@STEPS", or by the file's own name.

    RUN@STEPS is the snapshot nearest below that many steps.

    Raises:
        AgentError: there is no such run or snapshot.
    """
    path, at, steps = str(run).rpartition("@")
    if at and Path(path).is_dir() and steps.isdecimal():
        earlier = [file for count, file in snapshots(Path(path)) if count <= int(steps)]
        if not earlier:
            raise AgentError(f"{run}: there is no snapshot so early")
        return earlier[-1]
    file = Path(run) / AGENT_FILE if Path(run).is_dir() else Path(run)
    if not file.exists():
        raise AgentError(f"{run}: expected the folder of a run with {AGENT_FILE}; `train` makes one")
    return file


def snapshots(folder: Path) -> list[tuple[int, Path]]:
    """The steps and the file of each snapshot of a run, the first first."""
    files = (folder / SNAPSHOTS).glob("*.safetensors")
    return sorted((int(file.stem), file) for file in files if file.stem.isdecimal())


def snapshot_file(folder: Path, steps: int) -> Path:
    """Where the snapshot after so many steps is kept."""
    return folder / SNAPSHOTS / f"{steps:012}.safetensors"


def load(run: str | Path, *, render_mode: str | None = None) -> Agent:
    """The agent of a run or a snapshot (see `memory_file`), with its environment made anew.

    Raises:
        AgentError: there is no such run, or it cannot be read.
    """
    file = memory_file(run)
    _, description = read_memory(file)
    classes: list[type[Agent]] = [*AGENTS.values(), ImportedPolicy]
    kinds = {kind.saved_as or kind.__name__: kind for kind in classes}
    algorithm = description.get("algorithm")
    if not isinstance(algorithm, str) or algorithm not in kinds:
        raise MemoryFileError(f"{file}: expected an agent among {', '.join(kinds)}, got {algorithm!r}")
    agent: Agent = kinds[algorithm].load(file)
    if render_mode is not None and agent.env.spec is not None:
        agent.env = gym.make(agent.env.spec, render_mode=render_mode)
    return agent


class Monitor:
    """Writes each episode as Stable-Baselines3's Monitor does: return, length, seconds since the start."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, env_id: str, start: float) -> None:
        """Start a file, in the place of an old one."""
        header = json.dumps({"t_start": start, "env_id": env_id})
        write_atomically(self._path, f"#{header}\nr,l,t\n".encode())

    def cut(self, episodes: int) -> list[tuple[float, int, float]]:
        """Keep so many episodes, and return them: those that came later are learned again."""
        lines = self._path.read_text(encoding="utf-8").splitlines()[: 2 + episodes]
        write_atomically(self._path, "".join(f"{line}\n" for line in lines).encode())
        return [(float(r), int(length), float(t)) for r, length, t in csv.reader(lines[2:])]

    def write(self, returns: Iterable[float], lengths: Iterable[int], seconds: float) -> None:
        """Add the episodes that ended by now."""
        rows = zip(returns, lengths, strict=True)
        with self._path.open("a", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerows((round(r, 6), length, round(seconds, 6)) for r, length in rows)
