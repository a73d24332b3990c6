"""Command-line options of environments and agents, and the environment and the agent that they describe."""

import argparse
import re
from pathlib import Path
from typing import Any

import gymnasium as gym

import cookie_jar.envs
from cookie_jar.agents import Agent, FileError
from cookie_jar.agents.classifiers import CLASSIFIERS
from cookie_jar.agents.files import read_text
from cookie_jar.agents.hyperparameters import Flag, Hyperparameter, Kind, LayerSizes, OneOf, Whole
from cookie_jar.agents.registry import AGENTS as GENERAL_AGENTS
from cookie_jar.agents.taster import Taster
from cookie_jar.envs.dynamics import Cookie, Happiness
from cookie_jar.envs.errors import suggestion
from cookie_jar.scripts.common.argument_types import named_number, non_negative
from cookie_jar.scripts.common.console import UsageError, command
from cookie_jar.scripts.common.env_errors import described
from cookie_jar.scripts.common.env_modules import add_module_option, registered
from cookie_jar.scripts.common.hyperparameter_help import Learners, families_text, help_text

AGENTS: dict[str, type[Agent]] = GENERAL_AGENTS | {"taster": Taster}  # the taster needs pictures
MAX_KITCHEN_BYTES = 40_000  # of a text file; a map has at most 10,000 characters

SB3_AGENTS = {  # of `compare`, by their names in small letters alone
    **{name: f"sb3-{name}" for name in ("dqn", "ppo", "a2c", "qrdqn")},
    "maskableppo": "sb3-maskable-ppo",
}

ENV_IDS = (
    f"{', '.join(cookie_jar.envs.IDS)}, or any other Gymnasium environment with discrete actions; MODULE:ID "
    "imports MODULE first"
)
# Options that are passed on as they are.
OPTIONS = "likes", "clumsiness", "shuffle_cookies", "random_start", "hints", "hint_gamma"


def add_environment_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the environment; most of them apply to the environments of this package only."""
    group = parser.add_argument_group("environment")
    group.add_argument(
        "--env",
        default="CookieJar-v0",
        metavar="ID",
        help=f"{ENV_IDS} (default: %(default)s)",
    )
    add_module_option(group)
    group.add_argument(
        "--kitchen",
        metavar="NAME",
        help=f"kitchen: {', '.join(cookie_jar.envs.KITCHENS)}, or a text file with a map",
    )
    group.add_argument(
        "--likes", metavar="COOKIE", help=f"favourite cookie: {', '.join(cookie.label for cookie in Cookie)}"
    )
    group.add_argument(
        "--clumsiness",
        type=float,
        metavar="P",
        help="probability of walking in a perpendicular direction",
    )
    flag = argparse.BooleanOptionalAction
    group.add_argument("--shuffle-cookies", action=flag, help="shuffle the cookies in every episode")
    group.add_argument("--random-start", action=flag, help="place child and chair at random in every episode")
    group.add_argument("--hints", action=flag, help="add hints: potential-based shaping rewards")
    group.add_argument(
        "--hint-gamma",
        type=float,
        metavar="X",
        help="discount factor of the hints; if it equals the agent's gamma, the optimal policy is unchanged",
    )
    group.add_argument(
        "--happiness",
        action="append",
        type=named_number,
        metavar="NAME=VALUE",
        help=f"change the reward of an event: {', '.join(Happiness._fields)}; repeatable",
    )


def make_environment(args: argparse.Namespace) -> gym.Env[Any, Any]:
    """Create the environment that the options describe.

    Raises:
        UsageError: If an option is invalid, or does not apply to the environment.
        CookieJarError: If a value of the environment is out of range.
        gym.error.Error: If Gymnasium does not know the environment.
    """
    env_id = registered(args.env).rpartition(":")[2]
    options = {name: getattr(args, name) for name in OPTIONS if getattr(args, name) is not None}
    if args.kitchen is not None:
        options["kitchen"] = kitchen_map(args.kitchen)
    if args.happiness:
        options["happiness"] = dict(args.happiness)
    if options and env_id not in cookie_jar.envs.IDS:
        given = ", ".join(f"--{name.replace('_', '-')}" for name in options)
        raise UsageError(f"{args.env} is not an environment of this package and does not take {given}")
    try:
        return gym.make(env_id, **options)
    except (cookie_jar.envs.CookieJarError, gym.error.Error):
        raise
    except Exception as error:  # a foreign constructor can raise anything
        raise UsageError(f"--env {args.env}: the environment cannot be created; {described(error)}") from None


def kitchen_map(name: str) -> str:
    """Return the name of a kitchen, or the map in the file of that name; for the option --kitchen.

    Raises:
        UsageError: If there is no such kitchen, and no such file.
    """
    if name in cookie_jar.envs.KITCHENS:
        return name
    try:
        return read_text(Path(name), MAX_KITCHEN_BYTES)
    except FileError as error:
        names, similar = ", ".join(cookie_jar.envs.KITCHENS), suggestion(name, cookie_jar.envs.KITCHENS)
        found = f", got {name!r:.100}{similar}" if similar else f"; {error}"
        raise UsageError(f"--kitchen: expected one of {names}, or a text file with a map{found}") from None


def hyperparameters(kinds: Learners = AGENTS) -> dict[str, Hyperparameter]:
    """Return the hyperparameters of all agents, or of other learners, by name, without the seed."""
    found: dict[str, Hyperparameter] = {}
    for kind in kinds.values():
        found |= {name: kind.hyperparameters[name] for name in kind.hyperparameters if name not in found}
    del found["seed"]
    return found


def add_agent_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for the agent and its hyperparameters, as the agents declare them."""
    group = parser.add_argument_group("agent")
    group.add_argument(
        "--agent",
        type=agent_name,
        choices=AGENTS,
        default="q-learning",
        help="the learning algorithm (default: %(default)s)",
    )
    group.add_argument("--seed", type=non_negative, default=0, help="random seed (default: %(default)s)")
    add_hyperparameters(parser, AGENTS, "agents")


