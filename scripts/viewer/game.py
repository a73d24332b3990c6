"""The game without pictures: a user takes and undoes actions, asks the agent, and gets a score."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym

from cookie_jar.agents.evaluation import NO_LIMIT
from cookie_jar.agents.model import time_limit
from cookie_jar.envs import World
from cookie_jar.envs.rendering.episode import Episode, EpisodeRunner, TimeStep
from cookie_jar.envs.rendering.words import number
from cookie_jar.scripts.viewer.probes import AgentProbe, best_from, make_batch, optimal_action_values


class Advice(NamedTuple):
    """The action values of an agent in the current state.

    Attributes:
        values: The action values or probabilities [A].
        probabilities: Whether the values are probabilities.
        label: The name of the agent.
        tried: Whether the agent has tried each action [A]; None where that does not matter.
        known: Whether the agent knows anything about the state.
    """

    values: tuple[float, ...]
    probabilities: bool
    label: str
    tried: tuple[bool, ...] | None = None
    known: bool = True


class Score(NamedTuple):
    """The result of an episode, or the mean of episodes: the happiness and the number of actions."""

    name: str
    happiness: float
    acts: float

    @property
    def is_mean(self) -> bool:
        """Whether luck decides, so that the number of actions is no whole number."""
        return abs(self.acts - round(self.acts)) > 1e-6

    @property
    def words(self) -> str:
        """The name and the number of actions."""
        acts = f"{self.acts:.1f} acts on average" if self.is_mean else f"{self.acts:.0f} acts"
        return f"{self.name}, {acts}"


class Game:
    """A game of one user in a kitchen.

    Args:
        make_env: Function that creates a new environment.
        agent: The agent that can be asked, and that plays from the same start; None for the optimal policy.
        seed: The seed of the first episode.

    Attributes:
        time_steps: The time steps so far.
        seed: The seed of the episode.
    """

    def __init__(self, make_env: Callable[[], gym.Env[Any, Any]], agent: Any, seed: int) -> None:
        self.runner, self._other = EpisodeRunner(make_env()), EpisodeRunner(make_env())
        self.agent, self.probe = agent, None if agent is None else AgentProbe(agent)
        self.horizon = time_limit(self.runner.env) or NO_LIMIT
        self.start(seed)

    def start(self, seed: int) -> None:
        """Start a new episode."""
        self.seed = seed
        self.time_steps: list[TimeStep] = [self.runner.reset(seed)]

    @property
    def time_step(self) -> TimeStep:
        """The latest time step."""
        return self.time_steps[-1]

    @property
    def ended(self) -> bool:
        """Whether the episode is over."""
        return self.time_step.ended

    @property
    def world(self) -> World:
        """The tables of the current kitchen."""
        world = self.runner.world
        assert world is not None, "only kitchens are played"
        return world

    @property
    def episode(self) -> Episode:
        """The episode so far."""
        return Episode(tuple(self.time_steps), self.world, self.seed)

    def act(self, action: int) -> bool:
        """Take an action, and return whether the episode was still running."""
        if self.ended:
            return False
        self.time_steps.append(self.runner.step(self.time_step, action))
        return True

    def undo(self) -> bool:
        """Undo the last action, if there is one, by repeating the other actions from the same seed."""
        if len(self.time_steps) == 1:
            return False
        actions = self.episode.actions[:-1]
        self.start(self.seed)
        for action in actions:
            self.act(action)
        return True

    def ask(self) -> Advice | None:
        """Return the action values of the agent in the current state; None if the agent has none."""
        if self.probe is None:
            values = optimal_action_values(self.world)[self._state_number(self.time_step)]
            return Advice(tuple(values.tolist()), False, "the best there is")
        if not self.probe.readable:
            return None
        seen, chances = make_batch(self.time_step.obs), self.probe.has_probabilities
        values = tuple(self.probe.action_values(seen)[0].tolist())
        tried = None if chances else tuple(self.probe.tried(seen)[0].tolist())
        known = bool(self.probe.known(seen)[0])
        return Advice(values, chances, type(self.agent).__name__, tried, known)

    def scores(self) -> list[Score]:
        """Return the score so far, and those of the agent and of the optimum from the same start."""
        rows = [Score("you", self.time_step.total, self.time_step.steps)]
        if self.agent is not None:
            end = self._other.roll_out(self.agent, self.seed).time_steps[-1]
            rows.append(Score("agent", end.total, end.steps))
        best = best_from(self.world, self._state_number(self.time_steps[0]), self.horizon)
        return [*rows, Score("optimum", best.mean_return, best.length)]

    def _state_number(self, time_step: TimeStep) -> int:
        assert time_step.frame is not None
        return self.world.number(time_step.frame.state)


def free_name(path: Path) -> Path:
    """Return the path, or the first path with a number added to its name, that does not exist."""
    paths = (path if n == 1 else path.with_stem(f"{path.stem}-{n}") for n in range(1, 10_000))
    return next(candidate for candidate in paths if not candidate.exists())


def verdict(scores: Sequence[Score]) -> str:
    """Return how the first score compares with the last, the optimum, in a few words."""
    difference = scores[0].happiness - scores[-1].happiness
    optimum = "the mean of the optimum" if scores[-1].is_mean else "the optimum"
    if abs(difference) < 0.005:
        return f"as good as {optimum}"
    return f"{number(abs(difference))} {'below' if difference < 0 else 'above'} {optimum}"


def rules(world: World, horizon: int, *, blind: bool = False) -> list[str]:
    """Return what a game is about: the goal, the happiness of each event, and how an episode ends.

    Args:
        world: The tables of the kitchen.
        horizon: The number of actions after which an episode is cut off.
        blind: Whether the liked cookie is a secret.
    """
    config, happiness = world.config, world.config.happiness
    liked = "find out which one" if blind else f"the {config.likes.label} cookie"
    jar = f", a reach in vain {happiness.reach_in_vain:+g}, opening the jar {happiness.jar_reached:+g}"
    cookies = f"a disliked cookie {happiness.cookie_disliked:+g}, the liked one {happiness.cookie_liked:+g}"
    lines = [
        f"Eat the cookie that the child likes ({liked}), with as much happiness as you can.",
        f"Each act counts {happiness.act:+g}{'' if config.jar_alone else jar}, {cookies}.",
    ]
    if config.hints:
        lines.append("Hints are added: warmer, colder.")
    if config.clumsiness:
        lines.append(f"A walk goes astray with probability {config.clumsiness:g}.")
    return (
        lines if horizon == NO_LIMIT else [*lines, f"The episode ends after {horizon:,} acts at the latest."]
    )
