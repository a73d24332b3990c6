"""Cost of a kitchen's tables: import, compilation, memory, exact solution."""

import subprocess
import sys
import time

import gymnasium as gym

from cookie_jar.agents import evaluate, optimum, tabular_model, uniform_policy, value_iteration
from cookie_jar.envs.config import make_config
from cookie_jar.envs.tabular import World
from cookie_jar.envs.vector.tables import PackedTables
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale, alternate


def import_time(scale: Scale) -> Measurement:
    """Measure the seconds to import the environments in a new process; the peer is Gymnasium alone."""

    def seconds(module: str) -> float:
        code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
        return float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)

    times = alternate(scale.rounds, lambda: seconds("cookie_jar.envs"), lambda: seconds("gymnasium"))
    return Measurement("import cookie_jar.envs", "s", times[0], "import gymnasium", times[1])


def compile_time(kitchen: str, scale: Scale) -> Measurement:
    """Measure the seconds to compile a kitchen from its map to its tables."""

    def seconds() -> float:
        start = time.perf_counter()
        World(make_config(kitchen=kitchen))
        return time.perf_counter() - start

    return Measurement(f"compile {kitchen}", "s", [seconds() for _ in range(scale.rounds)])


def table_memory(kitchen: str, scale: Scale) -> Measurement:
    """Measure the size of a kitchen's tables in megabytes, for the single and the vector environment."""
    world = World(make_config(kitchen=kitchen))
    tables = PackedTables(1)
    tables.add(world)
    arrays = [
        *world.tabular_model,
        world.event,
        world.action_mask,
        tables.table,
        tables.action_mask,
        *tables.features,
    ]
    return Measurement(f"tables of {kitchen}", "MB", [sum(array.nbytes for array in arrays) / 1e6])


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
