"""Run one cell of a contest: learn, be judged on the way, and leave a record.

As a program it is the worker of a contest: the cell comes on its standard input, lines of JSON go out.
"""

import json
import math
import os
import platform
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import gymnasium as gym

import cookie_jar.envs  # noqa: F401  (registers the environments)
from cookie_jar.agents import Agent, runs
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS
from cookie_jar.scripts.comparison.store import TRIAL_FILE
from cookie_jar.scripts.comparison.trials import EvaluationPoint, Trial, TrialRecord

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

PACKAGES = ("cookie-jar", "gymnasium", "numpy", "numba", "scipy", "stable-baselines3", "sb3-contrib", "torch")
STAGES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)  # of learning, after which a memory is kept to be replayed
ReportSteps = Callable[[int], None]  # is told the steps so far


class TrialRecorder:
    """Follows an agent while it learns; the clock stands still while it is judged.

    Args:
        trial: what is run.
        judge: scores it.
        folder: where its memory is kept, at its stages if it is the first seed; or None.
        tell: is told the steps at each check.
        brief: whether the exploring policy is judged at the end only.

    Attributes:
        checks: the agent, judged so far.
        next_stop: after how many steps the next check is due.
    """

    def __init__(
        self, trial: Trial, evaluator: Evaluator, folder: Path | None, report_steps: ReportSteps, brief: bool
    ) -> None:
        self.trial, self.evaluations = trial, list[EvaluationPoint]()
        self._judge, self._folder, self._tell, self._brief = evaluator, folder, report_steps, brief
        self._stages = [round(part * trial.timesteps) for part in STAGES] if trial.seed == 0 else []
        self._seconds = self._cpu = 0.0
        self.next_stop = 0
        self._resume()

    def check(self, learner: Callable[[], Agent]) -> None:
        """Judge the agent that the learner gives, and keep its memory where a stage is reached."""
        self._seconds += time.perf_counter() - self._start
        self._cpu += time.process_time() - self._cpu_start
        agent = learner()
        steps, greedy = agent.num_timesteps, self._judge.greedy(agent)
        whole = not self._brief or steps >= self.trial.timesteps
        exploring = self._judge.stochastic(agent).mean_return if whole else math.nan
        check = EvaluationPoint(steps, self._seconds, self._cpu, greedy.mean_return, exploring, *greedy[1:])
        self.evaluations = [*(c for c in self.evaluations if c.steps < steps), check]
        between = -(-self.trial.timesteps // self.trial.n_evaluations)
        self.next_stop = min((steps // between + 1) * between, self.trial.timesteps)
        self._keep(agent, steps)
        self._tell(steps)
        self._resume()

    def _keep(self, agent: Agent, steps: int) -> None:
        if self._folder is None:
            return
        while self._stages and steps >= self._stages[0]:
            self._stages.pop(0)
            agent.save(runs.snapshot_file(self._folder, steps))
        if steps >= self.trial.timesteps:
            agent.save(self._folder / runs.AGENT_FILE)

    def _resume(self) -> None:
        self._start, self._cpu_start = time.perf_counter(), time.process_time()


def run_trial(
    trial: Trial,
    folder: Path | None = None,
    report_steps: ReportSteps = lambda steps: None,
    *,
    begin: float | None = None,
    brief: bool = False,
) -> TrialRecord:
    """Learn as the cell says.

    Args:
        trial: what to run.
        folder: where the memory is kept, or None.
        report_steps: is told the steps on the way.
        begin: when its start-up began, by the clock of the system; by default now.
        brief: whether the exploring policy is judged at the end only.
    """
    begin = time.time() if begin is None else begin
    evaluator, env = make_evaluator(trial.env_id, json.dumps(trial.settings.get("env_kwargs", {})))
    if folder is not None:
        for _, file in runs.snapshots(folder):
            file.unlink()
        write_atomically(folder / TRIAL_FILE, trial.key.encode())
    learn: Any = _ours if ALGORITHMS[trial.algorithm].is_numpy else _guest
    go = learn(trial, env)
    recorder = TrialRecorder(trial, evaluator, folder, report_steps, brief)
    startup = time.time() - begin
    go(recorder)
    optimum = None if evaluator.optimum is None else evaluator.optimum.mean_return
    return TrialRecord(
        trial,
        recorder.evaluations,
        evaluator.random.mean_return,
        optimum,
        evaluator.how,
        peak_memory(),
        startup,
        made_with(),
    )


@lru_cache(maxsize=8)
def make_evaluator(env_id: str, env_kwargs: str) -> tuple[Evaluator, gym.Env[Any, Any]]:
    """An environment and its judge, who has to think only once."""
    env = gym.make(env_id, **json.loads(env_kwargs))
    return Evaluator(env), env


def _ours(trial: Trial, env: gym.Env[Any, Any]) -> Callable[[TrialRecorder], None]:
    """An agent of ours, ready to learn."""
    kind: Any = ALGORITHMS[trial.algorithm].kind
    options = {name: value for name, value in trial.settings.items() if name != "env_kwargs"}
    kind(env, seed=trial.seed, **options).learn(1)  # loads compiled code, as imports load that of guests
    agent: Agent = kind(env, seed=trial.seed, **options)

    def go(recorder: TrialRecorder) -> None:
        recorder.check(lambda: agent)
        while agent.num_timesteps < trial.timesteps:
            steps = recorder.next_stop - agent.num_timesteps
            agent.learn(steps, callback_interval=steps)
            recorder.check(lambda: agent)

    return go


def _guest(trial: Trial, env: gym.Env[Any, Any]) -> Callable[[TrialRecorder], None]:
    """A model of Stable-Baselines3, ready to learn."""
    from cookie_jar.scripts.sb3.training import Sb3Trainer

    trainer = Sb3Trainer(str(ALGORITHMS[trial.algorithm].kind), env, trial.settings, trial.seed)

    def go(recorder: TrialRecorder) -> None:
        def watch(steps: int, guest: Callable[[], Agent]) -> None:
            if recorder.next_stop <= steps < trial.timesteps:
                recorder.check(guest)

        recorder.check(trainer.guest)
        trainer.learn(trial.timesteps, watch)
        recorder.check(trainer.guest)

    return go


def peak_memory() -> int | None:
    """The most bytes of memory that this process has held; None where the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would count the parent's memory as well
        lines = status.read_text().splitlines()
        return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), None)
    try:
        import resource
    except ModuleNotFoundError:
        return None
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


@lru_cache(maxsize=1)
def made_with() -> str:
    """The machine and the versions on which results depend."""
    known = [f"Python {platform.python_version()}", f"{platform.machine()} with {os.cpu_count()} cores"]
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            known.append(f"{package} {version(package)}")
    return ", ".join(known)


def main() -> None:
    """Run the cell that comes as JSON on the standard input."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints goes to the errors, not between the messages
    task = json.loads(sys.stdin.readline())
    trial, folder = Trial(*task["cell"]), Path(task["folder"])

    def report_steps(steps: int) -> None:
        print(json.dumps({"steps": steps}), file=out, flush=True)

    record = run_trial(trial, folder, report_steps, begin=task["begin"])
    at_a_time = f"{record.made_with}; {task['jobs']} at a time"
    print(record._replace(made_with=at_a_time).to_json(), file=out, flush=True)


if __name__ == "__main__":
    main()
