"""The random streams: independent of the batch, uniform, and different for each purpose."""

import numpy as np

from cookie_jar.envs.cookies.streams import DOTS, LOOKS, Stream, mixed


def test_the_mixing_is_that_of_splitmix64():
    # The first outputs of splitmix64 with seed 1234567, as published with the reference implementation.
    words = np.full(2, 1234567, np.uint64) + np.arange(1, 3, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    assert mixed(words).tolist() == [6457827717110365317, 3203168211198807973]


def test_a_stream_depends_on_the_seed_the_number_and_the_purpose_alone():
    numbers = np.array([5, 2**53 - 1, 5, 0])
    drawn = Stream(3, numbers, LOOKS).uniforms(4)
    assert np.array_equal(drawn[0], drawn[2])
    assert np.array_equal(Stream(3, numbers[1:2], LOOKS).uniforms(4)[0], drawn[1])
    for other in (Stream(4, numbers, LOOKS), Stream(3, numbers, DOTS), Stream(3, numbers + 1, LOOKS)):
        assert not np.isin(other.uniforms(4), drawn).any()


def test_the_numbers_are_uniform():
    # Mean and correlation of 100,000 numbers each: 5 standard errors, error probability below 1e-5 in all.
    first, second = Stream(0, np.arange(100_000), LOOKS).uniforms(2).T
    assert min(first.min(), second.min()) > 0
    assert max(first.max(), second.max()) < 1
    assert abs(first.mean() - 0.5) < 5 * np.sqrt(1 / 12 / 100_000)
    for a, b in ((first, second), (first[1:], first[:-1])):
        assert abs(np.corrcoef(a, b)[0, 1]) < 5 / np.sqrt(100_000)


def test_chosen_rows_are_equally_frequent():
    rows = Stream(1, np.arange(30_000), LOOKS).chosen(np.arange(3))
    assert np.abs(np.bincount(rows) - 10_000).max() < 5 * np.sqrt(30_000 * 2 / 9)  # 5 standard errors
