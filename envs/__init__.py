"""The cookie jar environments, registered with Gymnasium."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import gymnasium as gym

from .arrays import TabularModel
from .cookie_jar import CookieJarEnv
from .dynamics import Action, Cookie, Event, Happiness, State, transition
from .errors import (
    ActionError,
    CookieJarError,
    KitchenError,
    OptionError,
    ResetNeededError,
    StateError,
    UnknownAttributeError,
    UnknownOptionError,
)
from .kitchen import KITCHENS, Kitchen
from .levels import TEST_LEVELS, TRAIN_LEVELS, VALIDATION_LEVELS
from .tabular import World

if TYPE_CHECKING:
    from .cookies.pictures import TEST_PICTURES, TRAIN_PICTURES, Pictures, draw_pictures
    from .rendering.film import show_episode
    from .vector.env import CookieJarVectorEnv

__all__ = [
    "IDS",
    "KITCHENS",
    "TEST_LEVELS",
    "TEST_PICTURES",
    "TRAIN_LEVELS",
    "TRAIN_PICTURES",
    "VALIDATION_LEVELS",
    "Action",
    "ActionError",
    "Cookie",
    "CookieJarEnv",
    "CookieJarError",
    "CookieJarVectorEnv",
    "Event",
    "Happiness",
    "Kitchen",
    "KitchenError",
    "OptionError",
    "Pictures",
    "ResetNeededError",
    "State",
    "StateError",
    "TabularModel",
    "UnknownAttributeError",
    "UnknownOptionError",
    "World",
    "draw_pictures",
    "show_episode",
    "transition",
]

TIME_LIMIT, JAR_TIME_LIMIT = 200, 20  # actions in an episode; and of picks in the jar alone
PICTURES: dict[str, object] = {"observation": "pictures", "shuffle_cookies": True}

IDS: dict[str, dict[str, object]] = {
    "CookieJar-v0": {},
    "CookieJarCorner-v0": {"kitchen": "corner"},
    "CookieJarHouse-v0": {"kitchen": "house"},
    "CookieJarClumsy-v0": {"clumsiness": 0.2},
    "CookieJarHints-v0": {"random_start": True, "hints": True},
    "CookieJarRandom-v0": {"levels": list(TRAIN_LEVELS), "observation": "grid"},  # a list, as from JSON
    "CookieJarVector-v0": {"observation": "vector"},
    "CookieJarPictures-v0": PICTURES,
    "CookieJarPicturesCorner-v0": PICTURES | {"kitchen": "corner"},
    "CookieJarPicturesJar-v0": PICTURES | {"kitchen": "corner", "jar_alone": True},
}

for _id, _options in IDS.items():
    if _id not in gym.registry:
        gym.register(
            id=_id,
            entry_point="cookie_jar.envs.cookie_jar:CookieJarEnv",
            vector_entry_point="cookie_jar.envs.vector:CookieJarVectorEnv",
            max_episode_steps=JAR_TIME_LIMIT if "jar_alone" in _options else TIME_LIMIT,
            order_enforce=False,  # the environment itself raises an error if step comes before reset
            kwargs=_options,
        )


_LATE = {  # imported on first use, because most programs need none of these
    "show_episode": ".rendering.film",
    "CookieJarVectorEnv": ".vector.env",
    **dict.fromkeys(("TEST_PICTURES", "TRAIN_PICTURES", "Pictures", "draw_pictures"), ".cookies.pictures"),
}


def __getattr__(name: str) -> Any:
    """Import a name of `_LATE`."""
    if name in _LATE:
        return getattr(import_module(_LATE[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
