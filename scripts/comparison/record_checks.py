"""Checks of the records of trials, which are read from files: types, ranges, and what must agree."""

import json
import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from cookie_jar.scripts.comparison.algorithms import ALGORITHMS
from cookie_jar.scripts.comparison.settings import MAX_TIMESTEPS

if TYPE_CHECKING:
    from cookie_jar.scripts.comparison.trials import Trial, TrialRecord

MAX_EVALUATIONS = 100_000  # evaluations of a run
MAX_SEED = (1 << 32) - 1  # of PyTorch and of NumPy's older generators
LARGEST = 1e15  # absolute value of a return, a length, or a number of seconds or bytes
ROUNDING = 1e-6  # by which an exact evaluation may exceed its bounds, relative or absolute


class Field(NamedTuple):
    """The values that a field accepts, and their description for messages."""

    expected: str
    accepts: Callable[[Any], bool]


def _whole(low: int, high: int) -> Field:
    expected = f"a whole number from {low:,} to {high:,}"
    return Field(expected, lambda value: type(value) is int and low <= value <= high)


def _number(low: float = -LARGEST, high: float = LARGEST, *, unknown: bool = False) -> Field:
    """Return the field of numbers; where `unknown`, NaN is accepted too."""

    def accepts(value: Any) -> bool:
        is_number = type(value) in (int, float)
        return is_number and (low <= value <= high or (unknown and value != value))  # NaN

    return Field(f"a number from {low:g} to {high:g}{' or NaN' if unknown else ''}", accepts)


def _text(most: int, least: int = 0) -> Field:
    expected = f"a text of {least} to {most:,} characters"
    return Field(expected, lambda value: isinstance(value, str) and least <= len(value) <= most)


def _or_none(field: Field) -> Field:
    return Field(f"{field.expected} or null", lambda value: value is None or field.accepts(value))


def _is_settings(value: Any) -> bool:
    """Return whether a value has the form of settings: finite plain values by name."""
    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and isinstance(value.get("env_kwargs", {}), dict)


TRIAL = {
    "env_id": _text(200, 1),
    "algorithm": Field(f"one of {', '.join(ALGORITHMS)}", lambda v: isinstance(v, str) and v in ALGORITHMS),
    "seed": _whole(0, (1 << 63) - 1),
    "timesteps": _whole(1, MAX_TIMESTEPS),
    "settings": Field("settings by name", _is_settings),
    "n_evaluations": _whole(1, MAX_EVALUATIONS),
    "variant": _text(10_000),
}
POINT = {
    "steps": _whole(0, 2 * MAX_TIMESTEPS),
    "seconds": _number(0),
    "cpu_seconds": _number(0),
    "greedy": _number(),
    "exploring": _number(unknown=True),
    "success": _number(-ROUNDING, 1 + ROUNDING, unknown=True),
    "length": _number(0),
}
RECORD = {
    "random": _number(unknown=True),
    "optimum": _or_none(_number()),
    "method": _text(1_000),
    "peak_memory": _or_none(_whole(0, int(LARGEST))),
    "startup": _number(0),
    "made_with": _text(10_000),
    "error": _or_none(_text(1_000_000)),
}


def check_trial(trial: "Trial") -> None:
    """Check all values of a trial.

    Raises:
        ValueError: If a value has the wrong type or is out of its range.
    """
    _check_fields(trial, TRIAL)


def check_record(record: "TrialRecord") -> None:
    """Check all values of a record.

    Raises:
        ValueError: If a value has the wrong type, is out of its range, or disagrees with another value.
    """
    check_trial(record.trial)
    _check_fields(record, RECORD)
    if record.error is not None:
        _expect(not record.evaluations, "no evaluations of a run that failed")
        return
    _expect(not math.isnan(record.random), "a finite return of the random policy, got NaN")
    for number, point in enumerate(record.evaluations):
        _check_fields(point, POINT, f"evaluation {number}: ")
    _check_curve(record)
    if record.optimum is not None:
        most = record.optimum + ROUNDING * (1 + abs(record.optimum))
        returns = [record.random, *(p.greedy for p in record.evaluations)]
        returns += [p.exploring for p in record.evaluations if not math.isnan(p.exploring)]
        _expect(max(returns) <= most, f"returns up to the optimum {record.optimum:g}, got {max(returns):g}")


def _check_curve(record: "TrialRecord") -> None:
    points, most = record.evaluations, record.trial.n_evaluations + 1
    _expect(0 < len(points) <= most, f"1 to {most:,} evaluations, got {len(points):,}")
    for earlier, later in pairwise(points):
        _expect(earlier.steps < later.steps, f"increasing steps, got {later.steps} after {earlier.steps}")
        in_order = earlier.seconds <= later.seconds and earlier.cpu_seconds <= later.cpu_seconds
        _expect(in_order, f"increasing seconds, got smaller ones at step {later.steps}")
    last, timesteps = points[-1].steps, record.trial.timesteps
    _expect(last >= timesteps, f"a last evaluation at step {timesteps:,} or later, got {last:,}")


def _check_fields(values: Any, fields: Mapping[str, Field], where: str = "") -> None:
    for name, field in fields.items():
        value = getattr(values, name)
        if not field.accepts(value):
            raise ValueError(f"{where}{name}: expected {field.expected}, got {repr(value)[:80]}")


def _expect(condition: bool, expected: str) -> None:
    if not condition:
        raise ValueError(f"expected {expected}")
