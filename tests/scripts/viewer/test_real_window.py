"""The programs in a real window, under a virtual screen, driven by a real keyboard and mouse."""

import os
import signal
import subprocess
import sys

import pytest
from screens import needs_screen, virtual_screen, visible_windows, xdotool
from waiting import LAST_RESORT, end_of, wait_until, wait_while_it_runs

from cookie_jar.envs.rendering import palette
from cookie_jar.scripts import cookies
from cookie_jar.scripts.common.console import run

pytestmark = needs_screen

PRESSES = 30  # at most, of a key that SDL may miss


@pytest.fixture(scope="module")
def screen(tmp_path_factory):
    """The environment variables of a virtual screen, and the file with its pixels."""
    folder = tmp_path_factory.mktemp("screen")
    with virtual_screen(folder) as variables:
        yield os.environ | variables, folder / "Xvfb_screen0"


@pytest.fixture
def start(screen):
    """Starts programs, and ends those that a failing test leaves behind."""
    programs = []

    def call(*arguments):
        programs.append(Program(screen, *arguments))
        programs[-1].focus()
        wait_while_it_runs(programs[-1].process, programs[-1].has_drawn, "the first picture")
        return programs[-1]

    yield call
    for program in programs:
        program.process.kill()
        program.process.communicate()


class Program:
    """A program in its window."""

    def __init__(self, screen, folder, *words):
        self.variables, self.pixels = screen
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cookie_jar.scripts.cli", *words],
            cwd=folder, env=self.variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def focus(self):
        """Without a window manager, nobody else does it, also after a change to the full screen."""
        wait_while_it_runs(self.process, self.has_focus, "a window with the focus")

    def find(self):
        return visible_windows(self.variables)

    def has_focus(self):
        """Whether the window got the focus; a program may replace its first window soon."""
        found = self.find()
        if not found:
            return False
        self.window = found[0]
        self.do("windowfocus", self.window)
        return self.do("getwindowfocus").strip() == self.window

    def has_drawn(self):
        """Whether the colour of the paper is on the screen; nothing but a window has it."""
        red, green, blue = palette.PAPER
        return self.pixels.read_bytes().count(bytes([blue, green, red])) > 10_000

    def has_size(self, width, height):
        """Full screen and back may make another window."""
        found = self.find()
        lines = self.do("getwindowgeometry", "--shell", found[0]).splitlines() if found else []
        return {f"WIDTH={width}", f"HEIGHT={height}"} <= set(lines)

    def do(self, *words):
        return xdotool(self.variables, *words)

    def keys(self, *names):
        self.do("key", "--delay", "40", *names)

    def key_until(self, name, condition, what):
        """Press a key until it has its effect: SDL may miss one right after it has changed the window."""
        for _ in range(PRESSES):
            self.focus()
            self.keys(name)
            try:
                return wait_until(condition, what, LAST_RESORT / PRESSES)
            except AssertionError as error:
                missed = error
        raise missed

    def end(self):
        return end_of(self.process)


def test_playing_with_a_real_keyboard(start, tmp_path):
    program = start(tmp_path, "play", "--env", "CookieJarCorner-v0")
    program.keys("Right", "c", "Left", "c", "space", "r", "2", "s", "Escape")
    code, out, err = program.end()
    assert (code, err) == (0, "")
    assert "saved episode.json" in out
    assert '"happiness": 1.45' in (tmp_path / "episode.json").read_text()


def test_labelling_pictures(start, tmp_path):
    for words in (["gather", "--number", "60"], ["split"]):
        assert run(cookies.main, [words[0], str(tmp_path / "data"), *words[1:]]) == 0
    program = start(tmp_path, "cookies", "quiz", "data", "--number", "3")
    program.keys("2", "2", "BackSpace", "1", "Escape")
    code, out, err = program.end()
    assert (code, err) == (0, "")
    assert "2 of 3 pictures were labelled." in out


def test_watching_with_keyboard_mouse_and_another_size(start, corner_memory):
    program = start(corner_memory.parent, "watch", "run")
    program.keys("h", "h", "v", "Right", "Left", "Up")
    program.key_until("F11", lambda: program.has_size(1440, 900), "the full screen")
    program.key_until("F11", lambda: program.has_size(1280, 720), "the window")
    program.focus()
    program.do("windowsize", program.window, "700", "500")
    wait_until(lambda: program.has_size(700, 500), "the other size")
    program.do("mousemove", "--window", program.window, "100", "100", "click", "1")
    assert program.process.poll() is None
    program.focus()
    program.keys("Escape")
    assert program.end()[::2] == (0, "")


def test_closing_the_window_while_it_learns(start, tmp_path):
    program = start(tmp_path, "train", "--env", "CookieJarCorner-v0", "--watch", "--name", "live")
    snapshots = tmp_path / "runs" / "live" / "snapshots"
    wait_until(lambda: len(list(snapshots.glob("*.safetensors"))) > 1, "a snapshot")
    program.keys("Escape")
    code, out, err = program.end()
    assert (code, err) == (0, "")
    assert "--resume runs/live" in out
    assert (tmp_path / "runs" / "live" / "learning_curve.png").exists()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_and_sigterm_end_a_window_cleanly(start, corner_memory, number, status):
    program = start(corner_memory.parent, "watch", "run")
    program.process.send_signal(number)
    code, _, err = program.end()
    assert (code, err) == (status, "stopped\n")
