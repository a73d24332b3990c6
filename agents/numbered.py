"""Environments that draw their episodes from numbered levels or numbered pictures."""

from copy import deepcopy
from typing import Any

import gymnasium as gym

from .errors import AgentError, shown
from .hyperparameters import Whole

NUMBERED = ("levels", "pictures")


def own_range(env: gym.Env[Any, Any], name: str) -> tuple[int, int] | None:
    """Return the first and the last of the "levels" or "pictures" that an environment draws from, or None."""
    return _range(env, name, name)


def unseen_ranges(env: gym.Env[Any, Any]) -> dict[str, tuple[int, int]]:
    """Return the first and the last of the levels and of the pictures to test on, by name; empty if none."""
    return _ranges(env, {name: f"test_{name}" for name in NUMBERED})


def validation_ranges(env: gym.Env[Any, Any]) -> dict[str, tuple[int, int]]:
    """Return the levels and pictures to evaluate on during training, so that settings can be chosen by them.

    Where an environment has none for this purpose, those to test on are returned.
    """
    own = {name: f"validation_{name}" for name in NUMBERED if hasattr(env.unwrapped, f"validation_{name}")}
    return _ranges(env, {name: own.get(name, f"test_{name}") for name in NUMBERED})


def _ranges(env: gym.Env[Any, Any], attributes: dict[str, str]) -> dict[str, tuple[int, int]]:
    found = {name: _range(env, name, attribute) for name, attribute in attributes.items()}
    return {name: numbers for name, numbers in found.items() if numbers is not None}


def _range(env: gym.Env[Any, Any], name: str, attribute: str) -> tuple[int, int] | None:
    """Return an attribute that is a pair of numbers; other libraries may use its name for something else.

    Environments with levels also have `test_levels`, perhaps `validation_levels`, and are made with the
    option `levels`; those with pictures have `test_pictures`, and the options `pictures` and `observation`.
    """
    found: Any = getattr(env.unwrapped, attribute, None) if hasattr(env.unwrapped, f"test_{name}") else None
    if not (isinstance(found, tuple) and len(found) == 2 and all(type(number) is int for number in found)):
        return None
    first, last = found
    return (first, last) if first <= last and _can_restrict(env) else None


def checked_range(name: str, numbers: Any) -> tuple[int, int]:
    """Return the first and the last number of a range."""
    if not isinstance(numbers, (tuple, list)) or len(numbers) != 2:
        raise AgentError(f"{name}: expected the first and the last of the {name}, got {shown(numbers)}")
    first = Whole(0)(name, numbers[0])
    return first, Whole(first)(name, numbers[1])


def _can_restrict(env: gym.Env[Any, Any]) -> bool:
    """Return whether an environment can be made again with other options and the same wrappers."""
    spec = env.spec
    return spec is not None and all(wrapper.kwargs is not None for wrapper in spec.additional_wrappers)


def seeing_state(env: gym.Env[Any, Any]) -> gym.Env[Any, Any] | None:
    """Return an environment that shows the state instead of pictures, or None if a wrapper prevents that."""
    try:
        return remade(env, {"observation": "factors", "pictures": None})
    except Exception:  # a wrapper for other observations can raise anything
        return None


def remade(env: gym.Env[Any, Any], options: dict[str, Any]) -> gym.Env[Any, Any]:
    """Return the environment, with its wrappers, made again with other options."""
    spec, names = deepcopy(env.spec), " and ".join(options)
    if spec is None:
        raise AgentError(f"expected an environment with a spec, to choose {names}, got {env}")
    spec.kwargs |= {**options, "render_mode": None}
    try:
        return gym.make(spec)
    except TypeError as error:  # no such option
        raise AgentError(f"expected an environment with {names}, got {spec.id}; {error!s:.150}") from error
