import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple

from cookie_jar.agents import AgentError
from cookie_jar.agents.encoding import Inputs


def test_observations_that_are_the_same_are_found():
    inputs = Inputs(MultiDiscrete([3, 4]))
    distinct, index = inputs.distinct(np.array([[2, 1], [0, 3], [2, 1]]))
    assert distinct.tolist() == [[0, 3], [2, 1]]
    assert index.tolist() == [1, 0, 1]
    assert inputs.encode(distinct).tolist() == [[0, 6], [2, 4]]
    numbers = np.ones((2, 3))
    assert Inputs(Box(0, 1, (3,))).distinct(numbers)[1].tolist() == [0, 1]


def test_planes_put_what_is_at_one_place_together():
    planes = np.arange(24).reshape(1, 2, 3, 4)
    encoded = Inputs(MultiBinary((2, 3, 4)), filters=1).encode(planes)
    assert encoded.shape == (1, 3, 4, 2)
    assert encoded[0, 1, 2].tolist() == [6, 18]
    assert encoded.flags.c_contiguous
    assert Inputs(MultiBinary((2, 3, 4))).encode(planes).shape == (1, 24)


def bytes_box(*shape):
    return Box(0, 255, shape, np.uint8)


@pytest.mark.parametrize(
    ("space", "planes", "scaled"),
    [
        (bytes_box(36, 48, 3), (36, 48, 3), True),
        (bytes_box(84, 84, 1), (84, 84, 1), True),
        (bytes_box(9, 8, 4), (9, 8, 4), True),
        (bytes_box(3, 36, 48), (36, 48, 3), True),
        (bytes_box(12, 84, 84), (84, 84, 12), True),
        (bytes_box(84, 84, 12), (84, 84, 12), True),
        (Box(0, 1, (36, 48, 3)), (36, 48, 3), False),
        (Box(0, 1, (4, 5, 5)), (5, 5, 4), False),
        (Box(0, 1, (7, 3, 3)), (3, 3, 7), False),
        (Box(0, 9, (7, 9, 3), np.uint8), (7, 9, 3), False),
        (Box(-1, 1, (8,)), (), False),
        (bytes_box(128), (), True),
        (bytes_box(4, 84, 84, 3), (), True),
        (MultiBinary((16, 5, 3)), (5, 3, 16), False),
    ],
)
def test_pictures_are_recognised(space, planes, scaled):
    inputs = Inputs(space, filters=1)
    assert (inputs.planes, inputs.scaled) == (planes, scaled)
    assert inputs.reads_pictures == (scaled or planes == space.shape)


def test_without_pictures_the_first_axis_is_that_of_the_planes():
    before = Inputs(bytes_box(36, 48, 3), filters=1, pictures=False)
    assert (before.planes, before.scaled, before.window, before.reads_pictures) == (
        (48, 3, 36),
        False,
        (3, 1),
        False,
    )


@pytest.mark.parametrize("axis", [1, 3])
def test_pictures_are_scaled_channels(axis):
    picture = np.random.default_rng(0).integers(0, 256, (2, 5, 6, 3), np.uint8)
    observations = np.moveaxis(picture, 3, axis)
    encoded = Inputs(bytes_box(*observations.shape[1:]), filters=1).encode(observations)
    assert encoded.dtype == np.float32
    assert encoded.flags.c_contiguous
    assert np.allclose(encoded, picture / 255)
    assert encoded.min() >= 0
    assert encoded.max() <= 1
    flat = Inputs(bytes_box(*observations.shape[1:])).encode(observations)
    assert np.allclose(flat, observations.reshape(2, -1) / 255)
    raw = Inputs(bytes_box(*observations.shape[1:]), pictures=False).encode(observations)
    assert (raw == observations.reshape(2, -1)).all()


def test_pictures_that_are_the_same_are_found():
    pictures = np.random.default_rng(0).integers(0, 256, (3, 4, 5, 3), np.uint8)[[0, 1, 0, 2, 1]]
    distinct, index = Inputs(bytes_box(4, 5, 3)).distinct(pictures)
    assert len(distinct) == 3
    assert (distinct[index] == pictures).all()


@pytest.mark.parametrize(
    "space", [Discrete(3, start=1), MultiDiscrete([2] * 70), Dict({"a": Discrete(2)}), Tuple([Discrete(2)])]
)
def test_other_observations_are_refused_with_the_wrapper_that_helps(space):
    expected = r"expected Discrete or MultiDiscrete observations.*; use gymnasium\.wrappers\.\w+"
    with pytest.raises(AgentError, match=expected):
        Inputs(space)


def test_one_hot_puts_a_one_at_each_row_number():
    inputs = Inputs(MultiDiscrete([3, 4]))
    observations = np.array([[2, 1], [0, 3]])
    hot = inputs.one_hot(observations)
    assert hot.dtype == np.float32
    assert [np.flatnonzero(row).tolist() for row in hot] == inputs.encode(observations).tolist()
    assert hot.sum() == 4
    numbers = np.arange(6.0).reshape(1, 2, 3)
    assert Inputs(Box(0, 9, (2, 3))).one_hot(numbers).tolist() == [[0, 1, 2, 3, 4, 5]]


def test_codes_number_all_observations_without_gaps():
    inputs = Inputs(MultiDiscrete([3, 4]))
    everything = np.array([[i, j] for i in range(3) for j in range(4)])
    assert inputs.codes(everything).tolist() == list(range(12))
    assert Inputs(Discrete(7)).codes(np.array([5, 0])).tolist() == [5, 0]
