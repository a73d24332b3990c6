"""Episodes as values: what was seen, done and felt, from the start to the end."""

from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError
from ..tabular import World
from .frame import Frame

MAX_ACTS = 1_000  # of an episode that has no time limit


class Shot(NamedTuple):
    """One moment of an episode.

    Attributes:
        obs: what the agent observed.
        action: what was done to come here, or None at the start.
        words: what was done, and what it led to.
        reward: of that act: the true happiness.
        total: of the episode so far.
        steps: acts so far.
        terminated: whether it was the end.
        moment: for the drawing of a kitchen; None in other environments.
        pixels: the picture that another environment has drawn of itself.
    """

    obs: Any
    action: int | None = None
    words: str = "start"
    reward: float = 0.0
    total: float = 0.0
    steps: int = 0
    terminated: bool = False
    frame: Frame | None = None
    pixels: NDArray[np.uint8] | None = None


class Episode(NamedTuple):
    """What happened in an episode.

    Attributes:
        shots: the start first.
        world: the tables of its kitchen, or None in another environment.
        seed: that it began with.
    """

    shots: tuple[Shot, ...]
    world: World | None
    seed: int

    @property
    def last(self) -> int:
        """The number of the last shot."""
        return len(self.shots) - 1

    @property
    def actions(self) -> tuple[int, ...]:
        """What was done."""
        return tuple(shot.action for shot in self.shots if shot.action is not None)

    def sentences(self, most: int = 40) -> list[str]:
        """The episode in words: an act a line, at most so many, and how it ended."""
        lines = [
            f"{shot.steps:>3}. {shot.words:<28} {shot.reward:+.2f}, so far {shot.total:+.2f}"
            for shot in self.shots[1 : most + 1]
        ]
        if self.last > most:
            end = self.shots[-1]
            lines.append(f"... and so on until act {end.steps}, happiness {end.total:+.2f}")
        return lines


class Stage:
    """An environment in which episodes are played and written down.

    Args:
        env: with the render_mode "rgb_array".

    Raises:
        OptionError: it draws no pictures.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        if env.render_mode != "rgb_array":
            raise OptionError("this environment draws no pictures (render_mode 'rgb_array')")
        self.env = env
        self._pictures: dict[bytes, NDArray[np.uint8]] = {}  # equal ones are kept once

    @property
    def world(self) -> World | None:
        """The tables of the present kitchen, or None in another environment."""
        return getattr(self.env.unwrapped, "world", None)

    def start(self, seed: int, state: int | None = None) -> Shot:
        """The first shot of an episode: from a seed, or in the state of that number."""
        options = None if state is None else {"state": state}
        obs, _ = self.env.reset(seed=seed, options=options)
        self._pictures.clear()
        return self._shot(Shot(obs))

    def act(self, before: Shot, action: int) -> tuple[Shot, bool]:
        """One act further; also whether the episode has ended."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        gain = info.get("happiness", float(reward))
        shot = Shot(obs, action, f"action {action}", gain, before.total + gain, before.steps + 1, terminated)
        return self._shot(shot), bool(terminated or truncated)

    def play(self, agent: Any, seed: int, state: int | None = None, most: int | None = None) -> Episode:
        """A greedy episode of whatever has `predict`, until it ends, the agent is `over`, or `most` acts."""
        shots, ended = [self.start(seed, state)], False
        while not ended and len(shots) <= (most or MAX_ACTS) and not getattr(agent, "over", False):
            action, _ = agent.predict(shots[-1].obs, deterministic=True)
            shot, ended = self.act(shots[-1], int(action))
            shots.append(shot)
        return Episode(tuple(shots), self.world, seed)

    def _shot(self, shot: Shot) -> Shot:
        """With its picture."""
        frame: Frame | None = getattr(self.env.unwrapped, "frame", None)
        if frame is None:
            picture: Any = self.env.render()
            return shot._replace(pixels=self._pictures.setdefault(picture.tobytes(), picture))
        if frame.action is None or frame.event is None:
            return shot._replace(frame=frame)
        return shot._replace(frame=frame, words=f"{frame.action.label}: {frame.event.label}")
