"""How fast the policy gradient learners are, beside Stable-Baselines3's PPO on the same environment."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import gymnasium as gym

from cookie_jar.agents import PPO, ActorCritic, Reinforce
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale, alternate

ENVS = 64
SAME = {"n_steps": 32, "batch_size": 1_024, "n_epochs": 4}  # for both sides
SOLVED = 99  # per cent of what is possible
CHECK = 10_000  # steps between two looks whether it is solved
GIVE_UP = 1_000_000


def gradient_rate(kind: type[OnPolicy], steps: int, observation: str = "state", **settings: Any) -> float:
    """Steps a second of a learner on the home kitchen, its first update apart."""
    agent = kind(gym.make("CookieJar-v0", observation=observation), seed=0, **settings)
    agent.learn(agent.n_envs * agent.n_steps)
    start, before = time.perf_counter(), agent.num_timesteps
    agent.learn(steps, callback_interval=steps)
    return (agent.num_timesteps - before) / (time.perf_counter() - start)


def sb3_rate(steps: int, envs: int, **settings: Any) -> float:
    """Steps a second of Stable-Baselines3's PPO with its usual network (64-64, tanh) on factors."""
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
    """PPO with the network of Stable-Baselines3's, with the same settings or each with its defaults."""
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


def gradient_learning(kind: type[OnPolicy], scale: Scale) -> Measurement:
    """Steps a second with the defaults, on state numbers: a table."""
    rates = [gradient_rate(kind, 2 * scale.steps) for _ in range(scale.rounds)]
    return Measurement(f"{kind.__name__}, table", "steps/s", rates)


def time_to_solve(kind: type[OnPolicy], scale: Scale) -> Measurement:
    """Seconds of learning until the greedy policy is as good as it has to be, with the defaults."""
    env = gym.make("CookieJar-v0")
    evaluator = Evaluator(env)

    def seconds(seed: int) -> float:
        agent, spent = kind(env, seed=seed), 0.0
        while agent.num_timesteps < GIVE_UP:
            start = time.perf_counter()
            agent.learn(CHECK, callback_interval=CHECK)
            spent += time.perf_counter() - start
            if evaluator.percent(evaluator.greedy(agent).mean_return) >= SOLVED:
                return spent
        return float("inf")

    name = f"{kind.__name__} on home: learning to {SOLVED} % of possible"
    return Measurement(name, "s", [seconds(seed) for seed in range(scale.rounds)])


LEARNING_MEASUREMENTS: tuple[Callable[[Scale], Measurement], ...] = (
    partial(against_sb3, same=True),
    partial(against_sb3, same=False),
    *(partial(gradient_learning, kind) for kind in (Reinforce, ActorCritic, PPO)),
    *(partial(time_to_solve, kind) for kind in (Reinforce, ActorCritic, PPO)),
)
