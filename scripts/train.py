"""Learn: let an agent gather experience in an environment, and keep what it has learned."""

import argparse
import math
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import gymnasium as gym
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from cookie_jar.agents import Agent, Evaluation
from cookie_jar.agents.memory import write_atomically
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.scripts import runs
from cookie_jar.scripts.console import UsageError, command, run
from cookie_jar.scripts.options import AGENTS, add_environment_options, make_environment
from cookie_jar.scripts.scoring import Judge

CHECKS = 40  # how often the greedy policy is judged on the way
MAX_INTERVAL = 100_000  # steps after which Ctrl-C is obeyed, at the latest


def parser() -> argparse.ArgumentParser:
    """The command line; the defaults of the agent stand in the agent."""
    defaults = TemporalDifference.__init__.__kwdefaults__ or {}
    parser = argparse.ArgumentParser(prog="cookie-jar train", description=__doc__)
    add_environment_options(parser)
    group = parser.add_argument_group("agent")
    group.add_argument(
        "--agent", choices=AGENTS, default="q-learning", help="which learner (default: %(default)s)"
    )
    group.add_argument(
        "--timesteps",
        type=int,
        default=100_000,
        metavar="N",
        help="steps to learn from (default: %(default)s)",
    )
    group.add_argument("--seed", type=int, default=0, help="of all randomness (default: %(default)s)")
    for name, text in {
        "learning_rate": "how far a number moves towards its target, 0 to 1",
        "gamma": "discount factor: what happiness one step later counts, 0 to 1",
        "exploration_initial_eps": "probability of a random action at first",
        "exploration_final_eps": "probability of a random action in the end",
        "exploration_fraction": "part of the steps over which it falls",
    }.items():
        flag = f"--{name.replace('_', '-')}"
        group.add_argument(
            flag, type=float, default=defaults[name], metavar="X", help=f"{text} (default: %(default)s)"
        )
    group = parser.add_argument_group("run")
    group.add_argument("--name", help="of the run (default: environment, agent and seed)")
    group.add_argument(
        "--run-dir",
        type=Path,
        default=Path("runs"),
        metavar="DIR",
        help="parent folder (default: %(default)s)",
    )
    group.add_argument("--overwrite", action="store_true", help="replace a run of the same name")
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    if args.timesteps < 1:
        raise UsageError(f"--timesteps: expected at least 1, got {args.timesteps}")
    if args.seed < 0:
        raise UsageError(f"--seed: expected 0 or more, got {args.seed}")
    env = make_environment(args)
    agent = make_agent(args, env)
    with Console().status("working out what the random child and the best one are worth"):
        judge = Judge(env)
    folder = runs.new_folder(
        args.run_dir, args.name, runs.default_name(args.env, args.agent, args.seed), args.overwrite
    )
    console = Console()
    with Interrupt() as interrupt:
        training = Training(agent, judge, folder, args.env, args.timesteps)
        with _progress(console) as bar:
            task = bar.add_task("learning", total=args.timesteps, score=training.score)

            def proceed(agent: Agent) -> bool:
                training.follow()
                bar.update(task, completed=agent.num_timesteps, score=training.score)
                return not interrupt.asked

            interval = min(math.ceil(args.timesteps / CHECKS), MAX_INTERVAL)
            agent.learn(args.timesteps, proceed, callback_interval=interval)
        training.save()
    if interrupt.asked:
        console.print(f"Stopped after {agent.num_timesteps:,} of {args.timesteps:,} steps; nothing is lost.")
    report(console, training)


def make_agent(args: argparse.Namespace, env: gym.Env[Any, Any]) -> Agent:
    """The agent that the options ask for."""
    kind = AGENTS[args.agent]
    return kind(env, **{name: getattr(args, name) for name in kind.hyperparameters})


