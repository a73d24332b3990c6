import pickle
import tracemalloc
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import PPO, AgentError, MemoryFileError, QLearning, evaluate, tabular_model
from cookie_jar.agents.memory import MAX_BYTES, read_memory, replace_arrays, write_memory

DATA = Path(__file__).parent.parent / "data"


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


def test_arrays_are_replaced_in_place():
    table, mean = np.zeros((2, 3)), np.zeros(2, np.float32)
    replace_arrays(Path("x"), {"a": table, "b": mean}, {"a": np.ones((2, 3)), "b": np.ones(2, np.float32)})
    assert table.sum() == 6
    assert mean.sum() == 2


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({}, "expected the arrays"),
        ({"a": np.ones(2), "b": np.ones(2)}, "expected the arrays"),
        ({"a": np.ones(3)}, r"expected a of float64 \[2\]"),
        ({"a": np.ones(2, int)}, r"expected a of float64 \[2\]"),
        ({"a": np.array([1.0, np.inf])}, "not finite"),
    ],
)
def test_arrays_that_do_not_fit_replace_nothing(arrays, message):
    mine = {"a": np.zeros(2)}
    with pytest.raises(AgentError, match=message):
        replace_arrays(Path("x"), mine, arrays)
    assert not mine["a"].any()


def test_equal_memories_are_equal_bytes(tmp_path):
    arrays = {"b": np.ones(3), "a": np.zeros(2)}
    write_memory(tmp_path / "1", arrays, {"x": 1, "y": 2})
    write_memory(tmp_path / "2", dict(reversed(arrays.items())), {"y": 2, "x": 1})
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


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


def test_a_file_of_the_first_format_loads_for_ever():
    agent = QLearning.load(DATA / "format_1.safetensors")
    assert (agent.num_timesteps, agent.num_episodes) == (5_000, 43)
    assert agent.q_table.sum() == pytest.approx(99.95129088886206)
    model = tabular_model(agent.env)
    assert evaluate(model, agent.policy, 200).mean_return == pytest.approx(1.45)
    agent.learn(100)


def mutations(data, number, seed):
    """Damaged copies of a file: bits flipped, bytes set, pieces cut out, doubled or filled with noise."""
    random = Random(seed)
    for _ in range(number):
        damaged = bytearray(data)
        for _ in range(random.choice((1, 1, 1, 2, 8))):
            place = random.randrange(min(len(damaged), random.choice((16, 1200, len(data)))) or 1)
            end = min(len(damaged), place + random.randrange(1, 64))
            kind = random.randrange(6)
            if kind == 0:
                damaged[place] ^= 1 << random.randrange(8)
            elif kind == 1:
                damaged[place] = random.choice(b'{}[]":,0919-\\\x00\xff')
            elif kind == 2:
                del damaged[place:end]
            elif kind == 3:
                damaged[place:place] = damaged[place:end]
            elif kind == 4:
                damaged[place:end] = random.randbytes(end - place)
            else:
                del damaged[place:]
            if not damaged:
                break
        yield bytes(damaged)


def try_to_load(path, good, damaged):
    """A damaged file is refused with one clear error; one that is not damaged after all says the same."""
    path.write_bytes(damaged)
    refusal = None
    try:
        arrays, description = read_memory(path)
    except MemoryFileError as error:
        refusal = str(error)
    if refusal is not None:
        assert refusal.startswith(str(path))
        assert len(refusal) < 600
        return
    expected_arrays, expected = good
    assert description == expected
    assert arrays.keys() == expected_arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, expected_arrays[name])


def fuzz(tmp_path, number, seed):
    data = (DATA / "format_1.safetensors").read_bytes()
    good = read_memory(DATA / "format_1.safetensors")
    for damaged in mutations(data, number, seed):
        try_to_load(tmp_path / "damaged", good, damaged)


def test_2_000_damaged_files(tmp_path):
    fuzz(tmp_path, 2_000, seed=1)


@pytest.mark.slow
def test_100_000_damaged_files(tmp_path):
    fuzz(tmp_path, 100_000, seed=2)


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    with pytest.raises(MemoryFileError):
        read_memory(path)


