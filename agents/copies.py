"""Copies of environments, to step without disturbing the original."""

from collections.abc import Sized
from copy import deepcopy
from typing import Any

import gymnasium as gym
from gymnasium.utils import EzPickle

from .env_changes import OBSERVERS, rebuilt
from .wrappers import class_name

# Wrappers that a copy leaves out, so that it opens no window and writes no file. Specs keep the statistics.
_OBSERVERS = OBSERVERS | {"gymnasium.RecordEpisodeStatistics"}

MAX_COPIED = 10_000  # states of a `P` that is copied


def quiet_copy(env: gym.Env[Any, Any]) -> gym.Env[Any, Any]:
    """Return a copy of an environment that can be stepped without an effect on the original.

    The copy has the same wrappers, except those that only record or show, and does not render. Environments
    that copy themselves by their constructor's arguments (`EzPickle`) get the settings that were changed, but
    not the running episode: other attributes may be handles of a simulator.

    The attributes `P` and `initial_state_distrib` are shared if there are many states, for speed.

    Raises:
        Exception: Anything, if the environment cannot be copied.
    """
    if isinstance(env, gym.Wrapper):
        inner = quiet_copy(env.env)
        if class_name(type(env)) in _OBSERVERS:
            return inner
        copy: gym.Env[Any, Any] = deepcopy(env, {id(env.env): inner})
        return copy
    copy = rebuilt(env) if isinstance(env, EzPickle) else deepcopy(env, _tables(env))
    if copy.render_mode is not None:
        copy.render_mode = None
    return copy


def without_observers(env: gym.Env[Any, Any]) -> gym.Env[Any, Any]:
    """Return the environment without the outermost wrappers that only record or show."""
    while isinstance(env, gym.Wrapper) and class_name(type(env)) in _OBSERVERS:
        env = env.env
    return env


def _tables(env: gym.Env[Any, Any]) -> dict[int, Any]:
    """Return the copies of the table of an environment, by the id of the original; large ones are shared."""
    copies = {}
    for table in (vars(env).get("P"), vars(env).get("initial_state_distrib")):
        if isinstance(table, Sized) and len(table) > MAX_COPIED:
            copies[id(table)] = table
        elif type(table) is dict and all(type(row) is dict for row in table.values()):
            copies[id(table)] = {
                state: {action: _copied_cell(cell) for action, cell in row.items()}
                for state, row in table.items()
            }
    return copies


def _copied_cell(cell: Any) -> Any:
    """Return a copy of a list of outcomes; `deepcopy` takes ten times as long for the tuples of numbers."""
    return cell.copy() if type(cell) is list and set(map(type, cell)) == {tuple} else deepcopy(cell)
