"""A fingerprint of an object and its attributes, to notice that an environment was stepped or changed."""

from collections import deque
from collections.abc import Mapping, Set
from itertools import islice
from random import Random
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any
from zlib import crc32

import gymnasium as gym
import numpy as np
from gymnasium import Space
from gymnasium.utils import EzPickle

MAX_OBJECTS = 200  # visited at most, those near the surface first
MAX_BYTES = 1 << 16  # of an array; of a larger array, a sample of its bytes

# Attributes that are no state: the next layer, caches and flags of Gymnasium, and the table.
_NOT_STATE = {"env", "_cached_spec", "checked_render", "P", "initial_state_distrib"}
ATOMS = (bool, int, float, complex, str, bytes, type(None), np.generic)
_OPAQUE = (type, FunctionType, BuiltinFunctionType, ModuleType)


def fingerprints(env: gym.Env[Any, Any]) -> dict[str, int]:
    """Return the fingerprint of each attribute of an environment by name, without caches and table.

    If the environment chooses what is pickled (`__getstate__`), this is its state.
    """
    values = attributes_of(env)
    if not isinstance(env, EzPickle):  # which pickles the constructor's arguments
        state = env.__getstate__()
        values = state if isinstance(state, dict) else values
    return {name: fingerprint(values[name]) for name in values if name not in _NOT_STATE}


class Position:
    """What can be seen of the episode of an environment: the attributes of the environment and its wrappers.

    An environment whose state is in a simulator outside of Python only shows random numbers and time limits.

    Args:
        env: The environment.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        self._layers = [fingerprints(layer) for layer in _layers(env)]

    def is_left(self, env: gym.Env[Any, Any]) -> bool:
        """Return whether an attribute has changed since.

        Attributes that were added or None do not count, because drawing fills them in.
        """
        now = [fingerprints(layer) for layer in _layers(env)]
        if len(now) != len(self._layers):
            return True
        pairs = zip(self._layers, now, strict=True)
        changed = (mark for before, new in pairs for name, mark in before.items() if mark != new.get(name))
        return any(mark != _NONE for mark in changed)


def _layers(env: gym.Env[Any, Any]) -> list[gym.Env[Any, Any]]:
    layers = [env]
    while isinstance(layers[-1], gym.Wrapper):
        layers.append(layers[-1].env)
    return layers


def fingerprint(thing: Any) -> int:
    """Return a hash of an object, its attributes, theirs, and so on, breadth first up to `MAX_OBJECTS`.

    Equal values give equal fingerprints. Functions and classes count by identity.
    """
    digest, seen = 0, {id(thing)}
    queue: deque[Any] = deque([thing])
    visited = 0
    while queue and visited < MAX_OBJECTS:
        visited += 1
        text, parts = _describe(queue.popleft())
        digest = crc32(text, digest)
        for part in parts:
            if isinstance(part, ATOMS) or id(part) not in seen:
                seen.add(id(part))
                queue.append(part)
    return digest


def _describe(thing: Any) -> tuple[bytes, list[Any]]:
    """Return the bytes of an object's own value, and its parts."""
    if isinstance(thing, ATOMS):
        return repr(thing).encode(errors="replace"), []
    if isinstance(thing, _OPAQUE):
        return b"%d" % id(thing), []
    if isinstance(thing, MethodType):
        return b"%d" % id(thing.__func__), []
    if isinstance(thing, Space):
        return repr(thing).encode(), []
    if isinstance(thing, np.ndarray) and thing.dtype != object:
        data = thing if thing.nbytes <= MAX_BYTES else thing.ravel()[:: -(-thing.nbytes // MAX_BYTES)]
        return repr((thing.shape, thing.dtype.str)).encode() + data.tobytes(), []
    if isinstance(thing, np.random.Generator):
        return repr(thing.bit_generator.state).encode(), []
    if isinstance(thing, Random):
        return repr(thing.getstate()).encode(), []
    kind = type(thing).__qualname__.encode()
    if isinstance(thing, Mapping):
        keys = [key for key in islice(thing, MAX_OBJECTS) if isinstance(key, ATOMS)]
        return kind + repr((len(thing), keys)).encode(), list(islice(thing.values(), MAX_OBJECTS))
    if isinstance(thing, (list, tuple, deque, Set)):
        return kind + b"%d" % len(thing), list(islice(thing, MAX_OBJECTS))
    if isinstance(thing, np.ndarray):
        return kind + repr(thing.shape).encode(), thing.ravel()[:MAX_OBJECTS].tolist()
    attributes = attributes_of(thing)
    return kind + repr(list(attributes)).encode(), list(attributes.values())


def attributes_of(thing: Any) -> dict[str, Any]:
    """Return the attributes of an object by name, without those of its class."""
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    own = {name: getattr(thing, name) for name in slots if isinstance(name, str) and hasattr(thing, name)}
    return {**own, **getattr(thing, "__dict__", {})}


_NONE = fingerprint(None)
