"""Run one trial: train, evaluate at fixed steps, and return a record."""

import json
import math
import os
import platform
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import Agent, runs
from cookie_jar.agents.evaluation import ALL_LEVELS, Evaluator
from cookie_jar.agents.files import write_atomically
from cookie_jar.agents.label_learner import LabelLearner
from cookie_jar.agents.numbered import unseen_ranges, validation_ranges
from cookie_jar.agents.training import learn_with_stops
from cookie_jar.envs import draw_pictures
from cookie_jar.scripts.common.cores import available_cores
from cookie_jar.scripts.common.env_modules import imported
from cookie_jar.scripts.common.peak_memory import peak_memory
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS
from cookie_jar.scripts.comparison.executors import report_steps
from cookie_jar.scripts.comparison.record_checks import check_record
from cookie_jar.scripts.comparison.store import TRIAL_FILE, Store, trial_folder
from cookie_jar.scripts.comparison.trials import EvaluationPoint, Trial, TrialRecord, failed

PACKAGES = ("cookie-jar", "gymnasium", "numpy", "numba", "scipy", "stable-baselines3", "sb3-contrib", "torch")
AIDS = ("hints", "hint_gamma", "random_start")  # `env_kwargs` for training only: scores are those of the id
SNAPSHOT_PARTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)  # fractions of the training after which a snapshot is saved

ReportSteps = Callable[[int], None]


def run_in_fresh_process(
    trials: Sequence[Trial], folder: Path, jobs: int, modules: Sequence[str] = ()
) -> list[TrialRecord]:
    """Run trials of one algorithm in a new process, and save each agent in a subfolder.

    The seconds until the first trial begins to train are the startup of all of them. The record of each trial
    but the last is kept in its subfolder, in case that the process does not reach the end.

    Args:
        trials: The trials, often a single one.
        folder: The folder of the comparison.
        jobs: The number of processes that run at the same time, for the record.
        modules: Modules that register environments.
    """
    records: list[TrialRecord] = []
    before = 0
    for trial in trials:
        age = 0.0 if records else process_age()
        report = partial(_report_after, before)
        record = _try(trial, trial_folder(folder, trial), report, modules=modules, age=age, brief=False)
        startup = records[0].startup if records else record.startup
        record = record._replace(startup=startup, made_with=f"{record.made_with}; {jobs} at a time")
        records.append(record)
        before += trial.timesteps
        if len(records) < len(trials):
            Store(folder).keep(record)
    return records


def _report_after(before: int, steps: int) -> None:
    report_steps(before + steps)


def run_chunk(trials: Sequence[Trial], modules: Sequence[str] = ()) -> list[TrialRecord]:
    """Run trials of a sweep one after the other in this process; a failure does not end the others.

    Args:
        trials: The trials.
        modules: Modules that register environments.
    """
    records, before = [], 0
    for trial in trials:
        record = _try(trial, None, partial(_report_after, before), modules=modules, brief=True)
        records.append(record._replace(peak_memory=None))  # it would include the other trials of the process
        before += trial.timesteps
    return records


def _try(trial: Trial, *args: Any, modules: Sequence[str], **kwargs: Any) -> TrialRecord:
    try:
        for module in modules:
            imported(module)
        record = run_trial(trial, *args, **kwargs)
        check_record(record)  # as when the record is read again
        return record
    except Exception as error:  # errors of any agent, environment or library
        return failed(trial, f"{type(error).__name__}: {error}")


def run_trial(
    trial: Trial,
    folder: Path | None = None,
    report: ReportSteps = lambda steps: None,
    *,
    age: float = 0.0,
    brief: bool = False,
) -> TrialRecord:
    """Train and evaluate an agent.

    Args:
        trial: The trial to run.
        folder: The folder that the agent is saved in, or None.
        report: Called with the number of steps at each evaluation.
        age: Seconds since the process started, which count as startup.
        brief: Whether to evaluate as for a choice of settings: the exploring policy only at the end, and in
            environments with levels, in the validation levels instead of the test levels.
    """
    begin = time.perf_counter() - age
    options = json.dumps(trial.settings.get("env_kwargs", {}))
    evaluator, env = evaluator_and_env(trial.env_id, options, validate=brief)
    if folder is not None:
        runs.delete_snapshots(folder)
        write_atomically(folder / TRIAL_FILE, trial.key.encode())
    train = _prepare(trial, env) if ALGORITHMS[trial.algorithm].is_numpy else _prepare_sb3(trial, env)
    recorder = TrialRecorder(trial, evaluator, folder, report, brief)
    startup = time.perf_counter() - begin
    train(recorder)
    return TrialRecord(
        trial,
        recorder.evaluations,
        evaluator.random.mean_return,
        None if evaluator.optimum is None else evaluator.optimum.mean_return,
        evaluator.how,
        peak_memory(),
        startup,
        made_with(),
    )


