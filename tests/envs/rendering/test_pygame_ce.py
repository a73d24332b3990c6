"""pygame beside pygame-ce: the same import name, and not all of its functions."""

import subprocess
import sys
from pathlib import Path

import gymnasium as gym
import pygame
import pytest

from cookie_jar.envs.rendering.pygame_ce import OLDEST, WrongPygameError
from cookie_jar.envs.rendering.window import Window

ROOT = Path(__file__).parents[3]
COMMANDS = "run: pip uninstall -y pygame pygame-ce, then run: pip install pygame-ce"


@pytest.fixture
def hidden(monkeypatch):
    """pygame 2.6.1, as it is found when it was installed after pygame-ce."""
    monkeypatch.delattr(pygame, "IS_CE")
    monkeypatch.setattr(pygame.version, "ver", "2.6.1")


@pytest.mark.usefixtures("hidden")
def test_drawing_says_what_to_run():
    env = gym.make("CookieJarCorner-v0", render_mode="rgb_array")
    env.reset()
    with pytest.raises(gym.error.DependencyNotInstalled, match=f"found pygame 2.6.1, .*{COMMANDS}"):
        env.render()
    with pytest.raises(WrongPygameError, match=COMMANDS):
        Window("test", (64, 64))


def test_an_old_version_says_what_to_run(monkeypatch):
    monkeypatch.setattr(pygame.version, "vernum", (2, 5, 4))
    monkeypatch.setattr(pygame.version, "ver", "2.5.4")
    expected = r"expected pygame-ce 2\.5\.5 or newer, found 2\.5\.4; run: pip install -U pygame-ce"
    with pytest.raises(WrongPygameError, match=expected):
        Window("test", (64, 64))


def test_the_oldest_version_is_the_lower_bound():
    oldest = ".".join(map(str, OLDEST))
    assert f"pygame-ce=={oldest}\n" in (ROOT / ".ci" / "lowest.txt").read_text(encoding="utf-8")


PART = """
import sys
from importlib.machinery import PathFinder

class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return PathFinder.find_spec(name, [sys.argv[1]]) if name == "pygame" else None

sys.meta_path.insert(0, Finder)
from cookie_jar.envs.rendering import window
"""


def test_a_part_of_pygame_says_what_to_run(tmp_path):
    """`pip uninstall pygame` removes the files that both have, and leaves a folder."""
    (tmp_path / "pygame").mkdir()
    done = subprocess.run([sys.executable, "-c", PART, str(tmp_path)], capture_output=True, text=True)
    assert f"found a part of pygame, which has the same import name; {COMMANDS}" in done.stderr
