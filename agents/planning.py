"""Dyna-Q: Q-learning that also learns from a model of its own, with prioritised sweeping."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .errors import AgentError, MemoryFileError
from .hyperparameters import Interval, Whole
from .model import SamplingTables
from .plan import ARRAYS, ROWS, Plan, empty_plan, restored, saved, with_room
from .td_methods import Q_LEARNING
from .temporal_difference import RunningEpisode, TemporalDifference


class DynaQ(TemporalDifference):
    """Dyna-Q with prioritised sweeping (Sutton and Barto 2018, sections 8.2 and 8.4).

    After each step, the agent makes the update of Q-learning, counts the outcome of the action in a model,
    and plans: it sets values to their expected target in the model, R + gamma max_a Q(S', a) averaged over
    the outcomes seen, as in Moore and Atkeson (1993). The value that changes most comes first; the pairs of
    state and action that lead to a changed state wait in a queue. With no planning steps, it is Q-learning.
    The model is learned from the steps alone; in another environment, the agent learns a new one.

    Where an initial value of 0 is not optimistic (shaped rewards), planning would make the agent repeat the
    first good path. The default `exploration_bonus` makes it try rare actions.

    Args:
        env: A Gymnasium environment with discrete spaces, or its id.
        exploration_initial_eps: Initial probability of a random action. Lower than in Q-learning: planning
            leads the agent to actions that it never tried, and random actions delay it.
        planning_steps: Updates from the learned model after each step.
        min_priority: Smallest change of a value that planning still carries out.
        options: Arguments of `TemporalDifference`.
    """

    method = Q_LEARNING

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        exploration_initial_eps: float = 0.3,
        exploration_bonus: float = 0.005,
        planning_steps: Annotated[int, Whole(0)] = 20,
        min_priority: Annotated[float, Interval(0, 1e6)] = 1e-4,
        **options: Any,
    ) -> None:
        super().__init__(
            env,
            exploration_initial_eps=exploration_initial_eps,
            exploration_bonus=exploration_bonus,
            **options,
        )
        self.planning_steps = self.checked("planning_steps", planning_steps)
        self.min_priority = self.checked("min_priority", min_priority)
        self._plan = empty_plan(*self.q_table.shape)

    @property
    def outcomes(self) -> NDArray[np.int64]:
        """The learned model, int64 [R, 5]: state, action, next state, termination (0 or 1) and count.

        Read-only, because compiled loops follow these numbers; `set_parameters` replaces them.
        """
        outcomes = self._plan.outcomes[: self._plan.sizes[ROWS]]
        outcomes.flags.writeable = False
        return outcomes

    def plan(self) -> Plan:
        """Return a copy of the learned model and the queue."""
        states, actions = self.q_table.shape
        return restored(states, actions, saved(self._plan))

    def enter_env(self) -> None:
        """Start a new episode, with a new model of the new environment."""
        super().enter_env()
        self._plan = empty_plan(*self.q_table.shape)

    def optimizer_state(self) -> dict[str, NDArray[Any]]:
        """Return the counts of visits, if they are used, and the learned model and the queue; see `Plan`."""
        return super().optimizer_state() | saved(self._plan)

    def restore(self, path: Path, arrays: dict[str, NDArray[Any]]) -> None:
        """Replace the table, the learned model and the queue."""
        if missing := sorted(ARRAYS.keys() - arrays.keys()):
            raise MemoryFileError(f"{path}: expected the arrays {sorted(ARRAYS)}, found no {missing}")
        with self._planning_with(arrays, f"{path}: "):
            super().restore(path, arrays)

    def set_parameters(self, parameters: Mapping[str, Any], exact_match: bool = True) -> None:
        """Replace learned arrays; those of the learned model and the queue only together."""
        given = ARRAYS.keys() & (parameters.keys() if isinstance(parameters, Mapping) else set())
        if given and given != ARRAYS.keys():
            raise AgentError(f"parameters: expected all or none of {sorted(ARRAYS)}, got {sorted(given)}")
        with self._planning_with(parameters if given else saved(self._plan)):
            super().set_parameters(parameters, exact_match)

    @contextmanager
    def _planning_with(self, arrays: Mapping[str, Any], where: str = "") -> Iterator[None]:
        """Replace the learned model and the queue, unless an error follows."""
        before, (states, actions) = self._plan, self.q_table.shape
        try:
            self._plan = restored(states, actions, arrays)
        except AgentError as error:
            raise AgentError(f"{where}{error}") from None
        try:
            yield
        except BaseException:
            self._plan = before
            raise

    def _loop(
        self,
        episode: RunningEpisode,
        tables: SamplingTables,
        returns: NDArray[np.float64],
        lengths: NDArray[np.int64],
    ) -> tuple[tuple[int, int, float, int], int]:
        """Run the compiled loop."""
        from .planning_loops import plan_on_model

        self._plan = with_room(self._plan, len(returns))
        result: tuple[tuple[int, int, float, int], int] = plan_on_model(
            self.q_table, self._counted, self._plan, tables.packed, self.rng, self.num_timesteps,
            self._schedule, self.exploration_bonus, self.learning_rate, self.gamma, self.planning_steps,
            self.min_priority, (*episode,), returns, lengths,
        )  # fmt: skip
        return result

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
        """Learn from a step, and plan."""
        from .planning_loops import learn_and_plan

        self._plan = with_room(self._plan, 1)
        learn_and_plan(
            self.q_table, self._plan, obs, action, reward, next_obs, terminated, self.learning_rate,
            self.gamma, self.planning_steps, self.min_priority,
        )  # fmt: skip
