"""A run on show: its snapshots, its learning curve, and the episode that it plays."""

import csv
from pathlib import Path
from typing import Any

from cookie_jar.agents import Agent, runs
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.memory import read_memory
from cookie_jar.envs.rendering.episode import Episode, EpisodeRunner
from cookie_jar.scripts.viewer.probes import AgentProbe
from cookie_jar.scripts.viewer.widgets.timeline import Timeline


class ReplayedAgent:
    """What is to be seen of one agent.

    Args:
        agent: whatever has `predict`; its `env` is not used.
        stage: where it plays.
        name: what it is called.
        evaluator: knows what chance and the optimum are worth.

    Attributes:
        probe: what the agent tells of what it knows.
        episode: that it plays.
        timeline: the snapshots and which one is shown.
    """

    def __init__(self, agent: Any, runner: EpisodeRunner, name: str, evaluator: Evaluator) -> None:
        self.agent, self.runner, self.name, self.evaluator = agent, runner, name, evaluator
        self.probe = AgentProbe(agent)
        self.seed = 0
        self.timeline = Timeline((int(getattr(agent, "num_timesteps", 0)),), lines=baseline_lines(evaluator))
        self._files: list[Path] = []
        self.episode: Episode

    @property
    def steps(self) -> int:
        """Steps of experience at the snapshot that is shown."""
        return self.timeline.steps[self.timeline.now]

    def start(self, seed: int) -> None:
        """Play the episode of a seed."""
        self.seed = seed
        self.episode = self.runner.roll_out(self.agent, seed)

    def show_snapshot(self, number: int) -> bool:
        """Show the agent as it was at a snapshot; returns whether that is another one than before."""
        if number == self.timeline.now or not 0 <= number < len(self._files):
            return False
        arrays, _ = read_memory(self._files[number])
        self.agent.restore(self._files[number], arrays)
        self.timeline = self.timeline._replace(now=number)
        self.start(self.seed)
        return True

    @property
    def has_policy(self) -> bool:
        """Whether one can ask what it would do elsewhere."""
        return True

    def has_snapshots(self) -> bool:
        """Whether there is more than one snapshot."""
        return len(self._files) > 1

    @classmethod
    def from_run(cls, run: str, evaluators: dict[str | None, Evaluator]) -> "ReplayedAgent":
        """A run or a snapshot of it, see `runs.memory_file`.

        Args:
            run: as the user names it.
            evaluators: those that are there already, by environment; a new one is added.
        """
        agent = runs.load(run, render_mode="rgb_array")
        key = None if agent.env.spec is None else agent.env.spec.to_json()
        if key not in evaluators:
            evaluators[key] = Evaluator(agent.env)
        folder = Path(run if Path(run).exists() else run.rpartition("@")[0])
        replay = cls(agent, EpisodeRunner(agent.env), folder.name, evaluators[key])
        replay.load_timeline(folder, runs.memory_file(run), agent)
        return replay

    def load_timeline(self, folder: Path, file: Path, agent: Agent) -> None:
        """Take the snapshots and the curve from the folder of a run, if it is one."""
        if not folder.is_dir():
            return
        stops = runs.snapshots(folder)
        final = folder / runs.AGENT_FILE
        if file == final and (not stops or stops[-1][0] < agent.num_timesteps):
            stops.append((agent.num_timesteps, final))
        if file not in [path for _, path in stops] and stops:
            file = stops[-1][1]  # the latest snapshot is the memory itself
        self._files = [path for _, path in stops]
        if self._files:
            steps, curve = tuple(count for count, _ in stops), read_learning_curve(folder)
            self.timeline = Timeline(steps, curve, baseline_lines(self.evaluator), self._files.index(file))


def read_learning_curve(folder: Path) -> tuple[tuple[float, float], ...]:
    """Steps and happiness of each judgement of a run; nothing where there is no record."""
    try:
        text = (folder / runs.EVALUATIONS_FILE).read_text(encoding="utf-8")
        rows = csv.DictReader(text.splitlines())
        return tuple((float(row["steps"]), float(row["happiness"])) for row in rows)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def baseline_lines(evaluator: Evaluator) -> tuple[tuple[float, str], ...]:
    """What chance and the optimum are worth, with their names."""
    known = [(evaluator.random.mean_return, f"random: happiness {evaluator.random.mean_return:.2f}")]
    if evaluator.optimum is not None:
        known.append(
            (evaluator.optimum.mean_return, f"optimum: happiness {evaluator.optimum.mean_return:.2f}")
        )
    return tuple(known)
