"""Check the installation: libraries, display, folders and extras, with one line of advice each.

The exit status is 0 if training works, else 1. This program needs no library itself.
"""

import argparse
import json
import shutil
import sys
import textwrap
from collections.abc import Sequence
from functools import partial

try:
    from cookie_jar.scripts.common.exit_status import exit_status
    from cookie_jar.scripts.common.help_format import HelpFormatter
    from cookie_jar.scripts.diagnosis.checks import findings
    from cookie_jar.scripts.diagnosis.findings import NOTE, PROBLEM, Finding
except ModuleNotFoundError as error:
    if error.name != "cookie_jar":
        raise
    sys.exit(
        f"error: cookie-jar is not installed in {sys.executable}; activate its virtual environment, or "
        "install with: python -m pip install -e ."
    )

INDENT = 9  # characters before what was found


def parser() -> argparse.ArgumentParser:
    """Return the command-line parser."""
    parser = argparse.ArgumentParser(
        prog="cookie-jar doctor", description=__doc__, formatter_class=HelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program, and return its exit status."""
    args, unknown = parser().parse_known_args(argv)
    if unknown:
        print(f"error: unrecognized arguments: {' '.join(unknown)}", file=sys.stderr)
        return 2
    return exit_status(partial(_report, args.json))


def _report(in_json: bool) -> int:
    """Print the findings, and return the exit status."""
    found = findings()
    print(as_json(found) if in_json else as_text(found))
    return 0 if works(found) else 1


def works(found: Sequence[Finding]) -> bool:
    """Return whether training works."""
    return not any(finding.blocks for finding in found)


def as_json(found: Sequence[Finding]) -> str:
    """Return the findings as JSON."""
    return json.dumps({"works": works(found), "findings": [finding._asdict() for finding in found]}, indent=2)


def as_text(found: Sequence[Finding]) -> str:
    """Return the findings as lines that fit the terminal; the last one says whether training works."""
    columns = max(shutil.get_terminal_size().columns, 2 * INDENT)
    problems, notes = (sum(finding.status == status for finding in found) for status in (PROBLEM, NOTE))
    verdict = "works" if works(found) else "does NOT work"
    last = f"Training {verdict} (problems: {problems}, notes: {notes})."
    return "\n".join([*(line for finding in found for line in lines(finding, columns)), "", last])


def lines(finding: Finding, columns: int) -> list[str]:
    """Return a finding as lines of at most this many characters."""
    indent = " " * INDENT
    first = f"{finding.status:<{INDENT}}{finding.name}: {finding.found}"
    parts = textwrap.wrap(first, columns, subsequent_indent=indent, break_on_hyphens=False)
    parts += textwrap.wrap(
        finding.advice, columns, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    return [part if part.isprintable() else ascii(part)[1:-1] for part in parts]


if __name__ == "__main__":
    sys.exit(main())
