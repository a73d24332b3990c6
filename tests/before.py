"""Files of an earlier version in data/before: the commands that wrote them, and ways to compare with them."""

import csv
import json
import platform
import re
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
import scipy
import yaml
from safetensors import safe_open
from threadpoolctl import threadpool_info

from cookie_jar.agents import PPO, QLearning

BEFORE = Path(__file__).parent / "data" / "before"
TRAINED, RESUMED = BEFORE / "trained", BEFORE / "resumed"  # each run after STEPS, and after STEPS + MORE
STEPS, MORE = 2_000, 1_000
SNAPSHOT = 398  # steps of the snapshot that is kept of each run, or a few more

CORNER = ["--env", "CookieJarCorner-v0"]
LUCK = ["--clumsiness", "0.2", "--shuffle-cookies", "--random-start"]
EXPLORING = ["--exploration-steps", "2000"]
SMALL = ["--n-envs", "8", "--n-steps", "32"]
RUNS = {
    "q-learning": [*CORNER, "--agent", "q-learning", *EXPLORING],
    "sarsa": [*CORNER, "--agent", "sarsa", *EXPLORING],
    "expected-sarsa": [*CORNER, "--agent", "expected-sarsa", *EXPLORING],
    "q-learning-luck": [*CORNER, *LUCK, "--agent", "q-learning", *EXPLORING],
    "sarsa-frozen-lake": ["--env", "FrozenLake-v1", "--agent", "sarsa", *EXPLORING],
    "reinforce": [*CORNER, "--agent", "reinforce", "--n-envs", "8"],
    "actor-critic": [*CORNER, "--agent", "actor-critic", "--n-envs", "8"],
    "ppo": [*CORNER, "--agent", "ppo", *SMALL],
    "ppo-network": [*CORNER, "--agent", "ppo", *SMALL, "--policy", "network", "--net-arch", "16", "8"],
    "ppo-hints": [*CORNER, "--agent", "ppo", *SMALL, "--hints", "--random-start"],
    "ppo-luck": [*CORNER, *LUCK, "--agent", "ppo", *SMALL],
    "actor-critic-frozen-lake": ["--env", "FrozenLake-v1", "--agent", "actor-critic", "--n-envs", "8"],
}
EXACT = "q-learning", "sarsa", "expected-sarsa", "q-learning-luck", "sarsa-frozen-lake", "steps"

COMPARE = [*CORNER, "--timesteps", "2000", "--seeds", "2", "--checks", "8", "--jobs", "1", "--no-page"]
COMPARE += ["--agents", "q-learning", "ppo", "sb3-ppo"]
SWEEP = [*CORNER, "--timesteps", "2000", "--seeds", "2", "--checks", "4", "--jobs", "1"]
SWEEP += ["--agent", "q-learning", "--agent", "actor-critic", "--vary", "learning_rate=0.1,0.4"]
AGENTS = {  # saved through the library: an environment stepped one by one, and a convolution over levels
    "steps": lambda: QLearning(gym.make("CookieJarCorner-v0", clumsiness=0.2), seed=0, use_model=False),
    "levels": lambda: PPO(
        "CookieJarRandom-v0",
        policy="network",
        filters=4,
        net_arch=[8],
        n_envs=4,
        n_steps=32,
        batch_size=64,
        seed=0,
    ),
}


def arithmetic():
    """Return the parts of the machine and its libraries on which the last bits of float32 numbers depend."""
    kernels = [
        (library.get("version"), library.get("architecture"))
        for library in threadpool_info()
        if library["user_api"] == "blas" and "numpy" in library["filepath"]  # SciPy and torch bring others
    ]
    return {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "simd": np.show_config(mode="dicts")["SIMD Extensions"],
        "blas": [list(kernel) for kernel in kernels],
        "libc": list(platform.libc_ver()),
    }


def tolerance(name):
    """Return how far learned numbers may be from those kept, relative to the largest of their array.

    Temporal differences are sums and products in float64, one at a time: the same to the last bit everywhere.
    Policy gradients need exp, log and matrix products in float32, whose last bits depend on the processor and
    the BLAS. Where these are those of the kept files, all bits must be the same. Elsewhere 1e-5 is asked
    for: other kernels (OpenBLAS for Nehalem, NumPy without AVX) gave 1.3e-6, another seed 0.45 or more.
    """
    kept = json.loads((BEFORE / "arithmetic.json").read_text())
    return 0.0 if name in EXACT or arithmetic() == kept else 1e-5


def score_tolerance(name):
    """Return how far exact scores may be from those kept: probabilities count in each of 200 actions."""
    return max(1e-9, 100 * tolerance(name))


