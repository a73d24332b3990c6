"""One update of our PPO is that of Stable-Baselines3's: same weights, same batch, same settings.

Both use plain gradient descent here; `test_optimizers` compares Adam.
"""

import gymnasium as gym
import numpy as np
import pytest
from needs import needs_sb3

import cookie_jar.envs  # noqa: F401  (registers the environments)
from cookie_jar.agents import PPO
from cookie_jar.agents.model import state_observations

pytestmark = needs_sb3

SIDES = (("policy", "action"), ("value", "value"))  # what ours and theirs call the two chains
STEPS, ENVS, EPOCHS, RATE = 16, 4, 5, 1.0


def pairs(agent, model):
    """Return pairs of a weight of ours and the same weight of theirs, which is transposed."""
    network, policy = agent.network.parameters(), dict(model.policy.named_parameters())
    for ours, theirs in SIDES:
        names = [f"mlp_extractor.{ours}_net.0", f"mlp_extractor.{ours}_net.2", f"{theirs}_net"]
        for layer, name in zip((0, 2, 4), names, strict=True):
            yield network[f"{ours}.{layer}.weight"].value, policy[f"{name}.weight"]
            yield network[f"{ours}.{layer}.bias"].value, policy[f"{name}.bias"]


def fill(buffer, batch):
    """Give a rollout buffer of Stable-Baselines3 the samples of our batch."""
    shape = (STEPS, ENVS)
    buffer.observations = batch.inputs[batch.index].reshape(*shape, -1)
    buffer.actions = batch.actions.reshape(*shape, 1).astype(np.float32)
    buffer.advantages = batch.advantages.reshape(shape).astype(np.float32)
    buffer.returns = batch.targets.reshape(shape).astype(np.float32)
    buffer.log_probs = batch.old_log_probs.reshape(shape).astype(np.float32)
    buffer.values = np.zeros(shape, np.float32)  # only for value clipping, which is off
    buffer.full = True


def test_several_epochs_change_the_weights_as_in_stable_baselines3():
    import stable_baselines3
    import torch
    from stable_baselines3.common.logger import Logger

    shared = {"n_steps": STEPS, "batch_size": STEPS * ENVS, "n_epochs": EPOCHS, "learning_rate": RATE}
    shared |= {"ent_coef": 0.01}
    agent = PPO("CartPole-v1", policy="network", n_envs=ENVS, optimizer="sgd", seed=0, **shared)
    batch = agent.collect()
    chains = {
        "net_arch": {"pi": [64, 64], "vf": [64, 64]},
        "optimizer_class": torch.optim.SGD,
    }
    model = stable_baselines3.PPO(
        "MlpPolicy", stable_baselines3.common.env_util.make_vec_env("CartPole-v1", ENVS),
        normalize_advantage=False, device="cpu", policy_kwargs=chains, **shared,
    )  # fmt: skip
    model.set_logger(Logger(None, []))
    with torch.no_grad():
        for ours, theirs in pairs(agent, model):
            theirs.copy_(torch.tensor(ours.T))
    fill(model.rollout_buffer, batch)
    before = [ours.copy() for ours, _ in pairs(agent, model)]
    agent.update(batch)
    model.train()
    for old, (ours, theirs) in zip(before, pairs(agent, model), strict=True):
        change = ours - old
        np.testing.assert_allclose(theirs.detach().numpy().T - old, change, atol=0.005 * np.abs(change).max())


@pytest.mark.parametrize("observation", ["factors", "state"])
def test_a_new_network_has_the_scale_of_stable_baselines3s(observation):
    """Inputs of the first tanh layer have standard deviations of 0.33 for factors, and 0.035 for states."""
    import stable_baselines3
    import torch

    env = gym.make("CookieJarHints-v0", observation=observation)
    states = state_observations(env)
    ours, theirs = [], []
    for seed in range(3):
        agent = PPO(env, policy="network", seed=seed)
        ours.append(agent.network.policy.layers[0].forward(agent.inputs.encode(states)).std())
        policy = stable_baselines3.PPO("MlpPolicy", env, seed=seed, device="cpu").policy
        with torch.no_grad():
            features = policy.extract_features(policy.obs_to_tensor(states)[0], policy.pi_features_extractor)
            theirs.append(float(policy.mlp_extractor.policy_net[0](features).std()))
    assert np.mean(ours) == pytest.approx({"factors": 0.33, "state": 0.035}[observation], rel=0.05)
    assert np.mean(ours) == pytest.approx(np.mean(theirs), rel=0.05)
