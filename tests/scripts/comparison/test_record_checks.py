import json
import random

import pytest
from before import BEFORE
from trials import record

from cookie_jar.agents.errors import FileError
from cookie_jar.scripts.comparison.store import RECORDS_FILE, Store
from cookie_jar.scripts.comparison.trials import TrialRecord

WHOLE = json.loads(record([0, 50, 90]).to_json())
ODD = [
    None,
    True,
    -1,
    0.5,
    1e308,
    10**400,
    2**63,
    float("nan"),
    float("inf"),
    "",
    "x",
    "1e-3",
    "é" * 99,
    [],
    {},
]


def changed(*path, value):
    """Return a record as text in which one value is replaced; the path has keys and indices."""
    fields = json.loads(json.dumps(WHOLE))
    inner = fields
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return json.dumps(fields)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (changed("cell", "seed", value=True), "seed: expected a whole number from 0"),
        (changed("cell", "seed", value=-1), "seed: expected"),
        (changed("cell", "timesteps", value=0), "timesteps: expected a whole number from 1"),
        (changed("cell", "timesteps", value=201), "a last evaluation at step 201 or later, got 200"),
        (changed("cell", "checks", value=1), "1 to 2 evaluations, got 3"),
        (changed("cell", "contender", value="nobody"), "algorithm: expected one of q-learning"),
        (changed("cell", "settings", value={"gamma": float("nan")}), "settings: expected"),
        (changed("cell", "settings", value={"env_kwargs": 3}), "settings: expected"),
        (changed("cell", "algorithm", value="ppo"), "got 'algorithm'"),
        (changed("checks", 1, 0, value=100.0), "evaluation 1: steps: expected a whole number"),
        (changed("checks", 1, 0, value=200), "increasing steps, got 200 after 200"),
        (changed("checks", 1, 1, value=-0.1), "evaluation 1: seconds: expected a number from 0"),
        (changed("checks", 1, 1, value=9.0), "increasing seconds"),
        (changed("checks", 2, 3, value=float("nan")), "evaluation 2: greedy: expected"),
        (changed("checks", 2, 3, value=100.1), "returns up to the optimum 100, got 100.1"),
        (changed("checks", 2, 4, value=100.1), "returns up to the optimum"),
        (changed("checks", 2, 5, value=1.1), "evaluation 2: success: expected a number from"),
        (changed("checks", 2, 6, value=-1), "evaluation 2: length: expected"),
        (changed("checks", 2, value=[200]), "the record of a run"),
        (changed("random", value=float("nan")), "a finite return of the random policy"),
        (changed("optimum", value=float("nan")), "optimum: expected"),
        (changed("startup", value=10**400), "startup: expected"),
        (changed("peak_memory", value=-1), "peak_memory: expected"),
        (changed("error", value="why"), "no evaluations of a run that failed"),
        (json.dumps(WHOLE)[:-1] + ', "random": 3}', "expected each key once, got 'random' again"),
        (json.dumps(WHOLE).replace("90", "1e999"), "expected finite numbers"),
    ],
)
def test_impossible_records_are_refused(line, message):
    with pytest.raises(FileError, match=message) as error:
        TrialRecord.from_json(line, "here")
    assert str(error.value).startswith("here: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("column", [4, 5])
def test_unknown_numbers_are_nan(column):
    read = TrialRecord.from_json(changed("checks", 1, column, value=float("nan")))
    assert read.evaluations[1] != read.evaluations[1]._replace(steps=0)


def test_damaged_files_give_one_error_or_valid_records(tmp_path):
    """A value of some record is replaced, or bytes are deleted, repeated or replaced."""
    rng = random.Random(0)
    kept = (BEFORE / "sweep" / RECORDS_FILE).read_bytes()
    refused = []
    for _ in range(200):
        data = bytearray(kept)
        start, length = rng.randrange(len(data)), rng.randrange(1, 60)
        match rng.randrange(4):
            case 0:
                del data[start : start + length]
            case 1:
                data[start:start] = data[start : start + length]
            case 2:
                data[start] = rng.randrange(256)
            case _:
                lines = kept.splitlines()
                fields = json.loads(lines[0])
                part = rng.choice([fields, fields["cell"], *fields["checks"]])
                part[rng.choice(list(part) if isinstance(part, dict) else range(7))] = rng.choice(ODD)
                data = bytearray(b"\n".join([json.dumps(fields).encode(), *lines[1:]]))
        (tmp_path / RECORDS_FILE).write_bytes(data)
        try:
            records = Store(tmp_path).read()
        except FileError as error:
            refused.append(str(error))
        else:
            assert 6 <= len(records) <= 8
    assert 100 < len(refused) < 200
    assert all(RECORDS_FILE in text and len(text) < 1_000 for text in refused)
