"""The pen that writes SVG, for web pages and reports."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from . import lettering
from .canvas import EDGE, SHADE, shades
from .geometry import Box, Colour, Point
from .lettering import Align
from .palette import RGB

if TYPE_CHECKING:
    from .drawing import Drawing

FONT = "FreeSans, Arial, Helvetica, sans-serif"
ANCHORS = {"left": "start", "center": "middle", "right": "end"}


class SvgPen:
    """A `Pen` that writes SVG elements; `Canvas` documents the arguments of its methods.

    Args:
        unit: Units of the view box in a tile.

    Attributes:
        parts: The elements so far.
    """

    def __init__(self, unit: float) -> None:
        self.unit = unit
        self.parts: list[str] = []

    def circle(self, colour: Colour, center: Point, radius: float, edge: Colour | None = None) -> None:
        """Draw a filled circle."""
        self.ellipse(colour, center, (radius, radius), edge)

    def ellipse(self, colour: Colour, center: Point, radii: Point, edge: Colour | None = None) -> None:
        """Draw a filled ellipse."""
        wider = 0.0 if edge is None else EDGE / 2
        (cx, cy), (rx, ry) = self._point(center), self._point((radii[0] + wider, radii[1] + wider))
        name, sizes = ("circle", f'r="{rx}"') if rx == ry else ("ellipse", f'rx="{rx}" ry="{ry}"')
        shape = f'{name} cx="{cx}" cy="{cy}" {sizes}'
        self.parts.append(f"<{shape}{fill_of(colour)}{self._edge(edge)}/>")

    def box(self, colour: Colour, box: Box, radius: float = 0.0, edge: Colour | None = None) -> None:
        """Draw a filled rectangle with round corners."""
        wider = 0.0 if edge is None else EDGE / 2
        left, top, right, bottom = box[0] - wider, box[1] - wider, box[2] + wider, box[3] + wider
        round_by = min(radius + wider, (right - left) / 2, (bottom - top) / 2)
        (x, y), (width, height) = self._point((left, top)), self._point((right - left, bottom - top))
        corners = f' rx="{self._length(round_by)}"' if radius else ""
        shape = f'rect x="{x}" y="{y}" width="{width}" height="{height}"{corners}'
        self.parts.append(f"<{shape}{fill_of(colour)}{self._edge(edge)}/>")

    def line(self, colour: Colour, points: Sequence[Point], width: float, edge: Colour | None = None) -> None:
        """Draw a stroke with round ends and joints."""
        if edge is not None:
            self.line(edge, points, width + 2 * EDGE)
        self.parts.append(
            f'<polyline points="{self._points(points)}" fill="none"{fill_of(colour, "stroke")} '
            f'stroke-width="{self._length(width)}" stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def polygon(self, colour: Colour, points: Sequence[Point], edge: Colour | None = None) -> None:
        """Draw a filled polygon."""
        if edge is not None:
            self.line(edge, [*points, points[0]], 2 * EDGE)
        self.parts.append(f'<polygon points="{self._points(points)}"{fill_of(colour)}/>')

    def shade(self, center: Point, radius: float, strength: int) -> None:
        """Draw a soft shadow on the ground; each ellipse adds to the alpha of the one around it."""
        so_far = 0.0
        for radii, alpha in shades(radius, strength):
            more = round(255 * (alpha - so_far) / (255 - so_far))
            self.ellipse((*SHADE, more), center, radii)
            so_far += (255 - so_far) * more / 255

    def stamp(
        self,
        drawing: "Drawing",
        *args: Any,
        at: Point,
        size: float = 1.0,
        turn: float | None = None,
        grown: float = 1.0,
    ) -> None:
        """Draw another drawing."""
        pen = SvgPen(max(1, round(self.unit * size * grown)))  # whole units, as the pixels of a sprite
        drawing.draw(pen, *args)
        moved = f"translate({round(at[0] * self.unit)} {round(at[1] * self.unit)})"
        turned = f" rotate({number_of(-turn)})" if turn else ""
        self.parts.append(f'<g transform="{moved}{turned}">{"".join(pen.parts)}</g>')

    def write(self, text: str, height: float, colour: RGB, at: Point, align: Align = "center") -> None:
        """Write a line of text, as wide as in a pygame picture, whatever the font."""
        height *= self.unit
        whole = max(1, round(height))
        x, baseline = at[0] * self.unit, at[1] * self.unit + lettering.baseline(whole) * height / whole
        width = lettering.width(text, whole) * height / whole
        place = f'x="{number_of(x)}" y="{number_of(baseline)}" font-size="{number_of(lettering.EM * height)}"'
        fitted = f'textLength="{number_of(width)}" lengthAdjust="spacingAndGlyphs"'
        anchor = f'text-anchor="{ANCHORS[align]}"'
        self.parts.append(f"<text {place} {fitted} {anchor}{fill_of(colour)}>{escape(text)}</text>")

    def _length(self, length: float) -> str:
        return number_of(length * self.unit)

    def _point(self, point: Point) -> tuple[str, str]:
        return self._length(point[0]), self._length(point[1])

    def _points(self, points: Sequence[Point]) -> str:
        return " ".join(",".join(self._point(point)) for point in points)

    def _edge(self, edge: Colour | None) -> str:
        return "" if edge is None else f'{fill_of(edge, "stroke")} stroke-width="{self._length(EDGE)}"'


def document(size: Point, elements: str) -> str:
    """Return elements as a standalone document of a width and height."""
    width, height = map(number_of, size)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" font-family="{FONT}" font-weight="bold">'
        f"{elements}</svg>"
    )


def fill_of(colour: Colour, attribute: str = "fill") -> str:
    """Return the attributes of a colour, with a space before them; `attribute` is "fill" or "stroke"."""
    written = "#" + "".join(f"{part:02x}" for part in colour[:3])
    if written[1::2] == written[2::2]:
        written = f"#{written[1::2]}"
    opacity = f' {attribute}-opacity="{number_of(colour[3] / 255)}"' if len(colour) == 4 else ""
    return f' {attribute}="{written}"{opacity}'


def number_of(length: float) -> str:
    """Return a length with at most two decimals."""
    written = f"{length:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written
