"""Checks of the spec of an environment in a memory file: types, sizes, and that its id is registered."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gymnasium as gym
from gymnasium.envs.registration import EnvSpec, WrapperSpec

from .errors import MemoryFileError, UnregisteredError
from .files import parse_json

MAX_EPISODE_STEPS = 1_000_000  # a longer time limit in a file is rejected
MAX_TEXT = 100_000  # characters of a spec
MAX_PLAIN = 8_192  # numbers and characters in the arguments of an environment or a wrapper
MAX_DEPTH = 8  # of lists in the arguments
MAX_WHOLE = 1 << 32  # of a whole number in the arguments
MAX_WRAPPERS = 16
IGNORED = {"max_states"}  # arguments with which a file could ask for unlimited work


def checked_spec(text: Any) -> EnvSpec:
    """Return the spec of a JSON text, with the entry points that are registered for its id.

    Raises:
        UnregisteredError: If the id is not registered.
        MemoryFileError: If the spec is not valid.
    """
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise MemoryFileError(
            f"expected the spec of an environment, as text of up to {MAX_TEXT:,} characters"
        )
    fields = parse_json(text, "the spec of the environment")
    env_id = fields.get("id") if isinstance(fields, dict) else None
    if not isinstance(env_id, str):
        raise MemoryFileError("the spec of the environment: expected the id of an environment")
    if env_id not in gym.registry:
        raise UnregisteredError(f"trained in {env_id!r:.100}, which is not registered")
    registered, limit = gym.registry[env_id], fields.get("max_episode_steps")
    switches = {
        name: fields.get(name, getattr(registered, name)) for name in ("order_enforce", "disable_env_checker")
    }
    if not all(isinstance(value, bool) for value in switches.values()):
        raise MemoryFileError(f"{env_id}: expected true or false, got {switches}"[:300])
    arguments = without_render_mode(checked_arguments(env_id, fields.get("kwargs")))
    return replace(
        registered,
        max_episode_steps=None if limit is None else checked_limit(limit),
        kwargs=registered.kwargs | {name: v for name, v in arguments.items() if name not in IGNORED},
        additional_wrappers=_checked_wrappers(fields.get("additional_wrappers", [])),
        **switches,
    )


def checked_arguments(owner: str, arguments: Any) -> dict[str, Any]:
    """Return the arguments of an environment or a wrapper, given as JSON values, if they are small.

    Raises:
        MemoryFileError: If they are not a dict, or too large.
    """
    if not isinstance(arguments, dict):
        raise MemoryFileError(f"{owner}: expected arguments by name, got {arguments!r:.100}")
    try:
        size = _size(arguments, MAX_DEPTH)
    except ValueError as error:
        raise MemoryFileError(f"{owner}: {error}") from None
    if size > MAX_PLAIN:
        raise MemoryFileError(
            f"{owner}: expected up to {MAX_PLAIN:,} numbers and characters as arguments, got {size:,}"
        )
    return arguments


def _size(value: Any, depth: int) -> int:
    """Return the number of numbers and characters in a JSON value."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, (list, dict)):
        if depth == 0:
            raise ValueError("expected arguments that are not deeply nested")
        names = sum(map(len, value)) if isinstance(value, dict) else 0
        parts = value.values() if isinstance(value, dict) else value
        return 1 + names + sum(_size(part, depth - 1) for part in parts)
    if isinstance(value, int) and abs(value) > MAX_WHOLE:
        raise ValueError(f"expected whole numbers up to {MAX_WHOLE:,}, got {value!s:.30}")
    return 1


def checked_limit(limit: Any) -> int:
    """Return a time limit.

    Raises:
        MemoryFileError: If it is no whole number, or out of range.
    """
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_EPISODE_STEPS:
        raise MemoryFileError(f"expected a time limit of at most {MAX_EPISODE_STEPS}, got {limit!r:.50}")
    return limit


def _checked_wrappers(wrappers: Any) -> tuple[WrapperSpec, ...]:
    if not isinstance(wrappers, (list, tuple)) or len(wrappers) > MAX_WRAPPERS:
        raise MemoryFileError(f"expected a list of up to {MAX_WRAPPERS} wrappers")
    checked = []
    for wrapper in wrappers:
        names = [wrapper.get(key) for key in ("name", "entry_point")] if isinstance(wrapper, dict) else [None]
        if not all(isinstance(name, str) and len(name) <= 200 for name in names):
            raise MemoryFileError(f"expected wrappers with name and entry point, got {wrapper!r:.100}")
        kwargs = wrapper.get("kwargs")
        arguments = None if kwargs is None else checked_arguments(wrapper["name"], kwargs)
        checked.append(WrapperSpec(wrapper["name"], wrapper["entry_point"], arguments))
    return tuple(checked)


def without_render_mode(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of an environment without its render mode."""
    return {name: value for name, value in arguments.items() if name != "render_mode"}
