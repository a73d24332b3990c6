"""Tables in the terminal: the shared style, and the text of cells."""

import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

from rich.cells import cell_len
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

LEAST_TEXT = 16  # characters to which a column of text may shrink
BARS = " ▏▎▍▌▋▊▉█"
INDENT = 2  # characters before the values of a row that is shown as a list


class FittingTable(Table):
    """A table that cuts nothing in a narrow terminal: there, each row becomes a list.

    What does not fit is changed in this order: the gap shrinks to one character, columns of bars are left
    out, texts continue on the next line, and at last each row is shown as a list of headings and values.
    """

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        """Yield the parts of the table."""
        if self._missing(options.max_width, _width) > 0:
            self.padding = (0, 1, 0, 0)
        if self._missing(options.max_width, _width) > 0:
            kept = [column for column in self.columns if not _is_bar(column)]
            self.columns = [replace(column, _index=number) for number, column in enumerate(kept)]
        if self._missing(options.max_width, _least_width) > 0:
            yield from self._lists()
        else:
            yield from super().__rich_console__(console, options)

    def _missing(self, room: int, width: Callable[[Column], int]) -> int:
        """Return how many characters are missing for columns of these widths."""
        return sum(map(width, self.columns)) + (len(self.columns) - 1) * self.padding[1] - room

    def _lists(self) -> Iterator[Any]:
        if self.title:
            yield Text(str(self.title), "italic")
        for number, row in enumerate(self.rows):
            first, *values = [list(column.cells)[number] for column in self.columns]
            if str(first):
                yield Text(str(first), row.style or "")
            grid = Table.grid(padding=(0, 2, 0, 0))
            grid.add_column(overflow="fold")
            grid.add_column(overflow="fold")
            for column, value in zip(self.columns[1:], values, strict=True):
                if str(value):
                    grid.add_row(" ".join(str(column.header).split()), value)
            yield Padding(grid, (0, 0, 0, INDENT), style=row.style or "")


def _is_bar(column: Column) -> bool:
    """Return whether a column shows its numbers as bars."""
    texts = [str(cell) for cell in column.cells]
    return any(texts) and not set("".join(texts)) - set(BARS)


def _width(column: Column) -> int:
    """Return the width of a column without any breaks of lines."""
    texts = [*str(column.header).split("\n"), *map(str, column.cells)]
    return max(map(cell_len, texts), default=0)


def _least_width(column: Column) -> int:
    """Return the width that a column needs: that of its numbers; text may continue on the next line."""
    heading = max((cell_len(word) for word in str(column.header).split()), default=0)
    cells = max((cell_len(str(cell)) for cell in column.cells), default=0)
    return min(max(heading, cells), LEAST_TEXT) if column.justify == "left" else max(heading, cells)


def new_table(*headings: str, left: Collection[str] = (), gap: int = 3, title: str | None = None) -> Table:
    """Return an empty table without lines; columns of numbers are right-aligned.

    Args:
        headings: The headings of the columns.
        left: Headings of left-aligned columns of text, in addition to "".
        gap: Number of spaces between columns.
        title: The title.
    """
    table = FittingTable(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, gap, 0, 0))
    for heading in headings:
        is_text = heading == "" or heading in left
        table.add_column(heading, justify="left" if is_text else "right", overflow="fold")
    return table


def number_cell(value: float, digits: int = 2) -> str:
    """Return a number with this many decimals, or "" for NaN."""
    return "" if math.isnan(value) else f"{value:z.{digits}f}"


def percent_cell(value: float, digits: int = 1) -> str:
    """Return a percentage, such as "35.2 %", or "" for NaN."""
    return "" if math.isnan(value) else f"{value:z.{digits}f} %"


def count_cell(value: float) -> str:
    """Return a count with commas; "never" for infinity (a goal that was not reached), "" for NaN."""
    if math.isnan(value):
        return ""
    return "never" if math.isinf(value) else f"{value:,.0f}"
