"""The loss landscape around a run, in the plane of parameters that contains most of the training path."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import runs
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.scripts.common.console import Console, UsageError, progress_bar
from cookie_jar.scripts.inspection.view import MemoryView

Floats = NDArray[np.float64]
MARGIN = 0.35  # margin of the surface on each side, relative to the extent of the path
MIN_MEMORIES = 3  # of a path that spans a plane


class PrincipalPath(NamedTuple):
    """The path of the parameters during training, projected on its first two principal components.

    Attributes:
        origin: The parameters at the end of training [n].
        directions: The principal components, orthonormal [2, n].
        points: The coordinates of each snapshot [k, 2]; the last is (0, 0).
        shares: The explained variance of each component, from 0 to 1 [2].
    """

    origin: Floats
    directions: Floats
    points: Floats
    shares: Floats


class Landscape(NamedTuple):
    """A loss surface with the path of a run on it.

    Attributes:
        across: Coordinates along the first direction [m].
        up: Coordinates along the second direction [m].
        surface: The loss at each point of the grid [m, m], the second direction first.
        path: The path in the plane.
        heights: The loss at each point of the path [k].
    """

    across: Floats
    up: Floats
    surface: Floats
    path: PrincipalPath
    heights: Floats


def principal_path(parameters: Floats) -> PrincipalPath:
    """Project the path of the parameters by principal component analysis.

    The analysis uses the differences from the parameters at the end of training, as in Li et al. 2018,
    "Visualizing the Loss Landscape of Neural Nets", section 7.

    Args:
        parameters: The parameters of each snapshot [k, n], k at least 3.
    """
    moves = parameters - parameters[-1]
    _, strengths, rows = np.linalg.svd(moves, full_matrices=False)
    directions = rows[:2]
    points = moves @ directions.T
    flips = np.where(points[0] > 0, -1.0, 1.0)  # the path starts at the lower left on every machine
    squares = strengths**2
    return PrincipalPath(
        parameters[-1], directions * flips[:, None], points * flips, squares[:2] / squares.sum()
    )


def plane(path: PrincipalPath, size: int) -> tuple[Floats, Floats]:
    """Return the coordinates of a grid of size x size points around the path: [size] and [size]."""
    low, high = path.points.min(axis=0), path.points.max(axis=0)
    margin = MARGIN * np.maximum(high - low, 0.25 * (high - low).max())
    across, up = (np.linspace(low[i] - margin[i], high[i] + margin[i], size) for i in (0, 1))
    return across, up


def losses(view: MemoryView, agent: OnPolicy, path: PrincipalPath, points: Floats) -> Iterator[float]:
    """Yield the loss at points of the plane [m, 2]: the exact regret of the stochastic policy per episode.

    The agent's parameters are replaced with those of each point.
    """
    optimum = view.evaluator.optimum
    assert optimum is not None
    for point in points:
        view.set_parameters(path.origin + point @ path.directions)
        yield optimum.mean_return - view.evaluator.stochastic(agent).mean_return


def loss_landscape(view: MemoryView, agent: OnPolicy, folder: Path, size: int, console: Console) -> Landscape:
    """Compute the loss surface of a run on size x size points, with a progress bar.

    Raises:
        UsageError: If the run has too few snapshots.
    """
    parameters = snapshot_parameters(folder, view)
    path = principal_path(np.stack(parameters))
    across, up = plane(path, size)
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    points = np.vstack([grid, path.points])
    with progress_bar(console) as bar:
        found = bar.track(losses(view, agent, path, points), len(points), description="loss surface")
        heights = np.array(list(found))
    view.set_parameters(path.origin)
    return Landscape(across, up, heights[: len(grid)].reshape(size, size), path, heights[len(grid) :])


def snapshot_parameters(folder: Path, view: MemoryView) -> Sequence[Floats]:
    """Return the parameters [n] of each snapshot of a run, and of its end.

    Raises:
        UsageError: If there are too few snapshots.
    """
    files = [file for _, file in runs.snapshots(folder)] + [runs.memory_file(folder)]
    if len(files) < MIN_MEMORIES:
        raise UsageError(f"{folder}: expected a run with at least {MIN_MEMORIES - 1} snapshots")
    return [MemoryView(file, view.evaluator).parameters() for file in files]
