"""The report of a comparison: one HTML file with all figures, replays, settings and commands."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from string import Template

from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.common.console import printable
from cookie_jar.scripts.common.figures import to_png, to_svg
from cookie_jar.scripts.comparison.aggregate import MAX_SHOWN, best_summaries, by_table, title
from cookie_jar.scripts.comparison.album import Album, replays
from cookie_jar.scripts.comparison.columns import COLUMNS, OBSERVES, SETTING, columns_of
from cookie_jar.scripts.comparison.conclusion import conclusions
from cookie_jar.scripts.comparison.effort import effort_text
from cookie_jar.scripts.comparison.figures import NARROW, comparison_figures
from cookie_jar.scripts.comparison.markup import figure, legend, table
from cookie_jar.scripts.comparison.summary import Summary
from cookie_jar.scripts.comparison.tables import OVERALL, overall_rows, table_rows

TEMPLATE = Path(__file__).with_name("report.html")  # report.css and report.js are inserted into the page
REPORT_FILE, FIGURES = "index.html", "figures"
WORDS = OBSERVES.name, SETTING.name  # columns that hold no numbers
CAPTIONS = {
    "steps": "Score of the greedy policy against training steps. Thick line: interquartile mean over seeds, "
    "with its 95 % interval as an area; thin lines: single seeds; grey lines: the other agents; dashed: "
    "random policy (0 %) and optimum (100 %). Scores below -25 % are cut off.",
    "seconds": "The same against training time, without the time to load libraries and compiled code.",
    "results": "Final score, and mean score over training. Dots: seeds; vertical lines: interquartile means; "
    "bars: 95 % intervals.",
    "improvement": "Probability in percent that a seed of the row has a higher score than a seed of the "
    "column; 50 is a tie. Bold: the pair differs (permutation test, p < 0.05 corrected for the number of "
    "pairs by Holm's method).",
}


def write_report(
    folder: Path,
    summaries: Sequence[Summary],
    command: str,
    folders: Sequence[Path],
    note: Callable[[str], None] = lambda text: None,
    stage: Callable[[str], None] = lambda text: None,
) -> None:
    """Write the figures and the report.

    Args:
        folder: The folder for the files.
        summaries: The summaries of all environments.
        command: The command that reproduces the results.
        folders: The comparisons whose saved agents are replayed.
        note: Called with a message about each saved agent that is not replayed.
        stage: Called with a text about what is done next.
    """
    shown, sections, stems = [], [], Counter[str]()
    for mine in by_table(summaries):
        best = best_summaries(mine, MAX_SHOWN)
        stem = re.sub(r"[^A-Za-z0-9-]", "-", mine[0].env_id)
        stems[stem] += 1
        stem += f"-{stems[stem]}" if stems[stem] > 1 else ""
        stage(f"drawing the figures of {mine[0].env_id}")
        sections.append(_section(folder / FIGURES / stem, best, len(mine)))
        shown += best
    if overall := overall_rows(shown):
        text = "All runs of all environments have equal weight and are resampled within their environment."
        names = [heading.replace("\n", " ") for heading in OVERALL]
        sections.append(
            f"<section><h2>All environments</h2><p>{text}</p>{table('', names, overall)}</section>"
        )
    stage("drawing the replays")
    page = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        css=TEMPLATE.with_suffix(".css").read_text(encoding="utf-8"),
        script=TEMPLATE.with_suffix(".js").read_text(encoding="utf-8"),
        conclusions="\n".join(f'<p class="conclusion">{escape(text)}</p>' for text in conclusions(summaries)),
        columns=legend(COLUMNS),
        sections="\n".join(sections),
        data=_replay_data(folders, shown, note),
        settings=_settings(shown),
        made_with="<br>".join(escape(text) for text in _made_with(summaries)),
        command=escape(command),
        date=time.strftime("%Y-%m-%d"),
    )
    write_atomically(folder / REPORT_FILE, page.encode())


def _section(stem: Path, summaries: Sequence[Summary], number: int) -> str:
    """Return a table and its figures as HTML, and write the figures to files.

    Args:
        stem: The beginning of the names of the figures.
        summaries: The best summaries of the table.
        number: The number of summaries of the table.
    """
    methods = dict.fromkeys(record.method for s in summaries for record in s.records if record.method)
    text = f"{title(summaries)}. Evaluation: {' and '.join(methods) or 'as in the records'}."
    text += f" The best {len(summaries)} of {number} are shown." if len(summaries) < number else ""
    parts = [*_tables(summaries), _failures(summaries)]
    narrow = comparison_figures(summaries, NARROW)
    for name, picture in comparison_figures(summaries).items():
        path = stem.with_name(f"{stem.name}-{name}")
        svg = to_svg(picture)
        write_atomically(path.with_suffix(".svg"), svg.encode())
        write_atomically(path.with_suffix(".png"), to_png(picture))
        parts.append(figure(svg, to_svg(narrow[name]), path.name, CAPTIONS[name]))
    return f"<section><h2>{escape(summaries[0].env_id)}</h2><p>{escape(text)}</p>{''.join(parts)}</section>"


def _tables(summaries: Sequence[Summary]) -> list[str]:
    """Return the table of the scores and that of the effort: together they are too wide for paper."""
    parts = []
    for caption, effort in (("How good", False), ("How long it took", True)):
        columns = [column for column in columns_of(summaries) if column.effort is effort]
        names = [column.name for column in columns]
        parts.append(table(caption, names, table_rows(summaries, columns, references=not effort), WORDS))
    return parts


def _failures(summaries: Sequence[Summary]) -> str:
    """Return the failed runs, with the reasons."""
    failed = [(summary, record) for summary in summaries for record in summary.failed]
    items = [
        f"<li>{escape(f'{summary.name}, seed {record.trial.seed}: {printable(record.error, 200)}')}</li>"
        for summary, record in failed[:MAX_SHOWN]
    ]
    return f"<p>{len(failed)} failed:</p><ul>{''.join(items)}</ul>" if failed else ""


def _replay_data(folders: Sequence[Path], summaries: Sequence[Summary], note: Callable[[str], None]) -> str:
    """Return pictures and episodes as JSON that is safe in a script element."""
    album = Album()
    episodes = [replay._asdict() for replay in replays(folders, summaries, album, note)]
    return json.dumps({"pictures": album.pictures, "replays": episodes}).replace("<", "\\u003c")


def _settings(summaries: Sequence[Summary]) -> str:
    rows = "".join(
        f"<tr><td>{escape(s.env_id)}</td><td>{escape(s.label)}</td><td><code>{escape(json.dumps(s.settings))}"
        f"</code></td><td>{escape(effort_text(s.algorithm, s.env_id, s.settings))}</td></tr>"
        for s in summaries
    )
    heads = "".join(f"<th>{name}</th>" for name in ("environment", "agent", "settings", "search"))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _made_with(summaries: Sequence[Summary]) -> list[str]:
    """Return the machines and versions of all runs, each once."""
    return list(
        dict.fromkeys(record.made_with for s in summaries for record in s.records if record.made_with)
    )
