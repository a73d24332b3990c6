"""Overlays: values and actions of an agent in each cell of a kitchen, for the current chair and jar."""

import argparse
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from cookie_jar.envs import Action, State, World
from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.scripts.viewer.probes import AgentProbe

VALUES, ARROWS, PROBABILITIES, TRAIL = "values", "arrows", "probabilities", "trail"
OVERLAYS = VALUES, ARROWS, PROBABILITIES, TRAIL
PANEL = "panel"
SWITCHES = *OVERLAYS, PANEL  # the parts that can be shown or hidden


def switches(text: str) -> set[str]:
    """Return the names in a comma-separated list; a type for argparse."""
    names = {name for name in text.split(",") if name not in ("", "none")}
    unknown = sorted(names - set(SWITCHES))
    if unknown:
        raise argparse.ArgumentTypeError(
            f"expected some of {', '.join(SWITCHES)}, or none, got {', '.join(unknown)}"
        )
    return names


def cell_states(world: World, state: State) -> NDArray[np.int64]:
    """Return the number of the state with the child in each cell, otherwise equal to `state` [N].

    Unreachable states have -1. In cells other than its current cell, the child stands on the floor.
    """
    cells = len(world.config.kitchen.places)
    everywhere = (np.full(cells, part) for part in (state.chair, 0, state.jar, state.arrangement))
    numbers = world.numbers(State(np.arange(cells), *everywhere))
    numbers[state.child] = world.numbers(State(*(np.array([part]) for part in state)))[0]
    return numbers


def make_overlay(
    probe: AgentProbe | None,
    env: gym.Env[Any, Any],
    world: World,
    state: State,
    trail: list[int],
    shown: set[str],
) -> Overlay:
    """Return the overlay of a state: nothing where the agent knows nothing, and a question mark there.

    A question mark also stands in place of the greedy action where several actions are equally good.

    Args:
        probe: The agent, or None for an overlay without values and actions.
        env: The environment, in the kitchen of `state`.
        world: The tables of that kitchen.
        state: The state.
        trail: Cells that the child has passed.
        shown: Names from `OVERLAYS`.
    """
    cells = cell_states(world, state)
    there, overlay = np.flatnonzero(cells >= 0), Overlay(trail=trail if TRAIL in shown else None)
    if probe is None or not there.size or not shown & {VALUES, ARROWS, PROBABILITIES}:
        return overlay
    observations = env.unwrapped.observe(cells[there])  # type: ignore[attr-defined]
    known = probe.known(observations)
    unsure = ~known
    if VALUES in shown and probe.has_state_values:
        overlay = overlay._replace(values=_scatter(probe.known_values(observations), there, len(cells)))
    if PROBABILITIES in shown and probe.has_probabilities:
        chances = np.where(known[:, None], probe.action_values(observations), np.nan)
        overlay = overlay._replace(arrows=_scatter(chances, there, len(cells))[:, : Action.RIGHT + 1])
    elif ARROWS in shown:
        unsure = unsure | probe.ties(observations)
        acts = np.full(len(cells), -1)
        acts[there] = np.where(unsure, -1, probe.greedy_actions(observations))
        overlay = overlay._replace(acts=acts)
    marks = np.zeros(len(cells), np.bool_)
    marks[there] = unsure
    return overlay._replace(unsure=marks)


def _scatter(known: Any, cells: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Return an array over all cells [count, ...] from values of some cells; NaN for the others."""
    scattered = np.full((count, *np.shape(known)[1:]), np.nan)
    scattered[cells] = known
    return scattered
