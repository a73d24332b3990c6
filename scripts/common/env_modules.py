"""Modules that register environments: imported because the user names them, never because a file does."""

import argparse
import sys
from importlib import import_module
from pathlib import Path


def add_module_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that imports modules before an environment is created."""
    parser.add_argument(
        "--env-module",
        type=imported,
        action="append",
        metavar="MODULE",
        help="import this module, which registers the environment of a run; repeatable. The module can be in "
        "the current folder",
    )


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
