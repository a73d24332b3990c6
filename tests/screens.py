"""A virtual screen, with real windows."""

import os
import shutil
import subprocess
from contextlib import contextmanager

import pytest
from waiting import LAST_RESORT

MISSING = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
needs_screen = pytest.mark.skipif(bool(MISSING), reason="needs `apt-get install xvfb xdotool`")


@contextmanager
def virtual_screen(folder):
    """Start a virtual screen; yield its environment variables. Its pixels are in `Xvfb_screen0`."""
    folder.mkdir(exist_ok=True)
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    command += ["-noreset"]  # when the last program ends, the server would restart and refuse the next one
    process = subprocess.Popen([*command, "-fbdir", folder], pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        screen = {"DISPLAY": f":{number}", "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "none-such"}
        yield screen
    finally:
        process.terminate()
        process.wait()


def xdotool(variables, *words):
    """Run the tool that finds windows and presses keys; return what it prints."""
    done = subprocess.run(
        ["xdotool", *words], env=variables, capture_output=True, text=True, timeout=LAST_RESORT
    )
    return done.stdout


def visible_windows(variables):
    """Return the numbers of all windows on the screen."""
    return xdotool(variables, "search", "--onlyvisible", "--class", ".").split()
