"""Kitchens: maps as text, checked and converted to arrays."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from textwrap import dedent

import numpy as np

from .arrays import Bools, Ints, frozen
from .errors import KitchenError, OptionError, shown, suggestion

WALL, FLOOR, TABLE, JAR, CHILD, CHAIR = "#.TJSC"
MOVES = ((-1, 0), (1, 0), (0, -1), (0, 1))  # (row, column) of up, down, left, right
MAX_FLOOR_CELLS = 256  # the number of states grows quadratically: 256 cells have 330,000 states
MAX_CHARACTERS = 10_000  # of a map: walls cost time and memory, too

KITCHENS = {
    "home": """
        ###J####
        #......#
        #..T...#
        #S....C#
        ########
    """,
    "corner": """
        #J##
        #SC#
        ####
    """,
    "house": """
        ##J################
        #.....#.....#.....#
        #..T..#.....#..T..#
        #.................#
        #.....#.....#.....#
        #.....#.....#.....#
        ###.#####.#####.###
        #.....#.....#.....#
        #.....#..T..#.....#
        #...........#.....#
        #.....#.....#.....#
        #S....#.....#....C#
        ###################
    """,
}

Place = tuple[int, int]  # (row, column), counted from 0


@dataclass(frozen=True)
class Kitchen:
    """A checked map. Two kitchens are equal if their maps are.

    Cells are the N walkable places, numbered row by row from the top left.

    Attributes:
        rows: The lines of the map, all of one width.
    """

    rows: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", _checked_rows(self.rows))
        _check_form(self.rows)
        _check_solvable(self)

    @classmethod
    def parse(cls, text: str) -> "Kitchen":
        """Parse a map, ignoring common indentation, empty lines around it, and a byte order mark.

        Raises:
            OptionError: If the map is not a text.
            KitchenError: If the map is malformed or cannot be solved.
        """
        if not isinstance(text, str):
            raise OptionError(f"kitchen: expected a map as text, got {shown(text)}")
        _check_length(len(text))
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").expandtabs()
        lines = [line.rstrip(" ") for line in dedent(text).split("\n")]
        filled = [number for number, line in enumerate(lines) if line]
        return cls(tuple(lines[filled[0] : filled[-1] + 1]) if filled else ())

    def __str__(self) -> str:
        return "\n".join(self.rows)

    @property
    def height(self) -> int:
        """The number of lines of the map."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """The number of characters in a line of the map."""
        return len(self.rows[0])

    def find(self, characters: str) -> Iterator[Place]:
        """Yield all places with one of the characters, row by row."""
        for row, line in enumerate(self.rows):
            for column, character in enumerate(line):
                if character in characters:
                    yield row, column

    @cached_property
    def jar(self) -> Place:
        """The place of the jar."""
        return next(self.find(JAR))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The (row, column) of each cell [N]."""
        return tuple(self.find(FLOOR + CHILD + CHAIR))

    @cached_property
    def cell_at(self) -> dict[Place, int]:
        """The cell number of each walkable place."""
        return {place: cell for cell, place in enumerate(self.places)}

    @cached_property
    def child_start(self) -> int:
        """The cell of the child at the start."""
        return self.cell_at[next(self.find(CHILD))]

    @cached_property
    def chair_start(self) -> int:
        """The cell of the chair at the start."""
        return self.cell_at[next(self.find(CHAIR))]

    @cached_property
    def neighbours(self) -> Ints:
        """The next cell after a walk up, down, left or right [N, 4]; the same cell at an obstacle."""
        table = [
            [self.cell_at.get((row + down, column + right), cell) for down, right in MOVES]
            for cell, (row, column) in enumerate(self.places)
        ]
        return frozen(np.array(table, np.int64))

    @cached_property
    def beside_jar(self) -> Bools:
        """Whether each cell shares a side with the jar [N]."""
        jar_row, jar_column = self.jar
        distance = [abs(row - jar_row) + abs(column - jar_column) for row, column in self.places]
        return frozen(np.array(distance) == 1)

    @cached_property
    def reachable(self) -> Bools:
        """Whether the child can walk to each cell from its start [N]."""
        neighbours, seen = self.neighbours.tolist(), [False] * len(self.places)
        seen[self.child_start] = True
        queue = deque([self.child_start])
        while queue:
            for neighbour in neighbours[queue.popleft()]:
                if not seen[neighbour]:
                    seen[neighbour] = True
                    queue.append(neighbour)
        return frozen(np.array(seen))


