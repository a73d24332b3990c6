"""The picture: draws values (kitchen, state, what just happened) with pygame, without a display."""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # it would stand in what programs print
