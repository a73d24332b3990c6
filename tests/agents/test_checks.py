import numpy as np
import pytest
from gymnasium.spaces import Box, Discrete, MultiDiscrete

from cookie_jar.agents import AgentError
from cookie_jar.agents.checks import checked_observations, discrete


def test_discrete_spaces():
    space = Discrete(3)
    assert discrete(space, "action") is space
    for bad in (Discrete(3, start=1), MultiDiscrete([3]), Box(0, 1)):
        with pytest.raises(AgentError, match="expected a Discrete action space that starts at 0"):
            discrete(bad, "action")


@pytest.mark.parametrize(
    ("space", "good"),
    [
        (Discrete(3), 2),
        (Discrete(3), [0, 2, 1]),
        (MultiDiscrete([2, 3]), [1, 2]),
        (MultiDiscrete([2, 3]), [[1, 2], [0, 0]]),
        (Box(0, 1, (2,)), [0.5, 1.0]),
    ],
)
def test_observations_of_a_space_or_a_batch(space, good):
    found = checked_observations(space, good)
    assert isinstance(found, np.ndarray)
    assert found.tolist() == good


@pytest.mark.parametrize(
    ("space", "bad"),
    [
        (Discrete(3), 3),
        (Discrete(3), -1),
        (Discrete(3), 0.0),
        (Discrete(3), [[0]]),
        (MultiDiscrete([2, 3]), [2, 0]),
        (MultiDiscrete([2, 3]), [1, 2, 0]),
        (Box(0, 1, (2,)), [0.5]),
    ],
)
def test_observations_of_other_spaces_are_refused(space, bad):
    with pytest.raises(AgentError, match="expected one observation of"):
        checked_observations(space, bad)
