"""The programs: `cookie-jar NAME`, `python -m cookie_jar.scripts.NAME`, `python scripts/NAME.py`."""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # it would stand in what programs print
