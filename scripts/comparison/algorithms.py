"""The algorithms that `compare` and `sweep` know, and their settings.

Settings are files in RL Zoo's format, one for each algorithm: the id of an environment, then the
hyperparameters that differ from the agent's defaults; "default" applies to all other environments.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym

from cookie_jar.agents import (
    PPO,
    ActorCritic,
    Agent,
    AgentError,
    DynaQ,
    ExpectedSarsa,
    NStepSarsa,
    QLambda,
    QLearning,
    Reinforce,
    Sarsa,
    SarsaLambda,
    Taster,
)
from cookie_jar.agents.label_learner import LabelLearner
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.agents.picture_agent import PictureAgent
from cookie_jar.envs import IDS
from cookie_jar.scripts.common.argument_types import expected_one
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison.settings import N_TIMESTEPS, parse_setting
from cookie_jar.scripts.comparison.yaml_files import read_yaml
from cookie_jar.scripts.sb3.training import LIBRARY, is_installed

FOLDER = Path(__file__).parents[1] / "hyperparameters"
FACTORS = ("cookie_jar.scripts.sb3.zoo.Factors", "cookie_jar.scripts.guests.zoo.Factors")  # new and old name
STATE = "-state"  # the end of the name of an algorithm that observes state numbers instead of factors
MASKS = "-masks"  # in the names of algorithms of this package that use action masks
SB3_GAMMA = 0.99  # the default of all algorithms of Stable-Baselines3


class Algorithm(NamedTuple):
    """A learning algorithm.

    Attributes:
        label: Name in tables and figures.
        kind: The agent's class, or the name of a class of Stable-Baselines3.
        speed: Approximate steps per second if two runs share two cores; used only to estimate durations.
        startup: Approximate seconds until training begins; used only to estimate durations.
    """

    label: str
    kind: type[Agent] | str
    speed: float
    startup: float = 1.0

    @property
    def is_numpy(self) -> bool:
        """Whether the agent is one of this package."""
        return not isinstance(self.kind, str)


ALGORITHMS: Mapping[str, Algorithm] = {
    "q-learning": Algorithm("Q-learning", QLearning, 8e6),
    "sarsa": Algorithm("SARSA", Sarsa, 8e6),
    "expected-sarsa": Algorithm("Expected SARSA", ExpectedSarsa, 8e6),
    "n-step-sarsa": Algorithm("n-step SARSA", NStepSarsa, 5e6),
    "sarsa-lambda": Algorithm("Sarsa(lambda)", SarsaLambda, 2e6),
    "q-lambda": Algorithm("Q(lambda)", QLambda, 4e6),
    "dyna-q": Algorithm("Dyna-Q", DynaQ, 4e5),
    "reinforce": Algorithm("REINFORCE", Reinforce, 1.1e5),
    "actor-critic": Algorithm("Actor-critic", ActorCritic, 2e5),
    "ppo": Algorithm("PPO", PPO, 1.5e5),
    "ppo-network": Algorithm("PPO, network", PPO, 6e4),
    "ppo-network-state": Algorithm("PPO, network, state", PPO, 5.5e4),
    "ppo-network-masks": Algorithm("PPO, network, masks", PPO, 6e4),
    "ppo-network-masks-state": Algorithm("PPO, network, masks, state", PPO, 5.5e4),
    "sb3-dqn": Algorithm("SB3 DQN", "DQN", 1.5e3, 6.0),
    "sb3-dqn-state": Algorithm("SB3 DQN, state", "DQN", 1.2e3, 6.0),
    "sb3-ppo": Algorithm("SB3 PPO", "PPO", 1e4, 6.0),
    "sb3-ppo-state": Algorithm("SB3 PPO, state", "PPO", 5.5e3, 6.0),
    "sb3-a2c": Algorithm("SB3 A2C", "A2C", 2.5e4, 6.0),
    "sb3-a2c-state": Algorithm("SB3 A2C, state", "A2C", 1.4e4, 6.0),
    "sb3-qrdqn": Algorithm("SB3 QR-DQN", "QRDQN", 600, 6.0),
    "sb3-qrdqn-state": Algorithm("SB3 QR-DQN, state", "QRDQN", 500, 6.0),
    "sb3-maskable-ppo": Algorithm("SB3 Maskable PPO", "MaskablePPO", 9e3, 6.0),
    "sb3-maskable-ppo-state": Algorithm("SB3 Maskable PPO, state", "MaskablePPO", 6e3, 6.0),
    "labels": Algorithm("Labels", LabelLearner, 80),
    "taster": Algorithm("Taster", Taster, 80),
}
EXTRAS = {"stable_baselines3": "sb3", "sb3_contrib": "sb3-contrib"}  # of this package, by library
WITH_PICTURES = ("labels", "taster", "sb3-ppo")  # the algorithms for the pictures of the jar alone
QUICK_ALGORITHMS = (
    "q-learning",
    "sarsa",
    "reinforce",
    "actor-critic",
    "ppo",
    "sb3-dqn",
    "sb3-ppo",
    "sb3-a2c",
)
ON_REQUEST = ("expected-sarsa", "n-step-sarsa", "sarsa-lambda", "q-lambda", "dyna-q", "labels", "taster")
DEFAULT_ALGORITHMS = tuple(name for name in ALGORITHMS if name not in ON_REQUEST)


def default_algorithms(env_ids: Sequence[str], *, quick: bool = False) -> list[str]:
    """Return the algorithms that a comparison runs by default if their libraries are installed.

    Args:
        env_ids: Ids of the environments; the jar alone has its own algorithms.
        quick: Whether to leave out those that take long.
    """
    if all(map(shows_jar, env_ids)):
        return [*WITH_PICTURES]
    return [*(QUICK_ALGORITHMS if quick else DEFAULT_ALGORITHMS)]


def available(names: Iterable[str] = DEFAULT_ALGORITHMS) -> list[str]:
    """Return the algorithms whose library is installed."""
    return [name for name in names if is_available(name)]


def is_available(name: str) -> bool:
    """Return whether the library of an algorithm is installed."""
    kind = ALGORITHMS[name].kind
    return not isinstance(kind, str) or is_installed(kind)


def check_known(names: list[str]) -> list[str]:
    """Return the names, each once.

    Raises:
        UsageError: If a name is not an algorithm.
    """
    for name in names:
        if name not in ALGORITHMS:
            raise UsageError(f"--agents: {expected_one(name, ALGORITHMS, 'some of')}")
    return list(dict.fromkeys(names))


def check_available(names: list[str]) -> list[str]:
    """Return the names, each once.

    Raises:
        UsageError: If a name is not an algorithm, or its library is not installed.
    """
    for name in check_known(names):
        if not is_available(name):
            raise UsageError(f"--agents {name}: {installation([name])}")
    return list(dict.fromkeys(names))


def installation(names: Iterable[str]) -> str:
    """Return which extras are missing for algorithms whose library is not installed, and how to install them.

    An extra can be installed from the folder of the source, the library itself from anywhere.
    """
    libraries = dict.fromkeys(LIBRARY[str(ALGORITHMS[name].kind)] for name in names)
    extras = [EXTRAS[library] for library in libraries]
    packages = " ".join(library.replace("_", "-") for library in libraries)
    missing = " and ".join(f"the extra {extra}" for extra in extras)
    verb = "is" if len(extras) == 1 else "are"
    source = f'pip install -e ".[{",".join(extras)}]"'
    return f"{missing} {verb} not installed; run: pip install {packages} (or, in the source folder: {source})"


def supports(name: str, env_id: str) -> bool:
    """Return whether an algorithm supports an environment."""
    return not obstacle(name, env_id)


def obstacle(name: str, env_id: str) -> str:
    """Return what prevents an algorithm in an environment, as "has no action masks"; empty if nothing does.

    Action masks are needed by Maskable PPO, with whose library there are none for levels, and by the rows of
    this package that use them. From pictures learn, if nothing else is observed as in the jar alone, the
    policy gradient agents of this package and the algorithms that are made for it. Rows for state numbers
    need an environment that shows these and factors.
    """
    kind, numbered = ALGORITHMS[name].kind, name.endswith(STATE)
    if shows_pictures(env_id):
        own = isinstance(kind, type) and issubclass(kind, OnPolicy) and not (numbered or MASKS in name)
        return "" if shows_jar(env_id) and (own or name in WITH_PICTURES) else "shows pictures"
    if isinstance(kind, type) and issubclass(kind, PictureAgent):
        return "does not show the pictures of the jar alone"
    if (kind == "MaskablePPO" and not has_fixed_kitchen(env_id)) or (MASKS in name and env_id not in IDS):
        return "has no action masks"
    return "does not show both state numbers and factors" if numbered and not shows_numbers(env_id) else ""


def shows_jar(env_id: str) -> bool:
    """Return whether the observations of an environment are the pictures of the jar alone."""
    return shows_pictures(env_id) and "jar_alone" in IDS[env_id]


def settings_of(name: str, env_id: str) -> dict[str, Any]:
    """Return the settings of an algorithm in an environment, by name in alphabetical order.

    Raises:
        UsageError: If the file of the settings cannot be read, or a value is not valid.
    """
    settings = _entry(name, env_id)
    del settings["n_timesteps"]
    if settings.get("env_wrapper") in FACTORS:  # an option of the environments does the same, faster
        del settings["env_wrapper"]
        if has_fixed_kitchen(env_id) and not shows_pictures(env_id):
            settings["env_kwargs"] = {"observation": "factors"}
    try:
        return {key: parse_setting(ALGORITHMS[name].kind, key, settings[key]) for key in sorted(settings)}
    except AgentError as error:
        raise UsageError(f"{FOLDER / f'{name}.yml'}: {error}") from None


def match_hints(name: str, env_id: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings with which hints are computed with the algorithm's gamma, if there are hints.

    Only these leave the optimum of an agent as it is.

    Args:
        name: The name of the algorithm.
        env_id: The id of the environment.
        settings: The settings of the algorithm.
    """
    if not IDS.get(env_id, {}).get("hints"):
        return settings
    kind = ALGORITHMS[name].kind
    default = SB3_GAMMA if isinstance(kind, str) else kind.hyperparameters["gamma"].default
    options = settings.get("env_kwargs", {}) | {"hint_gamma": settings.get("gamma", default)}
    return dict(sorted((settings | {"env_kwargs": options}).items()))


