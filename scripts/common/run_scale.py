"""The scale of the values of a run: over all states that the agent knows, in all snapshots."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Discrete, flatdim

from cookie_jar.agents import AgentError, Evaluation, runs
from cookie_jar.agents.trainer import one_thread
from cookie_jar.envs import World
from cookie_jar.scripts.common.knowledge import Batch, Floats, known_values
from cookie_jar.scripts.common.value_scale import ValueScale, scale_of

MAX_BYTES = 100_000_000  # of the snapshots that are read; of larger runs, only some are
MAX_NUMBERS = 300_000  # of the observations that are evaluated for each snapshot
STATES = 48, 256  # the least and the greatest number of states that a network evaluates


def run_scale(
    agent: Any, env: gym.Env[Any, Any], world: World, files: Sequence[Path], best: Evaluation | None = None
) -> ValueScale:
    """Return the scale of the values of an agent and its snapshots; the agent is unchanged afterwards.

    Tables are read whole, networks in some evenly spaced states, for speed.

    Args:
        agent: The agent, or the agent with eyes.
        env: The environment, in the kitchen of `world`.
        world: The tables of the kitchen.
        files: The snapshots.
        best: The evaluation of the optimal policy, which the scale contains, too.
    """
    agent = getattr(agent, "agent", agent)  # the agent behind the eyes
    observations = _observations(agent, env, world)
    with one_thread():  # the products are small
        values = known_values(agent, observations)
        if values is None:
            return ValueScale()
        found = [values, *(_snapshot_values(agent, observations, files) if files else ())]
    return scale_of(np.concatenate(found), world).widened(0.0 if best is None else best.mean_return)


def _snapshot_values(agent: Any, observations: Batch, files: Sequence[Path]) -> list[Floats]:
    """Return the known values [n] in each snapshot."""
    arrays = agent.arrays() | agent.optimizer_state()
    before, steps = {name: array.copy() for name, array in arrays.items()}, agent.num_timesteps
    found = []
    try:
        for file in _some(files):
            with suppress(AgentError):  # a damaged snapshot says so when it is shown
                arrays, description = runs.read_agent(file)
                agent.restore(file, arrays)
                agent.num_timesteps = int(description["num_timesteps"])
                found.append(known_values(agent, observations))
    finally:
        agent.restore(files[-1], before)
        agent.num_timesteps = steps
    return [values for values in found if values is not None]


def snapshot_files(run: str | Path) -> list[Path]:
    """Return the files of the snapshots of a run, and of its last agent; none if `run` is a file.

    Args:
        run: A folder, RUN@STEPS or a file, as in `runs.memory_file`.
    """
    folder = Path(run) if Path(run).exists() else Path(str(run).rpartition("@")[0])
    last = folder / runs.AGENT_FILE
    files = [file for _, file in runs.snapshots(folder)] if folder.is_dir() else []
    return [*files, last] if folder.is_dir() and last.is_file() else files


def _observations(agent: Any, env: gym.Env[Any, Any], world: World) -> Batch:
    """Return the observations of all states for a table, or of some evenly spaced ones for a network."""
    if hasattr(agent, "q_table"):
        return np.arange(len(agent.q_table))
    space = env.observation_space
    most = world.num_states
    if not isinstance(space, Discrete):
        most = min(max(MAX_NUMBERS // flatdim(space), STATES[0]), STATES[1])
    states = np.linspace(0, world.num_states - 1, min(most, world.num_states)).astype(np.int64)
    observations: Batch = env.unwrapped.observe(states)  # type: ignore[attr-defined]
    return observations


def _some(files: Sequence[Path]) -> list[Path]:
    """Return all snapshots, or if they are large, as many evenly spaced ones as may be read."""
    largest = max(file.stat().st_size for file in files)
    count = min(len(files), max(2, MAX_BYTES // max(1, largest)))
    return [files[number] for number in np.linspace(0, len(files) - 1, count).astype(int)]
