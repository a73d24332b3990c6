"""The programs in a real window, under a virtual screen, driven by a real keyboard and mouse."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from cookie_jar.envs.rendering import palette

NEEDED = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
pytestmark = pytest.mark.skipif(bool(NEEDED), reason="needs `apt-get install xvfb xdotool`")
PATIENCE = 30  # seconds


def wait_for(condition, what, seconds=PATIENCE):
    """The value of a condition, once it is true."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"{what}: not within {seconds} seconds"
        time.sleep(0.02)
    return value


@pytest.fixture(scope="module")
def screen(tmp_path_factory):
    """The environment variables of a virtual screen, and the file with its pixels."""
    folder = tmp_path_factory.mktemp("screen")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    command += ["-noreset"]  # when the last program ends, the server would restart and refuse the next one
    process = subprocess.Popen([*command, "-fbdir", folder], pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    variables = {name: value for name, value in os.environ.items() if name != "SDL_VIDEODRIVER"}
    variables |= {"DISPLAY": f":{number}", "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "none-such"}
    yield variables, folder / "Xvfb_screen0"
    process.terminate()
    process.wait()


@pytest.fixture
def start(screen):
    """Starts programs, and ends those that a failing test leaves behind."""
    programs = []

    def call(*arguments):
        programs.append(Program(screen, *arguments))
        programs[-1].focus()
        wait_for(programs[-1].has_drawn, "the first picture")
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
        try:
            self.window = wait_for(self.find, "a window")[0]
        except AssertionError:
            self.process.kill()
            raise AssertionError(f"no window was opened: {self.process.communicate()}") from None
        wait_for(self.has_focus, "the focus")

    def find(self):
        return self.do("search", "--onlyvisible", "--class", ".").split()

    def has_focus(self):
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
        command = ["xdotool", *words]
        return subprocess.run(command, env=self.variables, capture_output=True, text=True, timeout=30).stdout

    def keys(self, *names):
        self.do("key", "--delay", "40", *names)

    def key_until(self, name, condition, what):
        """Press a key until it has its effect: SDL may miss one right after it has changed the window."""
        for _ in range(5):
            self.focus()
            self.keys(name)
            try:
                return wait_for(condition, what, PATIENCE / 5)
            except AssertionError as error:
                missed = error
        raise missed

    def end(self):
        try:
            out, err = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"it does not end: {self.process.communicate()}") from None
        return self.process.returncode, out, err


def test_playing_with_a_real_keyboard(start, tmp_path):
    program = start(tmp_path, "play", "--env", "CookieJarCorner-v0")
    program.keys("Right", "c", "Left", "c", "space", "r", "2", "s", "Escape")
    code, out, err = program.end()
    assert (code, err) == (0, "")
    assert "saved episode.json" in out
    assert '"happiness": 1.45' in (tmp_path / "episode.json").read_text()


def test_watching_with_keyboard_mouse_and_another_size(start, corner_memory):
    program = start(corner_memory.parent, "watch", "run")
    program.keys("h", "h", "v", "Right", "Left", "Up")
    program.key_until("F11", lambda: program.has_size(1280, 800), "the full screen")
    program.key_until("F11", lambda: program.has_size(1280, 720), "the window")
    program.focus()
    program.do("windowsize", program.window, "700", "500")
    wait_for(lambda: program.has_size(700, 500), "the other size")
    program.do("mousemove", "--window", program.window, "100", "100", "click", "1")
    assert program.process.poll() is None
    program.focus()
    program.keys("Escape")
    assert program.end()[::2] == (0, "")


def test_closing_the_window_while_it_learns(start, tmp_path):
    program = start(tmp_path, "train", "--env", "CookieJarCorner-v0", "--watch", "--name", "live")
    snapshots = tmp_path / "runs" / "live" / "snapshots"
    wait_for(lambda: len(list(snapshots.glob("*.safetensors"))) > 1, "a snapshot")
    program.keys("Escape")
    code, out, err = program.end()
    assert (code, err) == (0, "")
    assert "--resume runs/live" in out
    assert (tmp_path / "runs" / "live" / "learning_curve.png").exists()


def test_ctrl_c_ends_a_window_cleanly(start, corner_memory):
    program = start(corner_memory.parent, "watch", "run")
    program.process.send_signal(signal.SIGINT)
    code, _, err = program.end()
    assert (code, err) == (130, "stopped\n")
