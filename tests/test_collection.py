"""Tests can be collected on every system; what it lacks is named at the end."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from needs import needs_package, reasons

TESTS = Path(__file__).parent


@pytest.mark.slow
def test_all_tests_are_collected_without_what_windows_lacks():
    words = [sys.executable, "-m", "pytest", "-p", "elsewhere", "-p", "no:cacheprovider"]
    words += ["--collect-only", "-q", "-n", "0", "-m", "slow or not slow"]
    paths = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"PYTHONPATH": paths}
    done = subprocess.run(words, cwd=TESTS.parent, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr
    assert "tests/agents/test_files.py::test_only_regular_files_are_read" in done.stdout


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
