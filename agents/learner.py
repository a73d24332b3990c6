"""Training between callbacks."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Self

import numpy as np

from .ended import EndedEpisodes
from .errors import AgentError, shown
from .hyperparameters import Flag, Whole
from .progress import EpisodeLog, bar

Callback = Callable[[Any], bool | None]  # takes the agent


class Learner(ABC):
    """The part of an agent that trains for a number of steps; see `Agent` for the attributes."""

    num_timesteps: int
    num_episodes: int
    _ended: EndedEpisodes

    @property
    def episode_returns(self) -> list[float]:
        """The returns of the episodes that ended since the last callback."""
        return self._ended.returns

    @property
    def episode_lengths(self) -> list[int]:
        """The lengths of these episodes."""
        return self._ended.lengths

    @property
    def episode_ends(self) -> list[int]:
        """The value of `num_timesteps` at the end of each of these episodes."""
        return self._ended.ends

    @abstractmethod
    def learn_steps(self, steps: int) -> None:
        """Train for `steps` more steps; called by `learn` between callbacks."""

    @abstractmethod
    def check_settings(self) -> None:
        """Check the values of the hyperparameters, which may have been changed."""

    @abstractmethod
    def reset_episode(self) -> None:
        """Discard the running episode."""

    def learn(
        self,
        total_timesteps: int,
        callback: Callback | None = None,
        progress_bar: bool = False,
        callback_interval: int | Callable[[int], int] = 1_000,
        *,
        log_interval: int | None = None,
        reset_num_timesteps: bool = False,
    ) -> Self:
        """Train for a number of steps.

        Splitting the training into several calls, or saving the agent in between, does not change the result.

        Args:
            total_timesteps: The number of steps. An agent with several environments may take a
                few more, because every environment takes the same number.
            callback: Called with the agent about every `callback_interval` steps; returning False stops
                training.
            progress_bar: Whether to show a progress bar.
            callback_interval: The number of steps between callbacks, or a function that takes `num_timesteps`
                and returns the (larger) number of steps at the next callback. Does not change the result.
            log_interval: Print the mean return and length of the episodes since the last line after at least
                this number of episodes, when a callback is due. None prints nothing.
            reset_num_timesteps: Whether to count steps and episodes from 0 again and to start a new episode;
                what was learned is kept. The default continues, unlike that of Stable-Baselines3.

        Raises:
            AgentError: If an argument is not valid; nothing has changed then.
        """
        total_timesteps = Whole(1)("total_timesteps", total_timesteps)
        log = None if log_interval is None else EpisodeLog(Whole(1)("log_interval", log_interval))
        progress_bar = Flag()("progress_bar", progress_bar)
        self.check_settings()
        if callback is not None and not callable(callback):
            raise AgentError(f"callback: expected a function that takes the agent, got {shown(callback)}")
        if not callable(callback_interval):
            Whole(1)("callback_interval", callback_interval)
        if Flag()("reset_num_timesteps", reset_num_timesteps):
            self.num_timesteps = self.num_episodes = 0
            self.reset_episode()
        with bar(progress_bar) as progress:
            self._learn(total_timesteps, callback, callback_interval, log, progress)
        return self

    def _learn(
        self,
        total_timesteps: int,
        callback: Callback | None,
        callback_interval: int | Callable[[int], int],
        log: EpisodeLog | None,
        progress: Any,
    ) -> None:
        """Train until the number of steps is reached, or the callback returns False."""
        task = None if progress is None else progress.add_task("learning", total=total_timesteps)
        end = self.num_timesteps + total_timesteps
        while self.num_timesteps < end:
            self._ended = EndedEpisodes()
            before = self.num_timesteps
            given = callback_interval
            stop = given(before) if callable(given) else before + given
            steps = stop - before if isinstance(stop, (int, np.integer)) else stop
            self.learn_steps(min(Whole(1)("callback_interval", steps), end - before))
            if progress is not None:
                progress.advance(task, self.num_timesteps - before)
            if log is not None:
                log.add(self.episode_returns, self.episode_lengths, self.num_timesteps)
            going_on = callback is None or callback(self)
            if isinstance(going_on, (bool, np.bool_)) and not going_on:
                break
