"""The folder of a run: what is in it, and how it gets there."""

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import gymnasium as gym

from cookie_jar.agents import Agent, MemoryFileError
from cookie_jar.agents.memory import read_memory, write_atomically
from cookie_jar.scripts.console import UsageError
from cookie_jar.scripts.options import AGENTS

AGENT_FILE = "agent.safetensors"  # the memory
MONITOR_FILE = "monitor.csv"  # every episode while exploring, as Stable-Baselines3 writes it
EVALUATIONS_FILE = "evaluations.csv"  # the greedy policy now and then
CURVE_FILE = "learning_curve.png"


def default_name(env_id: str, agent: str, seed: int) -> str:
    """A name for a run, such as "cookie-jar-q-learning-0"."""
    plain = re.sub(r"-v\d+$", "", env_id.split(":")[-1].split("/")[-1])
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", plain).lower()
    return f"{words}-{agent}-{seed}"


def new_folder(parent: Path, name: str | None, default: str, overwrite: bool) -> Path:
    """Make the folder of a new run; what an old one of that name holds stays until it is replaced.

    Raises:
        UsageError: the name is taken or is no name, or the folder cannot be made.
    """
    if name is not None and (not name.strip(" .") or re.search(r"[/\\\0]", name)):
        raise UsageError(f"--name: expected a plain name for a folder, got {name!r}")
    folder = parent / (default if name is None else name)
    try:
        if folder.exists() and not overwrite:
            if name is not None:
                raise UsageError(f"{folder} exists already: choose another --name, or add --overwrite")
            numbers = (parent / f"{default}-{number}" for number in range(2, 1_000_000))
            folder = next(path for path in numbers if not path.exists())
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {folder}: {error.strerror}") from None
    return folder


def load_run(path: Path, *, render_mode: str | None = None) -> Agent:
    """The agent of a run (its folder or its file), with its environment made anew.

    Raises:
        UsageError, AgentError: there is no such run, or it cannot be read.
    """
    file = path / AGENT_FILE if path.is_dir() else path
    if not file.exists():
        raise UsageError(f"{path}: expected the folder of a run with {AGENT_FILE}; `train` makes one")
    _, description = read_memory(file)
    kinds = {kind.__name__: kind for kind in AGENTS.values()}
    algorithm = description.get("algorithm")
    if not isinstance(algorithm, str) or algorithm not in kinds:
        raise MemoryFileError(f"{file}: expected an agent among {', '.join(kinds)}, got {algorithm!r}")
    agent: Agent = kinds[algorithm].load(file)
    if render_mode is not None and agent.env.spec is not None:
        agent.env = gym.make(agent.env.spec, render_mode=render_mode)
    return agent


class Monitor:
    """Writes each episode as Stable-Baselines3's Monitor does: return, length, seconds since the start."""

    def __init__(self, path: Path, env_id: str, start: float) -> None:
        self._path = path
        header = json.dumps({"t_start": start, "env_id": env_id})
        path.write_text(f"#{header}\nr,l,t\n", encoding="utf-8")

    def write(self, returns: Iterable[float], lengths: Iterable[int], seconds: float) -> None:
        """Add the episodes that ended by now."""
        rows = zip(returns, lengths, strict=True)
        with self._path.open("a", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerows((round(r, 6), length, round(seconds, 6)) for r, length in rows)


def write_table(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write a small csv file, whole or not at all."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header)
    table.writerows(rows)
    write_atomically(path, text.getvalue().encode())
