"""Action masks as a function of observations: also for levels that were never compiled."""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from .arrays import Bools, Bytes, Ints
from .binary_observations import PLANES, GridObservation, VectorObservation
from .dynamics import ARRANGEMENTS, CARRIED, CLOSED, State, outcomes, slips
from .errors import UnknownAttributeError
from .kitchen import JAR, MOVES, TABLE, WALL, Kitchen
from .observations import FactorsObservation, StateObservation
from .tabular import World

Masks = Callable[[NDArray[Any]], Bytes]  # int8 [n, A] for observations [n, ...]


class Scenes(NamedTuple):
    """The contents of n observations; places are counted row by row from the top left corner of the map.

    Attributes:
        child: The child's place [n].
        chair: The chair's place [n]; the child's place while the chair is carried.
        carried: Whether the child carries the chair [n].
        standing: 1 while the child stands on the chair, else 0 [n].
        jar: As in `State` [n].
        obstacle: Whether there is a wall, a table or the jar at each place [n, places].
        jar_place: The place of the jar [n].
    """

    child: Ints
    chair: Ints
    carried: Bools
    standing: Ints
    jar: Ints
    obstacle: Bools
    jar_place: Ints


class Around(NamedTuple):
    """The surroundings of n children, in place of a `Kitchen`: child i is in cell i.

    Attributes:
        neighbours: The cell after a walk [n, 4]: i at an obstacle, otherwise n, for any other cell.
        beside_jar: Whether the child is beside the jar [n].
    """

    neighbours: Ints
    beside_jar: Bools


def observation_masks(observation: object, world: World, many_kitchens: bool) -> Masks:
    """Return the function from observations [n, ...] to action masks, int8 [n, A].

    A mask is 1 if the action can change the state, as in `World.action_mask`.

    Args:
        observation: The kind of observation.
        world: The tables of the kitchen, or of one of several kitchens of the same size.
        many_kitchens: Whether observations come from several kitchens.

    Raises:
        UnknownAttributeError: If the observations do not show all that masks depend on.
    """
    if isinstance(observation, StateObservation):
        return lambda observations: world.action_mask[observations]
    scenes: Callable[[NDArray[Any]], Scenes]
    if isinstance(observation, GridObservation):
        scenes = _scenes_of_grids
    elif isinstance(observation, VectorObservation):
        scenes = _vectors(observation, world)
    elif isinstance(observation, FactorsObservation) and not many_kitchens:
        scenes = _factors(world.config.kitchen)
    else:
        raise UnknownAttributeError(
            "these observations do not show which actions change something; use state, factors (in a single "
            "kitchen), vector or grid"
        )
    width, (actions, chance) = world.config.kitchen.width, slips(world.config.clumsiness)
    return lambda observations: _masks(scenes(observations), width, actions, chance > 0)


def _masks(scenes: Scenes, width: int, actions: Ints, possible: Bools) -> Bytes:
    """Return the masks [n, A], given the action of each outcome [A, K], and whether it is possible."""
    here = np.arange(len(scenes.child))
    steps = np.array([down * width + right for down, right in MOVES])
    beside = np.clip(scenes.child[:, None] + steps, 0, scenes.obstacle.shape[1] - 1)
    free = ~scenes.obstacle[here[:, None], beside]
    around = Around(
        np.where(free, len(here), here[:, None]), (beside == scenes.jar_place[:, None]).any(axis=1)
    )
    chair = np.where(scenes.carried, CARRIED, np.where(scenes.chair == scenes.child, here, len(here)))
    parts = here, chair, scenes.standing, scenes.jar, np.zeros_like(here)
    before = State(*(part[:, None, None] for part in parts))
    after, _ = outcomes(cast(Kitchen, around), 0, before, actions)  # asks only for these two
    changes = np.any([new != old for new, old in zip(after, before, strict=True)], axis=0)
    masks: Bytes = (changes & possible).any(axis=2).astype(np.int8)
    return masks


def _factors(kitchen: Kitchen) -> Callable[[NDArray[Any]], Scenes]:
    """Return the function from factors [n, 5] in a single kitchen to their contents."""
    map_ = "".join(kitchen.rows)
    obstacle = np.array([place in WALL + TABLE + JAR for place in map_])
    jar_place = map_.index(JAR)

    def scenes(factors: NDArray[Any]) -> Scenes:
        child, chair, standing, jar, _ = factors.T
        return Scenes(
            child, chair, chair == len(map_), standing, jar,
            np.broadcast_to(obstacle, (len(child), len(map_))), np.full(len(child), jar_place),
        )  # fmt: skip

    return scenes


def _vectors(observation: VectorObservation, world: World) -> Callable[[NDArray[Any]], Scenes]:
    """Return the function from vectors [n, D] to their contents."""
    kitchen, arrangements = world.config.kitchen, len(ARRANGEMENTS) if world.config.shuffle_cookies else 1
    ends = np.cumsum(FactorsObservation(kitchen, arrangements).space.nvec)
    in_kitchen, places = _factors(kitchen), kitchen.height * kitchen.width
    with_maps = observation.space.shape[0] > ends[-1]

    def scenes(vectors: NDArray[Any]) -> Scenes:
        one_hot = np.split(vectors, ends, axis=1)
        factors = np.stack([part.argmax(axis=1) for part in one_hot[:5]], axis=1)
        seen = in_kitchen(factors)
        if not with_maps:
            return seen
        obstacle, jar = one_hot[5][:, :places] > 0, one_hot[5][:, places:] > 0
        return seen._replace(obstacle=obstacle | jar, jar_place=jar.argmax(axis=1))

    return scenes


def _scenes_of_grids(grids: NDArray[Any]) -> Scenes:
    """Return the contents of grids [n, C, H, W]."""
    planes = grids.reshape(*grids.shape[:2], -1)
    obstacle, jar, child, chair, carried, standing, open_ = (
        planes[:, PLANES.index(name)] > 0
        for name in ("obstacle", "jar", "child", "chair", "carried", "standing", "open")
    )
    cookies = planes[:, PLANES.index("open") + 1 :].any(axis=2).reshape(len(planes), 3, -1).any(axis=2)
    left = cookies @ np.array([1, 2, 4])
    return Scenes(
        child.argmax(axis=1), chair.argmax(axis=1),
        np.asarray(carried.any(axis=1)), np.asarray(standing.any(axis=1), np.int64),
        np.where(open_.any(axis=1), left, CLOSED), obstacle | jar, jar.argmax(axis=1),
    )  # fmt: skip
