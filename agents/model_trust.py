"""Finding the table of an environment, and checking whether it can be trusted."""

from collections import deque
from math import prod
from typing import Any, NamedTuple
from zlib import crc32

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Discrete
from numpy.typing import NDArray

from .copies import quiet_copy
from .errors import AgentError
from .fingerprint import ATOMS, attributes_of, fingerprint, fingerprints
from .model_check import EPISODE, STEPS, ModelCheck, global_randomness_kept
from .model_table import TabularModel, check_start, from_arrays, from_transitions, is_fixed
from .wrappers import opaque_wrapper, time_limit

LOOKING = 16  # steps that show which attributes change
MAX_OBSERVATIONS = 1 << 30  # bytes of the observations of all states


class Offer(NamedTuple):
    """A table that an environment offers, with checked rows.

    Attributes:
        model: The model.
        unshaped: The model with the rewards without shaping.
        observations: The observation in each state [S, ...].
    """

    model: TabularModel
    unshaped: TabularModel
    observations: NDArray[Any]

    def key(self) -> tuple[object, ...]:
        """Return a key that differs for other tables; arrays that never change count by identity."""
        arrays = (*self.model, self.unshaped.reward, self.observations)
        return tuple(id(a) if is_fixed(a) else crc32(a.tobytes()) for a in arrays)


class Finding(NamedTuple):
    """The result of looking for a model.

    Attributes:
        offer: The believed table, or None.
        reason: Why there is none; empty if there is one.
        refused: Whether the environment offers a table that is not believed.
    """

    offer: Offer | None
    reason: str = ""
    refused: bool = False


class _Verdict(NamedTuple):
    """The result of a check, valid for environments of one class with the same table and attributes.

    Attributes:
        subject: Class, table and number of steps.
        offer: The table, kept so that no other arrays get the identities in `subject`.
        changing: The names of the attributes that steps change.
        attributes: A fingerprint of each other attribute.
        finding: The result.
    """

    subject: tuple[object, ...]
    offer: Offer
    changing: frozenset[str]
    attributes: dict[str, int]
    finding: Finding


_VERDICTS: deque[_Verdict] = deque(maxlen=64)


def find_model(env: gym.Env[Any, Any], steps: int = STEPS) -> Finding:
    """Return the table of an environment, if there is one and it agrees with the environment's steps.

    The result is kept for environments of the same class with the same table and the same attributes.

    Args:
        env: The environment, which is neither stepped nor changed.
        steps: The number of steps of a copy that the table is compared with (see `ModelCheck`).
    """
    wrapper = opaque_wrapper(env)
    if wrapper is not None:
        return Finding(None, f"the wrapper {wrapper} may change observations, actions or rewards")
    try:
        offer = _offer(env)
    except Exception as error:  # the environment's own code can raise anything
        return Finding(None, _text(error), refused=True)
    if offer is None:
        return Finding(None, "the environment offers no table")
    kind = type(env.unwrapped)
    subject = (kind, kind.step, kind.reset, offer.key(), time_limit(env), steps)
    attributes = fingerprints(env.unwrapped)
    for verdict in _VERDICTS:
        others = {name: mark for name, mark in attributes.items() if name not in verdict.changing}
        if verdict.subject == subject and others == verdict.attributes:
            return verdict.finding if verdict.finding.refused else Finding(offer)
    reason, changing = _compare(env, offer, steps)
    finding = Finding(None, reason, refused=True) if reason else Finding(offer)
    others = {name: mark for name, mark in attributes.items() if name not in changing}
    _VERDICTS.append(_Verdict(subject, offer, changing, others, finding))
    return finding


def _offer(env: gym.Env[Any, Any]) -> Offer | None:
    """Return the table that an environment offers, or None.

    Raises:
        AgentError: If the table is not a model of the environment's spaces.
    """
    bare = env.unwrapped
    given = getattr(bare, "tabular_model", None)
    if given is not None:
        model = from_arrays(given)
    elif hasattr(bare, "P") and hasattr(bare, "initial_state_distrib"):
        model = from_transitions(bare.P, check_start(bare.initial_state_distrib))
    else:
        return None
    actions, space = model.next_state.shape[1], env.action_space
    if not isinstance(space, Discrete) or space.start != 0 or space.n != actions:
        raise AgentError(f"the table has {actions} actions, the action space is {space}")
    return Offer(model, _unshaped(bare, model), _observations(env, len(model.start)))


