"""Parts of the report as HTML: tables, figures and the legend."""

import re
from collections.abc import Sequence
from html import escape

from cookie_jar.scripts.common.figures import SOFT_INK
from cookie_jar.scripts.comparison.columns import OBSERVES, SEEDS, SETTING, Column

REFERENCES = ("random", "optimum")  # rows that are no agents


def table(
    caption: str, names: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[str] = ()
) -> str:
    """Return a table; columns without any text are left out, and rows with a name alone.

    Args:
        caption: The caption, or "".
        names: The names of the columns, without that of the first, which has the names of the rows.
        rows: The texts of the cells.
        words: Names of columns whose cells are words rather than numbers.
    """
    rows = [row for row in rows if any(row[1:])]
    kept = [number for number in range(1, len(names) + 1) if any(row[number] for row in rows)]
    heads = "".join(
        f"<th{_kind(names[number - 1] in words)}>{_text(names[number - 1])}</th>" for number in kept
    )
    body = "".join(_row(row, names, kept, words) for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    head = f'<thead><tr><th class="words"></th>{heads}</tr></thead>'
    return f'<div class="wide"><table>{title}{head}<tbody>{body}</tbody></table></div>'


def _row(row: Sequence[str], names: Sequence[str], kept: Sequence[int], words: Sequence[str]) -> str:
    named = [(names[number - 1], row[number]) for number in kept]
    cells = "".join(
        f'<td{_kind(name in words)} data-name="{escape(name)}">{_text(text)}</td>' for name, text in named
    )
    kind = ' class="reference"' if row[0] in REFERENCES else ""
    return f'<tr{kind}><td class="words">{escape(row[0])}</td>{cells}</tr>'


def _kind(is_words: bool) -> str:
    return ' class="words"' if is_words else ""


def _text(text: str) -> str:
    return escape(text).replace(" %", "&nbsp;%")


def legend(columns: Sequence[Column]) -> str:
    """Return what the columns mean, as items of a description list."""
    return "\n".join(
        f"<div><dt>{_text(column.name)}</dt><dd>{_text(column.meaning)}</dd></div>"
        for column in (*columns, SEEDS, OBSERVES, SETTING)
        if column.meaning
    )


def figure(wide: str, narrow: str, name: str, caption: str) -> str:
    """Return a figure in two widths, of which the style sheet shows one.

    Args:
        wide: The figure for pages, an SVG.
        narrow: The figure for phones.
        name: The beginning of all ids in the SVGs.
        caption: The caption.
    """
    svgs = _inline(wide, name), _inline(narrow, f"{name}-phone")
    parts = "".join(
        f'<div class="{kind}">{svg}</div>' for kind, svg in zip(("page", "phone"), svgs, strict=True)
    )
    return f"<figure>{parts}<figcaption>{_text(caption)}</figcaption></figure>"


def _inline(svg: str, name: str) -> str:
    """Return an SVG for the page: small, scaled to its place, in the page's text colour, with unique ids."""
    svg = svg[svg.index("<svg") :].replace(SOFT_INK, "currentColor")
    svg = re.sub("<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' d="[^"]+"', lambda path: re.sub(r"(\.\d)\d+", r"\1", path[0]), svg)
    svg = re.sub(r'(id="|url\(#|href="#)', lambda match: f"{match[1]}{name}-", svg)
    return re.sub(r'<svg([^>]*?) height="[^"]*"([^>]*?) width="[^"]*"', r"<svg\1\2", svg, count=1)
