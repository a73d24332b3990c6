"""The output of a comparison: tables and a conclusion on the console, csv files and the report as files."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.comparison.aggregate import summarize
from cookie_jar.scripts.comparison.conclusion import conclusions
from cookie_jar.scripts.comparison.progress import stages
from cookie_jar.scripts.comparison.tables import comparison_tables, write_results
from cookie_jar.scripts.comparison.trials import TrialRecord


def write_output(
    records: Sequence[TrialRecord],
    folder: Path,
    console: Console,
    sources: Sequence[Path],
    command: str | None,
) -> None:
    """Print the tables, write the csv files and the report, and print who won.

    Args:
        records: The records of all runs.
        folder: The folder for the files.
        console: The console.
        sources: The folders of the saved agents.
        command: The command that reproduces the results, for the report; None for no report.
    """
    with stages(console) as stage:
        stage("computing the intervals of the scores")
        summaries = summarize(records)
        stage("comparing the agents")
        texts = conclusions(summaries)
    for table in comparison_tables(summaries, console.width):
        console.print(table)
        console.print()
    write_results(folder, summaries)
    if command is not None:
        from cookie_jar.scripts.comparison.report import REPORT_FILE, write_report

        with stages(console) as stage:
            write_report(folder, summaries, command, sources, partial(console.out, style="dim"), stage)
        console.out(f"Results are in {folder}; open {folder / REPORT_FILE}")
        console.print()
    for text in texts:
        console.print(text, style="bold", soft_wrap=not console.is_terminal)
