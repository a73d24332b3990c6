"""Numbers that a user gives, checked."""

import numpy as np

from .errors import AgentError


def in_range(name: str, value: float, low: float, high: float) -> float:
    """The value, when it lies from low to high.

    Raises:
        AgentError: it does not.
    """
    is_number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:
        raise AgentError(f"{name}: expected a number from {low:g} to {high:g}, got {value!r}")
    return float(value)


def whole(name: str, value: int, low: int) -> int:
    """The value, when it is a whole number of at least low.

    Raises:
        AgentError: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < low:
        raise AgentError(f"{name}: expected a whole number of at least {low}, got {value!r}")
    return int(value)
