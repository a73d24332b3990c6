"""What an agent knows about the cells of a kitchen, for the present chair and jar."""

from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from cookie_jar.envs import Action, State, World
from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.scripts.viewer.probes import AgentProbe

VALUES, ARROWS, CHANCES, TRAIL = "values", "arrows", "probabilities", "trail"
OVERLAYS = VALUES, ARROWS, CHANCES, TRAIL


def cell_states(world: World, state: State) -> NDArray[np.int64]:
    """The number of the state with the child in each cell and all else as it is [N]; -1 for none.

    In the other cells a child that stands on the chair has come down.
    """
    cells = len(world.config.kitchen.places)
    everywhere = (np.full(cells, part) for part in (state.chair, 0, state.jar, state.arrangement))
    numbers = world.numbers(State(np.arange(cells), *everywhere))
    numbers[state.child] = world.number(state) if _is_there(world, state) else -1
    return numbers


def _is_there(world: World, state: State) -> bool:
    return int(world.numbers(State(*(np.array([part]) for part in state)))[0]) >= 0


def make_overlay(
    probe: AgentProbe | None,
    env: gym.Env[Any, Any],
    world: World,
    state: State,
    trail: list[int],
    shown: set[str],
) -> Overlay:
    """What is shown of what the agent knows, if anything; the environment has to be in that kitchen."""
    cells = cell_states(world, state)
    known = np.flatnonzero(cells >= 0)
    values = arrows = acts = None
    if probe is not None and known.size and shown & {VALUES, ARROWS, CHANCES}:
        observations = env.unwrapped.observe(cells[known])  # type: ignore[attr-defined]
        if VALUES in shown and probe.readable:
            values = _spread(probe.state_values(observations), known, len(cells))
        if CHANCES in shown and probe.has_probabilities:
            arrows = _spread(probe.action_values(observations), known, len(cells))[:, : Action.RIGHT + 1]
        elif ARROWS in shown:
            acts = np.full(len(cells), -1)
            acts[known] = probe.greedy_actions(observations)
    return Overlay(values, arrows, acts, trail if TRAIL in shown else None)


def _spread(known: Any, cells: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Numbers of some cells as numbers of all, NaN for the others."""
    spread = np.full((count, *np.shape(known)[1:]), np.nan)
    spread[cells] = known
    return spread
