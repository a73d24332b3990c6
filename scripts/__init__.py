"""The programs: `cookie-jar NAME`, `python -m cookie_jar.scripts.NAME`, `python scripts/NAME.py`."""

from cookie_jar.scripts.common.program import end_at_ctrl_c

end_at_ctrl_c()  # first: from here on, Ctrl-C prints no traceback

from cookie_jar.scripts.common.blas import set_up  # noqa: E402
from cookie_jar.scripts.common.deprecated import register_old_modules  # noqa: E402

set_up()  # before NumPy is loaded
register_old_modules()
