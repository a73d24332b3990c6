"""The settings of an algorithm, from files and from the command line: names and values, checked.

Hyperparameters of this package are converted as the agents declare them, those of Stable-Baselines3 here.
"""

import inspect
import json
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from cookie_jar.agents import Agent
from cookie_jar.agents.errors import AgentError, shown
from cookie_jar.agents.hyperparameters import Flag, Hyperparameter, Whole
from cookie_jar.scripts.sb3.training import LIBRARY, ZOO_SETTINGS

MAX_TIMESTEPS = 10**12
SB3_FLAGS = ("use_rms_prop", "use_sde", "normalize_advantage", "optimize_memory_usage")
SB3_POLICIES = ("MlpPolicy", "CnnPolicy", "MultiInputPolicy")
SB3_FIXED = ("self", "env", "seed", "device", "verbose", "tensorboard_log", "_init_setup_model")
N_TIMESTEPS = Hyperparameter(1, Whole(1, MAX_TIMESTEPS), "")
N_ENVS = Hyperparameter(1, Whole(1, 1 << 16), "")
FLAG = Hyperparameter(False, Flag(), "")

EXPECTED_BY_SB3 = {
    "policy": f"one of {', '.join(SB3_POLICIES)}",
    "policy_kwargs": "options by name (text is never evaluated)",
    "env_wrapper": "no wrapper other than cookie_jar.scripts.sb3.zoo.Factors",
    **dict.fromkeys(SB3_FIXED, "no value: the program sets it"),
}

Kind = type[Agent] | str  # a class of this package, or the name of a class of Stable-Baselines3


def parse_setting(kind: Kind, name: str, value: Any) -> Any:
    """Return a value as the algorithm takes it; texts such as "1e-3", ".1" and "no" are converted.

    Args:
        kind: The algorithm.
        name: The name of the setting.
        value: A text or a plain value.

    Raises:
        AgentError: If the algorithm does not take the value, or has no such setting.
    """
    if name == "env_kwargs":
        if not isinstance(value, dict):
            raise AgentError(f"env_kwargs: expected options of the environment by name, got {shown(value)}")
        return value
    if isinstance(kind, str):
        return _parse_sb3(name, value)
    check_name(name, kind.hyperparameters, without=("seed",))
    parsed = kind.hyperparameters[name].parse(name, value)
    return list(parsed) if isinstance(parsed, tuple) else parsed


def effective(kind: Kind, settings: Mapping[str, Any]) -> str:
    """Return settings with the defaults of the algorithm as text; equal texts mean equal settings."""
    defaults = {} if isinstance(kind, str) else {n: h.default for n, h in kind.hyperparameters.items()}
    return canonical(defaults | dict(settings))


def canonical(value: Any) -> str:
    """Return a plain value as text, the same for equal values: 1.0 is 1, keys are sorted."""

    def plain(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: plain(inner) for name, inner in part.items()}
        if isinstance(part, (list, tuple)):
            return [plain(inner) for inner in part]
        return int(part) if isinstance(part, float) and part.is_integer() else part

    return json.dumps(plain(value), sort_keys=True)


def check_names(kind: Kind, names: Collection[str]) -> None:
    """Check the names of settings; Stable-Baselines3 is imported for its own.

    Raises:
        AgentError: If the algorithm has no setting of a name.
    """
    for name in names:
        if not isinstance(kind, str):
            check_name(name, (*kind.hyperparameters, "env_kwargs"), without=("seed",))
        else:
            parameters = inspect.signature(getattr(import_module(LIBRARY[kind]), kind)).parameters
            check_name(name, (*ZOO_SETTINGS, *parameters), without=SB3_FIXED)


def check_name(name: str, known: Collection[str], without: Collection[str]) -> None:
    """Check that a name is known.

    Args:
        name: The name.
        known: The names that are known.
        without: Known names that cannot be set here.

    Raises:
        AgentError: If the name is not among them; the message has similar names.
    """
    names = [other for other in known if other not in without]
    if name not in names:
        similar = get_close_matches(name, names) or names
        raise AgentError(f"{shown(name)}: expected a hyperparameter such as {', '.join(similar)}")


def _parse_sb3(name: str, value: Any) -> Any:
    """Return a setting of Stable-Baselines3; its own checks follow when the model is created."""
    if name in SB3_FLAGS:
        return FLAG.parse(name, value)
    if name == "n_envs":
        return N_ENVS.parse(name, value)
    if name == "policy" and value in SB3_POLICIES:
        return value
    if name == "policy_kwargs" and isinstance(value, dict):
        return value
    parsed = _from_text(value.strip()) if isinstance(value, str) else value
    if name in SB3_FIXED or isinstance(parsed, (str, bool, dict)) or name in ("policy", "policy_kwargs"):
        hint = "; schedules are not supported" if isinstance(value, str) and value.startswith("lin_") else ""
        expected = EXPECTED_BY_SB3.get(name, "a number")
        raise AgentError(f"{name}: expected {expected}, got {shown(value)}{hint}")
    return parsed


def _from_text(text: str) -> Any:
    return None if text.lower() in ("none", "null") else Whole(0).from_text(text)
