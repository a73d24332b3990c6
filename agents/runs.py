"""The folder of a run: its files, snapshots and monitor, and loading an agent from it."""

import csv
import json
import math
import re
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym

from .base import Agent
from .env_loading import env_of
from .errors import AgentError, MemoryFileError
from .evaluation import Evaluator
from .exact import Evaluation
from .files import write_atomically, write_table
from .imported import ImportedPolicy
from .memory import read_memory
from .registry import AGENTS

FIELDS = ("happiness", "success", "length")  # the fields of an evaluation in files
HEADER = ("steps", "happiness", "percent_of_possible", "success", "length")

AGENT_FILE = "agent.safetensors"
SNAPSHOTS = "snapshots"  # a folder of earlier agents, by steps
MONITOR_FILE = "monitor.csv"  # training episodes, in the format of Stable-Baselines3
EVALUATIONS_FILE = "evaluations.csv"
CURVE_FILE = "learning_curve.png"
TARGET_FILE = "target.json"  # the number of steps of the whole run
UNKNOWN_END = -1


def default_name(env_id: str, agent: str, seed: int) -> str:
    """Return a name for a run, such as "cookie-jar-q-learning-0"."""
    plain = re.sub(r"-v\d+$", "", env_id.split(":")[-1].split("/")[-1])
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", plain).lower()
    return f"{words}-{agent}-{seed}"


def memory_file(run: str | Path) -> Path:
    """Return the file of an agent.

    Args:
        run: The folder of a run, "FOLDER@STEPS" for its last snapshot up to that step, or a file. A path that
            exists is never read as "FOLDER@STEPS".

    Raises:
        AgentError: If there is no such run or snapshot.
    """
    path, at, steps = str(run).rpartition("@")
    if at and not Path(run).exists() and Path(path).is_dir() and steps.isdecimal():
        earlier = [file for count, file in snapshots(Path(path)) if count <= int(steps)]
        if not earlier:
            raise AgentError(f"{run}: expected a snapshot at or before step {int(steps):,}, found none")
        return earlier[-1]
    file = Path(run) / AGENT_FILE if Path(run).is_dir() else Path(run)
    if not file.exists():
        raise AgentError(f"{run}: expected the folder of a run with {AGENT_FILE}; create a run with `train`")
    return file


def snapshots(folder: Path) -> list[tuple[int, Path]]:
    """Return the step and the file of each snapshot of a run, sorted by step."""
    files = (folder / SNAPSHOTS).glob("*.safetensors")
    return sorted((int(file.stem), file) for file in files if file.stem.isdecimal())


def snapshot_file(folder: Path, steps: int) -> Path:
    """Return the path of the snapshot after a number of steps."""
    return folder / SNAPSHOTS / f"{steps:012}.safetensors"


def load(
    run: str | Path, env: gym.Env[Any, Any] | str | None = None, *, render_mode: str | None = None
) -> Agent:
    """Load the agent of a run, and create its environment.

        agent = load("runs/x")  # at the end of the run
        agent = load("runs/x@5000")  # the last snapshot up to step 5,000

    Args:
        run: The folder of a run, "FOLDER@STEPS" for its last snapshot up to that step, or a file.
        env: The environment; by default, created from the saved spec.
        render_mode: The render mode of the created environment, if it has that render mode.

    Raises:
        AgentError: If there is no such run or snapshot, or the file cannot be read.
    """
    file = memory_file(run)
    _, description = read_memory(file)
    classes: list[type[Agent]] = [*AGENTS.values(), ImportedPolicy]
    kinds = {kind.saved_as or kind.__name__: kind for kind in classes}
    algorithm = description.get("algorithm")
    if not isinstance(algorithm, str) or algorithm not in kinds:
        raise MemoryFileError(
            f"{file}: expected one of the agents {', '.join(kinds)}, got {algorithm!r:.100}"
        )
    if env is None and render_mode is not None:
        env = env_of(file, description, render_mode)
    return kinds[algorithm].load(file, env)


class TrainingEpisode(NamedTuple):
    """A row of the record of training episodes.

    Attributes:
        episode_return: The return.
        length: The number of actions.
        seconds: Seconds of training when the episode was recorded.
        end: The value of `num_timesteps` when the episode ended, or `UNKNOWN_END` in old files.
    """

    episode_return: float
    length: int
    seconds: float
    end: int


