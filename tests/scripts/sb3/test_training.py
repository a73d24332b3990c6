import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.agents import AgentError
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.imported import ImportedPolicy
from cookie_jar.agents.model import state_observations
from cookie_jar.agents.runs import AGENT_FILE, load
from cookie_jar.scripts import memory, train
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.sb3.training import Sb3Trainer

pytest.importorskip("stable_baselines3")

SMALL = {"n_envs": 4}
SETTINGS = {
    "PPO": SMALL | {"n_steps": 16, "batch_size": 32, "learning_rate": 0.01},
    "A2C": SMALL,
    "DQN": SMALL | {"learning_starts": 50, "buffer_size": 1_000},
    "QRDQN": SMALL | {"learning_starts": 50, "buffer_size": 1_000, "policy_kwargs": {"n_quantiles": 7}},
    "MaskablePPO": SMALL | {"n_steps": 16, "batch_size": 32},
}


def trainer(algorithm, observation="factors", env_id="CookieJarCorner-v0", **options):
    if algorithm in ("QRDQN", "MaskablePPO"):
        pytest.importorskip("sb3_contrib", reason="sb3-contrib is not installed")
    made = Sb3Trainer(algorithm, gym.make(env_id, observation=observation), SETTINGS[algorithm], 0, **options)
    made.learn(304, lambda steps, guest: None)
    return made


def theirs(algorithm, model, observations):
    """What Stable-Baselines3 itself says of each action: probabilities, or values."""
    import torch

    with torch.no_grad():
        tensor, _ = model.policy.obs_to_tensor(observations)
        if algorithm == "DQN":
            return model.policy.q_net(tensor).numpy()
        if algorithm == "QRDQN":
            return model.policy.quantile_net(tensor).mean(dim=1).numpy()
        return model.policy.get_distribution(tensor).distribution.probs.numpy()


@pytest.mark.parametrize("observation", ["factors", "state", "grid"])
@pytest.mark.parametrize("algorithm", ["PPO", "A2C", "DQN", "QRDQN"])
def test_a_guest_is_what_was_trained_in_every_state(algorithm, observation):
    made = trainer(algorithm, observation)
    guest, observations = made.guest(), state_observations(made.env)
    said = theirs(algorithm, made.model, observations)
    mine = guest.outputs(observations) if "DQN" in algorithm else guest.probabilities(observations)
    np.testing.assert_allclose(mine, said, atol=2e-5)
    clear = np.diff(np.sort(said, axis=1)[:, -2:], axis=1)[:, 0] > 1e-4
    greedy, _ = made.model.predict(observations, deterministic=True)
    np.testing.assert_array_equal(guest.best(observations)[clear], greedy[clear])


def test_a_masked_guest_never_does_what_changes_nothing():
    made = trainer("MaskablePPO")
    guest, observations = made.guest(), state_observations(made.env)
    masks = made.env.unwrapped.world.action_mask == 1
    chances = guest.probabilities(observations)
    assert (chances[~masks] == 0).all()
    assert masks[np.arange(len(masks)), guest.best(observations)].all()
    greedy, _ = made.model.predict(observations, deterministic=True, action_masks=masks)
    np.testing.assert_array_equal(guest.best(observations), greedy)


def test_a_guest_is_stored_as_tensors_and_comes_back_the_same(tmp_path):
    made = trainer("DQN")
    guest, observations = made.guest(), state_observations(made.env)
    guest.save(tmp_path / AGENT_FILE)
    again = load(tmp_path)
    assert isinstance(again, ImportedPolicy)
    assert (again.algorithm, again.num_timesteps) == ("DQN", 304)
    np.testing.assert_array_equal(again.outputs(observations), guest.outputs(observations))
    assert Evaluator(again.env).greedy(again) == Evaluator(made.env).greedy(guest)


def test_what_a_guest_cannot_do_is_said(tmp_path, capsys):
    trainer("DQN").guest().save(tmp_path / AGENT_FILE)
    assert run(memory.main, ["show", str(tmp_path)]) == 2
    assert "got a guest, which learned elsewhere" in capsys.readouterr().err
    assert run(train.main, ["--resume", str(tmp_path), "--timesteps", "100"]) == 2
    assert "expected a run that `train` made" in capsys.readouterr().err


