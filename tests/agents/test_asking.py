"""Asking models of Stable-Baselines3 for their policies; `test_exact_evaluation.py` asks everything else."""

import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AgentError, evaluate, evaluate_exactly, tabular_model

pytestmark = pytest.mark.slow  # imports PyTorch

CORNER = "CookieJarCorner-v0"
SMALL = {"seed": 0, "device": "cpu"}


@pytest.mark.parametrize("observation", ["state", "factors", "vector", "grid"])
def test_both_policies_of_ppo(observation):
    import torch
    from stable_baselines3 import PPO
    from stable_baselines3.common.monitor import Monitor

    env = gym.make(CORNER, observation=observation)
    model = PPO("MlpPolicy", env, n_steps=64, **SMALL).learn(64)
    seen = np.arange(40) if observation == "state" else env.unwrapped.state_observations
    with torch.no_grad():
        tensor, _ = model.policy.obs_to_tensor(seen)
        chances = model.policy.get_distribution(tensor).distribution.probs.numpy()
    for deterministic, table in ((True, model.predict(seen, deterministic=True)[0]), (False, chances)):
        expected = evaluate(tabular_model(env), table, 200)
        for policy in (model, model.policy):
            result = evaluate_exactly(policy, Monitor(env), deterministic=deterministic)
            assert result[:3] == pytest.approx(expected, rel=1e-4)


def test_dqn_explores_with_its_rate():
    from stable_baselines3 import DQN

    model = DQN("MlpPolicy", gym.make(CORNER), **SMALL)
    model.exploration_rate = 1.0
    assert evaluate_exactly(model, CORNER, deterministic=False).percent == pytest.approx(0)
    assert evaluate_exactly(model, CORNER).percent < 0


def test_observations_are_normalized_as_in_training():
    from stable_baselines3 import PPO
    from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize

    env = gym.make(CORNER, observation="vector")
    vec_env = VecNormalize(DummyVecEnv([lambda: gym.make(CORNER, observation="vector")]))
    model = PPO("MlpPolicy", vec_env, n_steps=64, **SMALL).learn(64)
    vec_env.training = False

    def policy(obs):
        return model.predict(vec_env.normalize_obs(obs), deterministic=True)[0]

    assert evaluate_exactly(model, env)[:3] == pytest.approx(evaluate_exactly(policy, env)[:3])


def test_masks_are_given_by_a_function():
    from sb3_contrib import MaskablePPO, RecurrentPPO

    env = gym.make(CORNER)
    masks = env.unwrapped.world.action_mask.copy()
    model = MaskablePPO("MlpPolicy", env, **SMALL)
    with pytest.raises(AgentError, match="needs the action masks"):
        evaluate_exactly(model, env)

    def policy(state):
        return model.predict(state, deterministic=True, action_masks=masks[state])[0]

    assert evaluate_exactly(policy, env).length > 0
    for deterministic in (True, False):
        with pytest.raises(AgentError, match="RecurrentPPO remembers"):
            evaluate_exactly(RecurrentPPO("MlpLstmPolicy", env, **SMALL), env, deterministic=deterministic)
