"""Modules that register environments: imported because the user names them, never because a file does."""

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import gymnasium as gym

from cookie_jar.agents.env_spec import foreign_module


def add_module_option(parser: argparse._ActionsContainer) -> None:
    """Add the option that imports modules before an environment is created."""
    parser.add_argument(
        "--env-module",
        type=imported,
        action="append",
        metavar="MODULE",
        help="import this module, which registers the environment of a run; repeatable. The module can be in "
        "the current folder",
    )


def module_options(env: gym.Env[Any, Any]) -> list[str]:
    """Return the options that a command needs for a run in an environment."""
    module = foreign_module(env)
    return [] if module is None else ["--env-module", module]


def imported(name: str) -> str:
    """Import a module, also from the current folder, and return its name; a type for argparse.

    Raises:
        argparse.ArgumentTypeError: If the module cannot be imported.
    """
    folder = str(Path.cwd())
    sys.path.insert(0, folder)
    try:
        import_module(name)
    except (Exception, SystemExit) as error:  # a module can raise anything
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise argparse.ArgumentTypeError(f"cannot import {name!r:.100}; {reason:.300}") from None
    finally:
        if folder in sys.path:
            sys.path.remove(folder)
        if folder not in sys.path:  # later imports of the module; last, so that nothing is hidden
            sys.path.append(folder)
    return name
