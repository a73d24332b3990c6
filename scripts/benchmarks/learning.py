"""Speed of the policy gradients, and of Stable-Baselines3's PPO as a peer."""

import time
from functools import partial
from typing import Any

import gymnasium as gym

from cookie_jar.agents import PPO, Agent
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.agents.training import MAX_INTERVAL
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale, alternate

ENVS = 64
SAME = {"n_steps": 32, "batch_size": 1_024, "n_epochs": 4}  # for both sides
SOLVED = 99  # percent of possible
EVALUATION_INTERVAL = 10_000  # steps
GIVE_UP = 1_000_000  # steps


def gradient(kind: type[OnPolicy], scale: Scale) -> Measurement:
    """Measure a policy gradient with its defaults, a table, with callbacks as in `train`, and by steps."""
    rates = alternate(
        scale.rounds,
        lambda: gradient_rate(kind, 20 * scale.steps),
        lambda: gradient_rate(kind, 2 * scale.steps, use_model=False),
    )
    return Measurement(f"{kind.__name__}, table", "steps/s", rates[0], "by steps, without a model", rates[1])


def gradient_rate(kind: type[OnPolicy], steps: int, observation: str = "state", **settings: Any) -> float:
    """Return the steps per second of an agent in the home kitchen, after its first update."""
    agent = kind(gym.make("CookieJar-v0", observation=observation), seed=0, **settings)
    agent.learn(agent.n_envs * agent.n_steps)
    start, before = time.perf_counter(), agent.num_timesteps
    agent.learn(steps, lambda agent: None, callback_interval=min(steps, MAX_INTERVAL))
    return (agent.num_timesteps - before) / (time.perf_counter() - start)


def sb3_rate(steps: int, envs: int, **settings: Any) -> float:
    """Return the steps per second of Stable-Baselines3's PPO with its default network on factors."""
    import stable_baselines3
    import torch
    from stable_baselines3.common.env_util import make_vec_env

    torch.set_num_threads(1)
    vec_env = make_vec_env("CookieJar-v0", envs, seed=0, env_kwargs={"observation": "factors"})
    model = stable_baselines3.PPO("MlpPolicy", vec_env, seed=0, device="cpu", **settings)
    rollout = int(model.n_envs * model.n_steps)
    model.learn(rollout)
    start, count = time.perf_counter(), -(-steps // rollout) * rollout
    model.learn(count)
    return float(count) / (time.perf_counter() - start)


def against_sb3(scale: Scale, *, same: bool) -> Measurement:
    """Measure PPO and Stable-Baselines3's PPO with one network, with the same settings or their defaults."""
    name = "PPO, 64-64 tanh on factors, 64 environments"
    peer = f"SB3's PPO, {'the same settings' if same else 'its defaults'}"
    steps = scale.steps // 2
    ours = partial(gradient_rate, PPO, steps, "factors", n_envs=ENVS, policy="network", **SAME)
    theirs = partial(sb3_rate, steps, ENVS, **SAME) if same else partial(sb3_rate, steps // 20, 1)
    try:
        rates = alternate(max(1, scale.rounds // 3), ours, theirs)
    except ImportError:
        return Measurement(name, "steps/s", [ours()], f"{peer}: not installed", [])
    return Measurement(name, "steps/s", rates[0], peer, rates[1])


def time_to_solve(kind: type[OnPolicy], scale: Scale) -> Measurement:
    """Measure the seconds of training until the greedy policy solves the home kitchen, with the defaults."""
    evaluator = Evaluator(gym.make("CookieJar-v0"))
    name = f"{kind.__name__} on home: learning to {SOLVED} % of possible"
    return Measurement(name, "s", [seconds_to_solve(kind, evaluator, seed) for seed in range(scale.rounds)])


def seconds_to_solve(kind: type[OnPolicy], evaluator: Evaluator, seed: int) -> float:
    """Return the seconds of training, without evaluations; infinite if the goal was not reached."""
    agent = kind("CookieJar-v0", seed=seed)
    seconds, solved, start = 0.0, False, time.perf_counter()

    def evaluate(agent: Agent) -> bool:
        nonlocal seconds, solved, start
        seconds += time.perf_counter() - start
        solved = evaluator.percent(evaluator.greedy(agent).mean_return) >= SOLVED
        start = time.perf_counter()
        return not solved

    agent.learn(GIVE_UP, evaluate, callback_interval=EVALUATION_INTERVAL)
    return seconds if solved else float("inf")
