import subprocess
import sys
from itertools import pairwise

import gymnasium as gym
import numpy as np
import pytest
from needs import needs_sb3

from cookie_jar.agents import AgentError
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.imported import ImportedPolicy
from cookie_jar.agents.model import state_observations
from cookie_jar.agents.runs import AGENT_FILE, load
from cookie_jar.scripts import memory, train
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.sb3.training import Sb3Trainer, layers_of, make_envs

pytestmark = needs_sb3

SMALL = {"n_envs": 4}
SETTINGS = {
    "PPO": SMALL | {"n_steps": 16, "batch_size": 32, "learning_rate": 0.01},
    "A2C": SMALL,
    "DQN": SMALL | {"learning_starts": 50, "buffer_size": 1_000},
    "QRDQN": SMALL | {"learning_starts": 50, "buffer_size": 1_000, "policy_kwargs": {"n_quantiles": 7}},
    "MaskablePPO": SMALL | {"n_steps": 16, "batch_size": 32},
}


def trained(algorithm, observation="factors", stops=(304,), at_stop=lambda: None):
    if algorithm in ("QRDQN", "MaskablePPO"):
        pytest.importorskip("sb3_contrib")
    env = gym.make("CookieJarCorner-v0", observation=observation)
    trainer = Sb3Trainer(algorithm, env, SETTINGS[algorithm], 0)
    trainer.learn(stops, at_stop)
    return trainer


def test_the_policy_for_pictures_is_that_of_sb3():
    env = gym.make("CookieJarPicturesJar-v0")
    trainer = Sb3Trainer("PPO", env, {"n_envs": 2, "n_steps": 16, "batch_size": 32, "n_epochs": 1}, 0)
    assert type(trainer.model.policy).__name__ == "ActorCriticCnnPolicy"  # chosen for pictures
    trainer.learn([32], lambda: None)
    observations = np.stack([env.reset(seed=seed)[0] for seed in range(5)])
    expected = outputs_of_sb3("PPO", trainer.model, observations)
    np.testing.assert_allclose(trainer.policy().probabilities(observations), expected, atol=2e-6)


def outputs_of_sb3(algorithm, model, observations):
    """Return what Stable-Baselines3 itself computes for each action: probabilities, or values."""
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
def test_the_converted_policy_is_that_of_sb3_in_every_state(algorithm, observation):
    trainer = trained(algorithm, observation)
    policy, observations = trainer.policy(), state_observations(trainer.env)
    expected = outputs_of_sb3(algorithm, trainer.model, observations)
    mine = policy.outputs(observations) if "DQN" in algorithm else policy.probabilities(observations)
    np.testing.assert_allclose(mine, expected, atol=2e-5)
    clear = np.diff(np.sort(expected, axis=1)[:, -2:], axis=1)[:, 0] > 1e-4
    greedy, _ = trainer.model.predict(observations, deterministic=True)
    np.testing.assert_array_equal(policy.best(observations)[clear], greedy[clear])


def test_a_masked_policy_never_takes_an_action_that_changes_nothing():
    trainer = trained("MaskablePPO")
    policy, observations = trainer.policy(), state_observations(trainer.env)
    masks = trainer.env.unwrapped.world.action_mask == 1
    assert (policy.probabilities(observations)[~masks] == 0).all()
    assert masks[np.arange(len(masks)), policy.best(observations)].all()
    greedy, _ = trainer.model.predict(observations, deterministic=True, action_masks=masks)
    np.testing.assert_array_equal(policy.best(observations), greedy)


@pytest.mark.parametrize("algorithm", ["PPO", "DQN"])
def test_training_stops_as_soon_as_possible_from_each_number_of_steps_on(algorithm):
    seen = []

    def note():
        seen.append(trainer.policy().num_timesteps)

    trainer = Sb3Trainer(algorithm, gym.make("CookieJarCorner-v0"), SETTINGS[algorithm], 0)
    trainer.learn([10, 11, 40, 299, 304], note)
    assert seen[:3] == [12, 40, 300]  # four environments step at a time; 10 and 11 are passed together
    assert 304 <= seen[3] < 304 + 64
    assert len(seen) == 4
    assert all(low < high for low, high in pairwise(seen))


