"""What the page needs of the project's pictures: SVG elements, places in a tile, and colours."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from cookie_jar.envs.dynamics import ARRANGEMENTS, CARRIED, CLOSED
from cookie_jar.envs.rendering import pose
from cookie_jar.envs.rendering.colour_scale import value_colour
from cookie_jar.envs.rendering.elements import UNIT, sprite_elements

BRIGHT = 122  # from 0 to 255: brighter colours have dark ink
STOPS = 129  # colours of the scale of values
JAR = "sprite-jar"


def picture_data() -> dict[str, Any]:
    """Return the sprites, the poses of child and chair, and the colours of values."""
    sprites = rounded(sprite_elements())
    return {
        "sprites": group("sprite", sprites) + "".join(jars()),
        "poses": poses(),
        "places": {"CARRIED": CARRIED, "CLOSED": CLOSED},
        "colours": [css_colours(value_colour(step / (STOPS - 1))) for step in range(STOPS)],
    }


def css_colours(colour: Sequence[int]) -> tuple[str, str]:
    """Return a colour for a style sheet, and the colour to write on that: white, or "" for the usual ink."""
    red, green, blue = colour
    bright = 0.299 * red + 0.587 * green + 0.114 * blue > BRIGHT
    return f"rgb({red},{green},{blue})", "" if bright else "#fff"


def group(name: str, elements: Any) -> str:
    """Return sprites as SVG groups: "sprite-child-happy", "sprite-signs-0" and so on."""
    if isinstance(elements, str):
        return f'<g id="{name}">{elements}</g>'
    items = elements.items() if isinstance(elements, dict) else enumerate(elements)
    return "".join(group(f"{name}-{key}", item) for key, item in items)


def jars() -> Iterator[str]:
    """Yield the jar with the cookies of each arrangement that are left, closed and open: "jar-0-7"."""
    for number, kinds in enumerate(ARRANGEMENTS.tolist()):
        for jar in (CLOSED, *range(8)):
            inside = "".join(
                f'<use href="#sprite-cookies-{kind}" x="{pose.COOKIE_GAP * (place - 1) * UNIT:g}" '
                f'y="{pose.COOKIE_MIDDLE * UNIT:g}"/>'
                for place, kind in enumerate(kinds)
                if jar == CLOSED or jar >> place & 1
            )
            lid = "lid_closed" if jar == CLOSED else "lid_open"
            parts = [f'<use href="#{JAR}-{part}"/>' for part in ("glass", "shine", lid)]
            yield f'<g id="jar-{number}-{jar}">{parts[0]}{inside}{parts[1]}{parts[2]}</g>'


def poses() -> dict[str, Any]:
    """Return places of child and chair, the turn of the chair, and the mood, by the position of the chair."""
    high = pose.CHAIR[0], pose.CHAIR[1] - pose.SEAT
    return {
        "arms": [pose.CARRYING, pose.CHAIR_IN_ARMS, -pose.TILT, "carrying"],
        "under": [high, pose.CHAIR, 0, "hoping"],
        "here": [pose.ASIDE, pose.CHAIR_ASIDE, 0, "hoping"],
        "there": [pose.GROUND, pose.CHAIR, 0, "hoping"],
    }


def rounded(elements: Any) -> Any:
    """Return elements without the hundredths of units, which cannot be seen; opacities keep theirs."""
    if isinstance(elements, str):
        return re.sub(r"((?:\d\d|[1-9])\.\d)\d", r"\1", elements)
    if isinstance(elements, list):
        return [rounded(element) for element in elements]
    return {name: rounded(element) for name, element in elements.items()}
