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


@pytest.mark.parametrize(
    "space", [Discrete(3, start=1), MultiDiscrete([2] * 70), Dict({"a": Discrete(2)}), Tuple([Discrete(2)])]
)
def test_other_observations_are_refused(space):
    with pytest.raises(AgentError, match="expected Discrete or MultiDiscrete observations"):
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
