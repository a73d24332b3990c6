import numpy as np

from cookie_jar.agents.ended import EndedEpisodes


def test_blocks_and_single_episodes_stay_in_order():
    ended = EndedEpisodes()
    ended.add(np.array([1.5, -2.0]), np.array([3, 4]), np.array([3, 7]))
    ended.returns.append(9.0)
    ended.lengths.append(1)
    ended.ends.append(8)
    ended.add(np.array([0.5]), np.array([2]), np.array([10]))
    assert (ended.ends, ended.lengths, ended.returns) == ([3, 7, 8, 10], [3, 4, 1, 2], [1.5, -2.0, 9.0, 0.5])
    assert {type(value) for value in ended.lengths} == {int}


def test_there_are_none_at_first():
    assert EndedEpisodes().returns == []
