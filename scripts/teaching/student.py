"""The commands of a student: list, check, hint, reset and solution."""

import argparse
import sys
from pathlib import Path

from cookie_jar.scripts.common.console import Console, UsageError, command
from cookie_jar.scripts.common.tables import new_table
from cookie_jar.scripts.teaching.catalogue import EXERCISES, Exercise, exercise_named, reset
from cookie_jar.scripts.teaching.solved import Progress, write_progress
from cookie_jar.scripts.teaching.verdicts import Verdict, check_file

PRINTED_LINES = 10
NOT_SOLVED = 1  # exit status


def show_list(args: argparse.Namespace, console: Console, folder: Path, progress: Progress) -> None:
    """List the exercises."""
    table = new_table("", "exercise", "task", "", left=["exercise", "task"], gap=2)
    for exercise in EXERCISES:
        solved = "solved" if exercise.name in progress.solved else ""
        table.add_row(str(exercise.number), exercise.name, exercise.task, solved)
    console.print(table)
    console.out(f"\n{len(progress.solved)} of {len(EXERCISES)} solved")
    suggest(progress, console, folder)


def suggest(progress: Progress, console: Console, folder: Path) -> None:
    """Print which exercise comes next."""
    following = progress.following()
    if following is None:
        console.out("All exercises are solved. Congratulations!")
    else:
        console.out(
            f"Next: edit {folder / following.file}, then {command('exercise', 'check', following.number)}"
        )


def check(args: argparse.Namespace, console: Console, folder: Path, progress: Progress) -> None:
    """Check an exercise, and keep that it is solved."""
    exercise = chosen(args, progress)
    verdict = check_file(exercise, folder / exercise.file)
    show_printed(verdict, console)
    console.print(f"{exercise.number} {exercise.name}: {'solved' if verdict.solved else 'not yet'}")
    console.print(verdict.message)
    if not verdict.solved:
        console.out(f"For a hint: {command('exercise', 'hint', exercise.number)}")
        sys.exit(NOT_SOLVED)
    progress = progress.with_solved(exercise)
    write_progress(folder, progress)
    suggest(progress, console, folder)


def show_printed(verdict: Verdict, console: Console) -> None:
    """Print the first lines that the student's code printed."""
    lines = verdict.printed.splitlines()
    if lines:
        console.out("Your code printed:")
    for line in lines[:PRINTED_LINES]:
        console.out(f"  {line}")
    if len(lines) > PRINTED_LINES:
        console.out("  ...")


def show_hint(args: argparse.Namespace, console: Console, folder: Path, progress: Progress) -> None:
    """Print the hint of an exercise."""
    exercise = chosen(args, progress)
    console.print(f"{exercise.number} {exercise.name}\n{exercise.text('hint.txt').rstrip()}")


def begin_anew(args: argparse.Namespace, console: Console, folder: Path, progress: Progress) -> None:
    """Replace the student's file, after a question."""
    exercise = exercise_named(args.name)
    path = folder / exercise.file
    if not args.yes:
        try:
            answer = input(f"Replace what you wrote in {path}? [y/N] ")
        except EOFError:
            answer = ""
        if answer.strip().lower() not in ("y", "yes"):
            return console.out("nothing changed; to replace the file without a question, add --yes")
    progress = progress.with_turn(exercise)
    reset(exercise, folder, progress.turn(exercise))
    write_progress(folder, progress)
    return console.out(f"{path} is as at the beginning")


def show_solution(args: argparse.Namespace, console: Console, folder: Path, progress: Progress) -> None:
    """Print the solution of a solved exercise."""
    exercise = exercise_named(args.name)
    if exercise.name not in progress.solved:
        raise UsageError(
            f"the solution of {exercise.name} is shown after yours is right: run "
            f"{command('exercise', 'check', exercise.number)}, or ask for a hint"
        )
    for line in exercise.text("solution.py").rstrip().splitlines():
        console.out(line)  # code is not wrapped


def chosen(args: argparse.Namespace, progress: Progress) -> Exercise:
    """Return the exercise of the argument, by default the next one."""
    return progress.following() or EXERCISES[-1] if args.name is None else exercise_named(args.name)
