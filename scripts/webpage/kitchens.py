"""Kitchens for the page: exact tables, packed as text, and the scores of the optimum and of chance."""

import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import QLearning
from cookie_jar.agents.env_spec import EnvRecord
from cookie_jar.agents.exact import evaluate, optimum, uniform_policy
from cookie_jar.agents.hyperparameters import LARGEST, Whole
from cookie_jar.agents.model import SamplingTables
from cookie_jar.agents.model_table import TabularModel, from_arrays
from cookie_jar.envs import CookieJarEnv, World
from cookie_jar.envs.dynamics import Action, Event, Happiness, State
from cookie_jar.envs.kitchen import Kitchen
from cookie_jar.envs.rendering.elements import UNIT, room_elements
from cookie_jar.envs.rendering.pose import WORKTOP
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.lessons import OWN

MOST = 200_000  # outcomes of all actions in all states: a page with more is slow on a phone
TILE = 'x="2" y="2" width="96" height="96" rx="9"'
LABEL = '<use class="sign"/><text class="value"></text><text class="doubt">?</text>'
THINGS = (
    '<use class="shadow" href="#sprite-shadow"/><use class="chair" href="#sprite-chair"/><use class="child"/>'
)


class PackedKitchen(NamedTuple):
    """A kitchen for the page.

    Attributes:
        data: What the page's script reads.
        room: The picture of the room as SVG.
    """

    data: dict[str, Any]
    room: str


def own_kitchens() -> dict[str, PackedKitchen]:
    """Return the kitchens that every page has, by name."""
    return {name: pack_kitchen(gym.make(env_id), name) for name, env_id in OWN.items()}


def pack_kitchen(env: gym.Env[Any, Any], title: str) -> PackedKitchen:
    """Return a kitchen for the page.

    Args:
        env: The environment.
        title: The name of the kitchen on the page.

    Raises:
        UsageError: If the environment is not a kitchen with states as a table, or its tables are too large.
    """
    world, tables = _tables(env)
    if world.event.size > MOST:
        raise UsageError(
            f"the kitchen {title} has {world.num_states:,} states with {world.event.size:,} outcomes of "
            f"actions; a page holds up to {MOST:,}: choose a smaller kitchen (`watch` shows runs in any)"
        )
    kitchen, model, limit = world.config.kitchen, from_arrays(world.unshaped_model), tables.time_limit
    states, actions, outcomes = world.event.shape
    data = {
        "title": title,
        "env": EnvRecord(env).saved().spec,
        "cells": kitchen.places,
        "S": states,
        "A": actions,
        "K": outcomes,
        "time_limit": limit,
        "happiness": world.config.happiness._asdict(),
        "optimum": optimum(model, limit).mean_return,
        "random": evaluate(model, uniform_policy(model), limit).mean_return,
        "random_counts": _random_counts(world, model, limit),
    }
    return PackedKitchen(data | _packed(world, tables), _floor(kitchen))


def labels() -> dict[str, Any]:
    """Return the names of actions and events, and which happiness each event brings."""
    names: Sequence[Any] = Happiness(*Happiness._fields).of_events()  # type: ignore[arg-type]
    return {
        "actions": [action.label for action in Action],
        "events": [event.label for event in Event],
        "event_happiness": list(names),
    }


def settings() -> dict[str, Any]:
    """Return the settings of the page's learners: their defaults, and what each may be (from, to, whole).

    "added" names those that the files of version 0.1 do not have.
    """
    declared: Mapping[str, Any] = {k: v for k, v in QLearning.hyperparameters.items() if k != "seed"}
    ranges = {
        name: [one.kind.low, one.kind.high, isinstance(one.kind, Whole)] for name, one in declared.items()
    }
    return {
        "defaults": {"algorithm": "q-learning", "seed": 0}
        | {name: declared[name].default for name in declared},
        "ranges": ranges | {"exploration_bonus": [0, 0, False], "seed": [0, LARGEST, True]},
        "added": sorted(QLearning.added),
    }