class TrialRecorder:
    """Evaluates an agent during training; the time of evaluations is not counted.

    Args:
        trial: The trial.
        evaluator: Evaluates the policies.
        folder: The folder that the agent is saved in, with snapshots if the seed is 0; or None.
        report: Called with the number of steps at each evaluation.
        brief: Whether to evaluate the exploring policy only at the end.

    Attributes:
        stops: The numbers of steps at which an evaluation is due, ascending.
        evaluations: The evaluations so far.
    """

    def __init__(
        self, trial: Trial, evaluator: Evaluator, folder: Path | None, report: ReportSteps, brief: bool
    ) -> None:
        between = math.ceil(trial.timesteps / trial.n_evaluations)
        self.stops = [*range(between, trial.timesteps, between), trial.timesteps]
        self.evaluations: list[EvaluationPoint] = []
        self._trial, self._evaluator, self._folder = trial, evaluator, folder
        self._report, self._brief = report, brief
        self._snapshots = (
            [round(part * trial.timesteps) for part in SNAPSHOT_PARTS] if trial.seed == 0 else []
        )
        self._seconds = self._cpu_seconds = 0.0
        self._start_clock()

    def evaluate(self, get_agent: Callable[[], Agent]) -> None:
        """Evaluate the agent that the function returns, and save a snapshot if one is due."""
        self._seconds += time.perf_counter() - self._start
        self._cpu_seconds += time.process_time() - self._cpu_start
        agent = get_agent()
        steps, greedy = agent.num_timesteps, self._evaluator.greedy(agent)
        whole = not self._brief or steps >= self._trial.timesteps
        exploring = self._evaluator.stochastic(agent).mean_return if whole else math.nan
        point = EvaluationPoint(
            steps, self._seconds, self._cpu_seconds, greedy.mean_return, exploring, *greedy[1:]
        )
        self.evaluations = [*(earlier for earlier in self.evaluations if earlier.steps < steps), point]
        self._save(agent, steps)
        self._report(steps)
        self._start_clock()

    def _save(self, agent: Agent, steps: int) -> None:
        if self._folder is None:
            return
        while self._snapshots and steps >= self._snapshots[0]:
            self._snapshots.pop(0)
            agent.save(runs.snapshot_file(self._folder, steps))
        if steps >= self._trial.timesteps:
            agent.save(self._folder / runs.AGENT_FILE)

    def _start_clock(self) -> None:
        self._start, self._cpu_start = time.perf_counter(), time.process_time()


@lru_cache(maxsize=8)
def evaluator_and_env(
    env_id: str, env_kwargs: str, validate: bool = False
) -> tuple[Evaluator, gym.Env[Any, Any]]:
    """Create an environment and its evaluator; cached, because solving the environment takes time.

    Args:
        env_id: Id of the environment.
        env_kwargs: Its options, as JSON.
        validate: Whether to evaluate in the validation levels instead of the test levels, if there are any.
    """
    options = json.loads(env_kwargs)
    env = gym.make(env_id, **options)
    unseen = validation_ranges(env) if validate else unseen_ranges(env)
    if any(name in options for name in AIDS):
        plain = gym.make(env_id, **{name: value for name, value in options.items() if name not in AIDS})
    else:
        plain = env
    return Evaluator(plain, unseen.get("levels"), max_levels=ALL_LEVELS), env


def _prepare(trial: Trial, env: gym.Env[Any, Any]) -> Callable[[TrialRecorder], None]:
    """Create an agent of this package, and return the function that trains it."""
    kind: Any = ALGORITHMS[trial.algorithm].kind
    options = {name: value for name, value in trial.settings.items() if name != "env_kwargs"}
    if kind is LabelLearner:
        options |= labels_of(env)
    kind(env, seed=trial.seed, **options).learn(
        1
    )  # loads compiled code during startup, like the imports of SB3
    agent: Agent = kind(env, seed=trial.seed, **options)

    def train(recorder: TrialRecorder) -> None:
        learn_with_stops(agent, recorder.stops, lambda agent: recorder.evaluate(lambda: agent))

    return train


def labels_of(env: gym.Env[Any, Any]) -> dict[str, Any]:
    """Return the arguments with which a `LabelLearner` learns the cookies of an environment from labels."""
    base: Any = env.unwrapped
    first, last = base.pictures

    def draw(rng: np.random.Generator) -> tuple[NDArray[np.uint8], int]:
        drawn = draw_pictures(rng.integers(first, last + 1, size=1))
        return drawn.pictures[0], int(drawn.kinds[0])

    return {"draw": draw, "liked": int(base.world.config.likes)}


def _prepare_sb3(trial: Trial, env: gym.Env[Any, Any]) -> Callable[[TrialRecorder], None]:
    """Create a model of Stable-Baselines3, and return the function that trains it."""
    from cookie_jar.scripts.sb3.training import Sb3Trainer

    trainer = Sb3Trainer(str(ALGORITHMS[trial.algorithm].kind), env, trial.settings, trial.seed)

    def train(recorder: TrialRecorder) -> None:
        recorder.evaluate(trainer.policy)
        trainer.learn(recorder.stops, lambda: recorder.evaluate(trainer.policy))

    return train


def process_age() -> float:
    """Return the seconds since this process started; on systems without /proc, its processor time."""
    file = Path("/proc/self/stat")
    if not file.exists():
        return time.process_time()
    started = int(file.read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


@lru_cache(maxsize=1)
def made_with() -> str:
    """Return the machine and the library versions that results depend on, as text."""
    parts = [f"Python {platform.python_version()}", f"{platform.machine()} with {available_cores()} cores"]
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            parts.append(f"{package} {version(package)}")
    return ", ".join(parts)
