import numpy as np
import pytest

from cookie_jar.agents import FileError
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.dataset import SPLIT_FILE, Dataset, write_dataset
from cookie_jar.scripts.common.split import (
    Split,
    about_data,
    apportioned,
    make_split,
    parts,
    read_split,
    split_digest,
    write_split,
)

KINDS = ("raisin", "chip", "plain")


def labelled(labels, numbers=None):
    n = len(labels)
    numbers = np.arange(n) if numbers is None else numbers
    return Dataset(np.zeros((n, 8, 8, 3), np.uint8), np.array(labels), numbers, None, KINDS, {})


DATASET = labelled(np.random.default_rng(1).choice(3, 200, p=[0.2, 0.3, 0.5]))


def numbers_of(dataset, split):
    return [dataset.numbers[indices].tolist() for indices in split]


def test_every_picture_is_in_one_part_and_each_part_has_the_same_shares():
    split = make_split(DATASET, 30, 50)
    assert [len(indices) for indices in split] == [120, 30, 50]
    assert sorted(np.concatenate(split)) == list(range(200))
    whole = np.bincount(DATASET.labels) / 200
    for indices in split:
        counts = np.bincount(DATASET.labels[indices])
        np.testing.assert_allclose(counts, whole * len(indices), atol=1.5)


def test_parts_depend_on_numbers_and_not_on_the_order_of_the_pictures():
    order = np.random.default_rng(2).permutation(200)
    other = labelled(DATASET.labels[order], DATASET.numbers[order])
    assert numbers_of(other, make_split(other, 30, 50)) == numbers_of(DATASET, make_split(DATASET, 30, 50))


def test_another_seed_gives_another_split():
    first, second = (make_split(DATASET, 30, 50, seed) for seed in (0, 1))
    assert numbers_of(DATASET, first) != numbers_of(DATASET, second)


@pytest.mark.parametrize(
    ("n", "sizes", "expected"),
    [
        (11_000, (None, None), [5_000, 1_000, 5_000]),
        (20_000, (None, None), [14_000, 1_000, 5_000]),
        (100, (None, None), [60, 20, 20]),
        (100, (0.1, 30), [60, 10, 30]),
        (100, (5.0, 0.5), [45, 5, 50]),
    ],
)
def test_sizes_are_numbers_or_shares(n, sizes, expected):
    split = make_split(labelled(np.arange(n) % 3), *sizes)
    assert [len(indices) for indices in split] == expected


@pytest.mark.parametrize(
    ("labels", "sizes", "message"),
    [
        ([0, 1, 2], (1, 1), "none of raisin for test"),
        ([0, 1, 2] * 3, (5, 4), "leave some for training"),
        ([0, 1] * 30, (10, 10), "none of plain for validation"),
        ([0, 1, 2] * 20, (1, 10), "none of chip for validation"),
    ],
)
def test_too_few_pictures_are_refused(labels, sizes, message):
    with pytest.raises(UsageError, match=message):
        make_split(labelled(labels), *sizes)


@pytest.mark.parametrize(
    ("total", "counts", "expected"),
    [(10, [5, 5], [5, 5]), (3, [1, 1, 1], [1, 1, 1]), (10, [1, 2, 4], [1, 3, 6]), (1, [0, 5], [0, 1])],
)
def test_remainders_are_given_to_the_largest(total, counts, expected):
    assert apportioned(total, np.array(counts)).tolist() == expected


def test_a_split_is_read_as_written(tmp_path):
    split = make_split(DATASET, 30, 50)
    write_dataset(tmp_path, DATASET)
    write_split(tmp_path, DATASET, split)
    dataset, found = parts(tmp_path)
    assert numbers_of(dataset, found) == numbers_of(DATASET, split)
    assert split_digest(dataset, found) == split_digest(DATASET, split)
    about = about_data(tmp_path, dataset, found)
    assert about["split"] == split_digest(DATASET, split)
    assert about["kinds"] == list(KINDS)
    assert about["pictures"] == [120, 30, 50]


def test_the_digest_of_a_split_is_of_its_parts_and_of_the_pictures():
    split = make_split(DATASET, 30, 50)
    swapped = Split(split.train, split.test, split.validation)
    brighter = DATASET._replace(pictures=DATASET.pictures + 1)
    assert (
        len({split_digest(*pair) for pair in [(DATASET, split), (DATASET, swapped), (brighter, split)]}) == 3
    )


LINES = ["number,kind,part", "0,raisin,train", "1,chip,validation", "2,plain,test"]


@pytest.mark.parametrize(
    ("place", "line", "message"),
    [
        (0, "number,part", "expected the columns"),
        (1, "0,raisin", "line 2: expected 3 values"),
        (1, "7,raisin,train", "line 2: expected each number of the pictures once"),
        (1, "1,chip,train", "line 3: expected each number of the pictures once"),
        (1, "+0,raisin,train", "got '.0'"),
        (1, "9" * 30 + ",raisin,train", "expected each number"),
        (1, "0,plain,train", "expected the kind raisin"),
        (1, "0,raisin,holdout", "expected one of train, validation, test"),
        (1, "0,raisin,test", "expected pictures for train, got none"),
        (3, "", "line 4: expected 3 values"),
        (3, None, "got no line for number 2"),
        (1, '0,"raisin,train', "expected a csv file"),
    ],
)
def test_a_file_that_is_not_a_split_of_the_pictures_is_refused(tmp_path, place, line, message):
    lines = [*LINES]
    lines[place : place + 1] = [] if line is None else [line]
    (tmp_path / SPLIT_FILE).write_text("\n".join([*lines, ""]))
    with pytest.raises(FileError, match=message):
        read_split(tmp_path, labelled([0, 1, 2]))


def test_a_missing_split_says_how_to_make_one(tmp_path):
    with pytest.raises(FileError, match="cookies split"):
        read_split(tmp_path, DATASET)
