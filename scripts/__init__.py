"""The programs: `cookie-jar NAME`, `python -m cookie_jar.scripts.NAME`, `python scripts/NAME.py`."""

from cookie_jar.scripts.common.blas import set_up
from cookie_jar.scripts.common.deprecated import register_old_modules

set_up()  # before NumPy is loaded
register_old_modules()
