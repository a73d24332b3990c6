import os
import signal
import subprocess
import sys
from importlib import import_module

import pytest

from cookie_jar.scripts import cli
from cookie_jar.scripts.common.program import end_at_ctrl_c, is_program

PROGRAMS = [name for name in cli.PROGRAMS if name != "doctor"]  # which imports no library
LIBRARY = """
import signal, time
signal.raise_signal(signal.SIGINT)  # Ctrl-C while a library is imported, which loses exceptions
try:
    time.sleep(60)
except BaseException:
    pass
"""


def way(name, how):
    """Return the words that start a program."""
    file = import_module(f"cookie_jar.scripts.{name}").__file__
    ways = {
        "file": [file],
        "module": ["-m", f"cookie_jar.scripts.{name}"],
        "cli": ["-m", "cookie_jar.scripts.cli", name],
    }
    return [sys.executable, *ways[how]]


@pytest.mark.parametrize(
    ("name", "how"), [*((name, "file") for name in PROGRAMS), ("train", "module"), ("train", "cli")]
)
def test_ctrl_c_while_libraries_are_imported_ends_in_one_line(tmp_path, name, how):
    (tmp_path / "gymnasium.py").write_text(LIBRARY)
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONPATH": path}
    done = subprocess.run(way(name, how), env=environment, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "stopped\n")


def test_in_another_program_ctrl_c_stays_as_it_is():
    before = signal.getsignal(signal.SIGINT)
    end_at_ctrl_c()
    assert not is_program()
    assert signal.getsignal(signal.SIGINT) is before
