"""Changes to an environment after its creation: the settings in which two environments differ.

A setting is an attribute with a plain value that the environment does not assign while it runs, such as the
gravity of CartPole or the transitions `P` of FrozenLake.
"""

import dis
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache, cached_property
from inspect import unwrap
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np

from .wrappers import class_name

RUNNING = ("reset", "step", "render", "close")  # the methods of a running environment
# Attributes of Gymnasium itself: the random state, and how an environment was created.
OWN = {"spec", "render_mode", "metadata", "_np_random", "_np_random_seed", "_cached_spec", "_saved_kwargs"}
OWN |= {"_ezpickle_args", "_ezpickle_kwargs"}
OWN |= {"observation_space", "action_space", "_observation_space", "_action_space"}  # see `differences`
# Wrappers that only record or show, by name as in `wrappers`.
OBSERVERS = {"gymnasium.HumanRendering", "gymnasium.RecordVideo", "gymnasium.RenderCollection"}
OBSERVERS |= {"stable_baselines3.Monitor"}
OFFERED = ("tabular_model", "unshaped_model", "state_observations")  # what agents read; may be cached
TRIAL_STEPS = 200

Env = gym.Env[Any, Any]


class Setting(NamedTuple):
    """A setting of an environment or of one of its wrappers.

    Attributes:
        layer: The index of the owner in `layers`.
        name: The name of the attribute.
    """

    layer: int
    name: str


def layers(env: Env) -> list[Env]:
    """Return the environment and its wrappers, innermost first, without those that only record or show."""
    found = [env]
    while isinstance(found[-1], gym.Wrapper):
        found.append(found[-1].env)
    return [layer for layer in found[::-1] if class_name(type(layer)) not in OBSERVERS]


def changed_settings(env: Env, other: Env, create: Callable[[], Env]) -> list[Setting]:
    """Return the settings in which two environments with the same wrappers differ.

    Args:
        env: An environment, which may have been used.
        other: A new environment.
        create: Returns another new environment; an attribute that changes when it runs is no setting.
    """
    found = [at for at in _attributes(env, other) if _differs(_value(env, at), _value(other, at))]
    if not found:
        return []
    trial = create()
    before = [deepcopy(_value(trial, setting)) for setting in found]
    _run(trial)
    return [at for at, value in zip(found, before, strict=True) if not _differs(value, _value(trial, at))]


def differences(env: Env, other: Env, create: Callable[[], Env]) -> list[str]:
    """Return what differs between two environments with the same wrappers; see `changed_settings`."""
    names = [setting.name for setting in changed_settings(env, other, create)]
    if (env.observation_space, env.action_space) != (other.observation_space, other.action_space):
        names.append("the spaces")
    if any(not np.array_equal(*pair) for pair in zip(model_arrays(env), model_arrays(other), strict=True)):
        names.append("tabular_model")
    return names


def rebuilt(env: Env) -> Env:
    """Return a copy of an environment that `deepcopy` creates anew with the constructor's arguments.

    Settings that were changed since then are copied too; the running episode is not.
    """
    copy = deepcopy(env)
    for setting in changed_settings(env, copy, lambda: deepcopy(env)):
        vars(layers(copy)[setting.layer])[setting.name] = deepcopy(_value(env, setting))
    return copy


def _attributes(env: Env, other: Env) -> Iterator[Setting]:
    """Yield the attributes of either environment that are not assigned while it runs."""
    for layer, (mine, its) in enumerate(zip(layers(env), layers(other), strict=True)):
        kind: type = type(mine)
        names = (vars(mine).keys() | vars(its).keys()) - OWN - _assigned_while_running(kind)
        yield from (Setting(layer, name) for name in sorted(names))


def model_arrays(env: Env) -> list[Any]:
    """Return the arrays of the attribute `tabular_model`, if there is one; others may use its name."""
    try:
        model = env.unwrapped.tabular_model  # type: ignore[attr-defined]
    except Exception:  # there is none, or a foreign property raises
        return []
    return list(model) if isinstance(model, (tuple, list)) else []


def _value(env: Env, setting: Setting) -> Any:
    return vars(layers(env)[setting.layer]).get(setting.name)


def _differs(mine: Any, its: Any) -> bool:
    """Return whether two values differ; False if neither is plain nor a function: these cannot be compared.

    Functions differ if their code does.
    """
    if isinstance(mine, np.ndarray) and isinstance(its, np.ndarray):
        if mine.dtype.hasobject or its.dtype.hasobject:
            return _differs(mine.tolist(), its.tolist())
        return mine.dtype != its.dtype or mine.shape != its.shape or mine.tobytes() != its.tobytes()
    if type(mine) is type(its) and isinstance(mine, (list, tuple, dict)) and _is_equal(mine, its):
        return False  # the fast way, unless there are arrays inside
    if isinstance(mine, (list, tuple)) and isinstance(its, (list, tuple)):  # JSON has only lists
        return len(mine) != len(its) or any(map(_differs, mine, its))
    if type(mine) is type(its) and isinstance(mine, dict):
        return mine.keys() != its.keys() or any(_differs(mine[key], its[key]) for key in mine)
    if isinstance(mine, FunctionType) and isinstance(its, FunctionType):
        return mine.__code__ != its.__code__
    if not (_is_plain(mine) or _is_plain(its)):
        return False
    same = mine is its or (isinstance(mine, float) and isinstance(its, float) and mine != mine and its != its)
    return not (same or _is_equal(mine, its))


def _is_equal(mine: Any, its: Any) -> bool:
    try:
        return bool(mine == its)
    except Exception:  # a foreign comparison can raise anything, and that of arrays has no single answer
        return False


def _is_plain(value: Any) -> bool:
    plain = (bool, int, float, complex, str, bytes, list, tuple, dict, np.ndarray, np.generic)
    return value is None or isinstance(value, plain)


def _run(env: Env) -> None:
    """Take some random steps, and read what agents read."""
    for name in OFFERED:
        getattr(env.unwrapped, name, None)
    env.action_space.seed(0)
    env.reset(seed=0)
    for _ in range(TRIAL_STEPS):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        if terminated or truncated:
            env.reset()


@cache
def _assigned_while_running(kind: type) -> frozenset[str]:
    """Return the attributes that a running environment assigns, also in methods and properties it uses."""
    members = {name: member for owner in kind.__mro__ for name, member in vars(owner).items()}
    assigned = {name for name, member in members.items() if isinstance(member, cached_property)}
    names = [*RUNNING, *(name for name in members if isinstance(members[name], (property, cached_property)))]
    seen: set[str] = set()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        for owner in kind.__mro__:
            for code in _codes(vars(owner).get(name)):
                names.extend(code.co_names)
                assigned |= {i.argval for i in dis.get_instructions(code) if i.opname == "STORE_ATTR"}
    return frozenset(assigned)


def _codes(member: Any) -> Iterator[CodeType]:
    """Yield the code of a method, or of reading a property, and of the functions inside."""
    if isinstance(member, property):
        member = member.fget
    elif isinstance(member, cached_property):
        member = member.func
    function = unwrap(getattr(member, "__func__", member))
    found = [function.__code__] if isinstance(function, FunctionType) else []
    while found:
        code = found.pop()
        yield code
        found.extend(constant for constant in code.co_consts if isinstance(constant, CodeType))
