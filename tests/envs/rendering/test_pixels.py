import numpy as np

from cookie_jar.envs.rendering.pixels import from_array, to_array


def test_an_array_is_shown_as_large_as_can_be():
    picture = to_array(from_array(np.full((10, 20, 3), 200, np.uint8), (100, 100), (0, 0, 0)))
    rows = np.flatnonzero((picture == 200).all(axis=(1, 2)))
    assert (rows.min(), rows.max()) == (25, 74)
