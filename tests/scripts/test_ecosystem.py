"""The tools of others work with what is made here."""

import os
import subprocess
import sys
from importlib.util import find_spec

import gymnasium as gym
import numpy as np
import pytest
import yaml

from cookie_jar.agents import QLearning
from cookie_jar.scripts import card, events, train
from cookie_jar.scripts.common.console import UsageError, run
from cookie_jar.scripts.comparison import algorithms
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS, FOLDER, settings_of
from cookie_jar.scripts.sb3.zoo import Factors


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    parent = tmp_path_factory.mktemp("runs")
    options = ["--env", "CookieJarCorner-v0", "--timesteps", "4000", "--name", "a", "--run-dir", str(parent)]
    assert run(train.main, options) == 0
    return parent / "a"


@pytest.mark.parametrize("name", ALGORITHMS)
def test_settings_are_of_the_form_of_rl_zoo(name):
    entries = yaml.safe_load((FOLDER / f"{name}.yml").read_text())
    budgets = {env_id: settings["n_timesteps"] for env_id, settings in entries.items()}
    assert budgets == {
        env_id: settings["n_timesteps"]
        for env_id, settings in yaml.safe_load((FOLDER / "q-learning.yml").read_text()).items()
    }
    assert "default" in entries
    assert "env_wrapper" not in settings_of(name, "CookieJar-v0")


def test_no_file_of_settings_is_without_a_contender():
    assert {path.stem for path in FOLDER.glob("*.yml")} == set(ALGORITHMS)


@pytest.mark.parametrize(
    "text", [b"", b"default:", b"default: {gamma: 0.9}", b"default: {n_timesteps: many}", b"a: [", b"\xff"]
)
def test_settings_that_cannot_be_read_give_one_clear_message(text, tmp_path, monkeypatch):
    monkeypatch.setattr(algorithms, "FOLDER", tmp_path)
    (tmp_path / "ppo.yml").write_bytes(text)
    with pytest.raises(UsageError, match=r"ppo\.yml: expected settings by environment"):
        settings_of("ppo", "CookieJar-v0")


def test_numbers_with_an_exponent_are_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(algorithms, "FOLDER", tmp_path)
    (tmp_path / "q-learning.yml").write_text("default:\n  n_timesteps: 1e5\n")
    assert algorithms.budget("CookieJar-v0") == 100_000


def test_the_wrapper_shows_the_factors():
    wrapped = Factors(gym.make("CookieJarHints-v0"))
    plain = gym.make("CookieJarHints-v0", observation="factors")
    assert wrapped.observation_space == plain.observation_space
    np.testing.assert_array_equal(wrapped.reset(seed=1)[0], plain.reset(seed=1)[0])
    for action in (0, 3, 4, 5, 6):
        np.testing.assert_array_equal(wrapped.step(action)[0], plain.step(action)[0])
    assert Factors(gym.make("FrozenLake-v1", is_slippery=False)).reset(seed=1)[0] == 0  # others as they are


@pytest.mark.skipif(find_spec("rl_zoo3") is None, reason="rl_zoo3 is not installed")
def test_models_are_found_where_rl_zoo_has_patched_gymnasium():
    code = "import gymnasium, rl_zoo3, cookie_jar.envs; from cookie_jar.agents.model import *\n"
    code += "env = gymnasium.make('CookieJar-v0'); assert 'Patched' in str(env)\n"
    code += "print(len(tabular_model(env).start), time_limit(env))"
    command = [sys.executable, "-W", "ignore", "-c", code]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == [
        "1615",
        "200",
    ]