def deflated(*arrays: NDArray[Any]) -> str:
    """Return arrays one after another, little-endian, deflated, as base64."""
    data = b"".join(array.astype(array.dtype.newbyteorder("<")).tobytes() for array in arrays)
    return b64encode(zlib.compress(data, 9)).decode()


def _tables(env: gym.Env[Any, Any]) -> tuple[World, SamplingTables]:
    """Return the world and the tables of an environment.

    Raises:
        UsageError: If the environment is not a single kitchen with all ten actions.
    """
    bare = env.unwrapped
    name = type(bare).__name__ if env.spec is None else env.spec.id
    single = isinstance(bare, CookieJarEnv) and len(bare.world.actions) == len(Action)
    tables = SamplingTables.of(env) if single else None
    if tables is None or not tables.time_limit or not isinstance(bare, CookieJarEnv):
        raise UsageError(
            f"expected one kitchen of Cookie Jar with all ten actions, got {name}: the page works with "
            f"{', '.join(OWN.values())} and kitchens of your own; for others, use `watch`"
        )
    return bare.world, tables


def _packed(world: World, tables: SamplingTables) -> dict[str, Any]:
    """Return the tables of a world.

    "states" has the parts of the states. "moves" and "event" are by sorted states [A, K, S]: how far the next
    state is from the state, and the event; the last of all events ends the episode.
    """
    model = tables.model
    # sorted by their parts, neighbouring states have similar next states: a tenth of the bytes
    order = np.lexsort(world.states)
    rank = np.argsort(order)
    moves = rank[model.next_state[order]] - np.arange(world.num_states)[:, None, None]
    tables_of = {"moves": moves, "event": world.event[order]}
    starts, chance = int(np.count_nonzero(model.start)), world.event.shape[2] > 1
    return {
        "states": {name: part.tolist() for name, part in zip(State._fields, world.states, strict=True)},
        **{name: table.transpose(1, 2, 0).astype(int).ravel().tolist() for name, table in tables_of.items()},
        "chances": model.probability[0].ravel().tolist() if chance else None,
        "ends": tables.outcome_ends[0].ravel().tolist() if chance else [],
        "starts": tables.start_ends[:starts].tolist(),
        "shaped": model.reward.ravel().tolist() if world.config.hints else None,
    }


def _random_counts(world: World, model: TabularModel, limit: int) -> dict[str, float]:
    """Return how many outcomes of each happiness an episode of random actions has on average."""
    names = Happiness._fields
    fields = np.array([names.index(name) for name in labels()["event_happiness"]])[world.event]
    models = {name: model._replace(reward=(fields == i).astype(float)) for i, name in enumerate(names)}
    return {name: evaluate(one, uniform_policy(model), limit).mean_return for name, one in models.items()}


def _floor(kitchen: Kitchen) -> str:
    """Return the picture of a kitchen, with tiles, labels and things for the page's script to move."""
    room, crop = room_elements(kitchen)
    x, y, width, height = (length * UNIT for length in crop)
    row, column = kitchen.jar
    places = [f'transform="translate({column * UNIT} {row * UNIT})"' for row, column in kitchen.places]
    tiles = "".join(f'<rect class="tile" {place} {TILE}/>' for place in places)
    labels = "".join(f'<g class="label" {place}>{LABEL}</g>' for place in places)
    jar = f'<use class="jar" x="{(column + 0.5) * UNIT:g}" y="{(row + WORKTOP) * UNIT:g}"/>'
    return (
        f'<svg viewBox="{x:g} {y:g} {width:g} {height:g}" width="{4 * width:g}" height="{4 * height:g}">'
        f"{room}"
        f'<g class="ground">{tiles}<rect class="cursor" {TILE}/></g><g class="back">{jar}</g>'
        f'<g class="below">{labels}</g><g class="things">{THINGS}</g><g class="above"></g></svg>'
    )
