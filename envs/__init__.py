"""The world of the cookie jar, registered with Gymnasium."""

import gymnasium as gym

from .cookie_jar import CookieJarEnv
from .dynamics import Action, Cookie, Event, Happiness, State, transition
from .errors import ActionError, CookieJarError, KitchenError, OptionError, ResetNeededError, StateError
from .kitchen import KITCHENS, Kitchen
from .tabular import TabularModel, World

__all__ = [
    "IDS",
    "KITCHENS",
    "Action",
    "ActionError",
    "Cookie",
    "CookieJarEnv",
    "CookieJarError",
    "Event",
    "Happiness",
    "Kitchen",
    "KitchenError",
    "OptionError",
    "ResetNeededError",
    "State",
    "StateError",
    "TabularModel",
    "World",
    "transition",
]

TIME_LIMIT = 200

IDS: dict[str, dict[str, object]] = {
    "CookieJar-v0": {"kitchen": "home"},
    "CookieJarCorner-v0": {"kitchen": "corner"},
    "CookieJarClumsy-v0": {"kitchen": "home", "clumsiness": 0.2},
    "CookieJarHints-v0": {"kitchen": "home", "random_start": True, "hints": True},
}

for _id, _options in IDS.items():
    if _id not in gym.registry:
        gym.register(
            id=_id,
            entry_point="cookie_jar.envs.cookie_jar:CookieJarEnv",
            max_episode_steps=TIME_LIMIT,
            order_enforce=False,  # the environment itself refuses a step before reset
            kwargs=_options,
        )
