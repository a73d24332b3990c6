import os

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("steady")
