from xml.etree import ElementTree

import pytest

from cookie_jar.envs.rendering.drawing import drawing
from cookie_jar.envs.rendering.svg import SvgPen, fill_of, number_of

RED, BLUE = (204, 0, 0), (1, 2, 3)


def elements(pen):
    """Name and attributes of each element."""
    root = ElementTree.fromstring(f"<svg>{''.join(pen.parts)}</svg>")
    return [(element.tag, element.attrib) for element in root.iter()][1:]


@pytest.mark.parametrize(
    ("length", "text"), [(1.0, "1"), (1.256, "1.26"), (-0.001, "0"), (0.5, "0.5"), (100.0, "100")]
)
def test_numbers_are_short(length, text):
    assert number_of(length) == text


def test_colours():
    assert fill_of((255, 0, 17)) == ' fill="#f01"'
    assert fill_of((1, 2, 3), "stroke") == ' stroke="#010203"'
    assert fill_of((255, 255, 255, 51)) == ' fill="#fff" fill-opacity="0.2"'


def test_lengths_are_in_tiles():
    pen = SvgPen(100)
    pen.circle(RED, (0.5, 0.25), 0.1)
    pen.ellipse(RED, (0.0, 0.0), (0.2, 0.1))
    pen.box(RED, (0.0, 0.1, 0.5, 0.3), 0.5)
    assert elements(pen) == [
        ("circle", {"cx": "50", "cy": "25", "r": "10", "fill": "#c00"}),
        ("ellipse", {"cx": "0", "cy": "0", "rx": "20", "ry": "10", "fill": "#c00"}),
        ("rect", {"x": "0", "y": "10", "width": "50", "height": "20", "rx": "10", "fill": "#c00"}),
    ]


def test_an_edge_lies_around_a_shape():
    pen = SvgPen(100)
    pen.circle(RED, (0.0, 0.0), 0.1, BLUE)
    [(_, circle)] = elements(pen)
    assert (circle["r"], circle["stroke"], circle["stroke-width"]) == ("11", "#010203", "2")


def test_the_edge_of_a_line_is_a_wider_line_below():
    pen = SvgPen(100)
    pen.line(RED, [(0.0, 0.0), (1.0, 0.5)], 0.1, BLUE)
    below, above = (attributes for _, attributes in elements(pen))
    assert (below["stroke"], below["stroke-width"]) == ("#010203", "14")
    assert (above["stroke"], above["stroke-width"], above["points"]) == ("#c00", "10", "0,0 100,50")


def test_the_ellipses_of_a_shadow_add_up_to_its_strength():
    pen = SvgPen(100)
    pen.shade((0.0, 0.0), 0.4, 70)
    through = 1.0
    for _, ellipse in elements(pen):
        through *= 1 - float(ellipse["fill-opacity"])
    assert 255 * (1 - through) == pytest.approx(70, abs=6)  # opacities have two decimals


def test_a_stamp_is_moved_turned_and_scaled():
    @drawing((0.0, 0.0, 1.0, 1.0), most=1)
    def dot(pen, radius):
        pen.circle(RED, (0.0, 0.0), radius)

    pen = SvgPen(100)
    pen.stamp(dot, 0.1, at=(0.5, 1.0), size=0.5, turn=30.0)
    (_, group), (_, circle) = elements(pen)
    assert group["transform"] == "translate(50 100) rotate(-30)"
    assert circle["r"] == "5"


def test_text_is_escaped_and_as_wide_as_in_pixels():
    pen = SvgPen(1)
    for text, align in (("<a & b>", "left"), ("<a & b><a & b>", "center")):
        pen.write(text, 20, RED, (5, 10), align)
    once, twice = map(ElementTree.fromstring, pen.parts)
    assert once.text == "<a & b>"
    assert (once.attrib["text-anchor"], twice.attrib["text-anchor"]) == ("start", "middle")
    assert float(twice.attrib["textLength"]) == pytest.approx(2 * float(once.attrib["textLength"]), abs=2)
