"""The first fault of an exercise in words, and checks of plain answers."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

SHOWN = 60  # characters of an answer in a message
WIDE = 1_000  # limits above this only keep out what cannot be meant

Answers = Mapping[str, Any]


class FaultError(Exception):
    """The first fault of a student's file; the message says what was expected and found, and what to do."""


def value_of(answers: Answers, name: str) -> Any:
    """Return the value that a name has at the end of the file, or the results of a function.

    Raises:
        FaultError: If the file has no such name.
    """
    value = answers.get(name)
    if isinstance(value, dict) and list(value) == ["missing"]:
        raise FaultError(
            f"Expected {name} in your file, found no such name. Give it its name back, exactly so, or take "
            "the exercise anew with `cookie-jar exercise reset`."
        )
    return value


def number_of(answers: Answers, name: str, low: float, high: float) -> float:
    """Return the number that a name has.

    Raises:
        FaultError: If it is not a number from `low` to `high`.
    """
    return number(value_of(answers, name), name, low, high)


def number(value: Any, what: str, low: float, high: float) -> float:
    """Return a value that must be a number.

    Raises:
        FaultError: If it is not a number from `low` to `high`.
    """
    limits = f" from {low:g} to {high:g}" if high <= WIDE else ""
    expected = f"{what}: expected a number{limits}, found {shown(value)}."
    if not is_number(value):
        raise FaultError(f"{expected}{_advice(value)}")
    if not low <= value <= high:
        raise FaultError(expected if limits else f"{what}: {shown(value)} is far too large a number.")
    return float(value)


def whole_numbers(value: Any, what: str, count: int) -> list[int]:
    """Return a value that must be so many whole numbers.

    Raises:
        FaultError: If it is none.
    """
    if isinstance(value, list) and len(value) == count and all(type(part) is int for part in value):
        return value
    example = ", ".join("0" * count)
    raise FaultError(f"{what}: expected {count} whole numbers, as in ({example}), found {shown(value)}.")


def choice_of(answers: Answers, name: str, choices: Sequence[str]) -> str:
    """Return the text that a name has.

    Raises:
        FaultError: If it is not one of the choices.
    """
    return choice(value_of(answers, name), name, choices)


def choice(value: Any, what: str, choices: Sequence[str]) -> str:
    """Return a value that must be one of some texts; spaces around it do not count.

    Raises:
        FaultError: If it is none of them.
    """
    if not isinstance(value, str):
        raise FaultError(f'{what}: expected a text such as "{choices[0]}", found {shown(value)}.')
    if value.strip() in choices:
        return value.strip()
    words = " ".join(value.lower().replace("_", " ").split())
    near = difflib.get_close_matches(words[:SHOWN], choices, 1)
    meant = f' Did you mean "{near[0]}"?' if near else ""
    raise FaultError(f"{what}: expected one of {', '.join(choices)}; found {shown(value)}.{meant}")


def is_number(value: Any) -> bool:
    """Return whether a value is a number; True and False are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def shown(value: Any) -> str:
    """Return an answer in a few words."""
    match value:
        case None:
            return "nothing (None)"
        case bool() | str():
            return f"{value!r:.{SHOWN}}"
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else f"{value:,}"
        case {"odd": str(text)}:
            return text
        case list():
            return f"a list of {len(value):,}" if len(str(value)) > SHOWN else f"{value}"
        case dict():
            return "a dictionary"
    return "something else"


def _advice(value: Any) -> str:
    """Return what to do about a value that is not a number."""
    if value is None:
        return " Does the function `return` its result?"
    if isinstance(value, list) and len(value) == 2 and all(type(part) is int for part in value):
        return f" Python writes decimals with a point: {value[0]}.{value[1]}"
    if isinstance(value, str):
        return " Write a number without quotation marks."
    return ""
