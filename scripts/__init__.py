"""The programs: `cookie-jar NAME`, `python -m cookie_jar.scripts.NAME`, `python scripts/NAME.py`."""

from cookie_jar.scripts.common.deprecated import register_old_modules

register_old_modules()
