"""The look of a cookie beyond its attributes: everything in a picture that does not depend on the kind.

All draws are made for every picture in the same order, so that a picture under a shift or with more mess
shows the same cookie. Lengths are in picture widths, angles in radians, colours and light from 0 to 1.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats, Ints
from .recipe import MAX_DOTS, SIZE
from .shifts import CLOTHS, DOUGHS, KIND_CLOTHS, Shift
from .streams import DOTS, LOOKS, Stream

TURN = 2 * np.pi
CRUMBS = 3

# Centre of the cookie, from the centre of the picture; bite; check pattern and shadow on the cloth; dough;
# neighbouring cookie; light; dots.
LOOK_NUMBERS = (
    *("x", "y", "bitten", "bite_turn", "tooth_gap"),
    *("check", "check_rate", "check_turn", "shadow", "shadow_x", "shadow_y"),
    *("burnt", "rim", "grain", "slope_x", "slope_y"),
    *("neighbour", "neighbour_turn", "neighbour_gap"),
    *("gain", "temperature", "light_x", "light_y", "noise", "dots_turn", "dots_start"),
)
LOOK_ROWS = {  # colours; waves of the outline with 2, 3 and 7 bumps; waves of the check pattern; crumbs
    **dict.fromkeys(("cloth", "dough", "neighbour_dough", "ink", "wobble", "wobble_turn"), 3),
    "check_phase": 2,
    **dict.fromkeys(("crumb", "crumb_x", "crumb_y"), CRUMBS),
}
LOOK = np.dtype(
    [*((name, "f8") for name in LOOK_NUMBERS), *((name, "f8", (k,)) for name, k in LOOK_ROWS.items())]
)
DOT_NUMBERS = ("out", "turn", "x", "y", "length", "size", "tilt", "darkness", "gloss")
DOT = np.dtype([(name, "f8") for name in DOT_NUMBERS])  # differences from the cookie's other dots


def draw_looks(
    seed: int, numbers: Ints, kinds: Ints, attributes: Floats, shift: Shift, mess: float, cloth_share: float
) -> NDArray[Any]:
    """Return the looks of pictures, an array of type `LOOK` [n].

    Args:
        seed: The seed of all pictures.
        numbers: The numbers of the pictures [n].
        kinds: Numbers of `Cookie` [n], which matter only for a cloth that gives the kind away.
        attributes: The attributes [n, 5], of which a larger size leaves less room to move.
        shift: The change of the pictures.
        mess: From 0 to 1: how much all that is drawn here varies.
        cloth_share: The share of pictures whose cloth gives the kind away.
    """
    draw = Stream(seed, numbers, LOOKS)
    look = np.zeros(len(numbers), LOOK)
    _draw_outline(look, draw, 0.51 - attributes[:, SIZE], shift, mess)
    _draw_cloth(look, draw, KIND_CLOTH_ROWS[(kinds + shift.cloth_turn) % 3], shift, mess, cloth_share)
    _draw_dough(look, draw, shift, mess)
    _draw_company(look, draw, shift, mess)
    _draw_light(look, draw, shift, mess)
    return look


def draw_dots(seed: int, numbers: Ints) -> NDArray[Any]:
    """Return how each possible dot differs from the others of its cookie, of type `DOT` [n, MAX_DOTS]."""
    from scipy.special import ndtri

    draw = Stream(seed, numbers, DOTS)
    dots = np.zeros((len(numbers), MAX_DOTS), DOT)
    dots["out"] = draw.uniforms(MAX_DOTS, 0.9, 1.1)
    dots["turn"] = draw.uniforms(MAX_DOTS, -0.3, 0.3)
    dots["x"] = draw.uniforms(MAX_DOTS, -0.015, 0.015)
    dots["y"] = draw.uniforms(MAX_DOTS, -0.015, 0.015)
    dots["length"] = draw.uniforms(MAX_DOTS, 0.89, 1.13)
    dots["size"] = np.clip(1 + 0.10 * ndtri(draw.uniforms(MAX_DOTS)), 0.6, 1.5)
    dots["tilt"] = draw.uniforms(MAX_DOTS, 0, np.pi)
    dots["darkness"] = 0.04 * ndtri(draw.uniforms(MAX_DOTS))
    dots["gloss"] = draw.uniforms(MAX_DOTS, 0.02, 0.14)
    return dots


def _rows(colours: tuple[tuple[int, int, int], ...]) -> Floats:
    return np.array(colours) / 255


KIND_CLOTH_ROWS = _rows(KIND_CLOTHS)
INKS = _rows(((40, 22, 16), (66, 34, 48)))  # chocolate brown, raisin brown


def _draw_outline(look: NDArray[Any], draw: Stream, room: Floats, shift: Shift, mess: float) -> None:
    look["x"] = draw.uniform(-1, 1) * room * mess
    look["y"] = draw.uniform(-1, 1) * room * mess
    look["wobble"] = draw.uniforms(3) * (0.03, 0.025, 0.015) * shift.roughness
    look["wobble_turn"] = draw.uniforms(3, 0, TURN)
    look["bitten"] = draw.uniform() < 0.3 * mess
    look["bite_turn"] = draw.uniform(0, TURN)
    look["tooth_gap"] = draw.uniform(0.8, 1.2) * 0.33


def _draw_cloth(
    look: NDArray[Any], draw: Stream, telling: Floats, shift: Shift, mess: float, cloth_share: float
) -> None:
    cloths = _rows(shift.cloths or CLOTHS)
    cloth, other, tells = draw.chosen(cloths), draw.uniform() < mess, draw.uniform() < cloth_share
    if not shift.cloths:
        cloth = np.where(other[:, None], cloth, cloths[0])
    look["cloth"] = np.where(tells[:, None], telling, cloth) + draw.uniforms(3, -0.05, 0.05)
    look["check"] = (draw.uniform() < 0.45 * mess) * draw.uniform(0.02, 0.10)
    look["check_rate"] = draw.uniform(3, 6) * TURN
    look["check_turn"] = draw.uniform(0, np.pi)
    look["check_phase"] = draw.uniforms(2, 0, TURN)
    look["shadow"] = draw.uniform(0.2, 0.45)
    look["shadow_x"] = draw.uniform(-0.03, 0.03)
    look["shadow_y"] = draw.uniform(0.01, 0.05)


def _draw_dough(look: NDArray[Any], draw: Stream, shift: Shift, mess: float) -> None:
    doughs = _rows(shift.doughs or DOUGHS)
    dough, other = draw.chosen(doughs), draw.uniform() < mess
    if not shift.doughs:
        dough = np.where(other[:, None], dough, doughs[0])
    look["dough"] = dough * draw.uniform(0.94, 1.06)[:, None]
    look["burnt"] = draw.uniform(0, 0.18) * mess + shift.burnt
    look["rim"] = draw.uniform(0.15, 0.4) * shift.roughness + look["burnt"]
    look["grain"] = draw.uniform(0.02, 0.09) * shift.roughness
    look["slope_x"] = draw.uniform(-0.12, 0.12)
    look["slope_y"] = draw.uniform(-0.12, 0)
    share = draw.uniform()[:, None]
    look["ink"] = INKS[0] + share * (INKS[1] - INKS[0])
    look["dots_turn"] = draw.uniform(0, TURN)
    look["dots_start"] = draw.uniform()


def _draw_company(look: NDArray[Any], draw: Stream, shift: Shift, mess: float) -> None:
    """Draw crumbs, and a neighbouring cookie in front."""
    look["crumb"] = (draw.uniforms(CRUMBS) < 0.4) * draw.uniforms(CRUMBS, 0.008, 0.022)
    look["crumb_x"] = draw.uniforms(CRUMBS, -0.5, 0.5)
    look["crumb_y"] = draw.uniforms(CRUMBS, -0.5, 0.5)
    look["neighbour"] = draw.uniform() < 0.3 * mess
    look["neighbour_turn"] = draw.uniform(0, TURN)
    look["neighbour_gap"] = draw.uniform(0.20, 0.32)
    look["neighbour_dough"] = draw.chosen(_rows(shift.doughs or DOUGHS)) * (1 - 0.5 * shift.burnt)


def _draw_light(look: NDArray[Any], draw: Stream, shift: Shift, mess: float) -> None:
    look["gain"] = shift.gain * (1 + mess * draw.uniform(-0.24, 0.12))
    look["temperature"] = shift.temperature + mess * draw.uniform(-0.07, 0.07)
    look["light_x"] = mess * draw.uniform(-0.35, 0.35)
    look["light_y"] = mess * draw.uniform(-0.35, 0.35)
    look["noise"] = draw.uniform(0.01, 0.03) * (0.25 + 2.5 * mess)
