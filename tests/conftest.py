import gc
import os
import shutil
import signal
import sys

import pytest
from hypothesis import given, settings
from hypothesis.strategies import none
from needs import reasons

from cookie_jar.scripts.common.blas import ONE_THREAD, SPURIOUS, warns_without_cause

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

for name, number in ONE_THREAD.items():
    os.environ.setdefault(name, number)  # before NumPy: small matrices, and a worker of pytest on each core
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of programs are started: compile modules once,
sys.dont_write_bytecode = False  # and the tests, in which pytest rewrites each assertion, in one run only
os.fsync = lambda file: None  # thousands of small files; no test cuts the power
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts background jobs deaf to Ctrl-C
settings.register_profile("steady", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("steady")


def pytest_configure(config):
    if warns_without_cause():
        config.addinivalue_line("filterwarnings", f"ignore:{SPURIOUS}:RuntimeWarning")


def pytest_collection_finish():
    """Keep the garbage collector from going through all tests and libraries again and again."""
    given(none())(lambda value: None)()  # finds the owner of its random numbers, not once frozen
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_terminal_summary(terminalreporter):
    """Say what is missing on this machine, and how many tests were skipped for that."""
    skipped = reasons(terminalreporter.stats.get("skipped", []))
    if skipped:
        terminalreporter.section("not tested here")
    for reason, number in sorted(skipped.items(), key=lambda item: (-item[1], item[0])):
        terminalreporter.line(f"{number:5} {'test ' if number == 1 else 'tests'}: {reason}")


@pytest.fixture(autouse=True)
def closed_display():
    """Close the display of pygame after each test; environments of other packages leave it open."""
    yield
    if "pygame.display" in sys.modules:
        sys.modules["pygame.display"].quit()


@pytest.fixture(scope="session")
def browser():
    """A running Chromium, as an object of playwright."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
