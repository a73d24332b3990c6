import json

import numpy as np
import pytest
from gymnasium.utils.seeding import np_random

from cookie_jar.envs.vector.rng import BLOCK, VectorRng

ALL = np.arange(3)


def seeded(*seeds):
    rng = VectorRng(len(seeds))
    rng.seed(np.arange(len(seeds)), seeds)
    return rng


def test_each_generator_draws_the_numbers_of_its_seed():
    rng = seeded(4, 5, 6)
    drawn = np.array([rng.draw(ALL) for _ in range(2 * BLOCK + 3)])
    for i, seed in enumerate((4, 5, 6)):
        generator, _ = np_random(seed)
        assert drawn[:, i].tolist() == [generator.random() for _ in drawn]


def test_generators_are_independent_of_who_else_draws():
    together, alone = seeded(1, 2, 3), seeded(1, 2, 3)
    picked = np.random.default_rng(0)
    drawn = {0: [], 1: [], 2: []}
    for _ in range(300):
        indices = np.flatnonzero(picked.random(3) < 0.5)
        for i, number in zip(indices.tolist(), together.draw(indices), strict=True):
            drawn[i].append(number)
    for i, numbers in drawn.items():
        assert len(numbers) > BLOCK
        assert numbers == [alone.draw(np.array([i]))[0] for _ in numbers]


def test_a_seed_of_none_goes_on():
    rng, other = seeded(1, 2), seeded(1, 2)
    rng.draw(np.arange(2)), other.draw(np.arange(2))
    rng.seed(np.arange(2), [None, 2])
    went_on, anew = rng.draw(np.arange(2))
    assert went_on == other.draw(np.arange(2))[0]
    assert anew == seeded(1, 2).draw(np.arange(2))[1]


def test_without_a_seed_generators_differ():
    first, second = seeded(None, None).draw(np.arange(2))
    assert first != second


@pytest.mark.parametrize("drawn", [0, 1, BLOCK, BLOCK + 5])
def test_a_state_survives_json(drawn):
    rng = seeded(7, 8, 9)
    for _ in range(drawn):
        rng.draw(ALL)
    rng.draw(ALL[:1])
    other = rng.restored(json.loads(json.dumps(rng.get_state())))
    for _ in range(BLOCK + 2):
        assert other.draw(ALL).tolist() == rng.draw(ALL).tolist()
