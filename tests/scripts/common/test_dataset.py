import numpy as np
import pytest
from needs import needs_links
from safetensors.numpy import save_file

from cookie_jar.agents import FileError, QLearning
from cookie_jar.agents.memory import write_memory
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.dataset import (
    ATTRIBUTES,
    OPENINGS_FILE,
    PICTURES_FILE,
    SHEET_FILE,
    SPLIT_FILE,
    TABLE_FILE,
    Dataset,
    check_replaceable,
    digest,
    kind_mistake,
    most_pictures,
    read_dataset,
    write_dataset,
)

KINDS = ("raisin", "plain")


def small(n=6, *, known=True, **changes):
    rng = np.random.default_rng(0)
    dataset = Dataset(
        rng.integers(0, 256, (n, 8, 8, 3), np.uint8),
        np.arange(n) % 2,
        np.arange(n) + 10,
        rng.random((n, len(ATTRIBUTES))) if known else None,
        KINDS,
        {"source": "test"},
    )
    return dataset._replace(**changes)


@pytest.mark.parametrize("known", [True, False])
def test_a_data_set_comes_back_as_it_was_written(tmp_path, known):
    dataset = small(known=known)
    assert write_dataset(tmp_path / "data" / "x", dataset)
    found = read_dataset(tmp_path / "data" / "x")
    assert digest(found) == digest(dataset)
    assert found.kinds == KINDS
    assert found.about == {"source": "test"}
    assert (found.attributes is None) == (not known)


def test_the_table_names_number_kind_and_file(tmp_path):
    write_dataset(tmp_path, small(2, known=False), ["=a.png", "b\n.png"])
    lines = (tmp_path / TABLE_FILE).read_text().splitlines()
    assert lines == ["number,kind,file", "10,raisin,'=a.png", "11,plain,b\\n.png"]


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": np.array([1, 0, 1, 0, 1, 0])},
        {"numbers": np.arange(6)},
        {"attributes": None},
        {"kinds": ("raisin", "other")},
        {"pictures": np.zeros((6, 8, 8, 3), np.uint8)},
    ],
)
def test_the_digest_is_of_pictures_labels_numbers_attributes_and_kinds(changes):
    assert digest(small(**changes)) != digest(small())
    assert digest(small(about={"source": "elsewhere"})) == digest(small())


def test_the_same_pictures_change_nothing_and_others_delete_what_described_them(tmp_path):
    write_dataset(tmp_path, small())
    for name in (SPLIT_FILE, SHEET_FILE, OPENINGS_FILE):
        (tmp_path / name).write_text("x")
    assert not write_dataset(tmp_path, small())
    assert (tmp_path / SPLIT_FILE).exists()
    assert write_dataset(tmp_path, small(numbers=np.arange(6)))
    assert {path.name for path in tmp_path.iterdir()} == {PICTURES_FILE, TABLE_FILE, OPENINGS_FILE}


def test_a_damaged_data_set_is_replaced(tmp_path):
    (tmp_path / PICTURES_FILE).write_bytes(b"damaged")
    assert write_dataset(tmp_path, small())
    assert digest(read_dataset(tmp_path)) == digest(small())


def test_nothing_stays_of_a_data_set_that_cannot_be_written(tmp_path):
    with pytest.raises(FileError, match="finite"):
        write_dataset(tmp_path / "x", small(attributes=np.full((6, len(ATTRIBUTES)), np.nan)))
    assert not list(tmp_path.iterdir())


@needs_links
def test_a_folder_is_replaced_only_if_it_holds_a_data_set_and_is_asked_for(tmp_path):
    check_replaceable(tmp_path / "new", overwrite=False)
    write_dataset(tmp_path / "data", small())
    check_replaceable(tmp_path / "data", overwrite=True)
    with pytest.raises(UsageError, match="--overwrite"):
        check_replaceable(tmp_path / "data", overwrite=False)
    (tmp_path / "link").symlink_to(tmp_path / "data")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("x")
    for name in ("link", "other", "other/thesis.txt"):
        with pytest.raises(UsageError, match="expected a new"):
            check_replaceable(tmp_path / name, overwrite=True)


