"""Hyperparameters, declared once: as annotated keyword arguments of the agents' constructors.

    def __init__(self, env, *, gamma: Annotated[float, Interval(0, 1)] = 0.99, ...):

The name, the default and the check of a hyperparameter come from this signature, and its description from the
docstring of the class. What is saved in files and the options of the command line are derived from them.

A Python value is checked strictly: 1 is not True, and "1" is not 1. A text, from a command line or a yml
file, is first parsed as the kind of value that the hyperparameter takes, so that "1e-1", ".1" and "0.1" are
the same value.
"""

import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import numpy as np

from .errors import AgentError, shown

LARGEST = 1 << 53  # whole numbers up to here are exact as floats too
MAX_DIGITS = 99  # of a whole number as text
MAX_SEED = (1 << 128) - 1  # of NumPy's recommended length, 128 bits
WORDS = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


class Kind(Protocol):
    """The values that a hyperparameter takes."""

    def __call__(self, name: str, value: Any) -> Any:
        """Return the value as a plain Python value.

        Raises:
            AgentError: If the hyperparameter does not take the value.
        """

    def from_text(self, text: str) -> Any:
        """Return the value that a text stands for, or the text itself if there is none."""


class Interval(NamedTuple):
    """A number from `low` to `high`."""

    low: float
    high: float

    def __call__(self, name: str, value: Any) -> float:
        """Return the value as a float.

        Raises:
            AgentError: If the value is not such a number.
        """
        is_number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
        if not is_number or not self.low <= value <= self.high:
            raise AgentError(
                f"{name}: expected a number from {self.low:g} to {self.high:g}, got {shown(value)}"
            )
        return float(value) + 0.0  # not -0.0

    def from_text(self, text: str) -> float | str:
        """Return the number of a text such as "0.1", ".1" or "1e-1"."""
        return _number(text)


class Whole(NamedTuple):
    """A whole number from `low` to `high`."""

    low: int
    high: int = LARGEST

    def __call__(self, name: str, value: Any) -> int:
        """Return the value as an int.

        Raises:
            AgentError: If the value is not such a number.
        """
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < self.low:
            raise AgentError(f"{name}: expected a whole number of at least {self.low}, got {shown(value)}")
        if value > self.high:
            raise AgentError(f"{name}: expected a whole number of at most {self.high}, got {shown(value)}")
        return int(value)

    def from_text(self, text: str) -> int | float | str:
        """Return the number of a text such as "64" or "1e5"; see `whole_number`."""
        whole = whole_number(text)
        return _number(text) if whole is None else whole


class OneOf(NamedTuple):
    """One of several strings."""

    choices: tuple[str, ...]

    def __call__(self, name: str, value: Any) -> str:
        """Return the value.

        Raises:
            AgentError: If the value is none of the strings.
        """
        if not isinstance(value, str) or value not in self.choices:
            raise AgentError(f"{name}: expected one of {', '.join(self.choices)}, got {shown(value)}")
        return str(value)

    def from_text(self, text: str) -> str:
        """Return the text."""
        return text


class Flag(NamedTuple):
    """True or False."""

    def __call__(self, name: str, value: Any) -> bool:
        """Return the value as a bool.

        Raises:
            AgentError: If the value is neither.
        """
        if not isinstance(value, (bool, np.bool_)):
            raise AgentError(f"{name}: expected True or False, got {shown(value)}")
        return bool(value)

    def from_text(self, text: str) -> bool | str:
        """Return what a word such as "true", "no" or "off" means."""
        return WORDS.get(text.lower(), text)


def optional_flag(name: str, value: Any) -> bool | None:
    """Return True, False or None.

    Raises:
        AgentError: If the value is something else.
    """
    if value is None:
        return None
    if not isinstance(value, (bool, np.bool_)):
        raise AgentError(f"{name}: expected True, False or None, got {shown(value)}")
    return bool(value)


class LayerSizes(NamedTuple):
    """The units of each hidden layer: `least` to `layers` whole numbers from 1 to `high`."""

    high: int
    layers: int = 8
    least: int = 0

    def __call__(self, name: str, value: Sequence[int]) -> tuple[int, ...]:
        """Return the values as a tuple.

        Raises:
            AgentError: If the value is not a sequence of such numbers.
        """
        is_sequence = isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim == 1)
        if not is_sequence or not self.least <= len(value) <= self.layers:
            number = f"up to {self.layers}" if self.least == 0 else f"{self.least} to {self.layers}"
            number = f"{self.layers}" if self.least == self.layers else number
            expected = f"the units of {number} hidden layers, such as [64, 64]"
            raise AgentError(f"{name}: expected {expected}, got {shown(value)}")
        return tuple(int(Interval(1, self.high)(name, Whole(1)(name, units))) for units in value)

    def from_text(self, text: str) -> list[int | float | str]:
        """Return the numbers of a text such as "64,64", "64 64" or "[64, 64]"."""
        inside = re.fullmatch(r"\[(.*)\]|\((.*)\)|(.*)", text, re.S)
        units = "" if inside is None else next(group for group in inside.groups() if group is not None)
        return [
            Whole(1).from_text(number) for number in re.split(r"\s*,\s*|\s+", units.strip(" ,")) if number
        ]


