"""Pictures of a kitchen, drawn from values with pygame or as SVG; no display is needed."""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # pygame would print it on import
