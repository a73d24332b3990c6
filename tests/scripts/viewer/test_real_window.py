"""The programs in a real window, under a virtual screen, driven by a real keyboard and mouse."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

import cookie_jar.envs  # noqa: F401
from cookie_jar.agents import QLearning

NEEDED = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
pytestmark = pytest.mark.skipif(bool(NEEDED), reason="needs `apt-get install xvfb xdotool`")


@pytest.fixture(scope="module")
def screen():
    """The environment variables of a virtual screen."""
    read, write = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    variables = {name: value for name, value in os.environ.items() if name != "SDL_VIDEODRIVER"}
    yield variables | {"DISPLAY": f":{number}", "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "none-such"}
    process.terminate()
    process.wait()


@pytest.fixture
def learned(tmp_path):
    QLearning("CookieJarCorner-v0", seed=0).learn(5_000).save(tmp_path / "run" / "agent")
    return tmp_path


class Program:
    """A program in its window."""

    def __init__(self, screen, folder, *words):
        self.screen = screen
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cookie_jar.scripts.cli", *words],
            cwd=folder, env=screen, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.focus()

    def focus(self):
        """Without a window manager, nobody else does it, also after a change to the full screen."""
        self.window = self.find()
        self.do("windowfocus", self.window)
        time.sleep(0.3)

    def find(self):
        for _ in range(100):
            if found := self.do("search", "--onlyvisible", "--class", ".").split():
                return found[0]
            time.sleep(0.1)
        self.process.kill()
        raise AssertionError(f"no window was opened: {self.process.communicate()}")

    def do(self, *words):
        command = ["xdotool", *words]
        return subprocess.run(command, env=self.screen, capture_output=True, text=True, timeout=30).stdout

    def keys(self, *names):
        for name in names:
            self.do("key", name)
            time.sleep(0.1)

    def end(self):
        try:
            out, err = self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"it does not end: {self.process.communicate()}") from None
        return self.process.returncode, out, err


def test_playing_with_a_real_keyboard(screen, learned):
    program = Program(screen, learned, "play", "--env", "CookieJarCorner-v0")
    program.keys("Right", "c", "Left", "c", "space", "r", "2", "s", "Escape")
    code, out, err = program.end()
    assert (code, err) == (0, "")
    assert "saved episode.json" in out
    assert '"happiness": 1.45' in (learned / "episode.json").read_text()


def test_watching_with_keyboard_mouse_and_another_size(screen, learned):
    program = Program(screen, learned, "watch", "run")
    program.keys("h", "h", "v", "Right", "Left", "Up", "F11")
    program.focus()
    program.keys("F11")
    program.focus()
    program.do("windowsize", program.window, "700", "500")
    program.do("mousemove", "--window", program.window, "100", "100", "click", "1")
    time.sleep(0.3)
    assert program.process.poll() is None
    program.focus()
    program.keys("Escape")
    assert program.end()[::2] == (0, "")


def test_closing_the_window_while_it_learns(screen, learned):
    program = Program(screen, learned, "train", "--env", "CookieJarCorner-v0", "--watch", "--name", "live")
    time.sleep(0.5)
    program.keys("Escape")
    code, out, err = program.end()
    assert (code, err) == (0, "")
    assert "nothing is lost" in out
    assert (learned / "runs" / "live" / "learning_curve.png").exists()


def test_ctrl_c_ends_a_window_cleanly(screen, learned):
    program = Program(screen, learned, "watch", "run")
    program.process.send_signal(signal.SIGINT)
    code, _, err = program.end()
    assert (code, err) == (130, "stopped\n")
