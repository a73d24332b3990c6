"""Runs at the start of every tutorial: shell cells print at once and in plain text, as into a file.

IPython's own `%%bash` hands on a hundred bytes at a time, which MyST-NB would join with line breaks, kernels
ask for colours, and in a notebook, programs report progress, which depends on the time.
"""

import os
import subprocess

from IPython.core.magic import register_cell_magic

for name in ("FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE"):
    os.environ.pop(name, None)


@register_cell_magic
def bash(line, cell):
    """Run a cell in bash; a command that fails stops the page."""
    outside = {name: value for name, value in os.environ.items() if name != "JPY_PARENT_PID"}
    done = subprocess.run(["bash", "-e"], input=cell, text=True, capture_output=True, env=outside)
    print(done.stdout, end="")
    if done.returncode != 0:
        raise RuntimeError(done.stderr)


del bash
