"""Speed of the vector environment, compared with other libraries and with C on the same tables."""

import time
from collections.abc import Sequence
from ctypes import CDLL, c_int64
from statistics import median
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from cookie_jar.envs import TRAIN_LEVELS, CookieJarVectorEnv
from cookie_jar.envs.config import make_config
from cookie_jar.envs.levels import level_kitchen
from cookie_jar.envs.observations import make_observation, observation_table
from cookie_jar.envs.tabular import World, compile_world
from cookie_jar.envs.vector import stepper
from cookie_jar.envs.vector.rng import VectorRng
from cookie_jar.envs.vector.steps import KINDS
from cookie_jar.envs.vector.tables import PackedTables, outcome_slices
from cookie_jar.scripts.benchmarks.c_library import LIMIT, address, c_library
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale, alternate

ENV_ID = "CookieJar-v0"
TIME_LIMIT = 200

Arrays = list[NDArray[Any]]


class CVector:
    """The steps of a vector environment in C, into arrays that are used again and again.

    Args:
        library: The compiled `limits/vector.c`.
        number: The number n of environments.
        seed: The seed of the first environment.
        observation: As in `CookieJarVectorEnv`.
        **options: See `make_config`; hints and random first states are not possible.

    Attributes:
        results: The observation, the reward, the reward without hints, the number of the event, whether the
            episode has terminated (twice), and whether the time limit is reached, arrays [n, ...].
    """

    def __init__(
        self, library: CDLL, number: int, seed: int, *, observation: str = "state", **options: Any
    ) -> None:
        world = compile_world(make_config(**options))
        tables, rng = PackedTables(world), VectorRng(number)
        tables.add(world)
        rng.seed(np.arange(number), range(seed, seed + number))
        observed = observation_table(make_observation(observation, world, False), world)  # type: ignore[arg-type]
        rows, *results = (np.zeros(number, kind) for kind in (np.int64, *KINDS))
        state = np.zeros(number, np.int64), np.full(number, TIME_LIMIT), np.zeros(number, np.bool_)
        words = np.ascontiguousarray(rng.words[:4].T)
        arrays = tables.table, tables.values, outcome_slices(world.chance), words, *state
        self._kept = arrays, rows, observed  # C knows their addresses only
        self._step, self._observe, self._clock = library.step, library.observe, 0
        self._step.restype = c_int64
        sizes = map(c_int64, (number, *tables.table.shape[1:]))
        self._inputs = *sizes, *map(address, arrays), c_int64(TIME_LIMIT), *map(address, (rows, *results))
        self._copy: tuple[Any, ...] | None = None
        self.results: Arrays = [rows, *results]
        if observation != "state":
            assert observed is not None
            self.results[0] = np.zeros((number, *observed.shape[1:]), observed.dtype)
            size = c_int64(observed[0].nbytes)
            self._copy = c_int64(number), size, *map(address, (observed, rows, self.results[0]))

    def step(self, actions: NDArray[np.int64]) -> None:
        """Take an action in each environment."""
        self._clock += 1
        if self._step(*self._inputs, c_int64(self._clock), address(actions)) < 0:
            raise ValueError("an action does not exist")
        if self._copy is not None:
            self._observe(*self._copy)


def vector_rate(env: Any, actions: Sequence[Any], steps: int) -> float:
    """Return the steps per second of all environments together, for actions [steps, n] used in turn."""
    for t in range(8):
        env.step(actions[t % len(actions)])
    start = time.perf_counter()
    for t in range(steps):
        env.step(actions[t % len(actions)])
    return len(actions[0]) * steps / (time.perf_counter() - start)


def random_actions(actions: int, environments: int, kind: type = np.int64) -> list[Any]:
    """Return random actions [64, n] for 64 steps of n environments."""
    rng = np.random.default_rng(0)
    return list(rng.integers(actions, size=(64, environments)).astype(kind))


