"""Many environments that step together: states, time limits and random numbers, without Gymnasium's API."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import Bools, Floats, Ints
from ..config import EnvConfig
from ..dynamics import State
from ..errors import StateError
from ..kitchen import Kitchen
from ..observations import Observation, StateFeatures
from ..tabular import compile_world
from .resets import InitialStates
from .rng import VectorRng
from .tables import ACTION_BITS, REWARD_MASK, ROW_BITS, ROW_MASK, PackedTables, outcome_slices

NO_DEADLINE = np.iinfo(np.int64).max


class Simulation:
    """Steps n environments: each step is one gather in the packed tables.

    Args:
        number: The number n of environments.
        config: The options of the one kitchen, or of the first level.
        levels: The first and the last level to draw from, or None for one kitchen.
        observation: The observation that kitchens are added to.
        limit: The number of steps after which an episode is truncated; None for no limit.
        reuse: Whether `step` reuses its arrays of rewards and flags.

    Attributes:
        rows: The row of each environment in the tables, int64 [n]; -1 before the first start.
        ended: The environments whose episode ended with the last step.
        tables: The packed tables of the worlds.
    """

    def __init__(
        self,
        number: int,
        config: EnvConfig,
        levels: tuple[int, int] | None,
        observation: Observation,
        limit: int | None,
        reuse: bool,
    ) -> None:
        world = compile_world(config)
        chance = world.tabular_model.probability[0]  # the same in every state
        self._config, self._limit = config, limit
        self._slices = None if chance.shape[1] == 1 else outcome_slices(chance)
        self.tables = PackedTables(chance.shape[1])
        self._initial_states = InitialStates(config, levels, self.tables, observation)
        self._rng = VectorRng(number) if self._initial_states.random or self._slices is not None else None
        self._all = np.arange(number)
        self._clock = 0  # steps since the environments were made
        self.rows = np.full(number, -1, np.int64)
        self._deadline = np.full(number, NO_DEADLINE)  # the clock at the time limit
        self.ended = np.zeros(0, np.int64)
        self._index, self._outcome, self._reward_index = (np.empty(number, np.int64) for _ in range(3))
        reused = np.empty(number), np.empty(number, np.bool_), np.empty(number, np.bool_)
        self._buffers = reused if reuse else (None, None, None)

    def reset(self, indices: Ints, seeds: Sequence[int | None], rows: Ints | None) -> None:
        """Start episodes in some environments.

        Args:
            indices: The environments [n].
            seeds: A seed for each; None leaves a seeded environment's generator as it is.
            rows: The first rows [n], or None to draw them at random.
        """
        if self._rng is not None:
            self._rng.seed(indices, seeds)
        self._start(indices, rows)
        self.ended = np.setdiff1d(self.ended, indices)

    def reset_ended(self) -> None:
        """Start episodes in the environments whose episode ended with the last step."""
        self._start(self.ended, None)
        self.ended = np.zeros(0, np.int64)

    def _start(self, indices: Ints, rows: Ints | None) -> None:
        self.rows[indices] = self._initial_states.draw(indices, self._rng) if rows is None else rows
        self._deadline[indices] = NO_DEADLINE if self._limit is None else self._clock + self._limit

    def step(self, actions: Ints) -> tuple[Floats, Floats, Bools, Bools]:
        """Take an action in each environment; those in `ended` start an episode instead.

        Returns:
            Rewards, happiness (the rewards without hints), terminated and truncated [n].
        """
        resets = self.ended
        self._clock += 1
        self._look_up(actions)
        rewards, terminated, truncated = self._results()
        happiness = self._happiness() if self._config.hints else rewards.copy()
        if len(resets):
            self._start(resets, None)
            rewards[resets], happiness[resets] = 0.0, 0.0
            terminated[resets], truncated[resets] = False, False
        (self.ended,) = (terminated | truncated).nonzero()
        return rewards, happiness, terminated, truncated

    def _look_up(self, actions: Ints) -> None:
        """Look up the packed outcome of each action and the next rows."""
        index, outcome = self._index, self._outcome
        np.left_shift(self.rows, ACTION_BITS, index)
        np.bitwise_or(index, actions, index)
        if self._slices is not None:
            np.left_shift(index, self.tables.outcome_bits, index)
            acting = self._all if not len(self.ended) else np.setdiff1d(self._all, self.ended)
            index[acting] |= self._draw_outcomes(actions[acting], acting)
        self.tables.table.take(index, None, outcome, "clip")
        np.bitwise_and(outcome, ROW_MASK, self.rows)

    def _draw_outcomes(self, actions: Ints, acting: Ints) -> Ints:
        """Draw the outcome k of each action with one random number each."""
        assert self._rng is not None
        assert self._slices is not None
        random = self._rng.draw(acting)
        chosen: Ints = (random[:, None] >= self._slices[actions]).sum(axis=1)
        return chosen

    def _results(self) -> tuple[Floats, Bools, Bools]:
        """Unpack rewards and flags of the last outcomes."""
        rewards, terminated, truncated = self._buffers
        index, outcome = self._reward_index, self._outcome
        np.right_shift(outcome, ROW_BITS, index)
        np.bitwise_and(index, REWARD_MASK, index)
        return (
            self.tables.rewards.reward.take(index, None, rewards, "clip"),
            np.less(outcome, 0, terminated),
            np.equal(self._deadline, self._clock, truncated),
        )

    def _happiness(self) -> Floats:
        """Return the rewards of the last outcomes without hints."""
        happiness: Floats = self.tables.rewards.happiness.take(self._reward_index, mode="clip")
        return happiness

    def features(self, rows: Ints) -> StateFeatures:
        """Return the features of the states of some rows."""
        return StateFeatures(*(part.take(rows, mode="clip") for part in self.tables.features))

    def states(self) -> list[tuple[Kitchen, State]]:
        """Return the kitchen and the state of each environment."""
        worlds, numbers = self.tables.locate(self.rows)
        kitchens = [self._initial_states.kitchens[world] for world in worlds.tolist()]
        return [
            (kitchen, compile_world(self._config._replace(kitchen=kitchen)).state(number))
            for kitchen, number in zip(kitchens, numbers.tolist(), strict=True)
        ]

    def get_state(self) -> dict[str, Any]:
        """Return the state of all environments as plain values, for `set_state`."""
        levels, states = self._initial_states.locate(self.rows)
        return {
            "levels": levels,
            "states": states,
            "acts_left": None if self._limit is None else (self._deadline - self._clock).tolist(),
            "ended": self.ended.tolist(),
            "random": None if self._rng is None else self._rng.get_state(),
        }

    def set_state(self, state: dict[str, Any]) -> None:
        """Restore the state that `get_state` returned; all environments must have been seeded before.

        Raises:
            StateError: If the state is not from the same number of environments with the same options.
        """
        number = len(self.rows)
        rows = self._initial_states.rows(state["levels"], state["states"])
        left = [1] * number if self._limit is None else state["acts_left"]
        ended = np.array(state["ended"], np.int64)
        right = len(rows) == number and np.isin(ended, self._all).all()
        if not right or np.delete(left, ended).min(initial=1) < 1:
            raise StateError(
                f"expected the state of {number} environments with the same options, got {state!r:.100}"
            )
        self.rows, self.ended = rows, ended
        if self._limit is not None:
            self._deadline = self._clock + np.array(left, np.int64)
        if self._rng is not None:
            self._rng.set_state(state["random"])
