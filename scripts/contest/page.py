"""The page of a contest: one file with all figures, replays, settings and commands; it needs no network."""

import json
import platform
import re
import time
from collections.abc import Sequence
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from string import Template

from cookie_jar.agents.memory import write_atomically
from cookie_jar.scripts.contest.figures import INK, contest_figures, to_png, to_svg
from cookie_jar.scripts.contest.replays import Album, replays
from cookie_jar.scripts.contest.standings import Standing
from cookie_jar.scripts.contest.tables import HEADINGS, by_env, counted, table_rows

TEMPLATE = Path(__file__).with_name("page.html")
PAGE_FILE, FIGURES = "index.html", "figures"
PACKAGES = ("cookie-jar", "gymnasium", "numpy", "numba", "scipy", "stable-baselines3", "sb3-contrib", "torch")
CAPTIONS = {
    "steps": "Greedy policy against steps of experience. Thick: interquartile mean over seeds, with its 95 % "
    "interval; thin: each seed; grey: the others.",
    "seconds": "The same against seconds of learning; imports are not counted, loading compiled code is.",
    "results": "At the end, and on average over all steps. Each dot is a seed, the bar the 95 % interval.",
    "improvement": "How likely a seed of the row beats one of the column; 0.50 is a tie.",
}
MANY = 40  # settings of a sweep: a page shows the best


def write_page(folder: Path, lines: Sequence[Standing], command: str, folders: Sequence[Path]) -> None:
    """Write the figures and the page.

    Args:
        folder: where they go.
        lines: the standings.
        command: that reproduces them.
        folders: of the contests whose memories are replayed.
    """
    sections = [_section(folder, env_id, lines) for env_id in by_env(lines)]
    best = [standing for standing in lines if len(lines) <= MANY]
    album = Album()
    shown = [replay._asdict() for replay in replays(folders, best, album)]
    data = json.dumps({"pictures": album.pictures, "replays": shown}).replace("<", "\\u003c")
    page = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        contests="\n".join(sections),
        data=data,
        settings=_settings(lines),
        versions=_versions(),
        command=escape(command),
        date=time.strftime("%Y-%m-%d"),
    )
    write_atomically(folder / PAGE_FILE, page.encode())


def _section(folder: Path, env_id: str, lines: Sequence[Standing]) -> str:
    """The part of one environment: table and figures; the figures are written to files as well."""
    mine = [standing for standing in lines if standing.env_id == env_id]
    first = mine[0].records[0]
    seeds = counted(max(len(standing.records) for standing in mine), "seed")
    intro = f"{seeds}; {first.cell.timesteps:,} steps each"
    figures = []
    for name, figure in contest_figures(mine).items():
        svg = to_svg(figure)
        stem = folder / FIGURES / f"{re.sub(r'[^A-Za-z0-9-]', '-', env_id)}-{name}"
        write_atomically(stem.with_suffix(".svg"), svg.encode())
        write_atomically(stem.with_suffix(".png"), to_png(figure))
        figures.append(f"<figure>{_inline(svg, stem.name)}<figcaption>{CAPTIONS[name]}</figcaption></figure>")
    best = sorted(mine, key=lambda standing: standing.rank, reverse=True)[:MANY]
    table = _table([standing for standing in mine if standing in best])
    return f"<section><h2>{escape(env_id)}</h2><p>{intro}</p>{table}{''.join(figures)}</section>"


def _inline(svg: str, name: str) -> str:
    """An SVG for the page: it grows with its place, has the page's colour of ink, and ids of its own."""
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    svg = re.sub("<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(id="|url\(#|href="#)', lambda match: f"{match[1]}{name}-", svg)
    return re.sub(r'<svg([^>]*?) height="[^"]*"([^>]*?) width="[^"]*"', r"<svg\1\2", svg, count=1)


def _table(lines: Sequence[Standing]) -> str:
    heads = "".join(f"<th>{escape(heading)}</th>" for heading in HEADINGS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
        for cells in table_rows(lines)
    )
    return f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _settings(lines: Sequence[Standing]) -> str:
    rows = "".join(
        f"<tr><td>{escape(s.env_id)}</td><td>{escape(s.label)}</td><td><code>{escape(json.dumps(s.settings))}"
        "</code></td></tr>"
        for s in lines[:MANY]
    )
    return f"<table><tbody>{rows}</tbody></table>"


def _versions() -> str:
    known = [f"Python {platform.python_version()}", platform.machine()]
    for package in PACKAGES:
        try:
            known.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return escape(", ".join(known))
