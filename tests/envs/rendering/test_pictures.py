import numpy as np
import pytest
from pictures import KEPT, STORIES, TOLERANCE, check, difference, frames, kept

from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.envs.rendering.scene import Scene

CORNER, HOME = find_kitchen("corner"), find_kitchen("home")
CELLS = len(HOME.places)
VALUES = np.linspace(-0.5, 1.37, CELLS)
ONE_WAY = np.eye(4)[np.arange(CELLS) % 4]
CHANCES = np.array([[0.6, 0.2, 0.15, 0.05]] * CELLS)[:, np.arange(4)]
ACTS = np.array([*range(4, 10), *[-1] * (CELLS - 6)])
OVERLAYS = {
    "values": Overlay(values=VALUES),
    "arrows": Overlay(arrows=ONE_WAY),
    "chances": Overlay(values=VALUES, arrows=CHANCES),
    "acts": Overlay(values=VALUES, acts=ACTS),
    "trail": Overlay(trail=[11, 12, 13, 9, 3, 2]),
}


@pytest.mark.parametrize("event", STORIES)
def test_every_event_in_still(event):
    told = frames(CORNER, STORIES[event])
    assert event == ("start" if told[-1].event is None else told[-1].event.label)
    check(event, Scene(CORNER, (480, 480)).draw(told[-1]))


@pytest.mark.parametrize("event", ["walk", "vain", "lift", "up", "open", "yum"])
def test_movement_halfway(event):
    scene = Scene(CORNER, (480, 480), caption=False)
    check(f"{event}_moving", scene.draw(frames(CORNER, STORIES[event])[-1], 0.45))


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_overlay(name):
    check(name, Scene(HOME, (640, 640)).draw(frames(HOME, "rrr")[-1], 1.0, OVERLAYS[name]))


def test_the_kept_pictures_can_be_told_apart():
    names = sorted(path.stem for path in KEPT.glob("*.png"))
    pictures = [kept(name) for name in names]
    for i in range(len(names)):
        for j in range(i):
            assert difference(pictures[i], pictures[j]) > 1.5 * TOLERANCE, (names[i], names[j])


def test_the_kept_pictures_are_light():
    assert sum(path.stat().st_size for path in KEPT.iterdir()) < 300_000
