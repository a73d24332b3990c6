"""The tables of one or more worlds, packed so that a step of many environments is one gather."""

from typing import NamedTuple

import numpy as np

from ..arrays import Bytes, Floats, Ints
from ..dynamics import Action
from ..observations import StateFeatures, state_features
from ..tabular import World

# A packed outcome: bits 0 to 31 the next row, bits 32 to 61 the number of its gain, the sign: terminated.
ROW_BITS = 32
ROW_MASK = (1 << ROW_BITS) - 1
REWARD_MASK = (1 << 30) - 1
ENDS = np.int64(-(1 << 63))
ACTION_BITS = 4  # 16 slots for ten actions: a shift is faster than a product


class RewardTable(NamedTuple):
    """The rewards that occur [G]: few, so that they stay in the processor's cache."""

    reward: Floats
    happiness: Floats


class PackedTables:
    """Worlds of one size. A row is a state of one of them; rows of a world are neighbours.

    Attributes:
        outcome_bits: how many bits number the outcomes of an action: 0 where nothing is random.
        table: packed outcomes, int64 [(row << 4 | action) << outcome_bits | k].
        rewards: what the packed numbers of gains mean.
        features: what can be sensed in each row.
        action_mask: int8 [rows, A].
        first_row: of each world [W].
    """

    def __init__(self, outcomes: int) -> None:
        self.outcome_bits = (outcomes - 1).bit_length()
        self.table = np.zeros(0, np.int64)
        self.rewards = RewardTable(np.zeros(0), np.zeros(0))
        self.features = StateFeatures(*(np.zeros(0, np.int64) for _ in StateFeatures._fields))
        self.action_mask: Bytes = np.zeros((0, len(Action)), np.int8)
        self.first_row: list[int] = []
        self._pair_indices: dict[tuple[float, float], int] = {}
        self._rows = 0

    def add(self, world: World) -> int:
        """Append a world; returns its first row."""
        first, count = self._rows, world.num_states
        self._grow(first + count)
        rows = slice(first, first + count)
        per_row = 1 << ACTION_BITS + self.outcome_bits
        self.table[first * per_row : (first + count) * per_row] = self._pack(world, first)
        self.action_mask[rows] = world.action_mask
        for mine, new in zip(self.features, state_features(world, len(self.first_row)), strict=True):
            mine[rows] = new
        self.first_row.append(first)
        self._rows += count
        return first

    def _grow(self, rows: int) -> None:
        """Make room, twice as much as before where that is needed, so that many small worlds cost little."""
        have = len(self.action_mask)
        if rows <= have:
            return
        rows = max(rows, 2 * have) if have else rows
        self.table = np.resize(self.table, rows << ACTION_BITS + self.outcome_bits)
        self.action_mask = np.resize(self.action_mask, (rows, len(Action)))
        self.features = StateFeatures(*(np.resize(part, rows) for part in self.features))

    def _pack(self, world: World, first: int) -> Ints:
        model = world.tabular_model
        states, actions, outcomes = model.next_state.shape
        packed = np.zeros((states, 1 << ACTION_BITS, 1 << self.outcome_bits), np.int64)
        outcome = (model.next_state + first) | self._reward_indices(world) << ROW_BITS
        packed[:, :actions, :outcomes] = np.where(model.terminated, outcome | ENDS, outcome)
        return packed.ravel()

    def _reward_indices(self, world: World) -> Ints:
        """The number of the gain of each outcome [S, A, K]."""
        reward, happiness = world.tabular_model.reward, world.unshaped_model.reward
        pairs = reward.ravel() + 1j * happiness.ravel()  # complex numbers are pairs that can be sorted
        unique, inverse = np.unique(pairs, return_inverse=True)
        numbers = [self._pair_index(pair.real, pair.imag) for pair in unique.tolist()]
        return np.array(numbers, np.int64)[inverse].reshape(reward.shape)

    def _pair_index(self, reward: float, happiness: float) -> int:
        if (reward, happiness) not in self._pair_indices:
            self._pair_indices[reward, happiness] = len(self._pair_indices)
            self.rewards = RewardTable(
                np.append(self.rewards.reward, reward), np.append(self.rewards.happiness, happiness)
            )
        return self._pair_indices[reward, happiness]
