"""Masks that are copied in blocks, and the checks of actions."""

import numpy as np
import pytest

from cookie_jar.envs import Action, ActionError
from cookie_jar.envs.outcomes import check_action, mask_copier


def test_copies_of_a_mask_outlast_a_block():
    mask = np.array([1, 0, 1], np.int8)
    new = mask_copier(mask)
    copies = [new() for _ in range(600)]
    assert np.array(copies).tolist() == [[1, 0, 1]] * 600
    assert len({copy.__array_interface__["data"][0] for copy in copies}) == 600


@pytest.mark.parametrize("action", [np.int64(3), np.array(3, np.int32), 3, Action.RIGHT, np.uint8(3), 3.0])
def test_numbers_that_equal_an_action(action):
    number = check_action(action)
    assert number == 3
    assert type(number) is int


@pytest.mark.parametrize("action", [-1, 10, 2.5, "up", None, np.array([3]), [1], np.array(-1), np.nan])
def test_anything_else_is_refused(action):
    with pytest.raises(ActionError, match=r"expected an action among 0 up, 1 down, .*; got"):
        check_action(action)
