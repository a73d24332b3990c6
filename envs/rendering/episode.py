"""Episodes as values: observations, actions and rewards from the first to the last time step."""

from collections.abc import Iterator, Mapping
from operator import index
from types import MappingProxyType
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from ..dynamics import State
from ..errors import OptionError, shown
from ..tabular import World
from .frame import Frame
from .repeat import Repeat, find_repeat

MAX_ACTS = 1_000  # of an episode in an environment without a time limit


class TimeStep(NamedTuple):
    """One time step of an episode.

    Attributes:
        obs: The observation.
        action: The action that led here, or None at the start.
        words: The action and its event, as text.
        reward: The unshaped reward of the action (the happiness in a kitchen).
        total: The sum of these rewards since the start.
        steps: The number of actions since the start.
        terminated: Whether the episode terminated here.
        truncated: Whether the episode was cut off here.
        frame: The input for a picture of a kitchen; None in other environments and without pictures.
        pixels: The rendered picture of another environment; None in a kitchen and without pictures.
        state: The state of a kitchen as `get_state` returns it: after a terminal step, the state before that
            step; None in other environments.
        env_reward: The reward that `step` returned; it differs from `reward` in environments with shaping.
        info: The info dict of `reset` or `step`.
    """

    obs: Any
    action: int | None = None
    words: str = "start"
    reward: float = 0.0
    total: float = 0.0
    steps: int = 0
    terminated: bool = False
    truncated: bool = False
    frame: Frame | None = None
    pixels: NDArray[np.uint8] | None = None
    state: State | None = None
    env_reward: float = 0.0
    info: Mapping[str, Any] = MappingProxyType({})

    @property
    def ended(self) -> bool:
        """Whether the episode ended here, for either reason."""
        return self.terminated or self.truncated


class Episode(NamedTuple):
    """A recorded episode.

    Attributes:
        time_steps: The start and one time step for each action.
        world: The tables of the kitchen, or None in another environment.
        seed: The seed of the reset.
        deterministic: Whether the environment is known to have no randomness after its reset.
    """

    time_steps: tuple[TimeStep, ...]
    world: World | None
    seed: int
    deterministic: bool = False

    @property
    def last(self) -> int:
        """The index of the last time step: the number of actions."""
        return len(self.time_steps) - 1

    @property
    def actions(self) -> tuple[int, ...]:
        """The actions in order."""
        return tuple(step.action for step in self.time_steps if step.action is not None)

    def find_repeat(self) -> Repeat | None:
        """Return the acts that repeat until the end, more than twice; None if there are none.

        Only for environments that are known to be deterministic: elsewhere, equal time steps may be chance.
        """
        if not self.deterministic or self.time_steps[-1].terminated:
            return None
        return find_repeat([(step.state, step.obs) for step in self.time_steps], self.actions)

    def sentences(self, most: int = 40) -> list[str]:
        """Return the episode as text: a line for each of the first `most` actions, and how it ended.

        A loop that goes on until the end is written twice.
        """
        repeat = self.find_repeat()
        shown = most if repeat is None else min(most, repeat.twice)
        lines = [
            f"{step.steps:>3}. {step.words:<28} {step.reward:+z.2f}, so far {step.total:+z.2f}"
            for step in self.time_steps[1 : shown + 1]
        ]
        if self.last > shown:
            lines.append(f"... {'and so on' if repeat is None else repeat.words} {self.until}")
        return lines

    @property
    def until(self) -> str:
        """The end of the episode as text, such as "until act 200, happiness -2.00"."""
        end = self.time_steps[-1]
        return f"until act {end.steps}, happiness {end.total:+z.2f}"