def agent_name(text: str) -> str:
    """Return a name; a type for argparse that says where the learners of other programs are.

    Raises:
        argparse.ArgumentTypeError: If the name is that of a learner of another program.
    """
    name = re.sub("[^a-z0-9]", "", text.lower().removeprefix("sb3"))
    if text not in AGENTS and name in SB3_AGENTS:
        other = SB3_AGENTS[name]
        hint = f"for {other}, an agent of Stable-Baselines3: {command('compare', '--agents', other)}"
    elif text in CLASSIFIERS:
        hint = f"for {text}, a classifier of cookies: {command('cookies', 'train', '--model', text)}"
    elif text == "ppo-network":
        hint = "for a network instead of a table: --agent ppo --policy network"
    else:
        return text
    raise argparse.ArgumentTypeError(f"expected one of {', '.join(AGENTS)}, got {text!r}; {hint}")


def add_hyperparameters(parser: argparse.ArgumentParser, kinds: Learners, plural: str) -> None:
    """Add an option for each hyperparameter of learners.

    Args:
        parser: The parser.
        kinds: The classes of the learners by name.
        plural: What the learners are called.
    """
    group = parser.add_argument_group("hyperparameters", families_text(kinds))
    for name, (_, kind, _) in hyperparameters(kinds).items():
        group.add_argument(_flag(name), help=help_text(name, kinds, plural), **_options(kind))


def make_agent(args: argparse.Namespace, env: gym.Env[Any, Any]) -> Agent:
    """Make the agent that the options describe.

    Raises:
        UsageError: If the agent does not have one of the given hyperparameters.
        AgentError: If a hyperparameter is out of range, or the agent does not support the environment.
    """
    return AGENTS[args.agent](env, seed=args.seed, **given_hyperparameters(args, "agent", AGENTS))


def given_hyperparameters(args: argparse.Namespace, option: str, kinds: Learners) -> dict[str, Any]:
    """Return the hyperparameters that were given on the command line, checked.

    Args:
        args: The options.
        option: The option that chooses the learner, without hyphens.
        kinds: The classes of the learners by name.

    Raises:
        UsageError: If the learner does not have one of them.
        AgentError: If a value is out of range.
    """
    chosen = getattr(args, option)
    declared = kinds[chosen].hyperparameters
    names = hyperparameters(kinds)
    given = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    if unknown := given.keys() - declared.keys():
        flags = ", ".join(_flag(name) for name in names if name in unknown)
        raise UsageError(f"--{option} {chosen} does not take {flags}")
    return {name: declared[name].parse(name, value) for name, value in given.items()}


def _options(kind: Kind) -> dict[str, Any]:
    """Return the arguments of `add_argument` for a kind of values; numbers stay texts until `make_agent`."""
    match kind:
        case Flag():
            return {"action": argparse.BooleanOptionalAction}
        case OneOf(choices):
            return {"choices": choices}
        case LayerSizes():
            return {"nargs": "*", "metavar": "N"}
    return {"metavar": "N" if isinstance(kind, Whole) else "X"}


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