def has_own_settings(name: str, env_id: str) -> bool:
    """Return whether the file of an algorithm has settings for an environment, other than `default`."""
    return env_id in read_yaml(FOLDER / f"{name}.yml")


def budget(env_id: str) -> int:
    """Return the training steps in an environment, the same for all algorithms."""
    name = "taster" if shows_jar(env_id) else "q-learning" if has_fixed_kitchen(env_id) else "ppo"
    steps: int = _entry(name, env_id)["n_timesteps"]
    return steps


def has_fixed_kitchen(env_id: str) -> bool:
    """Return whether an environment has one kitchen: the observation `factors` does not contain walls."""
    return env_id in IDS and "levels" not in gym.spec(env_id).kwargs


def shows_numbers(env_id: str) -> bool:
    """Return whether an environment shows state numbers, and factors instead as an option."""
    return has_fixed_kitchen(env_id) and IDS[env_id].get("observation", "state") == "state"


def observation_of(env_id: str, settings: Mapping[str, Any]) -> str:
    """Return what an agent with these settings observes in a kitchen, such as "factors"; else ""."""
    options = settings.get("env_kwargs", {}) if env_id in IDS else {}
    known = IDS.get(env_id, {}).get("observation", "state" if env_id in IDS else "")
    return str(options.get("observation", known))[:20]


def shows_pictures(env_id: str) -> bool:
    """Return whether an environment shows pictures of cookies instead of the state."""
    return env_id in IDS and IDS[env_id].get("observation") == "pictures"


def _entry(name: str, env_id: str) -> dict[str, Any]:
    path = FOLDER / f"{name}.yml"
    expected = "settings by environment, with a `default`, and `n_timesteps` in each"
    try:
        entries = read_yaml(path)
        entry = dict(entries.get(env_id, entries["default"]))
        return entry | {"n_timesteps": N_TIMESTEPS.parse("n_timesteps", entry["n_timesteps"])}
    except KeyError as error:
        raise UsageError(f"{path}: expected {expected}; found no {error}") from None
    except (AttributeError, TypeError, ValueError) as error:
        reason = (
            str(error).removeprefix(f"{path}: ") if isinstance(error, AgentError) else "found other values"
        )
        raise UsageError(f"{path}: expected {expected}; {reason}") from None