def warmed_up(env_id: str, number: int, **options: Any) -> CookieJarVectorEnv:
    """Return a vector environment after enough steps that its loop is compiled."""
    env = gym.make_vec(env_id, number, **options)
    assert isinstance(env, CookieJarVectorEnv)
    env.reset(seed=0)
    actions = random_actions(10, number)
    for t in range(stepper.COMPILE_AFTER // (number + stepper.CALL) + 2):
        env.step(actions[t % len(actions)])
    return env


def many(number: int, scale: Scale, *, env_id: str = ENV_ID, **options: Any) -> Measurement:
    """Measure many environments at once, with actions drawn beforehand, compared with C."""
    words = [value for value in options.values() if isinstance(value, str)]
    name = ", ".join([f"{number:,} environments", *([] if env_id == ENV_ID else [env_id]), *words])
    large = options.get("observation") in ("grid", "pixels")
    actions, steps = random_actions(10, number), max(4, scale.steps // number * (1 if large else 20))
    env, library = warmed_up(env_id, number, **options), c_library("vector")

    def ours() -> float:
        return vector_rate(env, actions, steps)

    if library is None or "levels" in options:
        return Measurement(name, "steps/s", [ours() for _ in range(scale.rounds)])
    kwargs = gym.spec(env_id).kwargs
    limit = CVector(library, number, 0, **kwargs | options)
    rates = alternate(scale.rounds, ours, lambda: vector_rate(limit, actions, steps))
    return Measurement(name, "steps/s", rates[0], LIMIT, rates[1])


def against_sync(scale: Scale) -> Measurement:
    """Measure 64 environments, compared with Gymnasium's SyncVectorEnv of FrozenLake."""
    ours = warmed_up(ENV_ID, 64)
    peer = gym.make_vec("FrozenLake-v1", 64, vectorization_mode="sync")
    peer.reset(seed=0)
    acts, moves, steps = random_actions(10, 64), random_actions(4, 64), max(2, scale.steps // 64)
    rates = alternate(
        scale.rounds,
        lambda: vector_rate(ours, acts, 4 * steps),
        lambda: vector_rate(peer, moves, max(1, steps // 8)),
    )
    return Measurement("64 environments", "steps/s", rates[0], "SyncVectorEnv, FrozenLake-v1", rates[1])


def against_envpool(scale: Scale) -> Measurement:
    """Measure 1,024 environments, compared with EnvPool's FrozenLake at its best number of environments."""
    name, ours = "1,024 environments", many(1024, scale).ours
    try:
        import envpool
    except ImportError:
        return Measurement(name, "steps/s", ours, "EnvPool: skipped, not installed")
    best: list[float] = []
    for number in (64, 256, 1024, 4096):
        peer = envpool.make_gymnasium("FrozenLake-v1", num_envs=number)
        peer.reset()
        moves, steps = random_actions(4, number, np.int32), max(4, scale.steps // number)
        rates = [vector_rate(peer, moves, steps) for _ in range(scale.rounds)]
        best = max(best, rates, key=lambda values: median(values or [0.0]))
    return Measurement(name, "steps/s", ours, "EnvPool's best, FrozenLake-v1", best)


def drawing_actions(number: int, scale: Scale) -> Measurement:
    """Measure many environments at once; the time includes drawing random actions."""
    env, rng = warmed_up(ENV_ID, number), np.random.default_rng(0)
    steps = max(4, 20 * scale.steps // number)

    def rate() -> float:
        start = time.perf_counter()
        for _ in range(steps):
            env.step(rng.integers(10, size=number))
        return number * steps / (time.perf_counter() - start)

    rates = [rate() for _ in range(scale.rounds)]
    return Measurement(f"{number:,} environments, drawing actions", "steps/s", rates)


def pack_levels(count: int, scale: Scale) -> Measurement:
    """Measure the seconds to generate, compile and pack levels."""
    start = time.perf_counter()
    _packed_levels(count)
    return Measurement(f"pack {count:,} levels", "s", [time.perf_counter() - start])


def level_memory(count: int, scale: Scale) -> Measurement:
    """Measure the size of the packed tables of levels in megabytes, compared with that of their outcomes."""
    tables = _packed_levels(count)
    rows = int(tables.first_row[-1])  # those of the last level are too few to count
    outcomes = rows * tables.table[0].nbytes
    return Measurement(
        f"tables of {count:,} levels", "MB", [tables.nbytes / 1e6], "outcomes", [outcomes / 1e6]
    )


def _packed_levels(count: int) -> PackedTables:
    first = make_config(kitchen=str(level_kitchen(TRAIN_LEVELS[0])))
    tables = PackedTables(World(first))
    for number in range(TRAIN_LEVELS[0], TRAIN_LEVELS[0] + count):
        tables.add(World(first._replace(kitchen=level_kitchen(number))))
    return tables
