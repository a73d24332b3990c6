"""Solve twelve small exercises in Python: read, fix and outwit a learning machine."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cookie_jar.scripts.common.argument_types import Parser, add_command, file_of
from cookie_jar.scripts.common.console import Console, UsageError, progress_bar, run
from cookie_jar.scripts.common.tables import new_table
from cookie_jar.scripts.teaching import marks, student
from cookie_jar.scripts.teaching.catalogue import EXERCISES, copy_missing, student_folder
from cookie_jar.scripts.teaching.solved import read_progress


def parser() -> Parser:
    """Return the command-line parser: a command, or the check of a class."""
    parser = Parser(
        prog="cookie-jar exercise",
        description=__doc__,
        epilog="The exercises are copied into the folder `exercises`. NAME is a name or a number. "
        "Exit status of `check`: 0 if solved, 1 if not yet, 2 for a usage error.",
    )
    parser.add_argument(
        "--check",
        type=Path,
        metavar="FOLDER",
        dest="students",
        help="check a class: FOLDER has a subfolder for each student; this runs their code on your computer",
    )
    parser.add_argument(
        "--csv",
        type=file_of(".csv", beginning=marks.BEGINNING),
        metavar="FILE.csv",
        help="write the marks of the class to a file, one row per student (1: solved, 0: not yet)",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    add_command(commands, "list", "list the exercises and your progress").set_defaults(do=student.show_list)
    _add(commands, "check", "check an exercise, by default the next one", optional=True).set_defaults(
        do=student.check
    )
    _add(commands, "hint", "print a hint, by default for the next exercise", True).set_defaults(
        do=student.show_hint
    )
    again = _add(commands, "reset", "begin an exercise anew; what you wrote in its file is lost")
    again.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    again.set_defaults(do=student.begin_anew)
    _add(commands, "solution", "print a solution of an exercise that you have solved").set_defaults(
        do=student.show_solution
    )
    return parser


def _add(commands: object, name: str, help_text: str, optional: bool = False) -> argparse.ArgumentParser:
    added = add_command(commands, name, help_text)
    added.add_argument("name", nargs="?" if optional else None, metavar="NAME", help="name or number")
    return added


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args, console = parser().parse_args(argv), Console()
    if args.students is not None or args.csv is not None:
        check_class(args, console)
        return
    folder = student_folder()
    copied = copy_missing(folder)
    if copied:
        console.out(f"copied {len(copied)} exercises to {folder}/; open them in an editor")
    do = args.do if args.command else student.show_list
    do(args, console, folder, read_progress(folder))


def check_class(args: argparse.Namespace, console: Console) -> None:
    """Check all students, print their marks, and write them."""
    if args.students is None or args.command is not None:
        raise UsageError("--csv: expected --check FOLDER and no command, as in --check class --csv marks.csv")
    folders, rows = marks.students(args.students), list[marks.Marks]()
    try:
        with progress_bar(console) as bar:
            for folder in bar.track(folders, description="checking"):
                rows.append(marks.mark_all(folder))
    finally:  # also after Ctrl-C: the marks so far
        show_marks(rows, console)
        if args.csv is not None:
            marks.write_marks(args.csv, rows)
            console.out(f"saved {args.csv}: {len(rows)} of {len(folders)} students")


def show_marks(rows: list[marks.Marks], console: Console) -> None:
    """Print the marks as a table."""
    table = new_table(
        "student", "solved", *(str(exercise.number) for exercise in EXERCISES), left=["student"]
    )
    for row in rows:
        table.add_row(row.student, str(row.solved), *row.marks)
    console.print(table)


if __name__ == "__main__":
    sys.exit(run(main))
