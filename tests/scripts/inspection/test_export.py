import csv
import json

import numpy as np
import pytest

from cookie_jar.agents import PPO, QLearning


@pytest.fixture(autouse=True)
def _inside(inside):
    """Files are written to an empty folder."""


def test_a_q_table_is_written_state_by_state(trained, show, inside):
    folder = trained("corner")
    assert "wrote t.csv" in show("show", folder, "--csv", "t.csv", "--json", "t.json")
    table = QLearning.load(f"{folder}/agent").q_table
    with open("t.csv", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:3] == ["state", "meaning", "up"]
    assert rows[1][1] == "child 0, chair at 1, closed"
    np.testing.assert_array_equal(np.array([row[2:] for row in rows[1:]], float), table)
    whole = json.loads((inside / "t.json").read_text())
    np.testing.assert_array_equal(np.array(whole["q_table"]), table)
    assert whole["description"]["algorithm"] == "QLearning"


def test_weights_are_written_one_by_one(trained, show, inside):
    folder = trained("network")
    show("show", folder, "--csv", "w.csv", "--json", "w.json")
    arrays = PPO.load(f"{folder}/agent").arrays()
    with open("w.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(array.size for array in arrays.values())
    [bias] = [row for row in rows if (row["name"], row["index"]) == ("policy.2.bias", "7")]
    assert float(bias["value"]) == pytest.approx(float(arrays["policy.2.bias"][7]))
    whole = json.loads((inside / "w.json").read_text())
    np.testing.assert_allclose(whole["value.2.weight"], arrays["value.2.weight"])
