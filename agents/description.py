"""The description in a memory file, as checked values: a file can hold anything."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .errors import AgentError, MemoryFileError, shown
from .hyperparameters import Hyperparameter

MACHINE = "machine"  # key of the parts of the machine that matter; earlier versions do not write this key
MAX_COUNT = 1 << 62  # of steps and episodes: compiled loops add to them
MAX_NOTES = 10_000  # values in the notes
MAX_DEPTH = 20  # of lists in the notes


class Description(NamedTuple):
    """What a file says about an agent, apart from its arrays.

    Attributes:
        settings: The values of the hyperparameters by name.
        env: The spec of the environment as JSON, or None.
        about: See `env_spec.SavedEnv`; empty in files of earlier versions.
        num_timesteps: The number of steps learned from.
        num_episodes: The number of episodes finished while learning.
        random_state: The state of the random number generator.
        progress: The state of the running episode or rollout.
        notes: Plain values that are saved with the agent.
    """

    settings: dict[str, Any]
    env: str | None
    about: dict[str, Any]
    num_timesteps: int
    num_episodes: int
    random_state: dict[str, Any]
    progress: dict[str, Any]
    notes: dict[str, Any]


def checked_description(
    path: Path, found: Mapping[str, Any], hyperparameters: Mapping[str, Hyperparameter]
) -> Description:
    """Return the checked values of a description.

    Args:
        path: The file, for messages.
        found: The description.
        hyperparameters: The hyperparameters of the class of the agent.

    Raises:
        MemoryFileError: If a value is missing or not valid.
    """
    settings = checked_settings(path, found, hyperparameters)
    env, about = found.get("env"), found.get("environment", {})
    if not (env is None or isinstance(env, str)) or not isinstance(about, dict):
        raise MemoryFileError(f"{path}: the description of the environment is damaged: {env!r:.100}")
    versions = table(path, found, "versions")
    if not all(isinstance(number, str) for number in versions.values()):
        raise MemoryFileError(f"{path}: expected versions as text, got {versions!r:.100}")
    checked_machine(path, found)
    notes = checked_notes(path, table(path, found, "notes"))
    return Description(
        settings,
        env,
        about,
        _count(path, found, "num_timesteps"),
        _count(path, found, "num_episodes"),
        checked_random_state(path, table(path, found, "random_state")),
        table(path, found, "progress"),
        notes,
    )


def checked_machine(path: Path, found: Mapping[str, Any]) -> dict[str, str]:
    """Return the parts of the machine that saved the file, by name; empty if the file does not say.

    Raises:
        MemoryFileError: If they are not texts by name.
    """
    saved = table(path, found, MACHINE) if MACHINE in found else {}
    if not all(isinstance(text, str) for text in saved.values()):
        raise MemoryFileError(f"{path}: expected the machine as text, got {saved!r:.100}")
    return saved


def checked_settings(
    path: Path, found: Mapping[str, Any], hyperparameters: Mapping[str, Hyperparameter]
) -> dict[str, Any]:
    """Return the checked values of the hyperparameters of a description, by name.

    Raises:
        MemoryFileError: If a value is missing or not valid, or there are others.
    """
    settings = table(path, found, "hyperparameters")
    if unknown := sorted(settings.keys() - hyperparameters.keys()):
        raise MemoryFileError(f"{path}: unknown hyperparameters: {shown(unknown)}")
    return {name: _setting(path, settings, name, hyperparameters[name]) for name in hyperparameters}


def checked_notes(path: Path, notes: dict[str, Any]) -> dict[str, Any]:
    """Return the notes of an agent, if they can be saved and loaded.

    Raises:
        MemoryFileError: If a value is not plain, or there are too many.
    """
    if _values(notes, MAX_DEPTH) > MAX_NOTES:
        raise MemoryFileError(f"{path}: expected at most {MAX_NOTES:,} values in the notes")
    try:
        json.dumps(notes, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise MemoryFileError(
            f"{path}: expected notes of plain values and finite numbers; {error!s:.200}"
        ) from None
    return notes


def table(path: Path, found: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a value of a description that is a JSON object.

    Raises:
        MemoryFileError: If it is another value.
    """
    value = found.get(name)
    if not isinstance(value, dict):
        raise MemoryFileError(f"{path}: expected {name} by name, got {value!r:.100}")
    return value


def _count(path: Path, found: Mapping[str, Any], name: str) -> int:
    value = found.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MAX_COUNT:
        raise MemoryFileError(f"{path}: {name}: expected a whole number of at least 0, got {value!r:.50}")
    return value


def _setting(path: Path, settings: Mapping[str, Any], name: str, hyperparameter: Hyperparameter) -> Any:
    if name not in settings:
        raise MemoryFileError(f"{path}: expected the hyperparameter {name}, found {', '.join(settings):.200}")
    try:
        return hyperparameter.check(name, settings[name])
    except AgentError as error:
        raise MemoryFileError(f"{path}: {error!s:.300}") from None


def checked_random_state(path: Path, state: dict[str, Any]) -> dict[str, Any]:
    """Return the state of a random number generator that NumPy accepts.

    Raises:
        MemoryFileError: If it is no such state.
    """
    generator = np.random.default_rng(0).bit_generator
    try:
        generator.state = state
    except (TypeError, ValueError, KeyError, OverflowError, AttributeError) as error:
        raise MemoryFileError(f"{path}: the random state is damaged; {error!s:.100}") from None
    if generator.state != state:
        raise MemoryFileError(f"{path}: the random state is damaged: {state!r:.200}")
    return state


def _values(value: Any, depth: int) -> int:
    """Return the number of values in a JSON value; deeper ones count as too many."""
    if not isinstance(value, (list, tuple, dict)):
        return 1
    if depth == 0:
        return MAX_NOTES + 1
    parts = value.values() if isinstance(value, dict) else value
    return 1 + sum(_values(part, depth - 1) for part in parts)
