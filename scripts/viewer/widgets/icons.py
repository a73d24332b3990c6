"""The icons on buttons."""

from collections.abc import Callable
from functools import lru_cache

from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.canvas import Canvas, Sprite, arc

Draw = Callable[[Canvas, palette.RGB], None]


@lru_cache(maxsize=128)
def button_icon(name: str, side: int, ink: palette.RGB) -> Sprite:
    """Return the icon of that name for a square button, anchored at its middle."""
    canvas = Canvas(side, (-0.5, -0.5, 0.5, 0.5))
    ICONS[name](canvas, ink)
    return canvas.sheet()


def _triangle(canvas: Canvas, ink: palette.RGB, x: float, wide: float, tall: float = 0.21) -> None:
    """Draw a triangle that points right from x, or left if `wide` is negative."""
    points = [(x, -tall), (x + wide, 0.0), (x, tall)]
    canvas.line(ink, [*points, points[0]], 0.05)
    canvas.polygon(ink, points)


def _play(canvas: Canvas, ink: palette.RGB) -> None:
    _triangle(canvas, ink, -0.13, 0.32)


def _pause(canvas: Canvas, ink: palette.RGB) -> None:
    for x in (-0.11, 0.11):
        canvas.line(ink, [(x, -0.17), (x, 0.17)], 0.11)


def _forwards(canvas: Canvas, ink: palette.RGB) -> None:
    _triangle(canvas, ink, -0.17, 0.26, 0.17)
    canvas.line(ink, [(0.19, -0.17), (0.19, 0.17)], 0.07)


def _back(canvas: Canvas, ink: palette.RGB) -> None:
    _triangle(canvas, ink, 0.17, -0.26, 0.17)
    canvas.line(ink, [(-0.19, -0.17), (-0.19, 0.17)], 0.07)


def _again(canvas: Canvas, ink: palette.RGB) -> None:
    """Draw a circle with an arrowhead: from the start."""
    canvas.line(ink, arc((0.0, 0.02), (0.2, 0.2), -0.14, 0.62, 16), 0.065)
    canvas.polygon(ink, [(0.02, -0.32), (0.02, -0.02), (0.25, -0.14)])


def _other(canvas: Canvas, ink: palette.RGB) -> None:
    """Draw two triangles: the next start."""
    _triangle(canvas, ink, -0.22, 0.19, 0.15)
    _triangle(canvas, ink, 0.03, 0.19, 0.15)


def _less(canvas: Canvas, ink: palette.RGB) -> None:
    canvas.line(ink, [(-0.14, 0.0), (0.14, 0.0)], 0.07)


def _more(canvas: Canvas, ink: palette.RGB) -> None:
    canvas.line(ink, [(-0.14, 0.0), (0.14, 0.0)], 0.07)
    canvas.line(ink, [(0.0, -0.14), (0.0, 0.14)], 0.07)


def _undo(canvas: Canvas, ink: palette.RGB) -> None:
    """Draw an arrow that bends back."""
    canvas.line(ink, [(-0.12, -0.08), *arc((0.06, 0.06), (0.14, 0.14), -0.25, 0.25, 10), (-0.12, 0.2)], 0.065)
    canvas.polygon(ink, [(-0.1, -0.24), (-0.27, -0.08), (-0.1, 0.08)])


def _full(canvas: Canvas, ink: palette.RGB) -> None:
    """Draw the corners of a screen."""
    for x, y in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        corner = (x * 0.22, y * 0.19)
        canvas.line(ink, [(x * 0.08, y * 0.19), corner, (x * 0.22, y * 0.06)], 0.06)


ICONS: dict[str, Draw] = {
    "play": _play,
    "pause": _pause,
    "forwards": _forwards,
    "back": _back,
    "again": _again,
    "other": _other,
    "less": _less,
    "more": _more,
    "undo": _undo,
    "full": _full,
}
