"""Hyperparameters, declared once: as annotated keyword arguments of the agents' constructors.

    def __init__(self, env, *, gamma: Annotated[float, Interval(0, 1)] = 0.99, ...):

The name, the default and the check of a hyperparameter come from this signature, and its description from the
docstring of the class. What is saved in files and the options of the command line are derived from them.
"""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .errors import AgentError


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
            raise AgentError(f"{name}: expected a number from {self.low:g} to {self.high:g}, got {value!r}")
        return float(value)


class Whole(NamedTuple):
    """A whole number of at least `low`."""

    low: int

    def __call__(self, name: str, value: Any) -> int:
        """Return the value as an int.

        Raises:
            AgentError: If the value is not such a number.
        """
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < self.low:
            raise AgentError(f"{name}: expected a whole number of at least {self.low}, got {value!r}")
        return int(value)


class OneOf(NamedTuple):
    """One of several strings."""

    choices: tuple[str, ...]

    def __call__(self, name: str, value: Any) -> str:
        """Return the value.

        Raises:
            AgentError: If the value is none of the strings.
        """
        if value not in self.choices:
            raise AgentError(f"{name}: expected one of {', '.join(self.choices)}, got {value!r}")
        return str(value)


class Flag(NamedTuple):
    """True or False."""

    def __call__(self, name: str, value: Any) -> bool:
        """Return the value as a bool."""
        return bool(value)


class LayerSizes(NamedTuple):
    """The units of each hidden layer: whole numbers from 1 to `high`."""

    high: int

    def __call__(self, name: str, value: Sequence[int]) -> tuple[int, ...]:
        """Return the checked values."""
        return tuple(int(Interval(1, self.high)(name, Whole(1)(name, units))) for units in value)


class Hyperparameter(NamedTuple):
    """A hyperparameter of a class of agents.

    Attributes:
        default: The default value.
        check: Returns the checked value, given the name and a value, or raises an `AgentError`.
        description: The first sentence of its entry in the docstring of the class; may be empty.
    """

    default: Any
    check: Callable[[str, Any], Any]
    description: str


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
        check = next(iter(getattr(parameter.annotation, "__metadata__", ())), before and before.check)
        if check is not None:
            text = texts.get(name, before.description if before is not None else "")
            found[name] = Hyperparameter(parameter.default, check, text)
    return found


def descriptions(docstring: str | None) -> dict[str, str]:
    """Return the first sentence of each entry below "Args:" in a docstring, by the name of the argument."""
    _, _, section = inspect.cleandoc(docstring or "").partition("\nArgs:\n")
    section = re.split(r"\n(?=\S)", section)[0]
    entries = re.findall(r"^    (\w+): (.+(?:\n {8}.+)*)", section, re.M)
    return {name: re.split(r"\.(?:\s|$)", " ".join(text.split()))[0] for name, text in entries}