def test_what_a_killed_process_left_is_in_nobodys_way(tmp_path):
    left = tmp_path / f".{PICTURES_FILE}.999999999.part"
    left.write_text("x")
    check_replaceable(tmp_path, overwrite=False)
    assert not left.exists()


def test_a_folder_without_a_data_set_says_how_to_get_one(tmp_path):
    with pytest.raises(FileError, match="gather"):
        read_dataset(tmp_path)


def arrays(**changes):
    dataset = small()
    found = {"pictures": dataset.pictures, "labels": dataset.labels, "numbers": dataset.numbers}
    return {name: array for name, array in (found | changes).items() if array is not None}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": np.array([0, 1, 2, 0, 1, 0])}, "labels from 0 to 2"),
        ({"labels": np.array([0, 1, -1, 0, 1, 0])}, "labels from -1 to 1"),
        ({"labels": np.zeros(5, np.int64)}, "got labels of int64"),
        ({"labels": np.zeros(6)}, "got labels of float64"),
        ({"numbers": np.zeros(6, np.int64)}, "not distinct"),
        ({"numbers": np.arange(6) - 1}, "out of range"),
        ({"numbers": None}, "got the arrays"),
        ({"more": np.zeros(1)}, "got the arrays"),
        ({"attributes": np.zeros((6, 4))}, "got attributes of float64"),
        ({"pictures": np.zeros((6, 8, 9, 3), np.uint8)}, "got pictures of uint8"),
        ({"pictures": np.zeros((6, 8, 8, 3), np.float32)}, "got pictures of float32"),
        ({"pictures": np.zeros((6, 2, 2, 3), np.uint8)}, "6 pictures of 2x2"),
        ({"pictures": np.zeros(6, np.uint8)}, "got pictures of uint8"),
        ({name: array[:0] for name, array in arrays().items()}, "0 pictures"),
    ],
)
def test_a_file_with_other_arrays_is_refused(tmp_path, changes, message):
    description = {"content": "pictures", "kinds": list(KINDS), "about": {}}
    write_memory(tmp_path / PICTURES_FILE, arrays(**changes), description)
    with pytest.raises(FileError, match=message):
        read_dataset(tmp_path)


@pytest.mark.parametrize(
    "description",
    [
        {},
        {"content": "pictures", "kinds": list(KINDS)},
        {"content": "pictures", "kinds": list(KINDS), "about": 3},
        {"content": "pictures", "kinds": "ab", "about": {}},
        {"content": "pictures", "kinds": [1, 2], "about": {}},
        {"content": "other", "kinds": list(KINDS), "about": {}},
    ],
)
def test_a_file_with_another_description_is_refused(tmp_path, description):
    write_memory(tmp_path / PICTURES_FILE, arrays(), description)
    with pytest.raises(FileError, match="expected a data set written by `gather`"):
        read_dataset(tmp_path)


def test_another_file_is_refused(tmp_path):
    QLearning("CookieJarCorner-v0", seed=0).save(tmp_path / PICTURES_FILE)
    with pytest.raises(FileError, match="expected a data set"):
        read_dataset(tmp_path)
    save_file(arrays(), tmp_path / PICTURES_FILE)
    with pytest.raises(FileError):
        read_dataset(tmp_path)


@pytest.mark.parametrize(
    "kinds",
    [
        ["one"],
        ["a", "a"],
        ["a", ""],
        ["a", " b"],
        ["a", "=b"],
        ["a", "b/c"],
        ["a", "..\\b"],
        ["a", "\x1b[31m"],
        ["a", "b" * 61],
        ["a", 3],
        ["a", ".b"],
        [str(number) for number in range(101)],
    ],
)
def test_names_of_kinds_are_plain(kinds):
    assert kind_mistake(kinds)


def test_names_of_kinds_may_have_spaces_and_letters_of_all_languages():
    assert not kind_mistake(["chocolate chip", "Süßes", "餅乾", "Anna's"])


def test_a_full_data_set_can_be_read_back():
    assert most_pictures(32) * (3 * 32**2 + 7 * 8) < 1 << 28
    assert most_pictures(32) > 80_000