def _unshaped(bare: gym.Env[Any, Any], model: TabularModel) -> TabularModel:
    """Return the attribute `unshaped_model` if it differs from the model in the rewards alone."""
    try:
        unshaped = from_arrays(bare.unshaped_model)  # type: ignore[attr-defined]
    except Exception:  # there is none, or the attribute is something else
        return model
    pairs = zip(unshaped._replace(reward=model.reward), model, strict=True)
    return unshaped if all(a is b or np.array_equal(a, b) for a, b in pairs) else model


def _observations(env: gym.Env[Any, Any], states: int) -> NDArray[Any]:
    """Return the observation in each state [S, ...]: state numbers, or the attribute `state_observations`."""
    space = env.observation_space
    if isinstance(space, Discrete):
        if space.start != 0 or space.n != states:
            raise AgentError(f"the table has {states} states, the observation space is {space}")
        return np.arange(states)
    if space.shape is None or space.dtype is None or not _has(env.unwrapped, "state_observations"):
        raise AgentError(f"the observations of {space} do not name the states of the table")
    shape = (states, *space.shape)
    size = prod(shape) * space.dtype.itemsize
    if size > MAX_OBSERVATIONS:
        raise AgentError(f"the observations of {states:,} states have {size:,} bytes")
    observations = np.asarray(env.unwrapped.state_observations)  # type: ignore[attr-defined]
    if observations.shape != shape or observations.dtype.kind not in "biuf":
        raise AgentError(f"state_observations: expected numbers of shape {list(shape)}")
    return observations


def _compare(env: gym.Env[Any, Any], offer: Offer, steps: int) -> tuple[str, frozenset[str]]:
    """Compare a table with steps of a copy.

    Returns:
        The reason not to believe the table, or an empty text, and the names of the attributes that changed.
    """
    reason = ""
    with global_randomness_kept():
        try:
            copy = _copy(env, offer)
            before = fingerprints(copy)
        except Exception as error:  # the environment's own code can raise anything
            return _text(error), frozenset()
        try:
            given = offer.model, offer.unshaped.reward, offer.observations
            ModelCheck(copy, *given, time_limit(env) or EPISODE, steps).run()
        except Exception as error:
            reason = _text(error)
        changing = _changing(copy, before) | {"render_mode"}
    return reason or _difference(env.unwrapped, copy, changing), frozenset(changing)


def _changing(copy: gym.Env[Any, Any], before: dict[str, int]) -> set[str]:
    """Return the names of the attributes that change in some random steps, or have changed before."""
    found: set[str] = set()
    over = False
    copy.action_space.seed(0)
    for _ in range(LOOKING):
        now = fingerprints(copy)
        found |= {name for name in {*before, *now} if before.get(name) != now.get(name)}
        try:
            if over:
                copy.reset()
            over = not over and any(copy.step(copy.action_space.sample())[2:4])
        except Exception:  # the environment's own code can raise anything
            over = True
    return found


def _difference(bare: gym.Env[Any, Any], copy: gym.Env[Any, Any], changing: set[str]) -> str:
    """Return a reason not to trust a copy: a plain attribute that differs, apart from those that change."""
    mine, others = attributes_of(bare), attributes_of(copy)
    for name in sorted(mine.keys() - changing):
        if isinstance(mine[name], ATOMS) and fingerprint(mine[name]) != fingerprint(others.get(name)):
            return f"a copy of the environment has another {name}"
    return ""


def _copy(env: gym.Env[Any, Any], offer: Offer) -> gym.Env[Any, Any]:
    """Return a copy of the bare environment that offers the same table.

    Raises:
        AgentError: If there is no such copy.
    """
    try:
        copy = quiet_copy(env.unwrapped)
    except Exception as error:  # for example, a window cannot be copied
        if env.spec is None:
            raise AgentError(f"the environment cannot be copied; {_text(error)}") from None
        copy = gym.make(env.spec, render_mode=None).unwrapped
    again = _offer(copy)
    pairs = () if again is None else zip(again.model, offer.model, strict=True)
    if again is None or not all(a is b or np.array_equal(a, b) for a, b in pairs):
        raise AgentError("a copy of the environment has another table")
    return copy


def _has(bare: gym.Env[Any, Any], name: str) -> bool:
    """Return whether an environment has an attribute, without computing it."""
    return name in attributes_of(bare) or hasattr(type(bare), name)


def _text(error: Exception) -> str:
    """Return an error on one line."""
    text = " ".join(str(error).split())
    return text if isinstance(error, AgentError) else f"{type(error).__name__}: {text}"[:200]