def test_a_guest_acts_without_torch(tmp_path):
    trainer("PPO").guest().save(tmp_path / AGENT_FILE)
    code = f"""
import sys
import cookie_jar.envs
from cookie_jar.agents import load
agent = load({str(tmp_path)!r})
agent.predict(agent.env.reset(seed=0)[0], deterministic=True)
assert not {{"torch", "stable_baselines3"}} & {{name.split(".")[0] for name in sys.modules}}
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.slow
def test_a_guest_is_watched_without_torch(tmp_path):
    trainer("PPO").guest().save(tmp_path / AGENT_FILE)
    code = f"""
import sys, cookie_jar.scripts.watch as watch
watch.main([{str(tmp_path)!r}, "--save", {str(tmp_path / "guest.gif")!r}])
assert not {{"torch", "stable_baselines3"}} & {{name.split(".")[0] for name in sys.modules}}
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert (tmp_path / "guest.gif").stat().st_size > 5_000


def test_a_guest_samples_with_its_probabilities():
    """Chi-squared with 9 degrees of freedom stays below 33.7 but once in 10,000 times."""
    guest = trainer("PPO").guest()
    observation = state_observations(guest.env)[:1]
    chances = guest.probabilities(observation)[0]
    drawn = np.bincount(guest.sample(np.repeat(observation, 20_000, axis=0)), minlength=10)
    assert ((drawn - 20_000 * chances) ** 2 / (20_000 * chances)).sum() < 33.7


def test_a_guest_cannot_learn_and_says_what_can():
    guest = ImportedPolicy("CookieJarCorner-v0", algorithm="PPO")
    with pytest.raises(AgentError, match="compare"):
        guest.learn(10)
    with pytest.raises(AgentError, match="not pictures"):
        ImportedPolicy(gym.make("CookieJarCorner-v0", observation="pixels"), algorithm="PPO")
    with pytest.raises(AgentError, match="algorithm"):
        ImportedPolicy("CookieJarCorner-v0", algorithm="SAC")


@pytest.mark.parametrize("env_id", ["CookieJarCorner-v0", "CookieJarHints-v0", "CookieJarClumsy-v0"])
def test_the_adapter_is_what_sb3_would_step(env_id):
    """Its own DummyVecEnv over the single environments: the same numbers, step by step."""
    from stable_baselines3.common.env_util import make_vec_env

    from cookie_jar.scripts.sb3.vec_env import VectorAdapter

    options = {"observation": "factors"}
    plain = make_vec_env(env_id, 3, seed=5, env_kwargs=options)
    envs = gym.make_vec(env_id, 3, "vector_entry_point", autoreset_mode="SAME_STEP", **options)
    adapter = VectorAdapter(envs)
    adapter.seed(5)
    np.testing.assert_array_equal(adapter.reset(), plain.reset())
    rng = np.random.default_rng(0)
    ended = 0
    for _ in range(450):
        actions = rng.integers(10, size=3)
        (obs, rewards, dones, infos), (obs2, rewards2, dones2, infos2) = (
            adapter.step(actions),
            plain.step(actions),
        )
        np.testing.assert_array_equal(obs, obs2)
        np.testing.assert_array_equal(rewards, rewards2)
        np.testing.assert_array_equal(dones, dones2)
        for i in dones.nonzero()[0]:
            ended += 1
            np.testing.assert_array_equal(infos[i]["terminal_observation"], infos2[i]["terminal_observation"])
            assert infos[i]["TimeLimit.truncated"] == infos2[i]["TimeLimit.truncated"]
            assert infos[i]["episode"]["l"] == infos2[i]["episode"]["l"]
    assert ended >= 6


def test_the_same_seed_trains_the_same_guest():
    one, other = trainer("PPO").guest(), trainer("PPO").guest()
    for name, weight in one.weights.items():
        np.testing.assert_array_equal(weight, other.weights[name])