def find_kitchen(name_or_map: str) -> Kitchen:
    """Return the kitchen of that name, or parse a map.

    Raises:
        OptionError: If there is no kitchen of that name.
        KitchenError: If the map is malformed or cannot be solved.
    """
    if not isinstance(name_or_map, str):
        raise OptionError(f"kitchen: expected a name or a map as text, got {shown(name_or_map)}")
    if name_or_map in KITCHENS:
        return Kitchen.parse(KITCHENS[name_or_map])
    if not name_or_map.strip() or any(character in name_or_map for character in (WALL, "\n", "\r")):
        return Kitchen.parse(name_or_map)
    names = ", ".join(KITCHENS)
    raise OptionError(
        f"kitchen: expected one of {names}, or a map as text, got {shown(name_or_map)}"
        + suggestion(name_or_map, tuple(KITCHENS))
    )


def _check_length(characters: int) -> None:
    if characters > MAX_CHARACTERS:
        raise KitchenError(
            f"expected a map of at most {MAX_CHARACTERS:,} characters, found {characters:,}", ()
        )


def _checked_rows(rows: object) -> tuple[str, ...]:
    if not isinstance(rows, (tuple, list)) or not all(isinstance(row, str) for row in rows):
        raise OptionError(f"kitchen: expected the lines of a map, got {shown(rows)}")
    _check_length(sum(map(len, rows)) + len(rows))
    return tuple(rows)


def _check_form(rows: tuple[str, ...]) -> None:
    if not any(rows):
        raise KitchenError("expected a map, got an empty text", ())
    _check_characters(rows)
    _check_outside(rows)
    for character, meaning in ((JAR, "jar"), (CHILD, "start of the child"), (CHAIR, "start of the chair")):
        places = [(r, c) for r, row in enumerate(rows) for c, found in enumerate(row) if found == character]
        if not places:
            raise KitchenError(f"expected exactly one {character} ({meaning}), found none", rows)
        if len(places) > 1:
            line, column = places[1]
            reason = f"expected exactly one {character} ({meaning}), found {len(places)}"
            raise KitchenError(reason, rows, line + 1, column + 1)
    floor = sum(row.count(character) for row in rows for character in FLOOR + CHILD + CHAIR)
    if floor > MAX_FLOOR_CELLS:
        raise KitchenError(f"expected at most {MAX_FLOOR_CELLS} walkable cells, found {floor}", rows)


def _check_characters(rows: tuple[str, ...]) -> None:
    known = WALL + FLOOR + TABLE + JAR + CHILD + CHAIR
    for line, row in enumerate(rows, start=1):
        for column, character in enumerate(row, start=1):
            if character not in known:
                raise KitchenError(
                    f"expected one of {' '.join(known)}, found {shown(character)}", rows, line, column
                )
        if len(row) != len(rows[0]):
            widths = f"line 1 has {len(rows[0])} characters, line {line} has {len(row)}"
            end = min(len(row), len(rows[0])) + 1
            raise KitchenError(f"expected lines of equal width: {widths}", rows, line, end)


def _check_outside(rows: tuple[str, ...]) -> None:
    last_row, last_column = len(rows) - 1, len(rows[0]) - 1
    for r, row in enumerate(rows):
        for c, character in enumerate(row):
            outside = r in (0, last_row) or c in (0, last_column)
            if outside and character not in WALL + JAR:
                reason = f"expected a wall {WALL} (or the jar {JAR}) on the outside, found {shown(character)}"
                raise KitchenError(reason, rows, r + 1, c + 1)


def _check_solvable(kitchen: Kitchen) -> None:
    if not kitchen.reachable[kitchen.chair_start]:
        line, column = kitchen.places[kitchen.chair_start]
        reason = "expected a path from the child to the chair, found none"
        raise KitchenError(reason, kitchen.rows, line + 1, column + 1)
    if not (kitchen.reachable & kitchen.beside_jar).any():
        line, column = kitchen.jar
        reason = "expected a path from the child to a cell beside the jar, found none"
        raise KitchenError(reason, kitchen.rows, line + 1, column + 1)
