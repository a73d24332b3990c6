"""The folders of runs: the name of a new run, its folder, and the newest run."""

import argparse
import os
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from cookie_jar.agents import runs
from cookie_jar.agents.moving import make_folder, make_new_folder
from cookie_jar.agents.run_files import may_be_replaced
from cookie_jar.agents.run_kinds import AGENT, CLASSIFIER, run_kind
from cookie_jar.scripts.common.console import Console, UsageError, command
from cookie_jar.scripts.common.known_runs import RUNS, saved_runs
from cookie_jar.scripts.common.names import path_fault, twin_of

__all__ = ["RUNS", "default_name", "given_or_newest", "new_folder", "newest_run"]


def default_name(args: argparse.Namespace) -> str:
    """Return the name of a run with the options of `train`, such as "cookie-jar-likes-raisin-q-learning-0".

    Options of the environment and hyperparameters are part of the name if they differ from the defaults.
    """
    from cookie_jar.scripts.common.options import AGENTS, hyperparameters  # imports all agents

    settings = AGENTS[args.agent].hyperparameters
    given = {name: getattr(args, name) for name in hyperparameters() if name in settings}
    values = {name: settings[name].parse(name, value) for name, value in given.items() if value is not None}
    special = [
        setting_words(name, value) for name, value in values.items() if value != settings[name].default
    ]
    return runs.default_name(args.env, args.agent, args.seed, list(_environment_words(args)), special)


def _environment_words(args: argparse.Namespace) -> Iterator[str]:
    """Yield words for each option of the environment that differs from its default."""
    import cookie_jar.envs
    from cookie_jar.envs.config import make_config
    from cookie_jar.envs.dynamics import Happiness
    from cookie_jar.scripts.common.options import OPTIONS

    defaults = dict(make_config.__kwdefaults__ or {}) | cookie_jar.envs.IDS.get(args.env.split(":")[-1], {})
    if args.kitchen is not None and args.kitchen != defaults["kitchen"]:
        stem = Path(args.kitchen).stem  # of a file with a map, or the name itself
        yield stem if re.search("[A-Za-z0-9]", stem) else "kitchen"
    for name in OPTIONS:
        value = getattr(args, name)
        if value is not None and value != defaults[name]:
            yield setting_words(name, value)
    rewards = Happiness()._asdict()
    for name, value in dict(args.happiness or ()).items():
        if value != rewards[name]:
            yield setting_words(f"happiness-{name}", value)


def setting_words(name: str, value: Any) -> str:
    """Return a name and its value as a part of a folder's name, such as "clumsiness-0.3" or "no-hints"."""
    match value:
        case bool():
            return name if value else f"no-{name}"
        case float():
            return f"{name}-{'minus-' if value < 0 else ''}{abs(value):.12g}".replace("+", "")
        case list() | tuple():
            return "-".join([name, *map(str, value)]) if value else f"{name}-none"
    return f"{name}-{value}"


def new_folder(parent: Path, name: str | None, default: str, overwrite: bool) -> Path:
    """Create the folder of a new run; files of an old run stay until they are replaced.

    Two programs that start at the same time get different folders.

    Args:
        parent: The parent folder.
        name: The name, or None for the default.
        default: The default name; a number is added if the folder exists.
        overwrite: Whether the folder may exist, if it holds a run.

    Raises:
        UsageError: If the folder exists, or cannot be created.
    """
    folder = parent / (default if name is None else name)
    if name is not None and not os.path.lexists(folder) and (reason := path_fault(folder)):
        raise UsageError(f"--name: {reason}")
    try:
        make_folder(parent)
        if overwrite and folder.is_dir():
            if not may_be_replaced(folder):
                raise UsageError(f"--overwrite: expected a run, but {folder} holds no run, or is a link")
            return folder
        if name is not None:
            make_new_folder(folder)
            return folder
        numbered = (parent / f"{default}-{number}" for number in range(2, 1_000_000))
        return next(path for path in chain([folder], numbered) if _created(path))
    except OSError as error:
        if os.path.isdir(folder):
            raise UsageError(f"{folder} already exists; choose another --name, or add --overwrite") from None
        raise UsageError(f"cannot create the folder {folder}: {error.strerror}") from None


def _created(folder: Path) -> bool:
    if twin_of(folder) is not None:
        return False
    try:
        make_new_folder(folder)
    except FileExistsError:
        return False
    return True


def given_or_newest(run: Path | str | None, kind: str | None = AGENT) -> Path:
    """Return the run that was given, or else the newest run in `RUNS`, and print which one that is.

    Args:
        run: The run that was given, or None.
        kind: See `newest_run`.

    Raises:
        UsageError: If there is no run.
    """
    if run is not None:
        return Path(run)
    folder = newest_run(RUNS, kind)
    Console(stderr=True).out(f"RUN: {folder} (the newest run)", style="dim")
    return folder


def newest_run(parent: Path, kind: str | None = AGENT) -> Path:
    """Return the folder in `parent` that was saved last.

    Args:
        parent: The parent folder.
        kind: `run_kinds.AGENT`, `run_kinds.CLASSIFIER`, or None for any. A run that cannot be read counts as
            any kind, so that the programs report the damage.

    Raises:
        UsageError: If there is no such run.
    """
    folders = saved_runs(parent)
    for folder in folders:
        if kind is None or run_kind(folder) in (kind, None):
            return folder
    found = f"found none in {parent}" if not folders else f"found only other runs in {parent}"
    what = f"the run of {'an' if kind == AGENT else 'a'} {kind}" if folders or kind == CLASSIFIER else "a run"
    create = ("cookies", "train") if kind == CLASSIFIER else ("train",)
    raise UsageError(f"RUN: expected {what}, {found}; create a run with: {command(*create)}")
