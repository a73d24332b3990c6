"""Speed of the pictures: `render()`, and the moving pictures of the windows."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import gymnasium as gym
import numpy as np

from cookie_jar.envs import Action, Cookie, Event, State, draw_pictures, transition
from cookie_jar.envs.dynamics import CLOSED
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale, alternate


def frame_rate(env: gym.Env[Any, Any], actions: Sequence[int]) -> float:
    """Return the pictures per second of an environment that changes between them."""
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
    """Measure `render()` to arrays of 640x640 pixels, compared with FrozenLake."""
    rng = np.random.default_rng(0)
    ours, peer = (gym.make(name, render_mode="rgb_array") for name in ("CookieJar-v0", "FrozenLake-v1"))
    acts, moves = rng.integers(10, size=scale.steps // 50).tolist(), [1, 2] * max(1, scale.steps // 1000)
    rates = alternate(scale.rounds, lambda: frame_rate(ours, acts), lambda: frame_rate(peer, moves))
    return Measurement("rgb_array, 640x640", "frames/s", rates[0], "FrozenLake-v1, 256x256", rates[1])


def moving_pictures(scale: Scale) -> Measurement:
    """Measure frames of 1280x720 pixels in which the child walks over values and arrows, as in a window."""
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


def films(kind: str, scale: Scale) -> Measurement:
    """Measure drawing and encoding a film of a walk, 24 pictures of 1280x720 pixels for each act."""
    from cookie_jar.envs.rendering.film import encode_animation
    from cookie_jar.envs.rendering.frame import Frame
    from cookie_jar.envs.rendering.scene import Scene

    kitchen = find_kitchen("home")
    scene, acts = Scene(kitchen, (1280, 720)), max(2, scale.steps // 20_000)

    def drawn() -> Iterator[Any]:
        frame, rng = (
            Frame(State(kitchen.child_start, kitchen.chair_start, 0, CLOSED, 0)),
            np.random.default_rng(0),
        )
        for action in rng.integers(4, size=acts).tolist():
            after, event = transition(kitchen, Cookie.PLAIN, frame.state, action)
            frame = frame.then(State(*map(int, after)), Action(action), Event(int(event)), 0.0)
            for number in range(24):
                yield scene.draw(frame, number / 24)

    def rate() -> float:
        start = time.process_time()
        encode_animation(drawn(), [40] * 24 * acts, kind)
        return 24 * acts / (time.process_time() - start)

    return Measurement(f"film as {kind}, 1280x720", "frames/CPU s", [rate() for _ in range(scale.rounds)])


def cookies(size: int, scale: Scale) -> Measurement:
    """Measure numbered pictures of cookies of one size, per second of processor time of this process."""
    number = max(16, scale.steps * 32**2 // (64 * size**2))
    draw_pictures([0], size=size)  # compiles the renderer

    def rate() -> float:
        start = time.process_time()
        draw_pictures(range(number), size=size)
        return number / (time.process_time() - start)

    name = f"pictures of cookies, {size}x{size}"
    return Measurement(name, "pictures/CPU s", [rate() for _ in range(scale.rounds)])
