"""The effects of the wrappers of an environment."""

from typing import Any

import gymnasium as gym

# Wrappers that do not change observations, actions, rewards or terminations (a time limit only truncates), by
# name because other libraries replace Gymnasium's classes with their own.
_TRANSPARENT = {
    *("gymnasium.HumanRendering", "gymnasium.OrderEnforcing", "gymnasium.PassiveEnvChecker"),
    *("gymnasium.RenderCollection", "gymnasium.TimeLimit"),
    "rl_zoo3.PatchedTimeLimit",  # replaces Gymnasium's once rl_zoo3 is imported
}


def is_plain(env: gym.Env[Any, Any]) -> bool:
    """Return whether no wrapper may change observations, actions or rewards."""
    return opaque_wrapper(env) is None


def opaque_wrapper(env: gym.Env[Any, Any]) -> str | None:
    """Return the class of the outermost wrapper that may change observations, actions or rewards, or None."""
    while isinstance(env, gym.Wrapper):
        if class_name(type(env)) not in _TRANSPARENT:
            return type(env).__name__
        env = env.env
    return None


def time_limit(env: gym.Env[Any, Any]) -> int | None:
    """Return the maximum number of actions in an episode, or None without a limit."""
    limits = []
    while isinstance(env, gym.Wrapper):
        if "gymnasium.TimeLimit" in map(class_name, type(env).__mro__):
            limits.append(env._max_episode_steps)  # type: ignore[attr-defined]
        env = env.env
    return min(limits, default=None)


def class_name(kind: type) -> str:
    """Return the library and the class, without the module."""
    return f"{kind.__module__.partition('.')[0]}.{kind.__name__}"
