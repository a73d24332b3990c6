"""Pictures of a kitchen, drawn from values with pygame or as SVG; no display is needed."""

import os
from importlib.util import find_spec

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # pygame would print it on import

_pygame = find_spec("pygame")
if _pygame is not None and _pygame.origin is None:  # a folder without code: a part that was left
    from .pygame_ce import check_pygame

    check_pygame()
