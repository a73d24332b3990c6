"""The tables of one or more worlds, packed so that a step of many environments is one gather."""

from typing import NamedTuple

import numpy as np

from ..arrays import Bytes, Floats, Ints, upper_ends
from ..dynamics import Action, Event
from ..observations import StateFeatures, state_features
from ..tabular import World

# A packed outcome: bits 0 to 31 the next row, 32 to 35 the event, the rest the number of the event's reward.
# A result is an outcome without its row, and an index into the rewards.
ROW_BITS = 32
ROW_MASK = (1 << ROW_BITS) - 1
EVENT_BITS = 4
EVENT_MASK = (1 << EVENT_BITS) - 1
ACTION_BITS = 4  # 16 slots for ten actions: a shift is faster than a product


class RewardTable(NamedTuple):
    """The reward of each result [R], so few that they stay in the processor's cache.

    Attributes:
        reward: With hints, if they are on.
        happiness: Without hints.
    """

    reward: Floats
    happiness: Floats


class PackedTables:
    """The tables of worlds of one size. A row is a state of a world; the rows of a world are adjacent.

    Args:
        outcomes: The number K of possible outcomes of an action.
        actions: The number A of actions.

    Attributes:
        outcome_bits: The number of bits for k: 0 if the dynamics are deterministic.
        table: The packed outcomes, int64 [(row << 4 | action) << outcome_bits | k].
        rewards: The rewards that the packed outcomes refer to.
        features: The features of the state of each row.
        action_mask: int8 [rows, A].
        first_row: The first row of each world [W].
    """

    def __init__(self, outcomes: int, actions: int = len(Action)) -> None:
        self.outcome_bits = (outcomes - 1).bit_length()
        self.table = np.zeros(0, np.int64)
        self.rewards = RewardTable(np.zeros(0), np.zeros(0))
        self.features = StateFeatures(*(np.zeros(0, np.int64) for _ in StateFeatures._fields))
        self.action_mask: Bytes = np.zeros((0, actions), np.int8)
        self.first_row: list[int] = []
        self._reward_numbers: dict[Event, dict[float, int]] = {event: {} for event in Event}
        self._rows = 0

    def add(self, world: World) -> int:
        """Append a world and return its first row."""
        first, count = self._rows, world.num_states
        self._grow(first + count)
        rows = slice(first, first + count)
        self._pack(world, first)
        self.action_mask[rows] = world.action_mask
        for mine, new in zip(self.features, state_features(world, len(self.first_row)), strict=True):
            mine[rows] = new
        self.first_row.append(first)
        self._rows += count
        return first

    def locate(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return the world of each row [n], and the number of its state in that world [n]."""
        worlds = np.searchsorted(self.first_row, rows, side="right") - 1
        return worlds, rows - np.array(self.first_row)[worlds]

    def _grow(self, rows: int) -> None:
        """Make room, at least doubling the tables, so that many small worlds cost little."""
        have = len(self.action_mask)
        if rows <= have:
            return
        rows = max(rows, 2 * have) if have else rows
        self.table = np.resize(self.table, rows << ACTION_BITS + self.outcome_bits)
        self.action_mask = np.resize(self.action_mask, (rows, self.action_mask.shape[1]))
        self.features = StateFeatures(*(np.resize(part, rows) for part in self.features))

    def _pack(self, world: World, first: int) -> None:
        """Write the outcomes of a world into the table, in place."""
        states, actions, outcomes = world.event.shape
        table = self.table.reshape(-1, 1 << ACTION_BITS, 1 << self.outcome_bits)[first : first + states]
        table[:] = 0
        packed = table[:, :actions, :outcomes]
        packed[:] = world.event
        for event in Event:
            self._add_rewards(world, event, packed)
        packed <<= ROW_BITS
        packed += world.tabular_model.next_state
        packed += first

    def _add_rewards(self, world: World, event: Event, results: Ints) -> None:
        """Add the number of the reward to the results of an event, numbering new rewards."""
        happiness, numbers = world.config.happiness.of_events()[event], self._reward_numbers[event]
        rewards = np.array([happiness])
        if world.config.hints:
            where = world.event == event
            rewards, inverse = np.unique(world.tabular_model.reward[where], return_inverse=True)
        known = np.array([numbers.setdefault(reward, len(numbers)) for reward in rewards.tolist()], np.int64)
        if world.config.hints:
            results[where] |= known[inverse] << EVENT_BITS
        missing = (len(numbers) << EVENT_BITS) - len(self.rewards.reward)
        if missing > 0:
            self.rewards = RewardTable(*(np.append(part, np.zeros(missing)) for part in self.rewards))
        index = known << EVENT_BITS | event
        self.rewards.reward[index], self.rewards.happiness[index] = rewards, happiness


def outcome_slices(chance: Floats) -> Floats:
    """Return the upper end of each outcome's slice of [0, 1), without the last outcome [A, K - 1].

    Args:
        chance: The probability of each outcome of each action [A, K].

    Returns:
        The upper ends; 2, which no random number reaches, after the last possible outcome.
    """
    slices = np.full((chance.shape[0], chance.shape[1] - 1), 2.0)
    for action, probability in enumerate(chance):
        ends = upper_ends(probability)[:-1]
        slices[action, : len(ends)] = ends
    return slices
