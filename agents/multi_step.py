"""Multi-step methods for tables: Sarsa(lambda) and Q(lambda) with eligibility traces, and n-step SARSA."""

from abc import abstractmethod
from pathlib import Path
from typing import Annotated, Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .checks import check_size
from .errors import AgentError
from .hyperparameters import Flag, Interval, Whole
from .model import SamplingTables
from .past import Past, traced_past, waiting_past
from .td_methods import Q_LEARNING, SARSA
from .temporal_difference import RunningEpisode, TemporalDifference


class MultiStep(TemporalDifference):
    """A temporal-difference agent whose updates reach further back than one step."""

    trace_decay: float = 0.0
    replacing_traces: bool = True
    _past: Past

    @abstractmethod
    def past(self, episode: RunningEpisode) -> Past:
        """Return the memory of an episode, which is empty at its beginning."""

    def _loop(
        self,
        episode: RunningEpisode,
        tables: SamplingTables,
        returns: NDArray[np.float64],
        lengths: NDArray[np.int64],
    ) -> tuple[tuple[int, int, float, int], int]:
        """Run the compiled loop."""
        from .multi_step_loops import learn_multi_step

        result: tuple[tuple[int, int, float, int], int] = learn_multi_step(
            self.q_table, self._counted, self.past(episode), self.method, tables.packed, self.rng,
            self.num_timesteps, self._schedule, self.exploration_bonus, self.learning_rate, self.gamma,
            self.trace_decay, self.replacing_traces, (*episode,), returns, lengths,
        )  # fmt: skip
        return result

    def _learn_by_steps(self, episode: RunningEpisode, steps: int) -> None:
        """Learn through `env.step`."""
        self._past = self.past(episode)
        super()._learn_by_steps(episode, steps)

    def _update(
        self,
        obs: int,
        action: int,
        reward: float,
        next_obs: int,
        terminated: bool,
        over: bool,
        next_action: int,
        epsilon: float,
    ) -> None:
        """Learn from a step, and remember the step."""
        from .multi_step_loops import learn

        learn(
            self.q_table, self._past, self.method, obs, action, reward, next_obs, terminated, over,
            next_action, self.learning_rate, self.gamma, self.trace_decay, self.replacing_traces,
        )  # fmt: skip


class EligibilityTraces(MultiStep):
    """A temporal-difference agent whose errors also update the values of earlier actions of the episode.

    Each action has a trace: about 1 when it was just taken, and smaller by gamma lambda after every later
    step. An error moves every value by its trace times the learning rate (Sutton and Barto 2018, chapter 12).

    Args:
        env: A Gymnasium environment with discrete spaces, or its id.
        trace_decay: Trace decay lambda, from 0 (one-step updates) to 1.
        replacing_traces: Whether a repeated action resets its trace to 1, instead of adding 1 to it.
        options: Arguments of `TemporalDifference`.
    """

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        trace_decay: Annotated[float, Interval(0, 1)] = 0.9,
        replacing_traces: Annotated[bool, Flag()] = True,
        **options: Any,
    ) -> None:
        super().__init__(env, **options)
        self.trace_decay = self.checked("trace_decay", trace_decay)
        self.replacing_traces = self.checked("replacing_traces", replacing_traces)
        self._traces = np.zeros_like(self.q_table)

    @property
    def traces(self) -> NDArray[np.float64]:
        """The eligibility traces [S, A]."""
        return self._traces

    def optimizer_state(self) -> dict[str, NDArray[Any]]:
        """Return the counts of visits, if they are used, and the traces [S, A]."""
        return super().optimizer_state() | {"traces": self.traces}

    def past(self, episode: RunningEpisode) -> Past:
        """Return the traces of an episode."""
        if episode.length == 0:
            self.traces[...] = 0.0
        return traced_past(self.traces)


class SarsaLambda(EligibilityTraces):
    """Sarsa(lambda) (Rummery and Niranjan 1994; Singh and Sutton 1996). See `EligibilityTraces`."""

    method = SARSA


class QLambda(EligibilityTraces):
    """Watkins's Q(lambda) (1989), which resets all traces when it takes an action that is not greedy.

    See `EligibilityTraces`, and Sutton and Barto (2018), section 12.10.
    """

    method = Q_LEARNING


class NStepSarsa(MultiStep):
    """n-step SARSA (Sutton and Barto 2018, section 7.2).

    The target of an action is the discounted sum of the next n rewards and of the value of the action taken
    then. An action is therefore updated n - 1 steps late, or when the episode ends.

    Args:
        env: A Gymnasium environment with discrete spaces, or its id.
        return_steps: Number of rewards in a target, the n of n-step SARSA. A new value starts a new episode.
        options: Arguments of `TemporalDifference`.
    """

    method = SARSA

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        return_steps: Annotated[int, Whole(1)] = 4,
        **options: Any,
    ) -> None:
        super().__init__(env, **options)
        self.return_steps = return_steps

    @property
    def return_steps(self) -> int:
        """The number of rewards in a target."""
        return len(self._rewards)

    @return_steps.setter
    def return_steps(self, steps: int) -> None:
        steps = self.checked("return_steps", steps)
        check_size("last_steps", 2 * steps)
        self._steps, self._rewards, self._episode = np.zeros((steps, 2), np.int64), np.zeros(steps), None

    def optimizer_state(self) -> dict[str, NDArray[Any]]:
        """Return the counts of visits, if they are used, and the last steps with their rewards."""
        return super().optimizer_state() | {"last_steps": self._steps, "last_rewards": self._rewards}

    def restore(self, path: Path, arrays: dict[str, NDArray[Any]]) -> None:
        """Replace the table and the last steps."""
        if "last_steps" in arrays:
            self._check_steps(arrays["last_steps"], f"{path}: ")
        super().restore(path, arrays)

    def past(self, episode: RunningEpisode) -> Past:
        """Return the steps of an episode whose values were not updated."""
        self._check_steps(self._steps)
        return waiting_past(self._steps, self._rewards, min(episode.length, self.return_steps - 1))

    def _check_steps(self, steps: NDArray[np.int64], where: str = "") -> None:
        """Raise an error if there are steps outside of the table."""
        if ((steps < 0) | (steps >= self.q_table.shape)).any():
            raise AgentError(f"{where}last_steps: expected states and actions of {self.q_table.shape}")
