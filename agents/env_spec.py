"""The saved description of an environment: a spec that recreates it, or the reason why there is none."""

import json
from collections.abc import Sized
from dataclasses import asdict, replace
from hashlib import sha256
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from gymnasium.envs.registration import EnvSpec, WrapperSpec

from .env_changes import Env, differences, layers, model_arrays
from .env_loading import GUARDS, TIME_LIMIT, make_quietly
from .errors import AgentError
from .spec_checks import without_render_mode
from .wrappers import class_name

MAX_HASHED = 10_000  # states of a `P` that is hashed as a whole


class SavedEnv(NamedTuple):
    """What is saved of an environment.

    Attributes:
        spec: An `EnvSpec` as JSON from which the same environment can be created, or None if there is none.
        about: What else is known: "module", where a foreign environment is registered; if there is no spec,
            also "env", the environment as text, "reason", and "model", a hash of its tabular model.
    """

    spec: str | None
    about: dict[str, str | None]


class EnvRecord:
    """Finds out what to save of an environment.

    Args:
        env: The environment.
    """

    def __init__(self, env: Env) -> None:
        self._env = env
        self._spec = ""
        self._again = env  # a new environment from the spec, which is never stepped

    def saved(self) -> SavedEnv:
        """Return what to save of the environment as it is now."""
        module = foreign_module(self._env)
        about: dict[str, str | None] = {} if module is None else {"module": module}
        try:
            spec = spec_json(self._env)
            self._compare(spec)
        except Exception as error:  # a foreign environment can raise anything
            reason = str(error) if isinstance(error, AgentError) else f"{type(error).__name__}: {error}"
            about |= {"env": str(self._env)[:200], "reason": reason[:500], "model": _model_hash(self._env)}
            return SavedEnv(None, about)
        return SavedEnv(spec, about)

    def _compare(self, spec: str) -> None:
        """Compare the environment with a new environment from the spec.

        Raises:
            AgentError: If they differ.
        """
        mode = self._env.unwrapped.render_mode
        mode = "rgb_array" if mode == "human" else mode  # other attributes may depend on the mode
        if spec != self._spec:
            self._again = make_quietly(spec, mode)
            self._spec = spec
        changed = differences(self._env, self._again, lambda: make_quietly(spec, mode))
        if changed:
            raise AgentError(
                "a new environment with the same arguments differs, because its construction is random or it "
                f"was changed afterwards: {', '.join(changed)}"
            )


def spec_json(env: Env) -> str:
    """Return the spec of an environment as JSON, in the form of `EnvSpec.to_json`.

    A time limit that is not directly around the guards of `gymnasium.make` is listed among the wrappers, so
    that the order is kept. The render mode is left out, and so are wrappers that only record or show.

    Raises:
        AgentError: If the environment was not created by `gymnasium.make`, an argument is not plain, or a
            wrapper does not record its arguments.
    """
    fields = asdict(_spec(env))
    for name in ("namespace", "name", "version"):
        del fields[name]
    for name in ("entry_point", "vector_entry_point"):
        fields[name] = fields[name] if isinstance(fields[name], str) else None
    return json.dumps(fields, allow_nan=False)


def env_key(env: Env) -> str | None:
    """Return a text that is the same for environments with the same spec, or None without a spec."""
    try:
        return spec_json(env)
    except AgentError:
        return None


def same_env(mine: str | None, other: str | None) -> bool:
    """Return whether two specs describe the same environment, whatever class is registered for it."""
    return mine is not None and other is not None and _compared(mine) == _compared(other)


def foreign_module(env: Env) -> str | None:
    """Return the module of a foreign environment that was registered, or None."""
    spec = env.unwrapped.spec
    entry = None if spec is None else spec.entry_point
    module = entry.partition(":")[0] if isinstance(entry, str) else getattr(entry, "__module__", None)
    known = ("gymnasium", __name__.partition(".")[0], "__main__")
    return None if module is None or module.partition(".")[0] in known else str(module)


