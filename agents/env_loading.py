"""Creating the environment that a memory file describes: registered ids and Gymnasium's own wrappers only."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

import gymnasium as gym
from gymnasium.envs.registration import EnvSpec, WrapperSpec, load_env_creator

from .env_changes import Env, layers
from .errors import AgentError, MemoryFileError, UnregisteredError
from .files import parse_json

MAX_EPISODE_STEPS = 1_000_000  # a longer time limit in a file is rejected
MAX_TEXT = 100_000  # characters of a spec
MAX_PLAIN = 8_192  # numbers and characters in the arguments of an environment or a wrapper
MAX_DEPTH = 8  # of lists in the arguments
MAX_WHOLE = 1 << 32  # of a whole number in the arguments
MAX_WRAPPERS = 16
MAX_SIZE = 1 << 24  # of an observation that a wrapper makes
PASS_ENV = "in Python, pass the environment: load(path, env=...)"

TIME_LIMIT = "TimeLimit"
GUARDS = (
    "PassiveEnvChecker",
    "OrderEnforcing",
    TIME_LIMIT,
)  # in the order in which `gymnasium.make` adds them
# Wrappers that have plain arguments, write no files, and keep nothing from one episode to the next.
WRAPPERS = {
    *GUARDS,
    *("AddRenderObservation", "AtariPreprocessing", "Autoreset", "ClipAction", "ClipReward"),
    *("DelayObservation", "DiscretizeAction", "DiscretizeObservation", "FilterObservation"),
    *("FlattenObservation", "FrameStackObservation", "GrayscaleObservation", "MaxAndSkipObservation"),
    *("RecordEpisodeStatistics", "RepeatAction", "RescaleAction", "RescaleObservation"),
    *("ReshapeObservation", "ResizeObservation", "StickyAction", "TimeAwareObservation"),
}


def env_of(path: Path, description: Mapping[str, Any], render_mode: str | None = None) -> Env:
    """Create the environment of the description in a memory file. See `make_from_json`."""
    about = description.get("environment", {})
    return make_from_json(path, description.get("env"), about if isinstance(about, dict) else {}, render_mode)


def make_from_json(path: Path, text: Any, about: Mapping[str, Any], render_mode: str | None = None) -> Env:
    """Create the environment that a saved spec describes.

    Entry points in the file are ignored, so that no code of the file runs, and nothing is imported because
    the file says so.

    Args:
        path: The file, for messages.
        text: The spec as JSON, or None.
        about: As in `SavedEnv.about`; may be empty.
        render_mode: The render mode of the environment, if it has that render mode.

    Raises:
        AgentError: If there is no spec, or the environment cannot be created.
        UnregisteredError: If the id is not registered.
        MemoryFileError: If the spec is not valid.
    """
    if text is None:
        env, reason = about.get("env"), about.get("reason")
        trained = f"trained in {env:.200}, which" if isinstance(env, str) else "contains no environment that"
        because = f": {reason:.500}" if isinstance(reason, str) else ""
        raise AgentError(f"{path}: {trained} cannot be created from the file{because}; {PASS_ENV}")
    try:
        return make_env(text, render_mode)
    except UnregisteredError as error:
        module = _module_name(about.get("module"))
        advice = f"import {module or 'the package that registers the environment'} first, or {PASS_ENV}"
        raise UnregisteredError(f"{path}: {error.found}", advice, module) from None
    except AgentError as error:
        raise type(error)(f"{path}: {error}; {PASS_ENV}") from None


def make_env(text: Any, render_mode: str | None = None) -> Env:
    """Create the environment of a spec as JSON.

    Raises:
        AgentError: If the environment cannot be created.
        UnregisteredError: If the id is not registered.
        MemoryFileError: If the spec is not valid.
    """
    spec = checked_spec(text)
    guards = (not spec.disable_env_checker) + spec.order_enforce + (spec.max_episode_steps is not None)
    try:
        options = {"render_mode": render_mode} if render_mode in _render_modes(spec) else {}
        env: Env = gym.make(replace(spec, additional_wrappers=()), **options)
        included = [type(layer).__name__ for layer in layers(env)[1:]][: len(layers(env)) - 1 - guards]
        names = [wrapper.name for wrapper in spec.additional_wrappers[: len(included)]]
        if included != names:
            raise AgentError(f"{spec.id}: expected the wrappers {names}, now registered with {included}")
        for wrapper in spec.additional_wrappers[len(included) :]:
            env = _wrapped(env, wrapper)
    except AgentError:
        raise
    except Exception as error:  # a foreign constructor can raise anything
        reason = f"{type(error).__name__}: {str(error)[:200]}"
        raise AgentError(f"{spec.id} cannot be created with the saved arguments; {reason}") from None
    return env


def _render_modes(spec: EnvSpec) -> list[str]:
    """Return the render modes of an environment."""
    creator = load_env_creator(spec.entry_point) if isinstance(spec.entry_point, str) else spec.entry_point
    metadata = getattr(creator, "metadata", {})
    modes: list[str] = metadata.get("render_modes", []) if isinstance(metadata, dict) else []
    return modes


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
    return replace(
        registered,
        max_episode_steps=None if limit is None else _checked_limit(limit),
        kwargs={**registered.kwargs, **without_render_mode(checked_arguments(env_id, fields.get("kwargs")))},
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
        raise ValueError(f"expected whole numbers up to {MAX_WHOLE:,}, got {value:.3g}")
    return 1


def _checked_limit(limit: Any) -> int:
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


def _wrapped(env: Env, wrapper: WrapperSpec) -> Env:
    """Return the environment in one of Gymnasium's wrappers.

    Raises:
        AgentError: If the wrapper is another one, or would make very large observations.
    """
    module, _, name = wrapper.entry_point.partition(":")
    if not module.startswith("gymnasium.wrappers.") or name not in WRAPPERS or wrapper.kwargs is None:
        raise AgentError(f"the wrapper {wrapper.entry_point!r} cannot be created from a file")
    if name == TIME_LIMIT:
        _checked_limit(wrapper.kwargs.get("max_episode_steps"))
    elif name in ("FrameStackObservation", "ResizeObservation", "AtariPreprocessing"):
        size = prod(max(1, abs(number)) for number in _whole_numbers(wrapper.kwargs))
        size *= prod(env.observation_space.shape or ()) if name == "FrameStackObservation" else 1
        if size > MAX_SIZE:
            raise AgentError(f"{name}: expected observations of up to {MAX_SIZE:,} numbers, got {size:,}")
    kind: Any = getattr(gym.wrappers, name)
    wrapped: Env = kind(env, **{name: _as_tuple(value) for name, value in wrapper.kwargs.items()})
    return wrapped


def _as_tuple(value: Any) -> Any:
    """Return a list as a tuple, which Gymnasium's wrappers expect."""
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value


def _whole_numbers(value: Any) -> Iterator[int]:
    """Yield the whole numbers in a JSON value."""
    if isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _whole_numbers(part)
    elif isinstance(value, int):
        yield value


def without_render_mode(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of an environment without its render mode."""
    return {name: value for name, value in arguments.items() if name != "render_mode"}


def _module_name(module: Any) -> str | None:
    """Return the name of a module in a file, which appears in a message only, or None if it is no name."""
    fits = isinstance(module, str) and len(module) <= 100 and all(map(str.isidentifier, module.split(".")))
    return str(module) if fits else None
