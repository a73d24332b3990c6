"""The cookie jar environments, registered with Gymnasium."""

from typing import TYPE_CHECKING, Any

import gymnasium as gym

from .arrays import TabularModel
from .cookie_jar import CookieJarEnv
from .cookies.pictures import TEST_PICTURES, TRAIN_PICTURES, Pictures, draw_pictures
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


def __getattr__(name: str) -> Any:
    """Import the vector environment and `show_episode` on first use: most programs need neither."""
    if name == "show_episode":
        from .rendering.film import show_episode

        return show_episode
    if name == "CookieJarVectorEnv":
        from .vector.env import CookieJarVectorEnv

        return CookieJarVectorEnv
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
