import pickle

import numpy as np
import pytest

from cookie_jar.agents import MemoryFileError
from cookie_jar.agents.memory import read_memory, write_atomically, write_memory


def test_arrays_and_description_come_back(tmp_path):
    path = tmp_path / "deep" / "memory.safetensors"
    base = np.arange(24.0).reshape(4, 6)
    arrays = {
        "plain": base,
        "transposed": base.T,
        "sliced": base[::2, 1:],
        "fortran": np.asfortranarray(base),
    }
    description = {"algorithm": "X", "random_state": 2**127, "hyperparameters": {"a": None}}
    write_memory(path, arrays, description)
    read, found = read_memory(path)
    assert read.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(read[name], array)
    assert found == {"format_version": 1, **description}
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_equal_memories_are_equal_bytes(tmp_path):
    arrays = {"b": np.ones(3), "a": np.zeros(2)}
    write_memory(tmp_path / "1", arrays, {"x": 1, "y": 2})
    write_memory(tmp_path / "2", dict(reversed(arrays.items())), {"y": 2, "x": 1})
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_a_failing_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "memory"
    write_atomically(path, b"old")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["memory"]


class Bomb:
    def __reduce__(self):
        return (print, ("boom",))


def good_bytes(tmp_path):
    write_memory(tmp_path / "good", {"q_table": np.ones((3, 2))}, {"algorithm": "QLearning"})
    return (tmp_path / "good").read_bytes()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:5],
        lambda data: data[:-1],
        lambda data: data + b"more",
        lambda data: (2**60).to_bytes(8, "little") + data[8:],
        lambda data: data.replace(b"cookie_jar", b"cookie_tin"),
        lambda data: data.replace(b'format_version\\": 1', b'format_version\\": 9'),
        lambda data: pickle.dumps(Bomb()),
        lambda data: b"PK\x03\x04" + bytes(100),
    ],
)
def test_damaged_and_foreign_files_give_one_clear_error(tmp_path, damage, capsys):
    path = tmp_path / "bad"
    path.write_bytes(damage(good_bytes(tmp_path)))
    with pytest.raises(MemoryFileError, match="expected") as caught:
        read_memory(path)
    assert str(path) in str(caught.value)
    assert "boom" not in capsys.readouterr().out


def test_a_folder_or_nothing_is_no_memory(tmp_path):
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(MemoryFileError, match="expected a memory file"):
            read_memory(path)