def _spec(env: Env) -> EnvSpec:
    """Return the spec of an environment with plain arguments and all of its wrappers."""
    base = env.unwrapped.spec
    if base is None:
        raise AgentError("it was not created by gymnasium.make")
    wrappers: Any = layers(env)[1:]
    names = [_library_name(wrapper) for wrapper in wrappers]
    start = end = next((number for number, name in enumerate(names) if name in GUARDS), 0)
    guards: dict[str, Any] = {}
    for name in GUARDS:
        if end < len(names) and names[end] == name:
            guards[name] = wrappers[end]
            end += 1
    return replace(
        base,
        max_episode_steps=guards[TIME_LIMIT]._max_episode_steps if TIME_LIMIT in guards else None,
        order_enforce="OrderEnforcing" in guards,
        disable_env_checker="PassiveEnvChecker" not in guards,
        kwargs=_plain_arguments("its", without_render_mode(base.kwargs)),
        additional_wrappers=(
            *(_named(wrapper) for wrapper in wrappers[:start]),  # included in the registered environment
            *(_described(wrapper) for wrapper in wrappers[end:]),
        ),
    )


def _named(wrapper: gym.Wrapper[Any, Any, Any, Any]) -> WrapperSpec:
    kind = type(wrapper)
    return WrapperSpec(kind.__name__, f"{kind.__module__}:{kind.__name__}", None)


def _described(wrapper: gym.Wrapper[Any, Any, Any, Any]) -> WrapperSpec:
    """Return the spec of a wrapper with its arguments."""
    if _library_name(wrapper) == TIME_LIMIT:
        limit = {"max_episode_steps": wrapper._max_episode_steps}  # type: ignore[attr-defined]
        return WrapperSpec(TIME_LIMIT, f"gymnasium.wrappers.common:{TIME_LIMIT}", limit)
    spec = _named(wrapper)
    if not isinstance(wrapper, gym.utils.RecordConstructorArgs):
        raise AgentError(
            f"its wrapper {spec.name} does not inherit from gymnasium.utils.RecordConstructorArgs"
        )
    arguments = {name: value for name, value in wrapper._saved_kwargs.items() if name != "env"}
    return replace(spec, kwargs=_plain_arguments(f"the {spec.name}'s", arguments))


def _plain_arguments(whose: str, arguments: Any) -> dict[str, Any]:
    plain = {}
    for name, value in arguments.items():
        try:
            plain[name] = _plain(value)
        except TypeError as error:
            raise AgentError(f"{whose} argument {name} cannot be written to a file: {error}") from None
    return plain


def _plain(value: Any) -> Any:
    """Return a value as JSON has it.

    Raises:
        TypeError: If the value is not plain.
    """
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, dict) and all(type(key) is str for key in value):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, float) and not np.isfinite(value):
        raise TypeError(f"expected a finite number, got {value}")
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"expected a plain value, got one of type {type(value).__name__}")


def _compared(text: str) -> dict[str, Any]:
    """Return the fields of a spec that describe the environment."""
    fields = json.loads(text)
    names = ("id", "max_episode_steps", "order_enforce", "disable_env_checker", "additional_wrappers")
    return {name: fields[name] for name in names} | {"kwargs": without_render_mode(fields["kwargs"])}


def _library_name(layer: Env) -> str | None:
    """Return the name of a wrapper of Gymnasium, also if rl_zoo3 has replaced it, or None."""
    library, _, name = class_name(type(layer)).partition(".")
    return name.removeprefix("Patched") if library in ("gymnasium", "rl_zoo3") else None


def _model_hash(env: Env) -> str | None:
    """Return a hash of the tabular model or of the transitions `P`."""
    arrays = [np.ascontiguousarray(array).tobytes() for array in model_arrays(env)]
    try:
        transitions = env.unwrapped.P  # type: ignore[attr-defined]
    except Exception:  # there is none, or a foreign property raises
        transitions = None
    if not arrays and transitions is None:
        return None
    if isinstance(transitions, Sized) and len(transitions) > MAX_HASHED:
        transitions = len(transitions)
    return sha256(b"".join(arrays) + repr(transitions).encode()).hexdigest()[:16]
