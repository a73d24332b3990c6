"""A contest: which cells it has, how long it will take, and its folder."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cookie_jar.scripts.comparison.algorithms import ALGORITHMS, budget, settings_of, supports
from cookie_jar.scripts.comparison.store import Store, run_folder
from cookie_jar.scripts.comparison.trials import Trial, TrialRecord
from cookie_jar.scripts.comparison.workers import Crew


class Plan(NamedTuple):
    """What is asked of a contest.

    Attributes:
        env_ids: where.
        agents: who.
        seeds: how many, from 0.
        timesteps: for each cell, or None for the budget of the environment.
        checks: how often each is judged.
    """

    env_ids: Sequence[str]
    agents: Sequence[str]
    seeds: int
    timesteps: int | None
    checks: int

    def trials(self) -> list[Trial]:
        """All of them, seed by seed."""
        return [
            Trial(
                env_id, agent, seed, self.timesteps or budget(env_id), settings_of(agent, env_id), self.checks
            )
            for seed in range(self.seeds)
            for env_id in self.env_ids
            for agent in self.agents
            if supports(agent, env_id)
        ]


def cost(trial: Trial) -> float:
    """About how many seconds a cell will take."""
    algorithm = ALGORITHMS[trial.algorithm]
    return algorithm.startup + trial.timesteps / algorithm.speed + 0.01 * trial.n_evaluations


def hold(trials: Sequence[Trial], folder: Path, jobs: int, console: Console) -> list[TrialRecord]:
    """Run the cells that are not finished yet, and write each down; returns those that failed.

    Every contender runs once before any runs twice; the long ones come first, so that none is waited for.
    """
    store = Store(folder)
    finished = store.read()
    missing = [trial for trial in trials if trial.key not in finished]
    missing.sort(key=lambda trial: (trial.seed, -cost(trial)))
    _announce(trials, missing, jobs, console)
    failures: list[TrialRecord] = []
    with _Progress(missing, jobs, console) as progress:
        crew = Crew(jobs, lambda trial: run_folder(folder, trial), progress.report_steps)
        for record in crew.run(missing):
            store.add([record])
            progress.finish(record.trial)
            if record.error is not None:
                failures.append(record)
                told = f"failed: {record.trial.name}: {record.error}"
                console.print(told, style="red", highlight=False, markup=False)
    return failures


def _announce(trials: Sequence[Trial], missing: Sequence[Trial], jobs: int, console: Console) -> None:
    before = len(trials) - len(missing)
    told = f"{len(trials)} runs" + (f", {before} of them finished before" if before else "")
    seconds = sum(map(cost, missing)) / jobs
    console.print(f"{told}; about {duration(seconds)} with {jobs} at a time", style="dim", highlight=False)


class _Progress:
    """Progress in expected seconds of work, corrected by how fast it really goes."""

    def __init__(self, trials: Sequence[Trial], jobs: int, console: Console) -> None:
        self._total = sum(map(cost, trials))
        self._jobs = jobs
        self._done: dict[str, float] = {}
        columns = BarColumn(), TextColumn("{task.percentage:3.0f} %"), TimeElapsedColumn()
        words = TextColumn("{task.fields[left]}"), TextColumn("[dim]{task.fields[now]}")
        self._bar = Progress(*columns, *words, console=console, transient=True)
        self._task = self._bar.add_task("", total=self._total, left="", now="")

    def __enter__(self) -> "_Progress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def report_steps(self, trial: Trial, steps: int) -> None:
        """A cell has come so far."""
        self._done[trial.key] = cost(trial) * min(steps / trial.timesteps, 1) * 0.99
        self._show(f"{trial.algorithm}, {trial.env_id}, seed {trial.seed}")

    def finish(self, trial: Trial) -> None:
        """A cell is finished."""
        self._done[trial.key] = cost(trial)
        self._show("")

    def _show(self, now: str) -> None:
        done = sum(list(self._done.values()))
        elapsed = self._bar.tasks[0].elapsed or 0.0
        guess = (self._total - done) / self._jobs
        real = elapsed * (self._total - done) / done if done > 0 else guess
        trust = done / self._total if self._total else 1.0
        left = duration((1 - trust) * guess + trust * real)
        self._bar.update(self._task, completed=done, left=f"about {left} left", now=now)


def duration(seconds: float) -> str:
    """Seconds in words."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def write_plan(folder: Path, plan: Plan) -> None:
    """Leave what was asked beside the results."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.json").write_text(json.dumps(plan._asdict(), indent=2) + "\n", encoding="utf-8")