def read(file):
    """Return the arrays of a memory file and its description; reads without the code of Cookie Jar."""
    with safe_open(file, "np") as memory:
        arrays = {name: memory.get_tensor(name) for name in memory.keys()}  # noqa: SIM118  (it is no dict)
        return arrays, json.loads(memory.metadata()["cookie_jar"])


def assert_same(new, kept, within, where=""):
    """Assert that JSON values are equal; floats may differ by `within`, absolute or relative."""
    if isinstance(kept, float):
        assert new == pytest.approx(kept, rel=within, abs=within, nan_ok=True), where
    elif isinstance(kept, dict):
        assert list(new) == list(kept), where
        for key, value in kept.items():
            assert_same(new[key], value, within, f"{where}.{key}")
    elif isinstance(kept, list):
        assert len(new) == len(kept), where
        for number, value in enumerate(kept):
            assert_same(new[number], value, within, f"{where}[{number}]")
    else:
        assert new == kept, where


def assert_same_arrays(new, kept, within):
    assert new.keys() == kept.keys()
    for name, array in kept.items():
        assert new[name].dtype == array.dtype, name
        if within and array.dtype.kind == "f":
            scale = float(np.abs(array).max(initial=0.0))
            np.testing.assert_allclose(new[name], array, rtol=within, atol=within * scale, err_msg=name)
        else:
            assert new[name].tobytes() == array.tobytes(), name


def settings_now(kept):
    """Return the hyperparameters of a file of version 0.1 as later versions write them."""
    if "exploration_final_eps" in kept:
        return dict(sorted({**kept, "initial_value": 0.0, "exploration_bonus": 0.0}.items()))
    if "n_steps" in kept:
        optimizer = kept["optimizer"].replace("adam", "row-adam")
        added = {"initial_value": 0.0, "action_masks": False, "exploration_bonus": 0.0}
        added |= {"final_learning_rate": None, "learning_rate_steps": 100_000}
        return dict(sorted({**kept, **added, "optimizer": optimizer}.items()))
    return kept


def assert_same_memory(new, kept, within):
    """Assert the same arrays, and the same description but for the versions and the checksum."""
    (arrays, description), (kept_arrays, kept_description) = read(new), read(kept)
    assert_same_arrays(arrays, kept_arrays, within)
    for described in (description, kept_description):
        del described["versions"], described["checksum"]
        described.pop("machine", None)  # earlier versions did not save the machine
        described["env"] = json.loads(described["env"])  # Gymnasium may add keys to it
    kept_description["hyperparameters"] = settings_now(kept_description["hyperparameters"])
    environment, kept_environment = description.pop("env"), kept_description.pop("env")
    assert {key: environment.get(key) for key in kept_environment} == kept_environment
    notes, kept_notes = description.pop("notes"), kept_description.pop("notes")
    notes.pop("record", None)  # earlier versions did not bind the record to the agent
    assert_same(notes, kept_notes, max(1e-9, 100 * within))
    assert_same(description, kept_description, within)


def table(file):
    """Return the rows of a csv file, with numbers as floats."""
    with file.open(newline="") as lines:
        return [{key: number(value) for key, value in row.items()} for row in csv.DictReader(lines)]


def number(text):
    try:
        return float(text)
    except ValueError:
        return text


def clockless(file):
    """Return the records of a comparison or a sweep by trial, without times and figures of the machine."""
    records = {}
    for line in file.read_text().splitlines():
        record = json.loads(line)
        for name in ("peak_memory", "startup", "made_with"):
            del record[name]
        record["checks"] = [[steps, *rest] for steps, _, _, *rest in record["checks"]]
        records[json.dumps(record["cell"], sort_keys=True)] = record
    return dict(sorted(records.items()))


def episodes(folder):
    """Return the header of a run's monitor.csv, and the return and length of each episode, without times."""
    first, header, *rows = (folder / "monitor.csv").read_text().splitlines()
    started = json.loads(first.removeprefix("#"))
    columns = header.split(",")[:3]  # earlier versions did not write the fourth
    return [*started, started["env_id"], columns, *(row.split(",")[:2] for row in rows)]


def told(text):
    """Return action and event, reward, and sum of rewards from each line of an episode in words."""
    return re.findall(r"^ *\d+\. (\w[\w ]*: \w+) +([+-]\d+\.\d\d)\D*?([+-]\d+\.\d\d)$", text, re.MULTILINE)


def metrics(file):
    """Return the figures in the header of a model card."""
    [model] = yaml.safe_load(file.read_text().split("---\n")[1])["model-index"]
    return {metric["type"]: metric["value"] for metric in model["results"][0]["metrics"]}
