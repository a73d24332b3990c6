"""Who takes part in a contest, and with which settings.

The settings are files of RL Zoo's form, one for each contender: the id of an environment, then what differs
from the defaults of the agent; "default" stands for all other environments.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
import yaml

from cookie_jar.agents import PPO, ActorCritic, Agent, ExpectedSarsa, QLearning, Reinforce, Sarsa
from cookie_jar.envs import IDS
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.sb3.training import is_installed

FOLDER = Path(__file__).parents[1] / "hyperparameters"
FACTORS = ("cookie_jar.scripts.sb3.zoo.Factors", "cookie_jar.scripts.guests.zoo.Factors")  # new and old name


class Algorithm(NamedTuple):
    """Somebody who learns.

    Attributes:
        label: for people.
        kind: the agent's class, or the name of an algorithm of Stable-Baselines3.
        speed: about how many steps a second, for estimates of time alone.
        startup: about how many seconds until it learns, likewise.
    """

    label: str
    kind: type[Agent] | str
    speed: float
    startup: float = 1.0

    @property
    def is_numpy(self) -> bool:
        """Whether it learns in NumPy."""
        return not isinstance(self.kind, str)


ALGORITHMS: Mapping[str, Algorithm] = {
    "q-learning": Algorithm("Q-learning", QLearning, 8e6),
    "sarsa": Algorithm("SARSA", Sarsa, 8e6),
    "expected-sarsa": Algorithm("Expected SARSA", ExpectedSarsa, 8e6),
    "reinforce": Algorithm("REINFORCE", Reinforce, 1.1e5),
    "actor-critic": Algorithm("Actor-critic", ActorCritic, 2e5),
    "ppo": Algorithm("PPO", PPO, 1.5e5),
    "ppo-network": Algorithm("PPO, network", PPO, 6e4),
    "sb3-dqn": Algorithm("SB3 DQN", "DQN", 3e3, 3.0),
    "sb3-ppo": Algorithm("SB3 PPO", "PPO", 1.1e4, 3.0),
    "sb3-a2c": Algorithm("SB3 A2C", "A2C", 3e4, 3.0),
    "sb3-qrdqn": Algorithm("SB3 QR-DQN", "QRDQN", 1.3e3, 3.0),
    "sb3-maskable-ppo": Algorithm("SB3 Maskable PPO", "MaskablePPO", 1.5e4, 3.0),
}
NOT_BY_DEFAULT = ("expected-sarsa",)  # unless it is asked for


def available() -> list[str]:
    """Those who take part unless others are asked for: of Stable-Baselines3, what is installed."""
    return [name for name in ALGORITHMS if name not in NOT_BY_DEFAULT and is_available(name)]


def is_available(name: str) -> bool:
    """Whether what it needs is installed."""
    kind = ALGORITHMS[name].kind
    return not isinstance(kind, str) or is_installed(kind)


def known(names: list[str]) -> list[str]:
    """The names, each once, when all of them are contenders.

    Raises:
        UsageError: one is not.
    """
    for name in names:
        if name not in ALGORITHMS:
            raise UsageError(f"--agents: expected some of {', '.join(ALGORITHMS)}, got {name!r}")
    return list(dict.fromkeys(names))


def checked(names: list[str]) -> list[str]:
    """The names, each once, when all of them can take part.

    Raises:
        UsageError: one cannot.
    """
    for name in known(names):
        if not is_available(name):
            extra = "sb3-contrib" if "contrib" in missing(name) else "-e '.[sb3]'"
            raise UsageError(f"--agents {name}: {missing(name)} is not installed; pip install {extra}")
    return list(dict.fromkeys(names))


def supports(name: str, env_id: str) -> bool:
    """Whether a contender can learn there: Maskable PPO needs masks that a state number leads to."""
    return name != "sb3-maskable-ppo" or has_fixed_kitchen(env_id)


def missing(name: str) -> str:
    """The library that a contender needs."""
    from cookie_jar.scripts.sb3.training import LIBRARY

    return LIBRARY.get(str(ALGORITHMS[name].kind), "numpy")


def settings_of(name: str, env_id: str) -> dict[str, Any]:
    """What a contender changes of its defaults in an environment, from its file.

    Raises:
        UsageError: the file cannot be read.
    """
    settings = _entry(name, env_id)
    del settings["n_timesteps"]
    if settings.get("env_wrapper") in FACTORS:  # our kitchens can do that themselves, and faster
        del settings["env_wrapper"]
        if has_fixed_kitchen(env_id):
            settings["env_kwargs"] = {"observation": "factors"}
    return dict(sorted(settings.items()))


def budget(env_id: str) -> int:
    """How many steps the contenders learn from in an environment: all the same."""
    steps: int = _entry("q-learning", env_id)["n_timesteps"]
    return steps


def has_fixed_kitchen(env_id: str) -> bool:
    """Whether it is one of our kitchens, and always the same: `factors` say nothing of walls."""
    return env_id in IDS and "levels" not in gym.spec(env_id).kwargs


def _entry(name: str, env_id: str) -> dict[str, Any]:
    path = FOLDER / f"{name}.yml"
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        entry = dict(entries.get(env_id, entries["default"]))
        return entry | {"n_timesteps": int(float(entry["n_timesteps"]))}  # 1e5 is text in YAML
    except (OSError, yaml.YAMLError, KeyError, AttributeError, TypeError, ValueError, OverflowError) as error:
        expected = "settings by environment, with a `default`, and `n_timesteps` in each"
        raise UsageError(f"{path}: expected {expected}; {type(error).__name__}: {error}") from None