class Training:
    """Keeps the record of a run and writes its folder.

    Attributes:
        steps: when the greedy policy was judged.
        greedy: what it was worth then.
        seconds: of learning and judging so far.
    """

    def __init__(self, agent: Agent, judge: Judge, folder: Path, env_id: str, timesteps: int) -> None:
        self.agent, self.judge, self.folder, self.env_id = agent, judge, folder, env_id
        self.steps: list[int] = []
        self.greedy: list[Evaluation] = []
        self._between_checks = math.ceil(timesteps / CHECKS)
        self._ends: list[int] = []
        self._returns: list[float] = []
        self._start = time.perf_counter()
        self._monitor = runs.Monitor(folder / runs.MONITOR_FILE, env_id, time.time())
        self.check()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._start

    @property
    def score(self) -> str:
        """The happiness of the greedy policy at the last check."""
        return f"{self.greedy[-1].happiness:+.2f}"

    def follow(self) -> None:
        """Write down the episodes since the last call, and now and then check."""
        returns, lengths = self.agent.episode_returns, self.agent.episode_lengths
        self._monitor.write(returns, lengths, self.seconds)
        end = self._ends[-1] if self._ends else 0
        self._ends.extend((end + np.cumsum(lengths, dtype=np.int64)).tolist())
        self._returns.extend(returns)
        if self.agent.num_timesteps - self.steps[-1] >= self._between_checks:
            self.check()

    def check(self) -> None:
        """Judge the greedy policy."""
        self.steps.append(self.agent.num_timesteps)
        self.greedy.append(self.judge.greedy(self.agent))

    def save(self) -> None:
        """Write the memory, the checks and the learning curve."""
        from cookie_jar.scripts.curve import draw_curve

        if self.agent.num_timesteps > self.steps[-1]:
            self.check()
        self.agent.save(self.folder / runs.AGENT_FILE)
        rows = [
            (step, score.happiness, self.judge.percent(score.happiness), score.success, score.length)
            for step, score in zip(self.steps, self.greedy, strict=True)
        ]
        header = ("steps", "happiness", "percent_of_possible", "success", "length")
        runs.write_table(self.folder / runs.EVALUATIONS_FILE, header, rows)
        title = f"{type(self.agent).__name__} learns {self.env_id}"
        happiness = [score.happiness for score in self.greedy]
        curve = draw_curve(title, self.judge, self._ends, self._returns, self.steps, happiness)
        write_atomically(self.folder / runs.CURVE_FILE, curve)


class Interrupt:
    """Turns Ctrl-C into a wish to stop soon and save; only the third one stops at once."""

    def __init__(self) -> None:
        self._times = 0
        self._before: Any = None

    @property
    def asked(self) -> bool:
        """Whether the user wants to stop."""
        return self._times > 0

    def __enter__(self) -> "Interrupt":
        self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._times += 1
        if self._times > 2:
            raise KeyboardInterrupt


def report(console: Console, training: Training) -> None:
    """The result as a table, where it is kept, and what to do next."""
    judge, agent = training.judge, training.agent
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for heading in ("", "happiness", "of possible", "success", "actions per success"):
        table.add_column(heading, justify="right" if heading else "left")
    scores = {"random": judge.random, "learned (greedy)": training.greedy[-1], "optimum": judge.optimum}
    for name, score in scores.items():
        if score is not None:
            style = "bold green" if name.startswith("learned") else ""
            table.add_row(name, *_cells(judge, score), style=style)
    console.print()
    console.print(table)
    kind = "exact, without sampling noise" if judge.exact else "means of 100 episodes from fixed seeds"
    console.print(f"\n{kind}; episodes of at most {judge.horizon} actions", style="dim")
    console.print(
        f"{agent.num_timesteps:,} steps, {agent.num_episodes:,} episodes, {training.seconds:.1f} s",
        style="dim",
    )
    console.out(f"\nThe memory is in {training.folder / runs.AGENT_FILE}", highlight=False)
    console.out(f"Next: {command('watch', training.folder)}", highlight=False)


def _cells(judge: Judge, score: Evaluation) -> tuple[str, ...]:
    percent = judge.percent(score.happiness)
    actions = score.actions_per_success
    return (
        f"{score.happiness:.2f}",
        "" if math.isnan(percent) else f"{percent:.1f} %",
        f"{100 * score.success:.2f} %",
        "never" if math.isinf(actions) else f"{actions:,.0f}" if actions < 1e9 else f"{actions:.0e}",
    )


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("greedy happiness [bold]{task.fields[score]}"),
        TimeRemainingColumn(),
        console=console,
    )


if __name__ == "__main__":
    sys.exit(run(main))
