"""The open jar as an agent sees it: three pictures, a belief, and the pick."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from cookie_jar.envs.cookies.strip import STRIP, filled_places, place_pictures

Places = tuple[NDArray[np.uint8] | None, ...]


class JarView(NamedTuple):
    """The pictures in an open jar, and what an agent makes of them.

    An agent that picks by its belief offers a method `jar_view(obs) -> JarView | None`, which returns None
    while the jar is closed. The viewer shows the pictures of other agents without a belief.

    Attributes:
        pictures: The pictures at left, middle and right, uint8 [S, S, 3] each; None for an eaten cookie.
        belief: For each place the probability that the liked cookie lies there, 0 for an eaten cookie; None
            for an agent without a belief.
        pick: The place that the agent picks (0, 1, 2); None if the agent does not pick.
    """

    pictures: Places
    belief: tuple[float, ...] | None = None
    pick: int | None = None


def has_jar_pictures(space: spaces.Space[Any]) -> bool:
    """Return whether observations of a space hold a strip of pictures: alone, or as the part "jar"."""
    strip = space["jar"] if isinstance(space, spaces.Dict) and "jar" in space.spaces else space
    return isinstance(strip, spaces.Box) and strip.shape == STRIP and strip.dtype == np.uint8


def jar_pictures(obs: Any) -> Places | None:
    """Return the pictures in an observation, with None for an eaten cookie; None while the jar is closed."""
    strip = obs["jar"] if isinstance(obs, Mapping) else obs
    if not np.any(strip):
        return None
    pictures, filled = place_pictures(strip), filled_places(strip)
    return tuple(picture if there else None for picture, there in zip(pictures, filled, strict=True))
