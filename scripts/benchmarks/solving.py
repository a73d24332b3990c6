"""Speed of exact solutions: value iteration compared with sweeps in C, and the evaluations of a training."""

import time
from collections.abc import Callable
from ctypes import CDLL, c_double, c_int, c_int64
from functools import partial
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import TabularModel, evaluate, optimum, tabular_model, value_iteration
from cookie_jar.agents.exact import expected
from cookie_jar.scripts.benchmarks.c_library import address, c_library
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale, alternate

GAMMA = 0.99
HORIZON = 200
REPEATS = 5  # in a measurement, of which the fastest counts


def values(env_id: str, scale: Scale, **options: Any) -> Measurement:
    """Measure value iteration, with policies and ties, compared with the values alone in C."""
    model = _model(env_id, **options)
    name = f"value iteration, {len(model.start):,} states x {model.next_state.shape[2]}"
    ours = partial(seconds, lambda: value_iteration(model, GAMMA))
    library = c_library("solving")
    if library is None:
        return Measurement(name, "s", [ours() for _ in range(scale.rounds)])
    times = alternate(scale.rounds, ours, partial(seconds, lambda: values_in_c(library, model, GAMMA)))
    return Measurement(name, "s", times[0], "values in C", times[1])


def evaluation(env_id: str, scale: Scale) -> Measurement:
    """Measure the evaluation of the optimal policy, as at each evaluation of a training."""
    model = _model(env_id)
    policy = value_iteration(model, GAMMA).policy
    times = [seconds(lambda: evaluate(model, policy, HORIZON)) for _ in range(scale.rounds)]
    return Measurement(f"evaluation of a policy, {env_id}", "s", times)


def backwards(env_id: str, scale: Scale) -> Measurement:
    """Measure backward induction, as at the beginning of a training."""
    model = _model(env_id)
    times = [seconds(lambda: optimum(model, HORIZON), repeats=1) for _ in range(scale.rounds)]
    return Measurement(f"optimum of {HORIZON} actions, {env_id}", "s", times)


def seconds(solve: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Return the seconds of the fastest of several calls."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        solve()
        times.append(time.perf_counter() - start)
    return min(times)


def values_in_c(library: CDLL, model: TabularModel, gamma: float) -> NDArray[np.float64]:
    """Return the optimal values [S], from sweeps in C."""
    states, actions, outcomes = model.next_state.shape
    found, reward = np.zeros(states), np.ascontiguousarray(expected(model, model.reward))
    library.solve(
        address(model.next_state), address(model.probability), address(model.terminated), address(reward),
        c_int64(states), c_int(actions), c_int(outcomes), c_double(gamma), address(found),
    )  # fmt: skip
    return found


def _model(env_id: str, **options: Any) -> TabularModel:
    model = tabular_model(gym.make(env_id, **options))
    if model is None:
        raise ValueError(f"expected an environment with a model, got {env_id}")
    return model
