"""The SVG comes close to the pygame picture for every event and pose."""

import io
from xml.etree import ElementTree

import numpy as np
import pygame
import pytest
from pictures import STORIES, frames

from cookie_jar.envs import Action, Cookie, Kitchen
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering import decoration, lettering, palette
from cookie_jar.envs.rendering.arrows import action_icon, arrow
from cookie_jar.envs.rendering.child import child, coarse
from cookie_jar.envs.rendering.drawing import shadow
from cookie_jar.envs.rendering.jar import cookie, jar
from cookie_jar.envs.rendering.movements import HANDS_UP, SHRUG
from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.envs.rendering.pose import CARRYING_HANDS, HANDS, ChildPose, Mark, Mood
from cookie_jar.envs.rendering.props import chair, cupboard, table
from cookie_jar.envs.rendering.scene import Scene, scene_svg
from cookie_jar.envs.rendering.signs import bubble, mark
from cookie_jar.envs.rendering.svg import SvgPen, document

CORNER, HOME = find_kitchen("corner"), find_kitchen("home")
SIZE = 456, 456  # pixels; no other test draws tiles of this size
BLOCK = 8  # pixels of a square whose mean colours are compared
TILE = 96  # pixels
COOKIES = Cookie.RAISIN, Cookie.CHOCOLATE_CHIP, Cookie.PLAIN

CHILDREN = [
    ChildPose(hands, step, mood, look, bite)
    for hands in (HANDS, CARRYING_HANDS, HANDS_UP, SHRUG, ((-0.1, -0.5), (0.1, -0.5)))
    for step, look, bite in ((0.0, (0.0, 0.0), 0.0), (1.0, (1.0, 0.0), 0.5), (-1.0, (0.0, -1.0), 1.0))
    for mood in Mood
]
DRAWINGS = {
    "child": (child, [(coarse(pose),) for pose in CHILDREN]),
    "jar": (jar, [(filled, COOKIES, lid) for filled in range(8) for lid in (0.0, 0.5, 1.0)]),
    "cookie": (cookie, [(kind,) for kind in Cookie]),
    "mark": (mark, [(kind, sixths) for kind in Mark for sixths in (1, 3, 6)]),
    "arrow": (arrow, [(way, tenths) for way in range(4) for tenths in (1, 5, 10)]),
    "icon": (action_icon, [(action,) for action in Action if action > Action.RIGHT]),
    "table": (table, [(joined, TILE) for joined in np.ndindex(2, 2, 2, 2)]),
    "bubble": (bubble, [("", TILE, side) for side in (-1, 1)]),
    "chair": (chair, [()]),
    "cupboard": (cupboard, [()]),
    "window": (decoration.window, [()]),
    "towel": (decoration.towel, [()]),
    "clock": (decoration.clock, [()]),
    "shadow": (shadow, [(0.4, 70), (0.62, 90)]),
}
LIMITS = {  # pygame draws slanted lines thinner, and a translucent shape replaces the shapes below it
    "arrow": {"mean": 28, "most": 55},
    "icon": {"mean": 24, "most": 40},
    "bubble": {"most": 75},
}


def rasterised(document):
    """An SVG on white paper, int [height, width, 3]; this renderer draws no text."""
    drawn = pygame.image.load(io.BytesIO(document.encode()), "picture.svg")
    picture = pygame.Surface(drawn.get_size())
    picture.fill(palette.PAPER)
    picture.blit(drawn, (0, 0))
    return to_array(picture).astype(int)


