"""Creating the environment that a memory file describes: registered ids and Gymnasium's own wrappers only."""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

import gymnasium as gym
from gymnasium.envs.registration import EnvSpec, WrapperSpec, load_env_creator

from .env_changes import Env, layers
from .errors import AgentError, UnregisteredError
from .spec_checks import checked_limit, checked_spec

MAX_SIZE = 1 << 22  # of an observation that a wrapper makes
MAX_REPEATS = 1_000  # of an action in a wrapper
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
        spec = checked_spec(text)
        if spec.additional_wrappers or spec.kwargs != gym.registry[spec.id].kwargs:
            _try(make_quietly(text))
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
        options: dict[str, Any] = {"render_mode": render_mode} if render_mode in _render_modes(spec) else {}
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
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise AgentError(f"{spec.id} cannot be created with the saved arguments; {reason}") from None
    return env


def make_quietly(text: str, render_mode: str | None = None) -> Env:
    """Create the environment of a spec as `make_env`, without warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make_env(text, render_mode)


def _try(env: Env) -> None:
    """Take a step in an environment: some constructors accept arguments that make `step` fail.

    Raises:
        AgentError: If the environment does not run.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            env.reset(seed=0)
            env.step(env.action_space.sample())
    except Exception as error:  # a foreign environment can raise anything
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise AgentError(f"{env} does not run with the saved arguments; {reason}") from None


def _render_modes(spec: EnvSpec) -> list[str]:
    """Return the render modes of an environment."""
    creator = load_env_creator(spec.entry_point) if isinstance(spec.entry_point, str) else spec.entry_point
    metadata = getattr(creator, "metadata", {})
    modes: list[str] = metadata.get("render_modes", []) if isinstance(metadata, dict) else []
    return modes


def _wrapped(env: Env, wrapper: WrapperSpec) -> Env:
    """Return the environment in one of Gymnasium's wrappers.

    Raises:
        AgentError: If the wrapper is not one of `WRAPPERS`, or would make very large observations.
    """
    module, _, name = wrapper.entry_point.partition(":")
    if not module.startswith("gymnasium.wrappers.") or name not in WRAPPERS or wrapper.kwargs is None:
        raise AgentError(f"the wrapper {wrapper.entry_point!r} cannot be created from a file")
    if name == TIME_LIMIT:
        checked_limit(wrapper.kwargs.get("max_episode_steps"))
    elif name in ("RepeatAction", "MaxAndSkipObservation", "AtariPreprocessing"):
        repeats = max(_whole_numbers(wrapper.kwargs), default=1)
        if repeats > MAX_REPEATS:
            raise AgentError(f"{name}: expected up to {MAX_REPEATS:,} repeats of an action, got {repeats:,}")
    elif name in ("FrameStackObservation", "ResizeObservation"):
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


def _module_name(module: Any) -> str | None:
    """Return the name of a module in a file, which appears in a message only, or None if it is no name."""
    fits = isinstance(module, str) and len(module) <= 100 and all(map(str.isidentifier, module.split(".")))
    return str(module) if fits else None
