import numpy as np
import pytest
from gymnasium.spaces import Box, Discrete

from cookie_jar.envs import State
from cookie_jar.envs.dynamics import CARRIED, CLOSED
from cookie_jar.envs.kitchen import Kitchen
from cookie_jar.scripts.viewer.observation_text import describe_observation, describe_state


@pytest.mark.parametrize(
    ("observation", "space", "text"),
    [
        (7, Discrete(1_615), "state 7 of 1,615"),
        (np.array([3, 0, 1]), None, "3, 0, 1"),
        (np.array([0.5, -0.0001]), Box(-1, 1, (2,)), "0.50, -0.0001"),
        (np.zeros((36, 108, 3), np.uint8), None, "36 x 108 x 3 numbers"),
        ({"state": 1, "pictures": np.zeros(9)}, None, "state, pictures"),
    ],
)
def test_observations_are_described(observation, space, text):
    assert describe_observation(observation, space) == text


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (State(0, 1, 0, CLOSED, 0), "child row 1, column 1; chair row 1, column 2; jar closed"),
        (State(1, CARRIED, 0, CLOSED, 0), "child with the chair, row 1, column 2; jar closed"),
        (State(0, 0, 1, 5, 0), "child on the chair, row 1, column 1; jar open"),
    ],
)
def test_states_of_a_kitchen_are_described(state, text):
    assert describe_state(Kitchen(("#J##", "#SC#", "####")), state) == text
