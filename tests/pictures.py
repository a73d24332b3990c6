"""Frames of stories told as letters, and pictures compared with the kept ones.

`COOKIE_JAR_RENEW_PICTURES=1 pytest tests/envs/rendering/test_pictures.py` writes the kept ones anew: look at
them before you commit them.
"""

import os
from pathlib import Path

import numpy as np
import pygame
from boards import acts
from PIL import Image

from cookie_jar.envs import Event, Happiness, State, transition
from cookie_jar.envs.rendering.frame import Frame
from cookie_jar.envs.rendering.pixels import to_array

KEPT = Path(__file__).parent / "data" / "pictures"
SIDE = 160  # pixels of a kept picture
BLOCK = 8  # pixels of a square that is compared
TOLERANCE = 14  # of 255: letters and edges differ a little from one build of SDL and FreeType to another

STORIES = {
    "start": "",
    "walk": "r",
    "bump": "d",
    "nothing": "^",
    "vain": "!",
    "lift": "rc",
    "put": "rclc",
    "up": "rclc^",
    "down": "rclc^^",
    "open": "rclc^!",
    "yuck": "rclc^!1",
    "yum": "rclc^!2",
}  # in the corner kitchen


def frames(kitchen, letters, arrangement=0):
    """The frames of a story, the start first."""
    state = State(kitchen.child_start, kitchen.chair_start, 0, 8, arrangement)
    told = [Frame(state)]
    for action in acts(letters):
        after, event = transition(kitchen, 1, told[-1].state, action)
        event = Event(int(event))
        happiness = Happiness().of_events()[event]
        told.append(told[-1].then(State(*map(int, after)), action, event, happiness))
    return told


def difference(a, b):
    """The greatest difference of the mean colours of two pictures' squares, 0 to 255."""
    blocks = [
        np.asarray(picture, float).reshape(SIDE // BLOCK, BLOCK, SIDE // BLOCK, BLOCK, 3).mean(axis=(1, 3))
        for picture in (a, b)
    ]
    return np.abs(blocks[0] - blocks[1]).max()


def small(picture):
    """A picture as it is kept: uint8 [160, 160, 3]."""
    return to_array(pygame.transform.smoothscale(picture, (SIDE, SIDE)))


def kept(name):
    with Image.open(KEPT / f"{name}.png") as image:
        return np.asarray(image.convert("RGB"))


def check(name, picture):
    """Compare a picture with the one that is kept under this name."""
    pixels = small(picture)
    if os.environ.get("COOKIE_JAR_RENEW_PICTURES") == "1":
        Image.fromarray(pixels).quantize(256, kmeans=4).save(KEPT / f"{name}.png", optimize=True)
    assert difference(pixels, kept(name)) < TOLERANCE
