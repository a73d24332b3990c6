"""Environment specs in memory files: what is saved of an environment, and creating the environment again."""

import json
from pathlib import Path
from typing import Any

import gymnasium as gym

from .errors import AgentError, MemoryFileError

MAX_EPISODE_STEPS = 1_000_000  # a longer time limit in a file is rejected


def spec_json(env: gym.Env[Any, Any]) -> str | None:
    """Return the spec of an environment as JSON, or None if it has none that can be written."""
    try:
        return None if env.spec is None else env.spec.to_json()
    except ValueError:  # the entry point or an option is not a plain value
        return None


def make_from_json(path: Path, text: Any) -> gym.Env[Any, Any]:
    """Create the environment that a saved spec describes.

    Only registered ids are accepted: an entry point in the file is ignored, so that no code of the file runs.

    Args:
        path: The file, for messages.
        text: The spec, as from `spec_json`.

    Raises:
        AgentError: If there is no spec, or its id is not registered.
        MemoryFileError: If the time limit is out of range.
    """
    if not isinstance(text, str):
        raise AgentError(f"{path}: contains no environment; pass one: load(path, env=...)")
    spec = json.loads(text)
    env_id, limit = str(spec["id"]), spec["max_episode_steps"]
    if env_id not in gym.registry:
        raise AgentError(f"{path}: trained in {env_id!r}, which is not registered; import its package first")
    if limit is not None and (not isinstance(limit, int) or not 1 <= limit <= MAX_EPISODE_STEPS):
        raise MemoryFileError(f"{path}: expected a time limit of at most {MAX_EPISODE_STEPS}, got {limit!r}")
    return gym.make(env_id, max_episode_steps=limit, **spec["kwargs"])