def block_differences(a, b):
    """The differences of the mean colours of two pictures' squares [rows, columns]."""
    height, width = (length // BLOCK * BLOCK for length in a.shape[:2])
    blocks = (a - b)[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3)
    return np.abs(blocks.mean(axis=(1, 3))).max(axis=2)


@pytest.fixture
def wordless(monkeypatch):
    """Text takes its room in pygame pictures, but is not drawn."""

    def line(text, height, colour):
        return pygame.Surface((lettering.width(text, height), height), pygame.SRCALPHA)

    monkeypatch.setattr(lettering, "line", line)
    bubble.sprite.cache_clear()
    yield
    bubble.sprite.cache_clear()


def check_scene(kitchen, frame, progress=1.0, overlay=None):
    scene = Scene(kitchen, SIZE, caption=False)
    expected = to_array(scene.draw(frame, progress, overlay)).astype(int)
    document = scene_svg(kitchen, frame, progress, size=SIZE, caption=False, overlay=overlay)
    found = rasterised(document)
    assert np.abs(found - expected).mean() < 1.5
    differences = block_differences(found, expected)
    assert np.quantile(differences, 0.99) < 17
    assert differences.max() < 52


@pytest.mark.usefixtures("wordless")
@pytest.mark.parametrize("progress", [0.2, 0.45, 0.7, 1.0])
@pytest.mark.parametrize("event", STORIES)
def test_every_event(event, progress):
    check_scene(CORNER, frames(CORNER, STORIES[event])[-1], progress)


@pytest.mark.usefixtures("wordless")
@pytest.mark.parametrize(
    "rows",
    [
        "####\n#SC#\n#..J\n####",
        "#####\n#...#\nJ.S.#\n#.C.#\n#####",
        "######\n#SC..#\n#.TT.#\n#.TT.#\n#..#.#\n##J###",
    ],
)
def test_every_room(rows):
    kitchen = Kitchen.parse(rows)
    check_scene(kitchen, frames(kitchen, "d")[-1])


@pytest.mark.usefixtures("wordless")
def test_an_overlay():
    cells = len(HOME.places)
    overlay = Overlay(
        values=np.linspace(-1, 1, cells), acts=np.arange(cells) % 10, trail=[11, 12, 13, 9, 3, 2]
    )
    check_scene(HOME, frames(HOME, "rrr")[-1], overlay=overlay)


@pytest.mark.usefixtures("wordless")
@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing(name):
    drawing, calls = DRAWINGS[name]
    for args in calls:
        check_drawing(drawing, *args, **LIMITS.get(name, {}))


@pytest.mark.parametrize("turn", [-12.0, 72.0])
def test_a_turned_drawing(turn):
    check_drawing(chair, turn=turn)


def check_drawing(drawing, *args, turn=None, mean=17, most=30):
    sprite = drawing.sprite(TILE, *args, turn=turn)
    picture = pygame.Surface([length + 2 * BLOCK for length in sprite.surface.get_size()])
    picture.fill(palette.PAPER)
    x, y = (length + BLOCK for length in sprite.anchor)
    sprite.stand(picture, x, y)
    expected = to_array(picture).astype(int)
    pen = SvgPen(TILE)
    pen.stamp(drawing, *args, at=(x / TILE, y / TILE), turn=turn)
    found = rasterised(document(picture.get_size(), "".join(pen.parts)))
    drawn = (expected != palette.PAPER).any(axis=2) | (found != palette.PAPER).any(axis=2)
    assert drawn.any()
    assert np.abs(found - expected)[drawn].mean() < mean, args
    assert block_differences(found, expected).max() < most, args


def test_a_document_is_complete_and_refers_to_nothing():
    document = scene_svg(CORNER, frames(CORNER, STORIES["yum"])[-1])
    root = ElementTree.fromstring(document)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["viewBox"] == "0 0 640 640"
    assert document.count("http") == 1
    for word in ("href", "url(", "<script", "<style", " id="):
        assert word not in document
    assert len(document) < 40_000


def test_text_is_text():
    document = scene_svg(CORNER, frames(CORNER, "!")[-1])
    texts = [element.text for element in ElementTree.fromstring(document).iter() if element.text]
    assert texts == [
        "1. reach: vain, happiness -0.02, so far -0.02",  # the title
        "jar closed",
        "too high!",
        "reach",
        "-0.02",
        "reaches in vain",
        "-0.02",
        "happiness, 1 act",
    ]


def test_without_a_caption_only_the_child_speaks():
    document = scene_svg(CORNER, frames(CORNER, "!")[-1], caption=False)
    texts = [element.text for element in ElementTree.fromstring(document).iter() if element.text]
    assert texts[1:] == ["too high!"]


def test_the_same_frame_gives_the_same_document():
    frame = frames(CORNER, "r")[-1]
    assert scene_svg(CORNER, frame, 0.3) == scene_svg(CORNER, frame, 0.3)
    assert scene_svg(CORNER, frame, 0.3) != scene_svg(CORNER, frame, 0.8)
