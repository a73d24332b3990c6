"""The check that `import pygame` finds a new enough pygame-ce, and not pygame, which has the same name."""

import pygame
from gymnasium.error import DependencyNotInstalled

OLDEST = 2, 5, 5  # as in pyproject.toml


class WrongPygameError(DependencyNotInstalled, ImportError):
    """Nothing can be drawn: pygame hides pygame-ce, or pygame-ce is too old."""


def check_pygame() -> None:
    """Raise an error if this is not pygame-ce, or an old version of it.

    pygame hides pygame-ce if it was installed after it, or removed from beside it.

    Raises:
        WrongPygameError: With the commands that install pygame-ce.
    """
    version = getattr(getattr(pygame, "version", None), "ver", "")
    if not getattr(pygame, "IS_CE", False):
        found = f"pygame {version}" if version else "a part of pygame"
        raise WrongPygameError(
            f"drawing: expected pygame-ce, found {found}, which has the same import name; "
            "run: pip uninstall -y pygame pygame-ce, then run: pip install pygame-ce"
        )
    if tuple(pygame.version.vernum) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise WrongPygameError(
            f"drawing: expected pygame-ce {oldest} or newer, found {version}; run: pip install -U pygame-ce"
        )
