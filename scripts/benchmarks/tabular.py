"""Speed of the tabular agents, compared with a loop in C on the same packed tables."""

import time
from concurrent.futures import ThreadPoolExecutor
from ctypes import CDLL, Structure, byref, c_double, c_int, c_int64
from io import StringIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import QLearning
from cookie_jar.agents.model import SamplingTables
from cookie_jar.agents.temporal_difference import BLOCK, TemporalDifference
from cookie_jar.agents.training import MAX_INTERVAL
from cookie_jar.scripts.benchmarks.c_library import LIMIT, address, c_library
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale, alternate
from cookie_jar.scripts.common.console import Console, progress_bar

WORD = (1 << 64) - 1


def tabular(kind: type[TemporalDifference], env_id: str, scale: Scale) -> Measurement:
    """Measure the steps per second of a tabular agent, and of the same loop in C."""
    name, steps = f"{kind.__name__}, {env_id}", scale.steps * 20
    library = c_library("tabular")
    if library is None:
        return Measurement(name, "steps/s", [rate(kind, env_id, steps) for _ in range(scale.rounds)])
    rates = alternate(
        scale.rounds,
        lambda: rate(kind, env_id, steps),
        lambda: rate_of(CLearner(library, kind(env_id, seed=0)), steps),
    )
    return Measurement(name, "steps/s", rates[0], LIMIT, rates[1])


def by_steps(scale: Scale) -> Measurement:
    """Measure Q-learning through `env.step`."""
    rates = [rate(QLearning, "CookieJar-v0", scale.steps, use_model=False) for _ in range(scale.rounds)]
    return Measurement("QLearning through env.step", "steps/s", rates)


def with_bar(scale: Scale) -> Measurement:
    """Measure Q-learning with a progress bar and callbacks, as in `train`, compared with neither."""
    steps = scale.steps * 50

    def barred() -> float:
        agent, interval = prepared(QLearning, "CookieJar-v0"), min(steps, MAX_INTERVAL)
        start = time.perf_counter()
        with progress_bar(Console(file=StringIO(), force_terminal=True)) as bar:
            task = bar.add_task("", total=steps)
            agent.learn(steps, lambda agent: bar.advance(task, interval), callback_interval=interval)
        return steps / (time.perf_counter() - start)

    rates = alternate(scale.rounds, barred, lambda: rate(QLearning, "CookieJar-v0", steps))
    return Measurement("QLearning, with bar and callbacks", "steps/s", rates[0], "without them", rates[1])


def two_threads(scale: Scale) -> Measurement:
    """Measure the steps per second of two seeds in two threads, compared with one after the other."""
    steps = scale.steps * 50

    def both(workers: int) -> float:
        agents = [prepared(QLearning, "CookieJar-v0", seed=seed) for seed in range(2)]
        start = time.perf_counter()
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda agent: agent.learn(steps, callback_interval=steps), agents))
        return 2 * steps / (time.perf_counter() - start)

    rates = alternate(scale.rounds, lambda: both(2), lambda: both(1))
    return Measurement("QLearning, two seeds in two threads", "steps/s", rates[0], "in one thread", rates[1])


def prepared(
    kind: type[TemporalDifference], env_id: str, seed: int = 0, **options: Any
) -> TemporalDifference:
    """Return an agent after 1,000 steps, so that its loop is compiled."""
    return kind(env_id, seed=seed, **options).learn(1_000)


def rate(kind: type[TemporalDifference], env_id: str, steps: int, **options: Any) -> float:
    """Return the steps per second of one call of `learn`, without compilation."""
    agent = prepared(kind, env_id, **options)
    start = time.perf_counter()
    agent.learn(steps, callback_interval=steps)
    return steps / (time.perf_counter() - start)


def rate_of(learner: "CLearner", steps: int) -> float:
    """Return the steps per second of the loop in C, after 1,000 steps."""
    learner.learn(1_000)
    start = time.perf_counter()
    learner.learn(steps)
    return steps / (time.perf_counter() - start)


class _Episode(Structure):
    """The running episode in C."""

    _fields_ = [("obs", c_int64), ("chosen", c_int64), ("length", c_int64), ("total", c_double)]


class CLearner:
    """A new tabular agent in C, which learns the same as an agent that has not learned yet.

    Attributes:
        q_table: The action values, float64 [S, A].
        random: State and increment of PCG64, uint64 [4], high words first.
        returns: The returns of the episodes that ended in the last call.
        lengths: Their lengths.
    """

    def __init__(self, library: CDLL, agent: TemporalDifference) -> None:
        tables = SamplingTables.of(agent.env)
        if tables is None or tables.packed.outcomes.dtype != np.int32:
            raise ValueError(f"expected a model whose outcomes fit into 32 bits, got {agent.env}")
        self._learn, self._model, self._agent = library.learn, tables.packed, agent
        self._learn.restype = c_int64
        self.q_table, self._step = agent.q_table.copy(), 0
        agent.rng.integers(2**31)  # as the first call of `learn`
        draw = agent.rng.random() if tables.random else 0.0
        first = int(np.searchsorted(tables.start_ends, draw, side="right"))
        self._episode = _Episode(first, -1, 0, 0.0)
        state = agent.rng.bit_generator.state["state"]
        words = [word for name in ("state", "inc") for word in (state[name] >> 64, state[name] & WORD)]
        self.random = np.array(words, np.uint64)
        self.returns, self.lengths = np.empty(0), np.empty(0, np.int64)

    def learn(self, steps: int) -> None:
        """Learn from more steps, in the blocks of the agent."""
        blocks = [self._learn_block(min(BLOCK, steps - before)) for before in range(0, steps, BLOCK)]
        self.returns, self.lengths = (np.concatenate(parts) for parts in zip(*blocks, strict=True))

    def _learn_block(self, steps: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        returns, lengths = np.empty(steps), np.empty(steps, np.int64)
        agent, model = self._agent, self._model
        ended = self._learn(
            address(self.q_table), agent.method, address(model.outcomes), model.bits, address(model.rewards),
            address(model.outcome_ends), address(model.start_ends), c_int(model.random),
            self.q_table.shape[1], model.outcomes.shape[1], c_int64(model.time_limit), address(self.random),
            c_int64(self._step), c_int64(steps), c_double(agent.exploration_steps),
            c_double(agent.exploration_initial_eps), c_double(agent.exploration_final_eps),
            c_double(agent.learning_rate), c_double(agent.gamma), byref(self._episode), address(returns),
            address(lengths),
        )  # fmt: skip
        self._step += steps
        return returns[:ended].copy(), lengths[:ended].copy()
