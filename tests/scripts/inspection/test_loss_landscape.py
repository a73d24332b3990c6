import numpy as np
import pytest

from cookie_jar.agents import runs
from cookie_jar.scripts.common.console import Console, UsageError
from cookie_jar.scripts.inspection.loss_landscape import loss_landscape, plane, principal_path
from cookie_jar.scripts.inspection.view import MemoryView


def plane_walk():
    """Parameters [12, 30] that move in a plane."""
    rng = np.random.default_rng(0)
    directions = np.linalg.qr(rng.standard_normal((30, 2)))[0].T
    return np.cumsum(rng.standard_normal((12, 2)), axis=0) @ directions + 5


def test_a_path_in_a_plane_keeps_all_distances():
    walk = plane_walk()
    path = principal_path(walk)
    assert path.shares.sum() == pytest.approx(1)
    assert path.shares[0] >= path.shares[1]
    np.testing.assert_allclose(path.points[-1], 0, atol=1e-9)
    np.testing.assert_allclose(path.origin + path.points @ path.directions, walk, atol=1e-9)
    np.testing.assert_allclose(path.directions @ path.directions.T, np.eye(2), atol=1e-9)


def test_a_path_starts_at_the_lower_left_whatever_the_signs():
    walk = plane_walk()
    mirrored = principal_path(2 * walk[-1] - walk)
    assert (mirrored.points[0] <= 0).all()
    np.testing.assert_allclose(mirrored.points, principal_path(walk).points, atol=1e-9)


def test_the_plane_reaches_beyond_the_path():
    path = principal_path(plane_walk())
    across, up = plane(path, 9)
    assert across.shape == up.shape == (9,)
    for coordinates, points in ((across, path.points[:, 0]), (up, path.points[:, 1])):
        assert coordinates[0] < points.min()
        assert coordinates[-1] > points.max()


def test_the_loss_at_the_end_of_the_path_is_the_regret_of_the_run(trained):
    folder = trained("table")
    view = MemoryView(folder)
    before = view.parameters()
    landscape = loss_landscape(view, view.agent, runs.memory_file(folder).parent, 5, Console(quiet=True))
    np.testing.assert_array_equal(view.parameters(), before)
    regret = 1.45 - view.evaluator.stochastic(view.agent).mean_return
    assert landscape.heights[-1] == pytest.approx(regret)
    assert landscape.heights[0] > landscape.heights[-1]
    assert landscape.surface.shape == (5, 5)
    assert landscape.surface.min() >= -1e-9


def test_a_path_needs_snapshots(trained, tmp_path):
    view = MemoryView(trained("table"))
    view.agent.save(tmp_path / runs.AGENT_FILE)
    with pytest.raises(UsageError, match="expected a run with at least 2 snapshots"):
        loss_landscape(view, view.agent, tmp_path, 5, Console(quiet=True))