@pytest.mark.parametrize(
    "header",
    [
        '{"x":{"dtype":"F64","shape":[1000000000000],"data_offsets":[0,8000000000000]}}',
        '{"x":{"dtype":"F64","shape":[-1],"data_offsets":[0,8]}}',
        '{"x":{"dtype":"F64","shape":[1,18446744073709551615],"data_offsets":[0,8]}}',
        '{"__metadata__":{"cookie_jar":"' + "[" * 50_000 + '"}}',
        '{"__metadata__":{"cookie_jar":"{\\"format_version\\": 1, \\"x\\": Infinity}"}}',
        '{"__metadata__":{"cookie_jar":"7"}}',
        '{"__metadata__":7}',
        "[" * 100_000,
    ],
)
def test_hostile_headers_cost_little(tmp_path, header):
    path = tmp_path / "hostile"
    path.write_bytes(len(header).to_bytes(8, "little") + header.encode() + bytes(8))
    tracemalloc.start()
    with pytest.raises(MemoryFileError, match="hostile"):
        read_memory(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_an_oversized_file_is_not_even_read(tmp_path):
    path = tmp_path / "oversized"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)  # sparse: takes no room on the disk
    with pytest.raises(MemoryFileError, match="at most"):
        read_memory(path)


@pytest.mark.parametrize("name", ["../q_table", "/etc/passwd", "q_table\x00", "Q_table", ""])
def test_tricks_in_names_lead_nowhere(tmp_path, name):
    arrays, description = read_memory(DATA / "format_1.safetensors")
    write_memory(tmp_path / "trick.safetensors", {name: arrays["q_table"]}, description)
    with pytest.raises(MemoryFileError, match="expected the arrays"):
        QLearning.load(tmp_path / "trick")


def test_numbers_of_another_kind_or_value_are_refused(tmp_path):
    arrays, description = read_memory(DATA / "format_1.safetensors")
    for table in (arrays["q_table"].astype(np.float32), arrays["q_table"][:-1], arrays["q_table"].ravel()):
        write_memory(tmp_path / "other.safetensors", {"q_table": table}, description)
        with pytest.raises(AgentError, match=r"expected q_table of float64 \[40, 10\]"):
            QLearning.load(tmp_path / "other")


JUNK = (None, -1, 0, 3, 10**30, 1e308, True, "x", [], {}, [10**9], "CookieJarHouse-v0", 2.5)


def changed(value, random):
    """A copy of a description in which one thing, at any depth, is something else."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice(sorted(value))
        return value | {key: changed(value[key], random)}
    if isinstance(value, list) and value and random.random() < 0.7:
        place = random.randrange(len(value))
        return [*value[:place], changed(value[place], random), *value[place + 1 :]]
    return random.choice(JUNK)


@pytest.mark.filterwarnings("ignore:the running rollout cannot be repeated")
@pytest.mark.parametrize("number", [250, pytest.param(10_000, marks=pytest.mark.slow)])
def test_descriptions_that_make_no_sense_are_refused_or_do_no_harm(tmp_path, number):
    agent = PPO("CookieJarCorner-v0", policy="network", net_arch=[4], n_envs=3, n_steps=8, seed=0).learn(40)
    file = agent.save(tmp_path / "good")
    arrays, description = read_memory(file)
    random, refusals = Random(0), []
    for _ in range(number):
        key = random.choice(sorted(description))
        other = description | {key: changed(description[key], random)}
        write_memory(tmp_path / "bad.safetensors", arrays, other)
        try:
            PPO.load(tmp_path / "bad").learn(3)
        except AgentError as error:
            refusals.append(str(error))
    assert len(refusals) > number // 4
    assert max(map(len, refusals)) < 1_000


@pytest.mark.parametrize("policy", ["table", "network"])
def test_damaged_weights_give_one_clear_error(tmp_path, policy):
    file = (
        PPO("CookieJarCorner-v0", policy=policy, net_arch=[4], n_envs=2, seed=0)
        .learn(100)
        .save(tmp_path / "w")
    )
    good = read_memory(file)
    for damaged in mutations(file.read_bytes(), 300, seed=3):
        try_to_load(tmp_path / "damaged", good, damaged)
    for name, array in good[0].items():
        for other in (array.astype(np.float16), array[:-1], np.full_like(array, 1)[None]):
            write_memory(tmp_path / "other.safetensors", good[0] | {name: other}, good[1])
            with pytest.raises(AgentError, match="expected"):
                PPO.load(tmp_path / "other")


def test_numbers_that_are_not_finite_are_not_saved(tmp_path):
    agent = QLearning("CookieJarCorner-v0", seed=0)
    agent.q_table[3, 3] = float("inf")
    with pytest.raises(MemoryFileError, match="not saved, because q_table contains"):
        agent.save(tmp_path / "agent")
    assert not list(tmp_path.iterdir())
