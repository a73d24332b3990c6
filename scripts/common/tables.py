"""Tables in the terminal: the shared style, and the text of cells."""

import math
from collections.abc import Collection

from rich.table import Table


def new_table(*headings: str, left: Collection[str] = (), gap: int = 3, title: str | None = None) -> Table:
    """Return an empty table without lines; columns of numbers are right-aligned.

    Args:
        headings: The headings of the columns.
        left: Headings of left-aligned columns of text, in addition to "".
        gap: Number of spaces between columns.
        title: The title.
    """
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, gap, 0, 0))
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
