"""Tables in the terminal: the style that all of them share, and their cells."""

import math
from collections.abc import Collection

from rich.table import Table


def new_table(*headings: str, left: Collection[str] = (), gap: int = 3, title: str | None = None) -> Table:
    """Return an empty table without lines; columns of numbers are aligned at the right.

    Args:
        headings: Of the columns.
        left: Headings of the columns of words, which are aligned at the left; "" is always one of them.
        gap: Blanks between columns.
        title: Above the table; rich's markup is interpreted.
    """
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, gap, 0, 0))
    for heading in headings:
        is_text = heading == "" or heading in left
        table.add_column(heading, justify="left" if is_text else "right", overflow="fold")
    return table


def number_cell(value: float, digits: int = 2) -> str:
    """Return a number with this many digits, or "" for NaN."""
    return "" if math.isnan(value) else f"{value:.{digits}f}"


def percent_cell(value: float, digits: int = 1) -> str:
    """Return a percentage, such as "35.2 %", or "" for NaN."""
    return "" if math.isnan(value) else f"{value:.{digits}f} %"


def count_cell(value: float) -> str:
    """Return a count with commas; "never" if it is infinite, as steps to a goal are, and "" for NaN."""
    if math.isnan(value):
        return ""
    return "never" if math.isinf(value) else f"{value:,.0f}"
