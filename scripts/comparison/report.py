"""The page of a contest: one file with all figures, replays, settings and commands; it needs no network."""

import json
import re
import time
from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.comparison.aggregate import SHOWN, Summary, best_summaries, by_env, title
from cookie_jar.scripts.comparison.album import Album, replays
from cookie_jar.scripts.comparison.figures import INK, comparison_figures, to_png, to_svg
from cookie_jar.scripts.comparison.tables import OVERALL, SETTING, columns_of, overall_rows, table_rows

TEMPLATE = Path(__file__).with_name("report.html")
PAGE_FILE, FIGURES = "index.html", "figures"
CAPTIONS = {
    "steps": "Greedy policy against steps of experience. Thick: interquartile mean over seeds, with its 95 % "
    "interval; thin: each seed; grey: the others. What is below -25 % is cut.",
    "seconds": "The same against seconds of learning; libraries and compiled code are loaded before.",
    "results": "At the end, and on average over all steps. Each dot is a seed, the bar the 95 % interval.",
    "improvement": "How likely a seed of the row beats one of the column; 0.50 is a tie.",
}


def write_page(folder: Path, lines: Sequence[Summary], command: str, folders: Sequence[Path]) -> None:
    """Write the figures and the page.

    Args:
        folder: where they go.
        lines: the standings.
        command: that reproduces them.
        folders: of the contests whose memories are replayed.
    """
    shown, sections = [], []
    for env_id in by_env(lines):
        mine = [summary for summary in lines if summary.env_id == env_id]
        best = best_summaries(mine, SHOWN)
        sections.append(_section(folder, best, len(mine) - len(best)))
        shown += best
    together = overall_rows(shown)
    if together:
        text = "Every run of every environment counts alike, and is resampled within its environment."
        sections.append(f"<section><h2>All together</h2><p>{text}</p>{_table(OVERALL, together)}</section>")
    album = Album()
    film = [replay._asdict() for replay in replays(folders, shown, album)]
    data = json.dumps({"pictures": album.pictures, "replays": film}).replace("<", "\\u003c")
    page = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        contests="\n".join(sections),
        data=data,
        settings=_settings(shown),
        made_with="<br>".join(escape(text) for text in _made_with(lines)),
        command=escape(command),
        date=time.strftime("%Y-%m-%d"),
    )
    write_atomically(folder / PAGE_FILE, page.encode())


def _section(folder: Path, lines: Sequence[Summary], left_out: int) -> str:
    """The part of one environment: table and figures; the figures are written to files as well."""
    env_id = lines[0].env_id
    judged = " and ".join(
        dict.fromkeys(record.method for s in lines for record in s.records if record.method)
    )
    told = f"{title(lines)}. Judged: {judged or 'as in the records'}."
    told += f" The best {len(lines)} of {len(lines) + left_out} are shown." if left_out else ""
    figures = []
    for name, figure in comparison_figures(lines).items():
        svg = to_svg(figure)
        stem = folder / FIGURES / f"{re.sub(r'[^A-Za-z0-9-]', '-', env_id)}-{name}"
        write_atomically(stem.with_suffix(".svg"), svg.encode())
        write_atomically(stem.with_suffix(".png"), to_png(figure))
        figures.append(f"<figure>{_inline(svg, stem.name)}<figcaption>{CAPTIONS[name]}</figcaption></figure>")
    columns = columns_of(lines)
    table = _table([column.heading for column in columns], table_rows(lines, columns))
    return f"<section><h2>{escape(env_id)}</h2><p>{escape(told)}</p>{table}{''.join(figures)}</section>"


def _inline(svg: str, name: str) -> str:
    """An SVG for the page: it grows with its place, has the page's colour of ink, and ids of its own."""
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    svg = re.sub("<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(id="|url\(#|href="#)', lambda match: f"{match[1]}{name}-", svg)
    return re.sub(r'<svg([^>]*?) height="[^"]*"([^>]*?) width="[^"]*"', r"<svg\1\2", svg, count=1)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    kinds = ["words" if heading in ("", SETTING) else "number" for heading in ("", *headings)]
    named = (escape(heading.strip()).replace(" %", "&nbsp;%").replace("\n", "<br>") for heading in headings)
    heads = "".join(f'<th class="{kind}">{name}</th>' for kind, name in zip(kinds, ("", *named), strict=True))
    body = "".join(f"<tr>{_cells(kinds, cells)}</tr>" for cells in rows)
    return f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def _cells(kinds: Sequence[str], cells: Sequence[str]) -> str:
    pairs = zip(kinds, cells, strict=True)
    return "".join(f'<td class="{kind}">{escape(cell)}</td>' for kind, cell in pairs)


def _settings(lines: Sequence[Summary]) -> str:
    rows = "".join(
        f"<tr><td>{escape(s.env_id)}</td><td>{escape(s.label)}</td><td><code>{escape(json.dumps(s.settings))}"
        "</code></td></tr>"
        for s in lines
    )
    return f"<table><tbody>{rows}</tbody></table>"


def _made_with(lines: Sequence[Summary]) -> list[str]:
    """The machines and versions of all runs, each once."""
    return list(dict.fromkeys(record.made_with for s in lines for record in s.records if record.made_with))