def test_the_same_seed_trains_the_same_policy():
    one, other = trained("PPO").policy(), trained("PPO", stops=(100, 200, 304)).policy()
    for name, weight in one.weights.items():
        np.testing.assert_array_equal(weight, other.weights[name])


def test_a_policy_is_stored_as_tensors_and_comes_back_the_same(tmp_path):
    trainer = trained("DQN")
    policy, observations = trainer.policy(), state_observations(trainer.env)
    policy.save(tmp_path / AGENT_FILE)
    again = load(tmp_path)
    assert isinstance(again, ImportedPolicy)
    assert (again.algorithm, again.num_timesteps) == ("DQN", 304)
    np.testing.assert_array_equal(again.outputs(observations), policy.outputs(observations))
    assert Evaluator(again.env).greedy(again) == Evaluator(trainer.env).greedy(policy)


def test_programs_say_what_an_imported_policy_cannot_do(tmp_path, capsys):
    trained("DQN").policy().save(tmp_path / AGENT_FILE)
    assert run(memory.main, ["show", str(tmp_path)]) == 2
    assert "expected" in capsys.readouterr().err
    assert run(train.main, ["--resume", str(tmp_path), "--timesteps", "100"]) == 2
    assert "expected a run that `train` created" in capsys.readouterr().err


@pytest.mark.parametrize("watch", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_an_imported_policy_acts_without_torch(tmp_path, watch):
    trained("PPO").policy().save(tmp_path / AGENT_FILE)
    picture = tmp_path / "policy.gif"
    act = f"import cookie_jar.envs; from cookie_jar.agents import load; agent = load({str(tmp_path)!r})\n"
    act += "agent.predict(agent.env.reset(seed=0)[0], deterministic=True)\n"
    if watch:
        act = "import cookie_jar.scripts.watch as watch\n"
        act += f"watch.main([{str(tmp_path)!r}, '--save', {str(picture)!r}])\n"
    code = (
        act + "import sys\nassert not {'torch', 'stable_baselines3'} & {n.split('.')[0] for n in sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert not watch or picture.stat().st_size > 5_000


def test_an_imported_policy_samples_with_its_probabilities():
    """Chi-squared with 9 degrees of freedom stays below 33.7 but once in 10,000 times."""
    policy = trained("PPO").policy()
    observation = state_observations(policy.env)[:1]
    chances = policy.probabilities(observation)[0]
    drawn = np.bincount(policy.sample(np.repeat(observation, 20_000, axis=0)), minlength=10)
    assert ((drawn - 20_000 * chances) ** 2 / (20_000 * chances)).sum() < 33.7


def test_an_imported_policy_cannot_learn():
    policy = ImportedPolicy("CookieJarCorner-v0", algorithm="PPO")
    with pytest.raises(AgentError, match="compare"):
        policy.learn(10)
    with pytest.raises(AgentError, match="not pictures"):
        ImportedPolicy(gym.make("CookieJarCorner-v0", observation="pixels"), algorithm="PPO")
    with pytest.raises(AgentError, match="algorithm"):
        ImportedPolicy("CookieJarCorner-v0", algorithm="SAC")


def test_plain_kitchens_step_as_arrays_and_others_one_by_one():
    kitchen, lake = gym.make("CookieJarCorner-v0"), gym.make("FrozenLake-v1")
    kinds = [type(make_envs(env, 3, masks=False)).__name__ for env in (kitchen, lake)]
    assert kinds == ["VectorAdapter", "DummyVecEnv"]
    assert make_envs(kitchen, 3, masks=False).num_envs == make_envs(lake, 3, masks=False).num_envs == 3


def test_policies_of_other_layers_are_refused():
    import torch

    tensors = {"q_net.q_net.0.weight": torch.zeros(2, 3, 3), "q_net.q_net.0.bias": torch.zeros(2)}
    with pytest.raises(ValueError, match=r"expected linear layers only, got q_net\.q_net\.0 \[2, 3, 3\]"):
        layers_of("DQN", tensors, 2)
