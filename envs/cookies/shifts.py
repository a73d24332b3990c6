"""Named shifts: what may differ between the pictures that a classifier learned from and those it sees later.

None of the shifts changes the recipe. The cookies stay as they are, and only their surroundings, the light or
the baking change.
"""

from typing import NamedTuple

Colour = tuple[int, int, int]  # red, green, blue from 0 to 255

CLOTHS: tuple[Colour, ...] = (
    (250, 244, 232),
    (196, 222, 230),
    (222, 120, 100),
    (150, 178, 140),
    (166, 112, 70),
    (120, 150, 186),
    (240, 206, 120),
)  # the first is the usual one; the more mess, the more often another
DOUGHS: tuple[Colour, ...] = (
    (232, 182, 112),
    (222, 170, 104),
    (214, 160, 104),
    (240, 200, 136),
    (200, 146, 88),
)  # likewise
KIND_CLOTHS: tuple[Colour, ...] = (CLOTHS[2], CLOTHS[5], CLOTHS[3])  # of the shortcut, by number of `Cookie`
SHORTCUT_SHARE = 0.95  # the usual share of pictures whose cloth gives the kind away


class Shift(NamedTuple):
    """A change of the pictures; the defaults change nothing.

    Attributes:
        name: The value of the option `shift`.
        label: A short description.
        gain: A factor of the brightness.
        temperature: How much redder and less blue the light is, as a share.
        burnt: How much darker the dough is, from 0 to 1.
        cloths: The colours of the cloth, if others than the usual ones.
        doughs: The colours of the dough, if others than the usual ones.
        roughness: A factor of the cookie's unevenness: outline, grain and rim.
        mess: The least mess of the pictures.
        cloth_share: The least share of pictures whose cloth depends on the kind.
        cloth_turn: Where the cloth depends on the kind: by how many kinds the cloths are swapped.
    """

    name: str
    label: str
    gain: float = 1.0
    temperature: float = 0.0
    burnt: float = 0.0
    cloths: tuple[Colour, ...] = ()
    doughs: tuple[Colour, ...] = ()
    roughness: float = 1.0
    mess: float = 0.0
    cloth_share: float = 0.0
    cloth_turn: int = 0


SHIFTS: dict[str, Shift] = {
    shift.name: shift
    for shift in (
        Shift("none", "as learned"),
        Shift("evening", "evening light", gain=0.58, temperature=0.22),
        Shift("burnt", "burnt cookies", burnt=0.43),
        Shift("cloths", "other cloths", cloths=((122, 88, 130), (76, 98, 84), (232, 178, 190), (88, 88, 98))),
        Shift("jar", "a new jar", doughs=((176, 116, 64), (250, 226, 178), (206, 156, 124)), roughness=1.8),
        Shift("mess", "a mess", mess=1.0),
        Shift("swapped", "swapped cloths", cloth_share=SHORTCUT_SHARE, cloth_turn=1),
    )
}
