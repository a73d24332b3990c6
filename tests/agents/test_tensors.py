import json

import numpy as np
import pytest
from safetensors.numpy import load, save

from cookie_jar.agents.tensors import DTYPES, unpack


def test_files_of_safetensors_are_read_alike():
    rng = np.random.default_rng(0)
    arrays = {
        name: rng.integers(0, 2, shape).astype(dtype)
        for number, (name, dtype) in enumerate(DTYPES.items())
        for shape in [(3, 4, 5)[: number % 4], (0, 2)][number % 5 == 4 :][:1]
    }
    data = save(arrays, {"a": "b", "c": "é"})
    found, metadata = unpack(data)
    assert metadata == {"a": "b", "c": "é"}
    assert found.keys() == arrays.keys()
    for name, array in load(data).items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(found[name], array)
        assert not found[name].size or not found[name].flags.writeable


def packed(entries, body):
    header = json.dumps({"__metadata__": {}, **entries}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(body)


def entry(shape=(2,), offsets=(0, 16), dtype="F64"):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def test_the_example_for_refusals_is_good():
    assert unpack(packed({"a": entry(), "b": entry(offsets=(16, 32))}, 32))[0].keys() == {"a", "b"}


@pytest.mark.parametrize(
    ("entries", "body"),
    [
        ({"a": entry()}, 15),
        ({"a": entry()}, 17),
        ({"a": entry(), "b": entry()}, 16),  # overlapping
        ({"a": entry(offsets=(8, 24))}, 24),  # a gap
        ({"a": entry(shape=(3,))}, 16),
        ({"a": entry(shape=(2, True))}, 16),
        ({"a": entry(shape=(2.0,))}, 16),
        ({"a": entry(shape=(-2, -1))}, 16),
        ({"a": entry(shape=[1] * 40 + [2])}, 16),
        ({"a": entry(offsets=(16, 0))}, 16),
        ({"a": entry(offsets=(0, 16, 32))}, 16),
        ({"a": entry(dtype="F65")}, 16),
        ({"a": entry(dtype=["F64"])}, 16),
        ({"a": entry() | {"more": 1}}, 16),
        ({"a": 7}, 16),
        ({"__metadata__": 7}, 0),
    ],
)
def test_headers_that_do_not_fit_the_data_are_refused(entries, body):
    with pytest.raises((ValueError, KeyError, TypeError)):
        unpack(packed(entries, body))
