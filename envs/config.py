"""The options of an environment, validated and stored as one value."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .checks import check_choice, check_flag, check_integer
from .dynamics import ARRANGEMENTS, Cookie, Happiness, slips
from .errors import OptionError, UnknownOptionError, shown, suggestion
from .kitchen import Kitchen, find_kitchen
from .levels import level_kitchen
from .shaping import HINT_GAMMA

MAX_HAPPINESS = 1_000_000  # limit that keeps sums over an episode precise
MAX_OUTCOMES = 10_000_000  # of all actions in all states: these compile in about a second and 350 MB


class EnvConfig(NamedTuple):
    """The options that a world is compiled from; equal configurations share one world."""

    kitchen: Kitchen
    likes: Cookie
    clumsiness: float
    shuffle_cookies: bool
    random_start: bool
    hints: bool
    happiness: Happiness
    jar_alone: bool = False
    hint_gamma: float = HINT_GAMMA


def make_config(
    *,
    kitchen: str = "home",
    likes: str = "chocolate chip",
    clumsiness: float = 0.0,
    shuffle_cookies: bool = False,
    random_start: bool = False,
    hints: bool = False,
    happiness: Mapping[str, float] | None = None,
    jar_alone: bool = False,
    hint_gamma: float = HINT_GAMMA,
    max_states: int | None = None,
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
        jar_alone: Whether episodes begin on the chair beside the open jar, with the three picks as the only
            actions.
        hint_gamma: The discount factor of the hints, from 0 to 1. Hints leave the optimal policy unchanged
            only for an agent with the same discount factor.
        max_states: The number of states up to which a world is compiled. None stands for 1,000,000, and for
            333,333 with `clumsiness`, which triples the outcomes.

    Raises:
        OptionError: If an option has an invalid value, two options contradict each other, or there are too
            many states.
        KitchenError: If the map is malformed or cannot be solved.
    """
    config = EnvConfig(
        kitchen=find_kitchen(kitchen),
        likes=_cookie(likes),
        clumsiness=_probability(clumsiness),
        shuffle_cookies=check_flag("shuffle_cookies", shuffle_cookies),
        random_start=check_flag("random_start", random_start),
        hints=check_flag("hints", hints),
        happiness=_happiness({} if happiness is None else happiness),
        jar_alone=check_flag("jar_alone", jar_alone),
        hint_gamma=_discount(hint_gamma),
    )
    if config.hint_gamma != HINT_GAMMA and not config.hints:
        raise OptionError("hint_gamma: expected hints=True, because only hints have a discount factor")
    if config.jar_alone and config.random_start:
        raise OptionError("jar_alone: expected no random_start, because child and chair stay beside the jar")
    _check_states(config, max_states)
    return config


def count_states(config: EnvConfig) -> int:
    """Compute the number of states of a world without compiling the world.

    With n cells that the child can reach, there are n (n + 1) places of child and chair, and n more states
    in which the child stands on the chair. The jar is closed, or open with any of the disliked cookies left.
    In the jar alone, only what is left of the disliked cookies differs.
    """
    cells = int(config.kitchen.reachable.sum())
    open_jars = 1 << len(Cookie) - 1
    arrangements = len(ARRANGEMENTS) if config.shuffle_cookies else 1
    return arrangements * (open_jars if config.jar_alone else cells * (cells + 2) * (1 + open_jars))


def _check_states(config: EnvConfig, max_states: object) -> None:
    limit = MAX_OUTCOMES // slips(config.clumsiness)[0].size
    if max_states is not None:
        limit = check_integer("max_states", max_states, 1)
    states = count_states(config)
    if states > limit:
        reason = f"the kitchen has {states:,} states with these options, limit {limit:,}"
        raise OptionError(
            f"max_states: {reason}; raise it with max_states={states}, or choose a smaller kitchen"
        )


def checked_config(
    options: Mapping[str, Any], levels: tuple[int, int] | None = None, others: Sequence[str] = ()
) -> EnvConfig:
    """Return the configuration for the options of an environment; with levels, that of the first level.

    Args:
        options: The options by name.
        levels: The first and the last level, or None for one kitchen.
        others: The names of the further options of the environment, for the error.

    Raises:
        UnknownOptionError: If an option does not exist.
        OptionError: If an option has an invalid value.
        KitchenError: If the map is malformed or cannot be solved.
    """
    known = make_config.__kwdefaults__ or {}
    for name in options:
        if name not in known:
            names = (*known, *others)
            expected = f"expected options among {', '.join(names)}{suggestion(name, names)}"
            raise UnknownOptionError(f"got an unexpected keyword argument {shown(name)}; {expected}")
    if levels is None:
        return make_config(**options)
    if "kitchen" in options:
        raise OptionError("kitchen: expected no kitchen together with levels, which have their own kitchens")
    return make_config(kitchen=str(level_kitchen(levels[0])), **options)


def _cookie(name: object) -> Cookie:
    labels = [cookie.label for cookie in Cookie]
    return Cookie(labels.index(check_choice("likes", name, labels)))


def _to_float(value: object) -> float:
    """Return the value as a float: infinite if it is too large, NaN if it is not a number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return math.nan
    return float(value) if -MAX_HAPPINESS <= value <= MAX_HAPPINESS else math.inf


def _probability(value: object) -> float:
    number = _to_float(value)
    if not 0 <= number < 1:
        raise OptionError(f"clumsiness: expected a probability from 0 to below 1, got {shown(value)}")
    return number


def _discount(value: object) -> float:
    number = _to_float(value)
    if not 0 <= number <= 1:
        raise OptionError(f"hint_gamma: expected a discount factor from 0 to 1, got {shown(value)}")
    return number


def _happiness(changes: Mapping[str, float]) -> Happiness:
    if not isinstance(changes, Mapping):
        raise OptionError(f"happiness: expected a dict of names and numbers, got {shown(changes)}")
    for name, value in changes.items():
        if name not in Happiness._fields:
            raise OptionError(
                f"happiness: expected names among {', '.join(Happiness._fields)}, got {shown(name)}"
            )
        if not math.isfinite(_to_float(value)):
            expected = f"a number from -{MAX_HAPPINESS:,} to {MAX_HAPPINESS:,}"
            raise OptionError(f"happiness: expected {expected} for {name!r}, got {shown(value)}")
    return Happiness(**{name: float(value) for name, value in changes.items()})
