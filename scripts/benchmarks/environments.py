"""What the benchmark measures: each function is one row of its table."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from io import StringIO
from statistics import median
from typing import Any

import gymnasium as gym
import numpy as np
from rich.console import Console
from rich.progress import Progress

from cookie_jar.agents import (
    ExpectedSarsa,
    QLearning,
    Sarsa,
    evaluate,
    optimum,
    tabular_model,
    uniform_policy,
    value_iteration,
)
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.agents.training import MAX_INTERVAL
from cookie_jar.envs import Action, Cookie, Event, State, transition
from cookie_jar.envs.config import make_config
from cookie_jar.envs.dynamics import CLOSED
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.levels import LEVEL_COUNT
from cookie_jar.envs.tabular import World
from cookie_jar.envs.vector.tables import PackedTables
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale, alternate


def step_rate(env: gym.Env[Any, Any], actions: Sequence[int]) -> float:
    """Steps a second in a plain Python loop, resets included."""
    env.reset(seed=0)
    step, reset = env.step, env.reset
    start = time.perf_counter()
    for action in actions:
        _, _, terminated, truncated, _ = step(action)
        if terminated or truncated:
            reset()
    return len(actions) / (time.perf_counter() - start)


def vector_rate(env: Any, actions: Sequence[Any], steps: int) -> float:
    """Steps a second of all environments together; actions are used in turn."""
    for t in range(8):
        env.step(actions[t % len(actions)])
    start = time.perf_counter()
    for t in range(steps):
        env.step(actions[t % len(actions)])
    return len(actions[0]) * steps / (time.perf_counter() - start)


def drawn(number: int, environments: int, kind: type = np.int64) -> list[Any]:
    """Random actions for 64 steps."""
    rng = np.random.default_rng(0)
    return list(rng.integers(number, size=(64, environments)).astype(kind))


def single_environment(scale: Scale) -> Measurement:
    """`gymnasium.make` and a Python loop with actions drawn beforehand."""
    rng = np.random.default_rng(0)
    env, frozen_lake = gym.make("CookieJar-v0"), gym.make("FrozenLake-v1", map_name="8x8")
    acts, moves = (rng.integers(n, size=scale.steps).tolist() for n in (10, 4))
    rates = alternate(scale.rounds, lambda: step_rate(env, acts), lambda: step_rate(frozen_lake, moves))
    return Measurement("one environment, through make", "steps/s", rates[0], "FrozenLake-v1 8x8", rates[1])


def import_time(scale: Scale) -> Measurement:
    """Seconds to import the environments in a new process; the peer is Gymnasium alone."""

    def seconds(module: str) -> float:
        code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
        return float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)

    times = alternate(scale.rounds, lambda: seconds("cookie_jar.envs"), lambda: seconds("gymnasium"))
    return Measurement("import cookie_jar.envs", "s", times[0], "import gymnasium", times[1])


def compile_time(kitchen: str, scale: Scale) -> Measurement:
    """Seconds to compile a kitchen from its map to its tables."""

    def seconds() -> float:
        start = time.perf_counter()
        World(make_config(kitchen=kitchen))
        return time.perf_counter() - start

    return Measurement(f"compile {kitchen}", "s", [seconds() for _ in range(scale.rounds)])


def table_memory(kitchen: str, scale: Scale) -> Measurement:
    """Megabytes of the tables of a kitchen, of the single and of the vector environment."""
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
    """Seconds to solve the home kitchen, and to judge the optimum and the random child exactly."""
    model = tabular_model(gym.make("CookieJar-v0"))
    assert model is not None

    def seconds() -> float:
        start = time.perf_counter()
        value_iteration(model)
        optimum(model, 200)
        evaluate(model, uniform_policy(model), 200)
        return time.perf_counter() - start

    return Measurement("solve home, judge two policies", "s", [seconds() for _ in range(scale.rounds)])


def new_level(scale: Scale) -> Measurement:
    """Seconds of a reset that draws a level which was never seen before."""
    env = gym.make("CookieJarRandom-v0", levels=(0, LEVEL_COUNT - 1))
    env.reset(seed=0)

    def seconds() -> float:
        start = time.perf_counter()
        env.reset()
        return time.perf_counter() - start

    return Measurement("reset to a new level", "s", [seconds() for _ in range(scale.rounds * 3)])


def against_sync(scale: Scale) -> Measurement:
    """64 environments beside Gymnasium's SyncVectorEnv of FrozenLake."""
    ours = gym.make_vec("CookieJar-v0", 64)
    peer = gym.make_vec("FrozenLake-v1", 64, vectorization_mode="sync")
    ours.reset(seed=0), peer.reset(seed=0)
    acts, moves, steps = drawn(10, 64), drawn(4, 64), max(2, scale.steps // 64)
    rates = alternate(
        scale.rounds,
        lambda: vector_rate(ours, acts, 4 * steps),
        lambda: vector_rate(peer, moves, max(1, steps // 8)),
    )
    return Measurement("64 environments", "steps/s", rates[0], "SyncVectorEnv, FrozenLake-v1", rates[1])


def against_envpool(scale: Scale) -> Measurement:
    """1,024 environments beside EnvPool's FrozenLake at the number that suits it best."""
    name, ours = "1,024 environments", many(1024, scale).ours
    try:
        import envpool
    except ImportError:
        return Measurement(name, "steps/s", ours, "EnvPool: skipped, not installed")
    best: list[float] = []
    for number in (64, 256, 1024, 4096):
        peer = envpool.make_gymnasium("FrozenLake-v1", num_envs=number)
        peer.reset()
        moves, steps = drawn(4, number, np.int32), max(4, scale.steps // number)
        rates = [vector_rate(peer, moves, steps) for _ in range(scale.rounds)]
        best = max(best, rates, key=lambda values: median(values or [0.0]))
    return Measurement(name, "steps/s", ours, "EnvPool's best, FrozenLake-v1", best)


def many(number: int, scale: Scale, *, env_id: str = "CookieJar-v0", **options: Any) -> Measurement:
    """Many environments at once, with actions drawn beforehand."""
    env = gym.make_vec(env_id, number, **options)
    env.reset(seed=0)
    large = options.get("observation") in ("grid", "pixels")
    actions, steps = drawn(10, number), max(4, scale.steps // number * (1 if large else 20))
    name = ", ".join([f"{number:,} environments", *_special(env_id, options)])
    return Measurement(name, "steps/s", [vector_rate(env, actions, steps) for _ in range(scale.rounds)])


def _special(env_id: str, options: dict[str, Any]) -> list[str]:
    """What is special about an environment, in words."""
    words = [value for value in options.values() if isinstance(value, str)]
    return words if env_id == "CookieJar-v0" else [env_id, *words]


def drawing_actions(number: int, scale: Scale) -> Measurement:
    """Many environments at once; the time includes drawing random actions."""
    env = gym.make_vec("CookieJar-v0", number)
    env.reset(seed=0)
    rng, steps = np.random.default_rng(0), max(4, 20 * scale.steps // number)

    def rate() -> float:
        start = time.perf_counter()
        for _ in range(steps):
            env.step(rng.integers(10, size=number))
        return number * steps / (time.perf_counter() - start)

    rates = [rate() for _ in range(scale.rounds)]
    return Measurement(f"{number:,} environments, drawing actions", "steps/s", rates)


def frame_rate(env: gym.Env[Any, Any], actions: Sequence[int]) -> float:
    """Pictures a second of an environment that changes between them."""
    env.reset(seed=0)
    env.render()
    seconds = 0.0
    for action in actions:
        if any(env.step(action)[2:4]):
            env.reset()
        start = time.perf_counter()
        env.render()
        seconds += time.perf_counter() - start
    return len(actions) / seconds


def pictures(scale: Scale) -> Measurement:
    """`render()` as arrays, ours of 640x640 pixels."""
    rng = np.random.default_rng(0)
    ours, peer = (gym.make(name, render_mode="rgb_array") for name in ("CookieJar-v0", "FrozenLake-v1"))
    acts, moves = rng.integers(10, size=scale.steps // 50).tolist(), [1, 2] * max(1, scale.steps // 1000)
    rates = alternate(scale.rounds, lambda: frame_rate(ours, acts), lambda: frame_rate(peer, moves))
    return Measurement("rgb_array, 640x640", "frames/s", rates[0], "FrozenLake-v1, 256x256", rates[1])


def moving_pictures(scale: Scale) -> Measurement:
    """Frames of 1280x720 in which the child walks over values and arrows, as a window shows them."""
    from cookie_jar.envs.rendering.frame import Frame
    from cookie_jar.envs.rendering.overlay import Overlay
    from cookie_jar.envs.rendering.scene import Scene

    kitchen, rng = find_kitchen("home"), np.random.default_rng(0)
    scene, cells = Scene(kitchen, (1280, 720)), len(kitchen.places)

    def rate() -> float:
        frame = Frame(State(kitchen.child_start, kitchen.chair_start, 0, CLOSED, 0))
        seconds, acts = 0.0, max(1, scale.steps // 2_000)
        for action in rng.integers(4, size=acts).tolist():
            after, event = transition(kitchen, Cookie.PLAIN, frame.state, action)
            frame = frame.then(State(*map(int, after)), Action(action), Event(int(event)), 0.0)
            overlay = Overlay(values=rng.random(cells), arrows=rng.dirichlet(np.ones(4), cells))
            start = time.perf_counter()
            for number in range(24):
                scene.draw(frame, number / 24, overlay)
            seconds += time.perf_counter() - start
        return 24 * acts / seconds

    return Measurement("tweened with overlay, 1280x720", "frames/s", [rate() for _ in range(scale.rounds)])


def learning(kind: type[TemporalDifference], scale: Scale, *, use_model: bool = True) -> Measurement:
    """Steps a second of a tabular learner on the home kitchen."""
    name = kind.__name__ + ("" if use_model else " through env.step")
    steps = scale.steps * (50 if use_model else 1)
    return Measurement(name, "steps/s", [learning_rate(kind, steps, use_model) for _ in range(scale.rounds)])


def learning_with_bar(scale: Scale) -> Measurement:
    """Q-learning with a progress bar and callbacks, as `train` calls it, beside the same without them."""
    steps = scale.steps * 50
    rates = alternate(
        scale.rounds,
        lambda: learning_rate(QLearning, steps, with_bar=True),
        lambda: learning_rate(QLearning, steps),
    )
    return Measurement("QLearning, with bar and callbacks", "steps/s", rates[0], "without them", rates[1])


def learning_rate(
    kind: type[TemporalDifference], steps: int, use_model: bool = True, with_bar: bool = False
) -> float:
    """Steps a second of one `learn`, compilation apart."""
    agent = kind("CookieJar-v0", seed=0, use_model=use_model)
    agent.learn(1_000)
    interval = min(steps, MAX_INTERVAL)
    start = time.perf_counter()
    if with_bar:
        with Progress(console=Console(file=StringIO(), force_terminal=True)) as bar:
            task = bar.add_task("", total=steps)
            agent.learn(steps, lambda agent: bar.advance(task, interval), callback_interval=interval)
    else:
        agent.learn(steps, callback_interval=steps)
    return steps / (time.perf_counter() - start)


MEASUREMENTS: tuple[Callable[[Scale], Measurement], ...] = (
    single_environment,
    import_time,
    partial(compile_time, "home"),
    partial(compile_time, "house"),
    partial(table_memory, "home"),
    partial(table_memory, "house"),
    solve_time,
    new_level,
    against_sync,
    against_envpool,
    partial(many, 16_384),
    partial(drawing_actions, 16_384),
    partial(many, 16_384, env_id="CookieJarClumsy-v0"),
    partial(many, 4_096, env_id="CookieJarRandom-v0", observation="factors", levels=(0, 99)),
    partial(many, 1_024, observation="factors"),
    partial(many, 1_024, observation="grid"),
    partial(many, 1_024, observation="pixels"),
    pictures,
    moving_pictures,
    partial(learning, QLearning),
    partial(learning, Sarsa),
    partial(learning, ExpectedSarsa),
    learning_with_bar,
    partial(learning, QLearning, use_model=False),
)
