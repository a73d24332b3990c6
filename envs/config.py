"""The options of an environment, validated and stored as one value."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from .dynamics import Cookie, Happiness
from .errors import OptionError
from .kitchen import Kitchen, find_kitchen
from .levels import level_kitchen

MAX_HAPPINESS = 1_000_000  # limit that keeps sums over an episode precise


class EnvConfig(NamedTuple):
    """The options that a world is compiled from; equal configurations share one world."""

    kitchen: Kitchen
    likes: Cookie
    clumsiness: float
    shuffle_cookies: bool
    random_start: bool
    hints: bool
    happiness: Happiness


def make_config(
    *,
    kitchen: str = "home",
    likes: str = "chocolate chip",
    clumsiness: float = 0.0,
    shuffle_cookies: bool = False,
    random_start: bool = False,
    hints: bool = False,
    happiness: Mapping[str, float] | None = None,
) -> EnvConfig:
    """Validate the options of an environment, all of which can be written as JSON.

    Args:
        kitchen: The name of a kitchen, or a map as text.
        likes: The cookie that the child likes: "chocolate chip", "raisin" or "plain".
        clumsiness: The probability, in [0, 1), that a walk goes in a perpendicular direction.
        shuffle_cookies: Whether the cookies are in a random order in each episode.
        random_start: Whether child and chair start anywhere instead of on S and C.
        hints: Whether rewards include potential-based shaping ("warmer, colder").
        happiness: Values that replace some of the defaults in `Happiness`.

    Raises:
        OptionError: If an option has an impossible value.
        KitchenError: If the map is malformed or cannot be solved.
    """
    return EnvConfig(
        kitchen=find_kitchen(kitchen),
        likes=_cookie(likes),
        clumsiness=_probability(clumsiness),
        shuffle_cookies=_flag("shuffle_cookies", shuffle_cookies),
        random_start=_flag("random_start", random_start),
        hints=_flag("hints", hints),
        happiness=_happiness({} if happiness is None else happiness),
    )


def checked_config(options: Mapping[str, Any], levels: tuple[int, int] | None = None) -> EnvConfig:
    """Return the configuration for the options of an environment; with levels, that of the first level.

    Raises:
        OptionError: If an option does not exist or has an impossible value.
        KitchenError: If the map is malformed or cannot be solved.
    """
    known = make_config.__kwdefaults__ or {}
    if options.keys() - known.keys():
        names, unknown = ", ".join(known), ", ".join(sorted(options.keys() - known.keys()))
        raise OptionError(f"expected options among {names}; got {unknown}")
    if levels is None:
        return make_config(**options)
    if "kitchen" in options:
        raise OptionError("kitchen: expected no kitchen together with levels, which have their own kitchens")
    return make_config(kitchen=str(level_kitchen(levels[0])), **options)


def _cookie(name: str) -> Cookie:
    for cookie in Cookie:
        if name == cookie.label:
            return cookie
    raise OptionError(f"likes: expected one of {', '.join(c.label for c in Cookie)}, got {name!r}")


def _to_float(value: object) -> float:
    """Return the value as a float: infinite if it is too large, NaN if it is not a number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return math.nan
    return float(value) if -MAX_HAPPINESS <= value <= MAX_HAPPINESS else math.inf


def _probability(value: float) -> float:
    number = _to_float(value)
    if not 0 <= number < 1:
        raise OptionError(f"clumsiness: expected a probability from 0 to below 1, got {value!r}")
    return number


def _flag(name: str, value: bool) -> bool:
    if not isinstance(value, (bool, np.bool_)):
        raise OptionError(f"{name}: expected True or False, got {value!r}")
    return bool(value)


def _happiness(changes: Mapping[str, float]) -> Happiness:
    if not isinstance(changes, Mapping):
        raise OptionError(f"happiness: expected a dict of names and numbers, got {changes!r}")
    for name, value in changes.items():
        if name not in Happiness._fields:
            raise OptionError(f"happiness: expected names among {', '.join(Happiness._fields)}, got {name!r}")
        if not math.isfinite(_to_float(value)):
            raise OptionError(
                f"happiness: expected a number of at most {MAX_HAPPINESS:,} for {name!r}, got {value!r}"
            )
    return Happiness(**{name: float(value) for name, value in changes.items()})
