"""The tables of one or more worlds, packed so that a step of many environments is one gather."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Bytes, Floats, Ints, frozen, upper_ends
from ..dynamics import Event
from ..exploration import STATE_BITS, STATE_MASK
from ..observations import StateFeatures, features_of
from ..tabular import World

# A packed outcome: the next row in the lower bits, 4 bits for the event, the number of the event's reward.
# A result is an outcome without its row, and an index into the rewards.
NARROW_BITS = STATE_BITS  # of the row in an int32, where each event has one reward, as in `World.packed`
WIDE_BITS = 32  # of the row in an int64, for rewards with hints
EVENT_BITS = 4
EVENT_MASK = (1 << EVENT_BITS) - 1
GROWING = "table", "_features", "_world", "_mask"  # arrays with an entry for each row
SPARE = 8  # a table that grows leaves at most an eighth of itself unused


class PackedTables:
    """The tables of worlds of one size. A row is a state of a world; the rows of a world are adjacent.

    Args:
        world: A world; all worlds have its options and the size of its map.

    The arrays grow in place, where other objects refer to them.

    Attributes:
        row_bits: The number of bits of a row in a packed outcome.
        table: The packed outcomes, int32 or int64 [rows, A, K].
        values: The rewards that the results refer to, with hints if they are on, and without: float64 [R, 2].
        first_row: The first row of each world [W].
    """

    def __init__(self, world: World) -> None:
        shape, kitchen = world.packed.shape[1:], world.config.kitchen
        kind: Any = np.int64 if world.config.hints else np.int32
        self.row_bits = WIDE_BITS if world.config.hints else NARROW_BITS
        self.table: NDArray[Any] = np.zeros((0, *shape), kind)
        self.values: Floats = np.zeros((1 << EVENT_BITS, 2))
        self.values[: len(Event)] = np.array(world.config.happiness.of_events())[:, None]
        self.first_row: Ints = np.zeros(0, np.int64)
        places = np.min_scalar_type(kitchen.height * kitchen.width)
        self._features = np.zeros((0, len(StateFeatures._fields) - 2), places)
        self._world = np.zeros(0, np.uint16)
        self._mask = np.zeros(0, np.uint16)  # a bit for each action
        self._masks = frozen((np.arange(1 << shape[0])[:, None] >> np.arange(shape[0]) & 1).astype(np.int8))
        self._rewards: dict[Event, dict[float, int]] = {event: {} for event in Event}
        self._rows = 0

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Copy the arrays of a pickle, which do not own their memory and could not grow."""
        arrays = (*GROWING, "values")
        self.__dict__.update(state | {name: state[name].copy() for name in arrays})

    @property
    def nbytes(self) -> int:
        """The size of the tables in bytes."""
        parts = self.table, self._features, self._world, self._mask, self._masks, self.values
        return sum(part.nbytes for part in parts)

    def add(self, world: World) -> int:
        """Append a world and return its first row."""
        first, number = self._rows, len(self.first_row)
        self._rows += world.num_states
        self._grow()
        rows = slice(first, self._rows)
        hints = world.config.hints
        self.table[rows] = self._pack_with_hints(world, first) if hints else world.packed + np.int32(first)
        mask = world.compute_action_mask()
        self._mask[rows] = mask @ (1 << np.arange(mask.shape[1]))
        self._world[rows] = number
        features = features_of(world.config.kitchen, world.decoded_states(), number)
        self._features[rows] = np.stack(features[1:-1], axis=1)
        self.first_row = np.append(self.first_row, first)
        return first

    def locate(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return the world of each row [n], and the number of its state in that world [n]."""
        worlds = self._world[rows].astype(np.int64)
        return worlds, rows - self.first_row[worlds]

    def features(self, rows: Ints) -> StateFeatures:
        """Return the features of the state of each row [n]."""
        worlds, numbers = self.locate(rows)
        parts = self._features.take(rows, axis=0).T.astype(np.int64)
        return StateFeatures._make((numbers, *parts, worlds))

    def action_masks(self, rows: Ints) -> Bytes:
        """Return the action mask of each row, int8 [n, A]."""
        return self._masks.take(self._mask.take(rows), axis=0)

    def _grow(self) -> None:
        """Make room in place, so that many small worlds cost little time and memory."""
        have = len(self._mask)
        if self._rows <= have:
            return
        rows = max(self._rows, have + have // SPARE)
        for part in (getattr(self, name) for name in GROWING):
            part.resize((rows, *part.shape[1:]), refcheck=False)  # no view of the table outlives a method

    def _pack_with_hints(self, world: World, first: int) -> NDArray[np.int64]:
        """Return the outcomes of a world [S, A, K], numbering new rewards."""
        packed = np.empty(world.packed.shape, np.int64)
        for event in Event:
            where = world.event == event
            rewards, inverse = np.unique(world.tabular_model.reward[where], return_inverse=True)
            numbers = self._rewards[event]
            known = [numbers.setdefault(reward, len(numbers)) for reward in rewards.tolist()]
            results = np.array(known, np.int64) << EVENT_BITS | event
            packed[where] = results[inverse]
            if len(self.values) < len(numbers) << EVENT_BITS:
                self.values.resize((len(numbers) << EVENT_BITS, 2), refcheck=False)
            self.values[results, 0], self.values[results, 1] = rewards, self.values[event, 1]
        return packed << WIDE_BITS | (world.packed & np.int32(STATE_MASK)) + first


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
