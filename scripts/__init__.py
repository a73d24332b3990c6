"""The programs: `cookie-jar NAME`, `python -m cookie_jar.scripts.NAME`, `python scripts/NAME.py`."""

from .common.deprecated import register_old_modules

register_old_modules()
