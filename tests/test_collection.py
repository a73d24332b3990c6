"""Tests can be collected on every system; what it lacks is named at the end."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from needs import needs_package, reasons

TESTS = Path(__file__).parent


@pytest.mark.slow
def test_all_tests_are_collected_without_what_windows_lacks():
    """And those that need it are skipped; one is run to see that."""
    words = [sys.executable, "-m", "pytest", "-p", "elsewhere", "-p", "no:cacheprovider"]
    words += ["-q", "-n", "0", "-m", "slow or not slow", "-k", "test_only_regular_files_are_read"]
    paths = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"PYTHONPATH": paths}
    done = subprocess.run(words, cwd=TESTS.parent, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr
    assert "1 skipped" in done.stdout
    assert re.search(r"not tested here.*\n +1 test : needs ", done.stdout)


def test_what_is_not_installed_is_counted():
    texts = ["could not import 'torch': No module named 'torch'", "torch is not installed"]
    texts += ["could not import 'sklearn.base': No module named 'sklearn'", "needs a C compiler"]
    reports = [SimpleNamespace(longrepr=("file.py", 3, f"Skipped: {text}")) for text in texts]
    assert reasons(reports) == {
        "torch is not installed": 2,
        "sklearn is not installed": 1,
        "needs a C compiler": 1,
    }
    assert needs_package("no_such_package").args == (True,)
    assert needs_package("numpy").args == (False,)
