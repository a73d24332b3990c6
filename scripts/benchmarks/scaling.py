"""How time and memory grow with states, seeds, threads and kitchens, measured in a new process per point.

Times are processor times, which depend little on what else the machine does.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gymnasium as gym

from cookie_jar.agents import QLearning, TabularModel, tabular_model, value_iteration
from cookie_jar.envs.config import make_config
from cookie_jar.envs.tabular import World
from cookie_jar.scripts.benchmarks.vectors import random_actions, warmed_up
from cookie_jar.scripts.common.console import Console, progress_bar
from cookie_jar.scripts.common.peak_memory import peak_memory

ROOMS = (  # rows and columns of the floor, and whether the cookies are shuffled: 40 to 2 million states
    *((1, 2, 0), (1, 4, 0), (2, 4, 0), (4, 4, 0), (4, 8, 0), (8, 8, 0), (8, 16, 0), (16, 16, 0)),
    *((12, 13, 1), (16, 16, 1)),
)
NUMBERS = 1, 10, 100, 1_000  # of seeds and of kitchens
ENVIRONMENTS = 1_024  # of the vector environment
ENOUGH = 0.2  # seconds of processor time after which a measurement is not repeated
UPDATES = 3_000_000  # of Q-learning in a round
SEED_UPDATES = 5_000_000  # of all seeds together in a round
ROUNDS = 10  # of seeds; the fastest counts
DRAWS = 10  # of each level on average, so that hardly any is missing
WARM_UP = 1_000  # updates: they compile the loop, or load it
MAX_STATES = 2_000_000

Point = dict[str, float]


def inputs(*, quick: bool = False) -> list[tuple[str, tuple[int, ...]]]:
    """Return the name of the series and the inputs of each point; `quick` leaves out two of three points."""
    every = 3 if quick else 1
    numbers = NUMBERS[::every]
    return [
        *(("states", sizes) for sizes in ROOMS[::every]),
        *(("seeds", (number, threads)) for number in numbers for threads in (1, 2)),
        *(("kitchens", (number,)) for number in numbers),
    ]


def measure(name: str, sizes: Sequence[int]) -> Point:
    """Measure a point of a series in a new process."""
    words = [sys.executable, "-m", __name__, name, *map(str, sizes)]
    return dict(json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout))


def measure_all(console: Console, *, quick: bool) -> dict[str, list[Point]]:
    """Return the points of each series, with a progress bar meanwhile."""
    series: dict[str, list[Point]] = {}
    with progress_bar(console) as bar:
        for name, sizes in bar.track(inputs(quick=quick), description="measuring"):
            series.setdefault(name, []).append(measure(name, sizes))
    return series


def of_states(rows: int, columns: int, shuffled: int) -> Point:
    """Measure compiling and solving a room, Q-learning in it, and the memory of all of this."""
    options: dict[str, Any] = {"shuffle_cookies": bool(shuffled), "max_states": MAX_STATES}
    value_iteration(_model(_learner(kitchen=room(1, 2))))  # loads what the first call loads
    before, config = _memory(), make_config(kitchen=room(rows, columns), **options)
    compiling = _fastest(lambda: World(config).tabular_model)
    agent = _learner(kitchen=room(rows, columns), **options)
    learning = _fastest(lambda: agent.learn(UPDATES, callback_interval=UPDATES))
    model = _model(agent)
    solving = _fastest(lambda: value_iteration(model))
    return {
        "states": len(agent.q_table),
        "compile_seconds": compiling,
        "solve_seconds": solving,
        "updates_per_second": UPDATES / learning,
        "table_bytes": sum(array.nbytes for array in model),
        "peak_bytes": _memory() - before,
    }


def room(rows: int, columns: int) -> str:
    """Return the map of an empty room: the jar above its middle, the child and the chair in two corners."""
    floor = [["."] * columns for _ in range(rows)]
    floor[0][0], floor[-1][-1] = "S", "C"
    wall = ["#"] * (columns + 2)
    above = wall.copy()
    above[(columns + 1) // 2] = "J"
    return "\n".join("".join(line) for line in (above, *(["#", *line, "#"] for line in floor), wall))


def of_seeds(number: int, threads: int) -> Point:
    """Measure Q-learning at home with several seeds in threads of one process, as `train --seeds` has."""
    before, steps = _memory(), SEED_UPDATES // number
    seconds = min(_seconds_of_seeds(number, threads, steps) for _ in range(ROUNDS))
    return {
        "seeds": number,
        "threads": threads,
        "updates_per_processor_second": number * steps / seconds,
        "peak_bytes": _memory() - before,
    }


def _seconds_of_seeds(number: int, threads: int, steps: int) -> float:
    """Return the processor time of all threads in which each of several agents learns from some steps."""
    agents = [_learner(seed=seed) for seed in range(number)]
    start = time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda agent: agent.learn(steps, callback_interval=steps), agents))
    return time.process_time() - start


def of_kitchens(number: int) -> Point:
    """Measure 1,024 environments on several levels: packing their tables, and steps with random actions."""
    warmed_up("CookieJar-v0", ENVIRONMENTS)  # compiles the loop
    actions = random_actions(10, ENVIRONMENTS)
    before, start = _memory(), time.process_time()
    env = warmed_up("CookieJarRandom-v0", ENVIRONMENTS, observation="vector", levels=(0, number - 1))
    for _ in range(DRAWS * number // ENVIRONMENTS):
        env.reset()
    packing = time.process_time() - start
    seconds = _fastest(lambda: [env.step(chosen) for chosen in actions])
    return {
        "kitchens": number,
        "pack_seconds": packing,
        "steps_per_second": len(actions) * ENVIRONMENTS / seconds,
        "peak_bytes": _memory() - before,
    }


def _learner(seed: int = 0, **options: Any) -> QLearning:
    """Return an agent after its first steps in a kitchen."""
    return QLearning(gym.make("CookieJar-v0", **options), seed=seed).learn(WARM_UP)


def _model(agent: QLearning) -> TabularModel:
    model = tabular_model(agent.env)
    assert model is not None
    return model


def _fastest(work: Callable[[], object]) -> float:
    """Repeat work, and return the processor seconds of its fastest run."""
    times: list[float] = []
    while len(times) < 2 or sum(times) < ENOUGH:  # the first run may compile loops
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def _memory() -> int:
    peak = peak_memory()
    return 0 if peak is None else peak


SERIES: dict[str, Callable[..., Point]] = {"states": of_states, "seeds": of_seeds, "kitchens": of_kitchens}

if __name__ == "__main__":
    print(json.dumps(SERIES[sys.argv[1]](*map(int, sys.argv[2:]))))
