"""Action masks: which actions an agent may take, as a function of the observation."""

from collections.abc import Callable
from math import prod
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Discrete
from numpy.typing import NDArray

from .encoding import Inputs
from .errors import AgentError, shown
from .wrappers import opaque_wrapper

MAX_CODES = 1 << 18  # observations whose masks are kept in a table
CHUNK = 1 << 12  # observations whose masks are computed together
MASKED = -1e8  # the logit of an action that is not allowed: its probability is exactly 0

Array = NDArray[Any]
Bools = NDArray[np.bool_]


def masked_logits(logits: Array, allowed: Bools | None) -> Array:
    """Return logits [n, A] with which the actions that are not allowed have probability 0.

    The softmax of the others is that of the allowed actions alone, and the derivatives of losses with respect
    to the logits of actions that are not allowed are 0 (Huang and Ontañón 2022).
    """
    return logits if allowed is None else np.where(allowed, logits, np.asarray(MASKED, logits.dtype))


class ActionMasks:
    """The allowed actions, as the environment reports them.

    The environment has one of two attributes:

    - `observation_masks`, a function from observations [n, ...] to masks [n, A], 1 for allowed actions. Those
      of Cookie Jar have it, and report the same masks as `info["action_mask"]`.
    - `action_mask`, a function from the number of a state to its mask [A], as in Gymnasium's Taxi. The
      observations are `Discrete`.

    In an observation for which no action is allowed, such as after the end of an episode, all are.

    Args:
        env: The environment.
        inputs: The encoder of its observations.

    Raises:
        AgentError: If the environment has no masks, or they have a wrong form.
    """

    def __init__(self, env: gym.Env[Any, Any], inputs: Inputs) -> None:
        self._function, self._inputs = _function_of(env), inputs
        self._shape = inputs.space.shape or ()
        self._actions = int(env.action_space.n)  # type: ignore[attr-defined]
        self._table: Bools | None = None
        codes = prod(inputs.sizes)
        if inputs.sizes and codes <= MAX_CODES:
            columns = np.stack(np.unravel_index(np.arange(codes), inputs.sizes), axis=-1)
            parts = np.array_split(columns.reshape(codes, *self._shape), -(-codes // CHUNK))
            self._table = np.concatenate([self._compute(part) for part in parts])

    def __call__(self, observations: Array) -> Bools:
        """Return whether each action is allowed [n, A], for observations [n, ...]."""
        if self._table is None:
            return self._compute(observations)
        return self._table.take(self._inputs.codes(observations), axis=0)

    def _compute(self, observations: Array) -> Bools:
        masks = np.asarray(self._function(observations))
        expected = len(observations), self._actions
        if (
            masks.shape != expected
            or masks.dtype.kind not in "biu"
            or not ((masks == 0) | (masks == 1)).all()
        ):
            raise AgentError(
                f"action_masks: expected masks {list(expected)} of 0 and 1 for {expected[0]} observations, "
                f"got {shown(masks)}"
            )
        allowed: Bools = masks == 1
        allowed[~allowed.any(axis=1)] = True
        return allowed


def _function_of(env: gym.Env[Any, Any]) -> Callable[[Array], Any]:
    """Return the function from observations [n, ...] to masks [n, A] that an environment offers."""
    wrapper, bare = opaque_wrapper(env), env.unwrapped
    if wrapper is not None:
        raise AgentError(
            "action_masks: expected an environment without wrappers that may change observations or actions, "
            f"got {wrapper}"
        )
    try:
        given, reason = bare.observation_masks, ""  # type: ignore[attr-defined]
    except Exception as error:  # a property can raise anything
        named = hasattr(type(bare), "observation_masks")
        given, reason = None, f"; {' '.join(str(error).split())}"[:300] if named else ""
    if callable(given):
        return given  # type: ignore[no-any-return]
    of_state = getattr(bare, "action_mask", None)
    if callable(of_state) and isinstance(env.observation_space, Discrete):
        return lambda states: np.stack([of_state(state) for state in states.tolist()])
    raise AgentError(
        "action_masks: expected an environment with `observation_masks`, or with `action_mask` for each "
        f"state, got {shown(env)}{reason}"
    )