class Monitor:
    """A csv file of training episodes: return, length, seconds, and the step of the run at the end.

    The first three columns are those of Stable-Baselines3, whose readers ignore the fourth. Files of earlier
    versions have three.
    """

    COLUMNS = "r,l,t,steps"

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, env_id: str, start: float) -> None:
        """Start a new file, replacing an old one."""
        header = json.dumps({"t_start": start, "env_id": env_id})
        write_atomically(self._path, f"#{header}\n{self.COLUMNS}\n".encode())

    def read(self) -> tuple[float, list[TrainingEpisode]]:
        """Return the start time in seconds since 1970, and the episodes."""
        header, _, *rows = self._path.read_text(encoding="utf-8").splitlines()
        start = float(json.loads(header.removeprefix("#"))["t_start"])
        return start, [_training_episode(*row) for row in csv.reader(rows)]

    def truncate(self, episodes: int) -> list[TrainingEpisode]:
        """Return the first `episodes` rows, and delete later rows, whose episodes will be repeated."""
        header, _, *rows = self._path.read_text(encoding="utf-8").splitlines()[: 2 + episodes]
        rows = [row if row.count(",") == self.COLUMNS.count(",") else f"{row}," for row in rows]
        write_atomically(self._path, "".join(f"{line}\n" for line in (header, self.COLUMNS, *rows)).encode())
        return self.read()[1]

    def write(
        self, returns: Iterable[float], lengths: Iterable[int], ends: Iterable[int], seconds: float
    ) -> None:
        """Append the returns, lengths and ends of episodes that ended after some seconds of training."""
        rows = zip(returns, lengths, ends, strict=True)
        with self._path.open("a", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerows((round(r, 6), length, round(seconds, 6), end) for r, length, end in rows)


def known_ends(episodes: Sequence[TrainingEpisode], n_envs: int) -> list[TrainingEpisode]:
    """Return the episodes whose end is known.

    Files of earlier versions do not say where an episode ended. In one environment, the end is the sum of the
    lengths so far; with more environments, these episodes are left out.

    Args:
        episodes: All episodes of a run, from the first.
        n_envs: The number of environments of the agent.
    """
    if n_envs == 1:
        sums = accumulate(episode.length for episode in episodes)
        episodes = [
            episode if episode.end != UNKNOWN_END else episode._replace(end=end)
            for episode, end in zip(episodes, sums, strict=True)
        ]
    return [episode for episode in episodes if episode.end != UNKNOWN_END]


def _training_episode(r: str, length: str, t: str, end: str = "") -> TrainingEpisode:
    return TrainingEpisode(float(r), int(length), float(t), int(end) if end else UNKNOWN_END)


class EvaluationTable:
    """Evaluations of an agent at increasing steps.

    Attributes:
        steps: The steps at each evaluation.
        greedy: The evaluations of the greedy policy.
        further: Further mean returns at each evaluation, by column.
    """

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.greedy: list[Evaluation] = []
        self.further: dict[str, list[float]] = {}

    def add(self, steps: int, greedy: Evaluation, further: dict[str, float]) -> None:
        """Append an evaluation."""
        self.steps.append(steps)
        self.greedy.append(greedy)
        for name, mean_return in further.items():
            self.further.setdefault(name, []).append(mean_return)

    def read(self, path: Path, until: float = math.inf) -> None:
        """Append the evaluations of a file up to a number of steps."""
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            if int(row["steps"]) <= until:
                greedy = Evaluation(*(float(row[name]) for name in FIELDS))
                further = {name: float(row[name]) for name in row if name not in HEADER}
                self.add(int(row["steps"]), greedy, further)

    def write(self, path: Path, evaluator: Evaluator) -> None:
        """Write the file atomically."""
        rows = [
            (steps, score.mean_return, evaluator.percent(score.mean_return), *score[1:], *further)
            for steps, score, *further in zip(self.steps, self.greedy, *self.further.values(), strict=True)
        ]
        write_table(path, (*HEADER, *self.further), rows)
