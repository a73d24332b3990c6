"""Check a student's file: run it, ask its questions, and judge the answers."""

from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from cookie_jar.scripts.teaching.catalogue import Exercise
from cookie_jar.scripts.teaching.checking import ask, read_source
from cookie_jar.scripts.teaching.faults import FaultError


class Verdict(NamedTuple):
    """The result of a check.

    Attributes:
        solved: Whether the exercise is solved.
        message: What the student has shown, or the first fault.
        printed: The beginning of what the student's code printed.
    """

    solved: bool
    message: str
    printed: str = ""


def check_file(exercise: Exercise, path: Path) -> Verdict:
    """Check the file of a student."""
    try:
        source = read_source(path)
    except FaultError as fault:
        return Verdict(False, str(fault))
    return check_source(exercise, source)


def check_source(exercise: Exercise, source: str) -> Verdict:
    """Check the code of a student."""
    module = import_module(f"cookie_jar.scripts.teaching.checks.{exercise.name.replace('-', '_')}")
    questions = module.questions() if hasattr(module, "questions") else module.QUESTIONS
    reply = ask(source, exercise.file, questions)
    if reply.fault is not None:
        return Verdict(False, reply.fault, reply.printed)
    try:
        return Verdict(True, module.judge(reply.answers), reply.printed)
    except FaultError as fault:
        return Verdict(False, str(fault), reply.printed)
