"""A game, without pictures: a person acts turn by turn, takes acts back, asks, and is told the score."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import TabularModel, value_iteration
from cookie_jar.agents.evaluation import NO_LIMIT
from cookie_jar.agents.model import time_limit
from cookie_jar.envs import World
from cookie_jar.envs.rendering.episode import Episode, EpisodeRunner, TimeStep
from cookie_jar.scripts.viewer.probes import AgentProbe, best_from


class Advice(NamedTuple):
    """What somebody expects of each action.

    Attributes:
        values: [A].
        probabilities: whether they are these.
        label: whose they are.
    """

    values: tuple[float, ...]
    probabilities: bool
    label: str


class Score(NamedTuple):
    """How happy somebody was in the end, and after how many acts."""

    name: str
    happiness: float
    acts: float


class Game:
    """One person in one kitchen.

    Args:
        make_env: makes the environment, each time anew.
        agent: who can be asked, and plays from the same start; or None: then it is the best there is.
        seed: of the first start.

    Attributes:
        shots: what has happened, the start first.
    """

    def __init__(self, make_env: Callable[[], gym.Env[Any, Any]], agent: Any, seed: int) -> None:
        self.runner, self._other = EpisodeRunner(make_env()), EpisodeRunner(make_env())
        self.agent, self.probe = agent, None if agent is None else AgentProbe(agent)
        self.horizon = time_limit(self.runner.env) or NO_LIMIT
        self.start(seed)

    def start(self, seed: int) -> None:
        """A new episode."""
        self.seed = seed
        self.time_steps: list[TimeStep] = [self.runner.reset(seed)]

    @property
    def time_step(self) -> TimeStep:
        """What is now."""
        return self.time_steps[-1]

    @property
    def ended(self) -> bool:
        """Whether the episode is over."""
        return self.time_step.ended

    @property
    def world(self) -> World:
        """The tables of the present kitchen."""
        world = self.runner.world
        assert world is not None, "only kitchens are played"
        return world

    @property
    def episode(self) -> Episode:
        """All that has happened so far."""
        return Episode(tuple(self.time_steps), self.world, self.seed)

    def act(self, action: int) -> bool:
        """Do an act; returns whether there was still something to be done."""
        if self.ended:
            return False
        self.time_steps.append(self.runner.step(self.time_step, action))
        return True

    def undo(self) -> bool:
        """Take the last act back: all others are done again, with the same luck."""
        if len(self.time_steps) == 1:
            return False
        actions = self.episode.actions[:-1]
        self.start(self.seed)
        for action in actions:
            self.act(action)
        return True

    def ask(self) -> Advice | None:
        """What the agent expects of each action; None from one that does not tell."""
        if self.probe is None:
            return Advice(tuple(_best_values(self.world)[self._state()].tolist()), False, "the best there is")
        if not self.probe.readable:
            return None
        values = self.probe.action_values(np.asarray(self.time_step.obs)[None])[0]
        return Advice(tuple(values.tolist()), self.probe.has_probabilities, type(self.agent).__name__)

    def scores(self) -> list[Score]:
        """How happy one can be from this start: you by now, the agent, and the best."""
        rows = [Score("you", self.time_step.total, self.time_step.steps)]
        if self.agent is not None:
            end = self._other.roll_out(self.agent, self.seed).time_steps[-1]
            rows.append(Score("agent", end.total, end.steps))
        frame = self.time_steps[0].frame
        assert frame is not None
        best = best_from(self.world, self.world.number(frame.state), self.horizon)
        return [*rows, Score("optimum", best.mean_return, best.length)]

    def _state(self) -> int:
        assert self.time_step.frame is not None
        return self.world.number(self.time_step.frame.state)


@lru_cache(maxsize=4)
def _best_values(world: World) -> NDArray[np.float64]:
    """The optimal action values of a kitchen [S, A]."""
    return value_iteration(TabularModel(*world.unshaped_model)).action_values


def free_name(path: Path) -> Path:
    """The path, or the first with a number after its name that is not taken."""
    paths = (path if n == 1 else path.with_stem(f"{path.stem}-{n}") for n in range(1, 10_000))
    return next(candidate for candidate in paths if not candidate.exists())