@pytest.mark.slow
def test_rl_zoo_trains_with_the_shipped_settings(tmp_path):
    if find_spec("rl_zoo3") is None:  # importing it would patch Gymnasium for all tests that follow
        pytest.skip("rl_zoo3 is not installed")
    command = [sys.executable, "-m", "rl_zoo3.train", "--algo", "ppo", "--env", "CookieJar-v0"]
    command += ["--gym-packages", "cookie_jar.envs", "--conf-file", str(FOLDER / "sb3-ppo.yml")]
    command += ["-n", "3000", "--eval-freq", "2000", "--eval-episodes", "2", "-f", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    assert list(tmp_path.rglob("CookieJar-v0.zip"))


def test_a_card_has_the_exact_figures(folder, capsys):
    assert run(card.main, [str(folder)]) == 0
    text = (folder / card.CARD_FILE).read_text()
    header = yaml.safe_load(text.split("---\n")[1])
    [result] = header["model-index"][0]["results"]
    assert [metric["value"] for metric in result["metrics"]] == [1.45, 1.0]
    assert "| optimum | 1.4500 |" in text
    assert run(card.main, [str(folder / "nothing")]) == 2
    assert "expected the folder of a run" in capsys.readouterr().err


def test_the_hub_reads_the_card(folder):
    hub = pytest.importorskip("huggingface_hub", reason="huggingface_hub is not installed")
    run(card.main, [str(folder)])
    data = hub.ModelCard.load(folder / card.CARD_FILE).data
    assert data.library_name == "cookie-jar"
    [reward, success] = data.eval_results
    assert (reward.dataset_name, reward.metric_type) == ("CookieJarCorner-v0", "mean_reward")
    assert success.metric_value == 1.0


def test_tensorboard_reads_the_record(folder, tmp_path):
    pytest.importorskip("tensorboard", reason="tensorboard is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    for _ in range(2):  # the second writing takes the place of the first
        assert run(events.main, [str(folder), "--out", str(tmp_path)]) == 0
    assert len(list((tmp_path / "a").iterdir())) == 1
    read = EventAccumulator(str(tmp_path / "a"))
    read.Reload()
    tags = {"rollout/ep_rew_mean", "rollout/ep_len_mean", "time/fps", "eval/mean_reward"}
    assert tags <= set(read.Tags()["scalars"])
    best = read.Scalars("eval/mean_reward")[-1]
    assert (best.step, round(best.value, 4)) == (4000, 1.45)
    agent = QLearning.load(folder / "agent.safetensors")
    assert len(read.Scalars("rollout/ep_len_mean")) == agent.num_episodes
    assert read.Scalars("rollout/ep_len_mean")[-1].step <= 4000


def test_events_need_a_run(tmp_path, capsys):
    assert run(events.main, [str(tmp_path)]) == 2
    assert "expected the folder of a run with monitor.csv" in capsys.readouterr().err
    (tmp_path / "monitor.csv").write_text('#{"t_start": 1.0}\nr,l,t\n1.0,7\n')
    assert run(events.main, [str(tmp_path)]) == 2
    assert "monitor.csv: expected the record of episodes" in capsys.readouterr().err
    (tmp_path / "monitor.csv").write_text('#{"t_start": 1.0}\nr,l,t\n1.0,7,0.5\n')
    for text in ("steps\n10\n", "steps,happiness,length,success\n10,high,7,1\n", "steps,happiness\n10\n"):
        (tmp_path / "evaluations.csv").write_text(text)
        assert run(events.main, [str(tmp_path)]) == 2
        assert "evaluations.csv: expected the judgements" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore")  # of minari itself, about what a data set does not say of itself
def test_minari_collects_episodes(tmp_path, monkeypatch):
    minari = pytest.importorskip("minari", reason="minari is not installed: pip install 'minari[hdf5]'")
    pytest.importorskip("h5py", reason="h5py is not installed: pip install 'minari[hdf5]'")
    pytest.importorskip("jax", reason="jax is not installed: pip install 'minari[create]'")
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    env = minari.DataCollector(gym.make("CookieJarCorner-v0"))
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(5_000)
    for seed in range(3):
        obs, _ = env.reset(seed=seed)
        terminated = truncated = False
        while not (terminated or truncated):
            obs, _, terminated, truncated, _ = env.step(int(agent.predict(obs, deterministic=True)[0]))
    env.create_dataset("cookie-jar/corner-v0", algorithm_name="QLearning")
    data = minari.load_dataset("cookie-jar/corner-v0")
    assert (data.total_episodes, data.total_steps) == (3, 21)
    assert [episode.rewards.sum().round(2) for episode in data.iterate_episodes()] == [1.45, 1.45, 1.45]
    assert data.recover_environment().spec.id == "CookieJarCorner-v0"
