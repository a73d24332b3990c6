"""The check that `import pygame` finds pygame-ce, and not pygame, which has the same import name."""

import pygame
from gymnasium.error import DependencyNotInstalled


class WrongPygameError(DependencyNotInstalled, ImportError):
    """Nothing can be drawn, because pygame hides pygame-ce."""


def check_pygame() -> None:
    """Raise an error if this is not pygame-ce: pygame was installed after it, or removed from beside it.

    Raises:
        WrongPygameError: With the commands that install pygame-ce.
    """
    if not getattr(pygame, "IS_CE", False):
        version = getattr(getattr(pygame, "version", None), "ver", "")
        found = f"pygame {version}" if version else "a part of pygame"
        raise WrongPygameError(
            f"drawing: expected pygame-ce, found {found}, which has the same import name; "
            "run: pip uninstall -y pygame pygame-ce, then run: pip install pygame-ce"
        )
