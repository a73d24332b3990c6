"""The parts of a picture as SVG elements are well-formed, and together they are the project's drawings."""

from xml.etree import ElementTree

import pytest

from cookie_jar.envs import Action, Cookie
from cookie_jar.envs.kitchen import KITCHENS, find_kitchen
from cookie_jar.envs.rendering.elements import UNIT, room_elements, sprite_elements
from cookie_jar.envs.rendering.jar import jar
from cookie_jar.envs.rendering.pose import Mood
from cookie_jar.envs.rendering.svg import SvgPen

BESIDE = "#####\nJ.SC#\n#####"  # a jar in the wall at the left


def texts(value):
    """All texts in nested dicts and lists."""
    if isinstance(value, str):
        return [value]
    return [text for part in (value.values() if isinstance(value, dict) else value) for text in texts(part)]


@pytest.mark.parametrize("name", [*KITCHENS, BESIDE])
def test_a_room_is_cut_to_floor_and_jar(name):
    kitchen = find_kitchen(name)
    elements, (left, top, width, height) = room_elements(kitchen)
    ElementTree.fromstring(f"<svg>{elements}</svg>")
    assert 0 < 1 - left < 1 or kitchen.jar[1] == 0
    row, column = kitchen.jar
    for y, x in [*kitchen.places, (row, column)]:
        assert left <= x < x + 1 <= left + width + 1e-9
        assert top <= y < y + 1 <= top + height + 1e-9
    assert width <= kitchen.width + 1


def test_sprites_are_well_formed():
    sprites = sprite_elements()
    for text in texts(sprites):
        assert len(ElementTree.fromstring(f"<svg>{text}</svg>")) > 0
    assert set(sprites["child"]) == {*(mood.value for mood in Mood), "carrying", "reaching"}
    assert len(set(texts(sprites["child"]))) == len(sprites["child"])
    assert len(set(sprites["signs"])) == len(sprites["signs"]) == len(Action)
    assert len(set(sprites["cookies"])) == len(Cookie)


@pytest.mark.parametrize("lifted", [0, 1])
def test_the_parts_of_a_jar_are_the_jar(lifted):
    pen, parts = SvgPen(UNIT), sprite_elements()["jar"]
    jar.draw(pen, 0, tuple(Cookie), float(lifted))
    assert (
        "".join(pen.parts) == parts["glass"] + parts["shine"] + parts["lid_open" if lifted else "lid_closed"]
    )