class EpisodeRunner:
    """Run episodes in an environment and record them.

    Args:
        env: The environment; with the render_mode "rgb_array" if the time steps need pictures.
        pictures: Whether each time step keeps a frame or a picture.
        deterministic: Whether the environment is known to have no randomness after its reset. For kitchens,
            the runner finds out.

    Raises:
        OptionError: If pictures are wanted and the environment has another render_mode.
    """

    def __init__(self, env: gym.Env[Any, Any], *, pictures: bool = True, deterministic: bool = False) -> None:
        if pictures and env.render_mode != "rgb_array":
            raise OptionError("this environment draws no pictures (render_mode 'rgb_array')")
        self.env = env
        self._deterministic = deterministic
        self._keeps_pictures = pictures
        self._pictures: dict[bytes, NDArray[np.uint8]] = {}  # equal pictures are kept once

    @property
    def world(self) -> World | None:
        """The tables of the current kitchen, or None in another environment."""
        world = getattr(self.env.unwrapped, "world", None)
        return world if isinstance(world, World) else None

    @property
    def deterministic(self) -> bool:
        """Whether the environment is known to have no randomness after its reset."""
        world = self.world
        return self._deterministic if world is None else world.config.clumsiness == 0

    def reset(self, seed: int, state: int | None = None) -> TimeStep:
        """Start an episode from a seed, or in the state with the number `state`."""
        options = None if state is None else {"state": state}
        obs, info = self.env.reset(seed=seed, options=options)
        self._pictures.clear()
        return self._with_view(TimeStep(obs, info=info))

    def step(self, before: TimeStep, action: int) -> TimeStep:
        """Take an action and return the time step that follows `before`."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        env_reward = float(reward)
        gain = info.get("happiness", env_reward)
        now = TimeStep(obs, action, f"action {action}", gain, before.total + gain, before.steps + 1)
        now = now._replace(terminated=bool(terminated), truncated=bool(truncated))
        return self._with_view(now._replace(env_reward=env_reward, info=info))

    def steps(self, policy: Any, seed: int, state: int | None = None) -> Iterator[TimeStep]:
        """Yield the time steps of a greedy episode; each action is chosen when its time step is asked for.

        Args:
            policy: An object with `predict(obs, deterministic=True)`, or a function from observations to
                actions. A policy with a true attribute `over` ends the episode.
            seed: The seed of the reset.
            state: The number of the first state, instead of a random one.
        """
        now = self.reset(seed, state)
        yield now
        while not now.ended and not getattr(policy, "over", False):
            now = self.step(now, greedy_action(policy, now.obs))
            yield now

    def roll_out(
        self, policy: Any, seed: int, state: int | None = None, max_acts: int | None = None
    ) -> Episode:
        """Return a greedy episode of at most `max_acts` actions (default: `MAX_ACTS`); see `steps`."""
        most = MAX_ACTS if max_acts is None else max_acts
        # range comes first: zip then stops without asking for another time step
        time_steps = [step for _, step in zip(range(most + 1), self.steps(policy, seed, state), strict=False)]
        return Episode(tuple(time_steps), self.world, seed, self.deterministic)

    def _with_view(self, step: TimeStep) -> TimeStep:
        """Add the state of a kitchen, and the frame or the picture."""
        base: Any = self.env.unwrapped
        if self.world is not None:
            step = step._replace(state=base.get_state())
        if not self._keeps_pictures:
            return step
        frame: Frame | None = getattr(base, "frame", None)
        if frame is None:
            picture: Any = self.env.render()
            return step._replace(pixels=self._pictures.setdefault(picture.tobytes(), picture))
        if frame.action is None or frame.event is None:
            return step._replace(frame=frame)
        return step._replace(frame=frame, words=f"{frame.action.label}: {frame.event.label}")


def greedy_action(policy: Any, obs: Any) -> int:
    """Return the action of an object with `predict`, or of a function from observations to actions.

    Raises:
        OptionError: If the policy is neither, or returns something other than an action.
    """
    if hasattr(policy, "predict"):
        action = policy.predict(obs, deterministic=True)[0]
    elif callable(policy):
        action = policy(obs)
    else:
        expected = "an object with `predict`, or a function from observations to actions"
        raise OptionError(f"policy: expected {expected}, got {shown(policy)}")
    try:
        return index(action)
    except TypeError:
        raise OptionError(f"policy: expected an action for {shown(obs)}, got {shown(action)}") from None
