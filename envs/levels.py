"""Numbered levels: random kitchens of one size, the same on every machine."""

from functools import lru_cache
from random import Random

import numpy as np

from .errors import KitchenError, OptionError, shown
from .kitchen import CHAIR, CHILD, FLOOR, JAR, TABLE, WALL, Kitchen

LEVEL_COUNT = 10_000  # a slow test checks that all are different
LEVEL_SIZE = 7  # outer height and width
TRAIN_LEVELS = (0, 999)
VALIDATION_LEVELS = (1_000, 1_099)  # to choose settings by
TEST_LEVELS = (2_000, 2_099)  # for published scores only

_TABLES = 0.25  # the expected share of tables on the floor


def check_levels(levels: object) -> tuple[int, int]:
    """Return the first and the last level of a range.

    Raises:
        OptionError: If `levels` is not such a range.
    """
    if (
        isinstance(levels, (tuple, list))
        and len(levels) == 2
        and all(isinstance(number, (int, np.integer)) and not isinstance(number, bool) for number in levels)
        and 0 <= levels[0] <= levels[1] < LEVEL_COUNT
    ):
        return int(levels[0]), int(levels[1])
    raise OptionError(
        f"levels: expected (first, last) with 0 <= first <= last < {LEVEL_COUNT}, got {shown(levels)}"
    )


def unseen(held_out: tuple[int, int], seen: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return held-out levels or pictures, or None if training has none or may see some of them."""
    if seen is None or (seen[0] <= held_out[1] and held_out[0] <= seen[1]):
        return None
    return held_out


@lru_cache(maxsize=4096)
def level_kitchen(number: int) -> Kitchen:
    """Generate the solvable kitchen of a level: random tables, the jar in a wall or on the floor.

    The generator uses only `Random.random`, whose sequence Python guarantees not to change.
    """
    random = Random(number)
    while True:
        try:
            return Kitchen(_draw(random))
        except KitchenError:
            continue  # cannot be solved: draw again


def _draw(random: Random) -> tuple[str, ...]:
    inner = range(1, LEVEL_SIZE - 1)
    board = [[WALL] * LEVEL_SIZE for _ in range(LEVEL_SIZE)]
    floor = [(row, column) for row in inner for column in inner]
    for row, column in floor:
        board[row][column] = TABLE if random.random() < _TABLES else FLOOR
    sides = [(row, column) for row in inner for column in (0, LEVEL_SIZE - 1)]
    sides += [(row, column) for row in (0, LEVEL_SIZE - 1) for column in inner]
    jar = _choose(random, sides + floor)
    child = _choose(random, [place for place in floor if place != jar])
    chair = _choose(random, [place for place in floor if place not in (jar, child)])
    for (row, column), character in ((jar, JAR), (child, CHILD), (chair, CHAIR)):
        board[row][column] = character
    return tuple("".join(line) for line in board)


def _choose(random: Random, places: list[tuple[int, int]]) -> tuple[int, int]:
    return places[int(random.random() * len(places))]
