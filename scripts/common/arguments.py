"""Command-line options that several programs share, and what they make."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym

from cookie_jar.agents import Agent
from cookie_jar.agents.on_policy import NETWORK, TABLE
from cookie_jar.agents.optimizers import OPTIMIZERS
from cookie_jar.agents.registry import AGENTS, default_settings
from cookie_jar.scripts.common.argument_types import non_negative
from cookie_jar.scripts.common.console import UsageError


class Setting(NamedTuple):
    """A hyperparameter on the command line.

    Attributes:
        help: what it does, in a line.
        options: for argparse.
    """

    help: str
    options: Mapping[str, Any]


def _number(text: str) -> Setting:
    return Setting(text, {"type": float, "metavar": "X"})


def _whole(text: str) -> Setting:
    return Setting(text, {"type": int, "metavar": "N"})


SETTINGS: dict[str, Setting] = {
    "learning_rate": _number("how far the numbers move at each step of learning"),
    "gamma": _number("discount factor: what happiness one step later counts, 0 to 1"),
    "exploration_initial_eps": _number("probability of a random action at first"),
    "exploration_final_eps": _number("probability of a random action in the end"),
    "exploration_steps": _whole("steps over which it falls"),
    "policy": Setting("numbers for each state, or a neural network", {"choices": (TABLE, NETWORK)}),
    "n_envs": _whole("environments side by side"),
    "n_steps": _whole("steps of each environment between two updates; of reinforce, the longest episode"),
    "gae_lambda": _number("from 0, trust the values after one step, to 1, count the rewards until the end"),
    "ent_coef": _number("weight of the entropy: curiosity"),
    "vf_coef": _number("weight of the error of the values"),
    "max_grad_norm": _number("a longer gradient is shortened to this"),
    "normalize_advantage": Setting(
        "whether advantages are scaled to variance 1", {"action": argparse.BooleanOptionalAction}
    ),
    "optimizer": Setting("how steps down the gradient are made", {"choices": tuple(OPTIMIZERS)}),
    "net_arch": Setting("units of each hidden layer", {"type": int, "nargs": "*", "metavar": "N"}),
    "filters": _whole("of a convolution before these, for grid observations"),
    "batch_size": _whole("samples of one step of gradient descent"),
    "n_epochs": _whole("how often each sample is used"),
    "clip_range": _number("how far the probability of an action may move in one update"),
}


def add_agent_options(parser: argparse.ArgumentParser) -> None:
    """The agent and its hyperparameters; their defaults stand in the agents."""
    group = parser.add_argument_group("agent")
    group.add_argument(
        "--agent", choices=AGENTS, default="q-learning", help="which learner (default: %(default)s)"
    )
    group.add_argument("--seed", type=non_negative, default=0, help="random seed (default: %(default)s)")
    group = parser.add_argument_group("hyperparameters")
    for name, (text, options) in SETTINGS.items():
        group.add_argument(_flag(name), help=f"{text} ({_defaults(name)})", **options)


def make_agent(args: argparse.Namespace, env: gym.Env[Any, Any]) -> Agent:
    """The agent that the options ask for.

    Raises:
        UsageError: it does not have one of the hyperparameters that are given.
        AgentError: one has an impossible value, or the environment does not suit the agent.
    """
    kind = AGENTS[args.agent]
    given = {name: getattr(args, name) for name in SETTINGS if getattr(args, name) is not None}
    if unknown := given.keys() - set(kind.hyperparameters):
        flags = ", ".join(_flag(name) for name in SETTINGS if name in unknown)
        raise UsageError(f"--agent {args.agent} takes none of {flags}")
    return kind(env, seed=args.seed, **given)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _defaults(name: str) -> str:
    """The defaults of a hyperparameter, and whose they are."""
    owners: dict[str, list[str]] = {}
    for agent, kind in AGENTS.items():
        if name in kind.hyperparameters:
            value = default_settings(kind)[name]
            if name == "learning_rate" and value is None:
                rates = getattr(kind, "learning_rates", {})
                value = " or ".join(f"{rate:g} for a {policy}" for policy, rate in rates.items())
            text = "by the observations" if value is None else str(value).strip("()")
            owners.setdefault(text.replace("True", "yes").replace("False", "no"), []).append(agent)
    if len(owners) == 1:
        [(value, agents)] = owners.items()
        return f"default of {_and(agents)}: {value}"
    return "defaults: " + "; ".join(f"{_and(agents)} {value}" for value, agents in owners.items())


def _and(agents: list[str]) -> str:
    return "all" if len(agents) == len(AGENTS) else ", ".join(agents)


def new_folder(parent: Path, name: str | None, default: str, overwrite: bool) -> Path:
    """Make the folder of a new run; what an old one of that name holds stays until it is replaced.

    Raises:
        UsageError: the name is taken or is no name, or the folder cannot be made.
    """
    folder = parent / (default if name is None else name)
    try:
        if folder.exists() and not overwrite:
            if name is not None:
                raise UsageError(f"{folder} exists already: choose another --name, or add --overwrite")
            numbers = (parent / f"{default}-{number}" for number in range(2, 1_000_000))
            folder = next(path for path in numbers if not path.exists())
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {folder}: {error.strerror}") from None
    return folder
