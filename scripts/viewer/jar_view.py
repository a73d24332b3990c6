"""The open jar as an agent sees it: three pictures, a belief, and the pick."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class JarView(NamedTuple):
    """The pictures in an open jar, and what an agent makes of them.

    An agent that picks by its belief offers a method `jar_view(obs) -> JarView | None`, which returns None
    while the jar is closed. The viewer shows the pictures of other agents without belief and pick.

    Attributes:
        pictures: The pictures at left, middle and right, uint8 [S, S, 3] each; None for an eaten cookie.
        belief: For each place the probability that the liked cookie lies there, 0 for an eaten cookie; None
            for an agent without a belief.
        pick: The place that the agent picks (0, 1, 2); None if the agent does not pick.
    """

    pictures: tuple[NDArray[np.uint8] | None, ...]
    belief: tuple[float, ...] | None = None
    pick: int | None = None
