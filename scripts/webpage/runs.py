"""A finished run for the page: what the agent had learned at each snapshot, and the memory to go on from."""

import zlib
from base64 import b64encode
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import Agent, load
from cookie_jar.agents.exact import evaluate
from cookie_jar.agents.files import read_bytes
from cookie_jar.agents.imported import ImportedPolicy
from cookie_jar.agents.model import state_observations
from cookie_jar.agents.runs import memory_file, read_agent, snapshots
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.scripts.common.console import Console, progress_bar
from cookie_jar.scripts.common.knowledge import action_values, tried
from cookie_jar.scripts.webpage.kitchens import PackedKitchen, deflated, pack_kitchen

MOST = 40  # snapshots
MOST_CHARACTERS = 1_000_000  # of packed snapshots: fewer are shown where they need more
LEVELS = 32_767  # numbers are rounded to this many steps on each side of zero
NOTHING = -LEVELS - 1  # stands for a number about which nothing was learned
GOES_ON = {"QLearning": "q-learning", "Sarsa": "sarsa", "ExpectedSarsa": "expected-sarsa"}  # in the page

Floats = NDArray[np.float64]
Advance = Callable[[int, int], None]


class Shown(NamedTuple):
    """What a page shows of a run.

    Attributes:
        data: The run, as the page's script reads it.
        kitchen: The kitchen of the run.
    """

    data: dict[str, Any]
    kitchen: PackedKitchen


class Moment(NamedTuple):
    """What an agent has learned after some steps.

    Attributes:
        steps: The number of steps.
        percent: The exact score of the greedy policy; None if no policy is better than chance.
        numbers: The action values, or the probabilities of the actions [S, A]; NaN where nothing was learned.
    """

    steps: int
    percent: float | None
    numbers: Floats


def read_run(run: str, console: Console) -> Shown:
    """Return what a page shows of a saved run, with a progress bar; see `show_run`."""
    with progress_bar(console) as bar:
        task = bar.add_task("reading snapshots", total=1)
        return show_run(run, lambda done, total: bar.update(task, completed=done, total=total))


def show_run(run: str, advance: Advance = lambda done, total: None) -> Shown:
    """Return what a page shows of a saved run.

    Args:
        run: The folder of a run, "FOLDER@STEPS" for one snapshot, or a file.
        advance: Called with the number of snapshots that were read, and of all.

    Raises:
        AgentError: If there is no such run, or a file cannot be read.
        UsageError: If the run is not in one kitchen of Cookie Jar.
    """
    file = memory_file(run)
    agent, title = load(file), Path(run).name or str(run)
    kitchen = pack_kitchen(agent.env, title)
    kitchen.data["env"] = read_agent(file)[1]["env"] or kitchen.data["env"]
    saved = snapshots(Path(run)) if Path(run).is_dir() else []
    before = [path for steps, path in saved if steps != agent.num_timesteps]
    chosen, moments = [*spread(before, MOST - 1), file], []
    for done, path in enumerate(chosen):
        advance(done, len(chosen))
        moments.append(_moment(load(path, agent.env), kitchen))
    memory = read_bytes(file) if goes_on(agent) else None
    return Shown(_packed(title, agent, moments, len(before) + 1, memory), kitchen)


def show_agent(agent: Agent) -> Shown:
    """Return what a page shows of an agent as it is now.

    Raises:
        UsageError: If its environment is not one kitchen of Cookie Jar.
    """
    title = type(agent).__name__
    kitchen = pack_kitchen(agent.env, title)
    memory = None
    if goes_on(agent):
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            memory = read_bytes(agent.save(Path(folder) / "agent"))
    return Shown(_packed(title, agent, [_moment(agent, kitchen)], 1, memory), kitchen)


def goes_on(agent: Agent) -> bool:
    """Return whether the page can go on learning where an agent stopped."""
    if not isinstance(agent, TemporalDifference) or type(agent).__name__ not in GOES_ON:
        return False
    return agent.exploration_bonus == 0


def spread(items: Sequence[Any], most: int) -> list[Any]:
    """Return at most this many items, evenly chosen, with the first and the last."""
    if len(items) <= most:
        return list(items)
    return [items[round(place)] for place in np.linspace(0, len(items) - 1, max(most, 1))]


def _moment(agent: Any, kitchen: PackedKitchen) -> Moment:
    """Return what an agent has learned, with its exact score."""
    env = agent.env.unwrapped
    observations, actions = state_observations(agent.env), int(agent.action_space.n)
    assert observations is not None  # as the kitchen was packed
    score = evaluate(env.world.unshaped_model, agent.best(observations), kitchen.data["time_limit"])
    low, high = kitchen.data["random"], kitchen.data["optimum"]
    percent = 100 * (score.mean_return - low) / (high - low) if high > low else None
    numbers = action_values(agent, observations)
    numbers = agent.probabilities(observations) if numbers is None else numbers
    numbers = np.where(tried(agent, observations, actions), numbers, np.nan)
    return Moment(agent.num_timesteps, percent, numbers)


def _packed(
    title: str, agent: Any, moments: Sequence[Moment], number: int, memory: bytes | None
) -> dict[str, Any]:
    """Return a run as the page's script reads it: see `Shown`.

    Args:
        title: The name of the run.
        agent: The agent at its end.
        moments: What the agent had learned.
        number: The number of snapshots of the run.
        memory: The file of a learner that the page can go on with, or None.
    """
    largest = max(float(np.nanmax(np.abs(m.numbers), initial=0.0)) for m in moments)
    scale = largest / LEVELS or 1.0
    kept, snapshots = list(moments), _differences(moments, scale)
    while len(snapshots) > MOST_CHARACTERS and len(kept) > 2:
        kept = spread(kept, len(kept) // 2 + 1)
        snapshots = _differences(kept, scale)
    return {
        "name": title,
        "algorithm": _label(agent),
        "kind": "values" if _has_values(agent) else "probabilities",
        "settings": {name: value for name, value in agent.settings().items() if name != "seed"},
        "steps": [moment.steps for moment in kept],
        "percent": [moment.percent for moment in kept],
        "snapshots": snapshots,
        "scale": scale,
        "left_out": number - len(kept),
        "memory": None if memory is None else b64encode(zlib.compress(memory, 9)).decode(),
    }


def _differences(moments: Sequence[Moment], scale: float) -> str:
    """Return the numbers of moments as whole numbers int16 [n, S, A], each minus the one before, packed."""
    rounded = [np.round(moment.numbers / scale) for moment in moments]
    whole = np.stack([np.where(np.isnan(part), NOTHING, part) for part in rounded]).astype(np.int16)
    return deflated(np.diff(whole, axis=0, prepend=np.zeros_like(whole[:1])))


def _has_values(agent: Any) -> bool:
    """Return whether the numbers of an agent are values of actions."""
    observations = state_observations(agent.env)
    return observations is not None and action_values(agent, observations) is not None


def _label(agent: Any) -> str:
    """Return the name of an algorithm, for the page: "q-learning", "PPO", "SB3 DQN"."""
    name = type(agent).__name__
    return f"SB3 {agent.algorithm}" if isinstance(agent, ImportedPolicy) else GOES_ON.get(name, name)
