"""The loss landscape around a run, in the plane of parameters that contains most of the training path."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import runs
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.scripts.common.console import Console, UsageError, progress_bar
from cookie_jar.scripts.inspection.parameters import Parameters
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


def losses(
    view: Parameters, loss: Callable[[], float], path: PrincipalPath, points: Floats
) -> Iterator[float]:
    """Yield the loss at points of the plane [m, 2].

    Args:
        view: The view of a memory; its parameters are replaced with those of each point.
        loss: Returns the loss of the memory as it is.
        path: The path that spans the plane.
        points: The points.
    """
    for point in points:
        view.set_parameters(path.origin + point @ path.directions)
        yield loss()


def loss_landscape(view: MemoryView, agent: OnPolicy, folder: Path, size: int, console: Console) -> Landscape:
    """Compute the surface of a run's missing happiness on size x size points, with a progress bar.

    Missing happiness is the exact regret of the stochastic policy per episode. Training does not know this
    quantity; its steps follow the gradient of a surrogate, which estimates the slope of this surface (Sutton
    and Barto 2018, section 13.2).

    Raises:
        UsageError: If the run has too few snapshots.
    """
    optimum = view.evaluator.optimum
    assert optimum is not None
    best = optimum.mean_return
    parameters = [MemoryView(file, view.evaluator).parameters() for file in timeline(folder)]
    return surface(
        view, lambda: best - view.evaluator.stochastic(agent).mean_return, parameters, size, console
    )


def surface(
    view: Parameters, loss: Callable[[], float], parameters: Sequence[Floats], size: int, console: Console
) -> Landscape:
    """Compute a loss surface on size x size points around a path, with a progress bar.

    Args:
        view: The view of a memory; its parameters are the last of the path at the end.
        loss: Returns the loss of the memory as it is.
        parameters: The parameters [n] of each snapshot, and of the end.
        size: The number of points along each direction.
        console: The console for the progress bar.
    """
    path = principal_path(np.stack(parameters))
    across, up = plane(path, size)
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    points = np.vstack([grid, path.points])
    with progress_bar(console) as bar:
        found = bar.track(losses(view, loss, path, points), len(points), description="loss surface")
        heights = np.array(list(found))
    view.set_parameters(path.origin)
    return Landscape(across, up, heights[: len(grid)].reshape(size, size), path, heights[len(grid) :])


def timeline(folder: Path) -> list[Path]:
    """Return the files of the snapshots of a run, and of its end.

    Raises:
        UsageError: If there are too few snapshots.
    """
    files = [file for _, file in runs.snapshots(folder)] + [runs.memory_file(folder)]
    if len(files) < MIN_MEMORIES:
        raise UsageError(f"{folder}: expected a run with at least {MIN_MEMORIES - 1} snapshots")
    return files
