"""What the page needs of the project's pictures: SVG elements, places in a tile, and colours."""

import re
from typing import Any

from cookie_jar.envs.dynamics import ARRANGEMENTS, CARRIED, CLOSED, Cookie
from cookie_jar.envs.rendering import palette, pose
from cookie_jar.envs.rendering.colour_scale import value_colour
from cookie_jar.envs.rendering.elements import sprite_elements

PLACES = "GROUND", "ASIDE", "CARRYING", "CHAIR", "CHAIR_ASIDE", "CHAIR_IN_ARMS", "TILT", "SEAT", "WORKTOP"
JAR_PLACES = "COOKIE_GAP", "COOKIE_MIDDLE"
COLOURS = "INK", "PAPER", "MUTED", "LINE", "HAPPY", "UNHAPPY", "BAR", "BAR_MINUS", "STAR"
STOPS = 17  # colours of the scale of values; those between are mixed


def picture_data() -> dict[str, Any]:
    """Return the sprites, the places of `pose`, the cookies of each arrangement, and the colours."""
    shares = (step / (STOPS - 1) for step in range(STOPS))
    return {
        "sprites": rounded(sprite_elements()),
        "places": {name: getattr(pose, name) for name in (*PLACES, *JAR_PLACES)}
        | {"CARRIED": CARRIED, "CLOSED": CLOSED},
        "arrangements": ARRANGEMENTS.tolist(),
        "cookie_kinds": [cookie.label for cookie in Cookie],
        "colours": {"stops": [value_colour(share) for share in shares]}
        | {name.lower(): getattr(palette, name) for name in COLOURS},
    }


def rounded(elements: Any) -> Any:
    """Return elements without the hundredths of units, which cannot be seen; opacities keep theirs."""
    if isinstance(elements, str):
        return re.sub(r"((?:\d\d|[1-9])\.\d)\d", r"\1", elements)
    if isinstance(elements, list):
        return [rounded(element) for element in elements]
    return {name: rounded(element) for name, element in elements.items()}
