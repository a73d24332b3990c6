"""Checks of the arguments of environments, before anything changes."""

import math
from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np

from .errors import OptionError, shown, suggestion


def check_choice(option: str, value: object, known: Sequence[str]) -> str:
    """Return the value of an option that is one of some names.

    Raises:
        OptionError: If the value is none of the names.
    """
    if isinstance(value, str) and value in known:
        return str(value)
    hint = suggestion(value, known) if isinstance(value, str) else ""
    raise OptionError(f"{option}: expected one of {', '.join(known)}, got {shown(value)}{hint}")


def check_render_mode(mode: object, known: Sequence[str]) -> str | None:
    """Return the render mode.

    Raises:
        OptionError: If the mode is neither None nor one of the names.
    """
    return None if mode is None else check_choice("render_mode", mode, known)


def check_flag(option: str, value: object) -> bool:
    """Return the value of an option that is true or false.

    Raises:
        OptionError: If the value is not a bool.
    """
    if not isinstance(value, (bool, np.bool_)):
        raise OptionError(f"{option}: expected True or False, got {shown(value)}")
    return bool(value)


def check_integer(option: str, value: object, least: int, most: float = math.inf) -> int:
    """Return the value of an option that is an integer.

    Raises:
        OptionError: If the value is not an integer, too small or too large.
    """
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and least <= value <= most:
        return int(value)
    limits = f"of at least {least}" if math.isinf(most) else f"from {least} to {most:,}"
    raise OptionError(f"{option}: expected an integer {limits}, got {shown(value)}")


def check_reset_options(options: object, known: Sequence[str]) -> dict[str, Any]:
    """Return the known options of a `reset`, with a warning about others.

    Raises:
        OptionError: If the options are not a dict.
    """
    if options is None:
        return {}
    if not isinstance(options, dict):
        raise OptionError(f"reset: expected a dict of options, got {shown(options)}")
    unknown = [name for name in options if name not in known]
    if unknown:
        text = f"reset: ignored the unknown options {shown(unknown)}; known are {', '.join(known)}"
        gym.logger.warn("%s", text, stacklevel=3)
    return {name: options[name] for name in known if name in options}
