"""Speed of single environments, compared with FrozenLake in Gymnasium, and the cost of tables."""

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np

from cookie_jar.agents import evaluate, optimum, tabular_model, uniform_policy, value_iteration
from cookie_jar.envs.config import make_config
from cookie_jar.envs.levels import LEVEL_COUNT
from cookie_jar.envs.tabular import World
from cookie_jar.envs.vector.tables import PackedTables
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale, alternate

ENV_ID = "CookieJar-v0"
LEVELS = 1_000  # of CookieJarRandom-v0
LARGEST: dict[str, Any] = {  # the most cells that a kitchen can have
    "kitchen": "\n".join(["###J" + 14 * "#", "#S" + 14 * "." + "C#", *15 * ["#" + 16 * "." + "#"], 18 * "#"]),
    "shuffle_cookies": True,
    "max_states": 2_000_000,
}


def step_rate(env: gym.Env[Any, Any], actions: Sequence[int]) -> float:
    """Return the steps per second of a plain Python loop, resets included."""
    env.reset(seed=0)
    step, reset = env.step, env.reset
    start = time.perf_counter()
    for action in actions:
        _, _, terminated, truncated, _ = step(action)
        if terminated or truncated:
            reset()
    return len(actions) / (time.perf_counter() - start)


def single_environment(scale: Scale, *, observation: str = "state") -> Measurement:
    """Measure `gymnasium.make` and a Python loop, with actions drawn beforehand."""
    words = "" if observation == "state" else f", {observation}"
    env = gym.make(ENV_ID, observation=observation)
    return _against_frozen_lake(f"one environment, through make{words}", env, scale)


def levels(scale: Scale) -> Measurement:
    """Measure random episodes on 1,000 levels, each drawn before."""
    env = gym.make("CookieJarRandom-v0")
    env.reset(seed=0)
    for _ in range(8 * LEVELS):  # misses a level with probability below 0.0004 each
        env.reset()
    return _against_frozen_lake(f"CookieJarRandom-v0, {LEVELS:,} levels", env, scale)


def _against_frozen_lake(name: str, env: gym.Env[Any, Any], scale: Scale) -> Measurement:
    rng = np.random.default_rng(0)
    frozen_lake = gym.make("FrozenLake-v1", map_name="8x8")
    acts, moves = (rng.integers(n, size=scale.steps).tolist() for n in (10, 4))
    rates = alternate(scale.rounds, lambda: step_rate(env, acts), lambda: step_rate(frozen_lake, moves))
    return Measurement(name, "steps/s", rates[0], "FrozenLake-v1 8x8", rates[1])


def new_level(scale: Scale) -> Measurement:
    """Measure the seconds of a reset that draws a level for the first time."""
    env = gym.make("CookieJarRandom-v0", levels=(0, LEVEL_COUNT - 1))
    env.reset(seed=0)

    def seconds() -> float:
        start = time.perf_counter()
        env.reset()
        return time.perf_counter() - start

    return Measurement("reset to a new level", "s", [seconds() for _ in range(scale.rounds * 3)])


def import_time(scale: Scale) -> Measurement:
    """Measure the seconds to import the environments in a new process; the peer is Gymnasium alone."""

    def seconds(module: str) -> float:
        code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
        return float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)

    times = alternate(scale.rounds, lambda: seconds("cookie_jar.envs"), lambda: seconds("gymnasium"))
    return Measurement("import cookie_jar.envs", "s", times[0], "import gymnasium", times[1])


def compile_time(name: str, scale: Scale, **options: Any) -> Measurement:
    """Measure the seconds to compile a kitchen from its map to its tables."""

    def seconds() -> float:
        start = time.perf_counter()
        _compiled(**options or {"kitchen": name})
        return time.perf_counter() - start

    return Measurement(f"compile {name}", "s", [seconds() for _ in range(scale.rounds)])


def largest_compile_memory(scale: Scale) -> Measurement:
    """Measure the most memory in use while the largest kitchen is compiled, compared with the result."""
    tracemalloc.start()
    world = _compiled(**LARGEST)
    result, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    name = f"memory to compile {world.num_states:,} states"
    return Measurement(name, "MB", [peak / 1e6], "its tables", [result / 1e6])


def _compiled(**options: Any) -> World:
    """Compile a kitchen with all its tables."""
    world = World(make_config(**options))
    for table in ("tabular_model", "states", "event", "action_mask"):
        getattr(world, table)
    return world


def table_memory(kitchen: str, scale: Scale) -> Measurement:
    """Measure the size of a kitchen's tables in megabytes, for the single and the vector environment."""
    world = World(make_config(kitchen=kitchen))
    tables = PackedTables(world)
    tables.add(world)
    size = sum(array.nbytes for array in (*world.tabular_model, world.event, world.action_mask))
    return Measurement(f"tables of {kitchen}", "MB", [(size + tables.nbytes) / 1e6])


def solve_time(scale: Scale) -> Measurement:
    """Measure the seconds to solve the home kitchen, and to evaluate the optimum and the random policy."""
    model = tabular_model(gym.make("CookieJar-v0"))
    assert model is not None

    def seconds() -> float:
        start = time.perf_counter()
        value_iteration(model)
        optimum(model, 200)
        evaluate(model, uniform_policy(model), 200)
        return time.perf_counter() - start

    return Measurement("solve home, evaluate two policies", "s", [seconds() for _ in range(scale.rounds)])