class Hyperparameter(NamedTuple):
    """A hyperparameter of a class of agents.

    Attributes:
        default: The default value; if None, the hyperparameter also takes None.
        kind: The values that the hyperparameter takes.
        description: The first sentence of its entry in the docstring of the class; may be empty.
    """

    default: Any
    kind: Kind
    description: str

    def check(self, name: str, value: Any) -> Any:
        """Return a Python value, checked; NumPy scalars become plain values.

        Raises:
            AgentError: If the hyperparameter does not take the value.
        """
        return None if value is None and self.default is None else self.kind(name, value)

    def parse(self, name: str, value: Any) -> Any:
        """Return the value that a text stands for, checked; for command lines and the values in yml files.

        Args:
            name: The name of the hyperparameter, for messages.
            value: A text, a list of texts, or a value of another type; a whole float such as 64.0 counts as
                an int, and the ints 0 and 1 count as False and True.

        Raises:
            AgentError: If the hyperparameter does not take the value.
        """
        if isinstance(value, (list, tuple)) and value and all(isinstance(part, str) for part in value):
            value = ",".join(value)
        if isinstance(value, str):
            return self._parse_text(name, value.strip())
        if isinstance(self.kind, Whole) and isinstance(value, float) and value.is_integer():
            value = int(value)
        elif isinstance(self.kind, Flag) and type(value) is int and value in (0, 1):
            value = bool(value)
        return self.check(name, value)

    def _parse_text(self, name: str, text: str) -> Any:
        if text.lower() in ("none", "null") and self.default is None:
            return None
        hint = "; schedules are not supported, only a number" if text.startswith("lin_") else ""
        try:
            return self.check(name, self.kind.from_text(text))
        except AgentError as error:
            raise AgentError(f"{error}{hint}") from None


def whole_number(text: str) -> int | None:
    """Return the whole number that a text stands for, exactly; None for any other text.

    "100000", "100,000", "100_000" and "1e5" are the same number; 1.5e0 is no whole number.
    """
    groups = r"[0-9]{1,3}(?:(?:,[0-9]{3})+|(?:_[0-9]{3})+)|[0-9]*"
    match = re.fullmatch(rf"([+-]?)({groups})(\.[0-9]*)?([eE][+-]?[0-9]{{1,3}})?", text)
    if match is None or not re.search("[0-9]", f"{match[2]}{match[3]}"):
        return None
    sign, digits, places, exponent = (part or "" for part in match.groups())
    number = Decimal(f"{sign}{re.sub('[,_]', '', digits)}{places}{exponent}")
    if number.adjusted() >= MAX_DIGITS or number != number.to_integral_value():
        return None
    return int(number)


def _number(text: str) -> float | str:
    """Return the number that a text stands for, or the text itself; "inf" and "nan" stay texts."""
    is_number = re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text)
    return float(text) if is_number else text


def declared(
    init: Callable[..., None], docstring: str | None, inherited: Mapping[str, Hyperparameter]
) -> dict[str, Hyperparameter]:
    """Return the hyperparameters that a constructor declares, by name in the order of the signature.

    Args:
        init: The constructor. Annotations with a check declare hyperparameters. If it takes `**options`, the
            inherited ones come first; an argument of the same name without a check changes the default.
        docstring: The docstring of the class.
        inherited: The hyperparameters of the base class.
    """
    parameters = inspect.signature(init).parameters
    passes_on = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values())
    found = dict(inherited) if passes_on else {}
    texts = descriptions(docstring)
    for name, parameter in parameters.items():
        before = inherited.get(name)
        kind = next(iter(getattr(parameter.annotation, "__metadata__", ())), before and before.kind)
        if kind is not None:
            text = texts.get(name, before.description if before is not None else "")
            found[name] = Hyperparameter(parameter.default, kind, text)
    return found


def check_options(kind: type, options: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return options for a saved agent, if its constructor takes them and they are no hyperparameters.

    Args:
        kind: The class of the agent.
        options: The options by name.
        names: The names of the hyperparameters.

    Raises:
        AgentError: If an option is a hyperparameter, which the file decides.
        TypeError: If the constructor does not take an option.
    """
    taken = {name for base in kind.__mro__ if "__init__" in vars(base) for name in _keywords(base)}
    for name in options:
        if name in names:
            raise AgentError(f"{name}: the file has the value; after loading, set `agent.{name}`")
        if name not in taken:
            raise TypeError(f"{kind.__name__}.load() got an unexpected keyword argument {name!r}")
    return options


def _keywords(kind: type) -> list[str]:
    """Return the names of the keyword-only arguments of a constructor."""
    parameters = inspect.signature(kind.__init__).parameters.values()  # type: ignore[misc]
    return [parameter.name for parameter in parameters if parameter.kind is inspect.Parameter.KEYWORD_ONLY]


def descriptions(docstring: str | None) -> dict[str, str]:
    """Return the first sentence of each entry below "Args:" in a docstring, by the name of the argument."""
    _, _, section = inspect.cleandoc(docstring or "").partition("\nArgs:\n")
    section = re.split(r"\n(?=\S)", section)[0]
    entries = re.findall(r"^    (\w+): (.+(?:\n {8}.+)*)", section, re.M)
    return {name: re.split(r"\.(?:\s|$)", " ".join(text.split()))[0] for name, text in entries}
