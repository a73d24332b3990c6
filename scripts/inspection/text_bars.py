"""Bar charts as lines of text."""

from collections.abc import Sequence

from cookie_jar.scripts.common.bars import Bars
from cookie_jar.scripts.common.console import Console

LONGEST = 24  # length of the longest bar in characters
SHORTEST = 6  # length below which bars are left out
EIGHTHS = " ▏▎▍▌▋▊▉"


def block_bar(share: float, length: int, *, blocks: bool = True) -> str:
    """Return a bar that fills a share of a length in characters; a bar above 0 can always be seen.

    Args:
        share: From 0 to 1.
        length: The length of the longest bar.
        blocks: Whether the terminal can print block characters; otherwise the bar consists of `#`.
    """
    if share <= 0 or length < 1:
        return ""
    if not blocks:
        return "#" * max(1, round(share * length))
    whole, eighths = divmod(max(1, round(share * length * 8)), 8)
    return "█" * whole + EIGHTHS[eighths].strip()


def has_blocks(console: Console) -> bool:
    """Return whether the console can print block characters."""
    return console.encoding.lower().startswith("utf")


def bar_lines(bars: Bars, room: int, *, blocks: bool = True) -> list[str]:
    """Return a line for each value: its name, the value, its distance from the best, and a bar.

    The lines after that say from which value to which the bars reach, and what is not known.

    Args:
        bars: The contents.
        room: The width of the lines in characters; without room for bars, there are only numbers.
        blocks: As in `block_bar`.
    """
    rows = range(len(bars.names))
    columns = [_padded(bars.names), _padded([bars.number_of(row) for row in rows], right=True)]
    further = bars.distances() if bars.compares else ["most" * bars.is_best(row) for row in rows]
    if any(further):
        columns.append(_padded(further, right=True))
    texts = ["  ".join(cells) for cells in zip(*columns, strict=True)]
    ends, note = [bars.write(value) for value in bars.span], list(filter(None, [bars.note()]))
    length = min(LONGEST, room - len(texts[0]) - 2)
    if length < max(SHORTEST, sum(map(len, ends)) + 1):
        return [*(text.rstrip() for text in texts), *note]
    drawn = [_bar(bars, row, length, blocks) for row in rows]
    lines = [f"{text}  {bar}".rstrip() for text, bar in zip(texts, drawn, strict=True)]
    if bars.learned and ends[0] != ends[1]:
        gap = " " * (length - sum(map(len, ends)))
        lines.append(" " * (len(texts[0]) + 2) + gap.join(ends))
    return [*lines, *note]


def _bar(bars: Bars, row: int, length: int, blocks: bool) -> str:
    """Return the bar of a row; also the least value has one."""
    low, high = bars.span
    if not bars.is_learned(row):
        return ""
    share = (bars.values[row] - low) / (high - low) if high > low else 1.0
    least = 1 / (8 * length) if bars.compares else 0.0
    return block_bar(max(share, least), length, blocks=blocks)


def _padded(texts: Sequence[str], *, right: bool = False) -> list[str]:
    """Return texts of equal width."""
    width = max(map(len, texts))
    return [f"{text:>{width}}" if right else f"{text:<{width}}" for text in texts]
