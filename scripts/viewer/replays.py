"""An agent that is replayed: its snapshots or its training, its learning curve, and its episode."""

from collections.abc import Iterator
from itertools import islice
from math import floor
from pathlib import Path
from typing import Any

import gymnasium as gym

from cookie_jar.agents import Agent, AgentError, runs, tabular_model
from cookie_jar.agents.env_spec import env_key
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.envs import Action
from cookie_jar.envs.rendering.episode import Episode, EpisodeRunner, TimeStep
from cookie_jar.scripts.common.run_scale import run_scale
from cookie_jar.scripts.common.value_scale import ValueScale
from cookie_jar.scripts.viewer.jar_view import JarView, has_jar_pictures, jar_pictures
from cookie_jar.scripts.viewer.probes import AgentProbe
from cookie_jar.scripts.viewer.widgets.timeline import Timeline


class ReplayedAgent:
    """An agent and its current episode.

    Args:
        agent: An object with `predict`; its `env` is not used.
        runner: Runs the episodes.
        name: The name of the run.
        evaluator: Provides the return of the random and of the optimal policy.

    Attributes:
        probe: Reads the action values or probabilities of the agent.
        seed: The seed of the episode.
        episode: The episode; set by `start`.
        timeline: The snapshots, with the index of the current snapshot.
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
        """The number of steps that the current snapshot was trained for."""
        return self.timeline.steps[self.timeline.now]

    @property
    def has_policy(self) -> bool:
        """Whether the agent can be asked for an action in any state."""
        return True

    @property
    def has_snapshots(self) -> bool:
        """Whether there is more than one snapshot."""
        return len(self._files) > 1

    @property
    def has_pictures(self) -> bool:
        """Whether the observations hold pictures of the cookies in the jar."""
        return self.runner.world is not None and has_jar_pictures(self.runner.env.observation_space)

    @property
    def can_walk(self) -> bool:
        """Whether the child can walk in the environment; with the jar alone it can only pick."""
        world = self.runner.world
        return world is not None and len(world.actions) == len(Action)

    @property
    def likes(self) -> str:
        """The name of the cookie that the child likes; "" in an environment other than a kitchen."""
        world = self.runner.world
        return "" if world is None else world.config.likes.label

    def start(self, seed: int) -> None:
        """Run the episode of a seed."""
        self.seed = seed
        self.episode = self.runner.roll_out(self.agent, seed)

    def show_snapshot(self, number: int) -> bool:
        """Load a snapshot, and return whether it differs from the current snapshot."""
        if number == self.timeline.now or not 0 <= number < len(self._files):
            return False
        arrays, _ = runs.read_agent(self._files[number])
        self.agent.restore(self._files[number], arrays)
        self.timeline = self.timeline._replace(now=number)
        if isinstance(self.agent, Agent):
            self.agent.num_timesteps = self.steps  # which says whether a network knows anything
        self.start(self.seed)
        return True

    def value_scale(self) -> ValueScale:
        """Return the scale of the values of all snapshots; this reads their files."""
        env, world, best = self.runner.env, self.runner.world, self.evaluator.optimum
        return ValueScale() if world is None else run_scale(self.agent, env, world, self._files, best)

    def decision_step(self, act: int, progress: float) -> TimeStep:
        """Return the time step at which the current action was, or will be, chosen.

        Args:
            act: The index of the current time step.
            progress: The progress of the action that led there, 0 to 1.
        """
        time_steps = self.episode.time_steps
        before = act > 0 and (progress < 1 or time_steps[act].terminated)
        return time_steps[act - 1] if before else time_steps[act]

    def jar_view(self, act: int, progress: float) -> JarView | None:
        """Return what the agent sees in the jar when it chooses the action shown; None for a closed jar.

        The arguments are those of `decision_step`.
        """
        seen = self.decision_step(act, progress)
        view_of = getattr(self.agent, "jar_view", None)
        if view_of is not None:
            view: JarView | None = view_of(seen.obs)
            return view
        pictures = jar_pictures(seen.obs)
        return None if pictures is None else JarView(pictures, pick=self._pick_after(seen))

    def _pick_after(self, seen: TimeStep) -> int | None:
        """Return the place of the cookie that is picked next after a time step, or None."""
        following = self.episode.time_steps[seen.steps + 1 : seen.steps + 2]
        action = following[0].frame.action if following and following[0].frame is not None else None
        picks = Action.PICK_LEFT, Action.PICK_MIDDLE, Action.PICK_RIGHT
        return picks.index(action) if action in picks else None

    @classmethod
    def from_run(cls, run: str, evaluators: dict[str | None, Evaluator]) -> "ReplayedAgent":
        """Load a run or a snapshot; see `runs.memory_file`.

        Args:
            run: The run or snapshot, as given on the command line.
            evaluators: Known evaluators by environment; a new evaluator is added.
        """
        agent = runs.load(run, render_mode="rgb_array")
        key = env_key(agent.env)
        if key not in evaluators:
            evaluators[key] = Evaluator(agent.env)
        folder = Path(run if Path(run).exists() else run.rpartition("@")[0])
        runner = EpisodeRunner(agent.env, deterministic=is_deterministic(agent.env))
        replay = cls(agent, runner, folder.name, evaluators[key])
        replay.load_timeline(folder, runs.memory_file(run), agent)
        return replay

    def load_timeline(self, folder: Path, file: Path, agent: Agent) -> None:
        """Load the snapshots and the learning curve, if `folder` is the folder of a run."""
        if not folder.is_dir():
            return
        stops = runs.snapshots(folder)
        final = folder / runs.AGENT_FILE
        if file == final and (not stops or stops[-1][0] < agent.num_timesteps):
            stops.append((agent.num_timesteps, final))
        if file not in [path for _, path in stops] and stops:
            file = stops[-1][1]  # the last snapshot equals the saved agent
        self._files = [path for _, path in stops]
        if self._files:
            steps, curve = tuple(count for count, _ in stops), read_learning_curve(folder)
            self.timeline = Timeline(steps, curve, baseline_lines(self.evaluator), self._files.index(file))


def is_deterministic(env: gym.Env[Any, Any]) -> bool:
    """Return whether an environment has a tabular model in which every action has one outcome."""
    model = tabular_model(env)
    return model is not None and bool((model.probability.max(axis=-1) == 1).all())


def read_learning_curve(folder: Path) -> tuple[tuple[float, float], ...]:
    """Return steps and mean return of each evaluation of a run; empty without a valid record."""
    try:
        table = runs.read_record(folder).table
    except AgentError:
        return ()
    return tuple((float(n), score.mean_return) for n, score in zip(table.steps, table.greedy, strict=True))


def baseline_lines(evaluator: Evaluator) -> tuple[tuple[float, str], ...]:
    """Return the mean return of the random policy and of the optimum, with their names."""
    baselines = {"random": evaluator.random, "optimum": evaluator.optimum}
    return tuple(
        (score.mean_return, f"{name} {score.mean_return:.2f}")
        for name, score in baselines.items()
        if score is not None
    )


class Learner(ReplayedAgent):
    """The greedy policy of an agent in training; each action is chosen only when it is about to be shown."""

    _coming: Iterator[TimeStep]

    @property
    def steps(self) -> int:
        """The number of steps that the agent has been trained for."""
        return int(self.agent.num_timesteps)

    def start(self, seed: int) -> None:
        """Start an episode."""
        self.seed = seed
        self._coming = self.runner.steps(self.agent, seed)
        self.episode = Episode((next(self._coming),), self.runner.world, seed)

    def extend(self, until: float) -> None:
        """Run the episode until the action after time `until` (in actions); cut off very long episodes."""
        best = self.evaluator.optimum
        most = 100 if best is None else round(30 + 2 * best.length)
        wanted = min(most, floor(until) + 1) - self.episode.last
        more = tuple(islice(self._coming, max(0, wanted)))
        self.episode = self.episode._replace(time_steps=(*self.episode.time_steps, *more))
