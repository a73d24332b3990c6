"""The hill: the error as a surface over two directions in the space of all numbers, and the way down."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.scripts.inspection.view import MemoryView

Floats = NDArray[np.float64]
MARGIN = 0.35  # of the extent of the path, that the surface reaches beyond it


class PrincipalPath(NamedTuple):
    """The way that the numbers took, seen in the plane of its first two principal directions.

    Attributes:
        origin: all numbers at the end, [n].
        directions: of unit length, at right angles [2, n].
        points: where each snapshot stands in the plane [k, 2]; the last is (0, 0).
        shares: how much of the whole movement (its variance) each direction shows [2].
    """

    origin: Floats
    directions: Floats
    points: Floats
    shares: Floats


def principal_path(memories: Floats) -> PrincipalPath:
    """The plane in which most of the movement happened, by principal component analysis.

    As Li et al. 2018, "Visualizing the Loss Landscape of Neural Nets", section 7: the differences to the
    last memory are decomposed.

    Args:
        memories: all numbers at each snapshot [k, n], k at least 3.
    """
    moves = memories - memories[-1]
    _, strengths, rows = np.linalg.svd(moves, full_matrices=False)
    directions = rows[:2]
    points = moves @ directions.T
    flips = np.where(points[0] > 0, -1.0, 1.0)  # the path comes from the left below, on every machine
    squares = strengths**2
    return PrincipalPath(
        memories[-1], directions * flips[:, None], points * flips, squares[:2] / squares.sum()
    )


def plane(path: PrincipalPath, size: int) -> tuple[Floats, Floats]:
    """The coordinates of a grid of size x size points around the path: [size] and [size]."""
    low, high = path.points.min(axis=0), path.points.max(axis=0)
    reach = MARGIN * np.maximum(high - low, 0.25 * (high - low).max())
    across, up = (np.linspace(low[i] - reach[i], high[i] + reach[i], size) for i in (0, 1))
    return across, up


def errors(view: MemoryView, path: PrincipalPath, points: Floats) -> Iterator[float]:
    """How much happiness is missing to the optimum at each of some points of the plane [m, 2].

    Of acting with the policy's probabilities, exactly. The memory's numbers are moved there.
    """
    optimum, agent = view.evaluator.optimum, view.agent
    assert optimum is not None
    assert isinstance(agent, OnPolicy)
    for point in points:
        view.set_parameters(path.origin + point @ path.directions)
        yield optimum.mean_return - view.evaluator.stochastic(agent).mean_return
