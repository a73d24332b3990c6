import os
import sys

import pytest
from needs import needs

from cookie_jar.scripts.benchmarks import starting


@pytest.fixture(autouse=True)
def _without_a_run(monkeypatch, tmp_path):
    monkeypatch.setattr(starting, "run_folder", lambda: type("Folder", (), {"name": tmp_path}))


@needs(hasattr(os, "wait4"), "the processor time of one process")
def test_the_time_of_a_process_is_its_own():
    work = "import time\nwhile time.process_time() < 0.3: pass"
    assert starting.processor_seconds([sys.executable, "-c", work]) >= 0.3
    assert starting.processor_seconds([sys.executable, "-c", "import time; time.sleep(0.6)"]) < 0.6


def test_a_command_that_fails_is_no_measurement():
    with pytest.raises(RuntimeError, match="got status 3"):
        starting.processor_seconds([sys.executable, "-c", "raise SystemExit(3)"])
