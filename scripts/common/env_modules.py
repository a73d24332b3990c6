"""Modules that register environments: imported because the user names them, never because a file does."""

import argparse
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import gymnasium as gym

import cookie_jar.envs
from cookie_jar.agents.env_spec import foreign_module
from cookie_jar.envs.errors import suggestion
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.env_errors import described


def add_module_option(parser: argparse._ActionsContainer) -> None:
    """Add the option that imports modules before an environment is created."""
    parser.add_argument(
        "--env-module",
        type=imported,
        action="append",
        metavar="MODULE",
        help="module that registers the environment of a run, to import first; can be in the current folder; "
        "repeatable",
    )


def registered(env_id: str) -> str:
    """Return the id of an environment, by default of its latest version.

    Args:
        env_id: The id; in the form "my_module:MyEnv-v0", the module is imported.

    Raises:
        UsageError: If the module cannot be imported, or the id is not registered.
    """
    module, colon, name = env_id.rpartition(":")
    try:
        if module:
            imported(module)
        versions = [spec for spec in gym.registry.values() if spec.id.rpartition("-v")[0] == name]
        if name not in gym.registry and versions:
            name = max(versions, key=lambda spec: spec.version or 0).id
        gym.spec(name)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"--env {env_id}: {error}") from None
    except (gym.error.NameNotFound, gym.error.VersionNotFound):
        similar = suggestion(name, cookie_jar.envs.IDS) or suggestion(name, gym.registry)
        raise UsageError(
            f"--env: expected one of {', '.join(cookie_jar.envs.IDS)}, or the id of another environment of "
            f"Gymnasium (of your own with --env-module MODULE), got {name!r:.100}{similar}"
        ) from None
    except (gym.error.Error, ValueError) as error:
        raise UsageError(f"--env {env_id}: expected the id of an environment; {error}") from None
    return f"{module}{colon}{name}"


def module_options(env: gym.Env[Any, Any]) -> list[str]:
    """Return the options that a command needs for a run in an environment."""
    module = foreign_module(env)
    return module_words(None if module is None else [module])


def module_words(modules: Iterable[str] | None) -> list[str]:
    """Return the options that import these modules."""
    return [word for module in modules or () for word in ("--env-module", module)]


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
        raise argparse.ArgumentTypeError(f"cannot import {name!r:.100}; {described(error):.300}") from None
    finally:
        if folder in sys.path:
            sys.path.remove(folder)
        if folder not in sys.path:  # later imports of the module; last, so that nothing is hidden
            sys.path.append(folder)
    return name
