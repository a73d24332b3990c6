"""What must be told apart is told apart by those, too, who see fewer colours."""

import numpy as np
import pygame
import pytest

from cookie_jar.envs import Cookie, Event
from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.animation import MOODS
from cookie_jar.envs.rendering.cookies import cookie
from cookie_jar.envs.rendering.overlay import text_on, value_colour
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.envs.rendering.signs import _MARKS, WORDS

# Machado, Oliveira and Fernandes 2009, full severity, on linear RGB; and no colours at all.
SEEN_BY = {
    "everybody": np.eye(3),
    "protanopes": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "deuteranopes": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "tritanopes": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
    "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}


def linear(colours):
    share = np.asarray(colours, float) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def seen(colours, who):
    """Colours as somebody sees them, 0 to 255, with steps that look even."""
    share = np.clip(linear(colours) @ SEEN_BY[who].T, 0, 1)
    return 255 * np.where(share <= 0.0031308, share * 12.92, 1.055 * share ** (1 / 2.4) - 0.055)


def contrast(a, b):
    """The contrast ratio of the Web Content Accessibility Guidelines, 1 to 21."""
    bright, dark = sorted((float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def drawn(kind, size):
    surface = pygame.Surface((size, size))
    surface.fill(palette.GLASS)
    cookie(size, kind).stand(surface, size // 2, size // 2)
    return to_array(surface)


@pytest.mark.parametrize("who", SEEN_BY)
@pytest.mark.parametrize("size", [12, 25, 60])  # in the jar with tiles of 40 and 80 pixels, in the caption
def test_cookies_differ(who, size):
    pictures = {kind: seen(drawn(kind, size), who) for kind in Cookie}
    for a, b in ((0, 1), (0, 2), (1, 2)):
        apart = np.abs(pictures[Cookie(a)] - pictures[Cookie(b)]).max(axis=2)
        assert (apart > 40).sum() > 0.12 * size**2


def test_chips_are_larger_and_darker_than_raisins():
    dark = {kind: (drawn(kind, 60) @ [0.299, 0.587, 0.114] < 100).sum() for kind in Cookie}
    darkest = {kind: np.percentile(drawn(kind, 60) @ [0.299, 0.587, 0.114], 2) for kind in Cookie}
    assert dark[Cookie.CHOCOLATE_CHIP] > 1.5 * dark[Cookie.RAISIN] > 1.5 * dark[Cookie.PLAIN]
    assert darkest[Cookie.CHOCOLATE_CHIP] < darkest[Cookie.RAISIN] < darkest[Cookie.PLAIN]


@pytest.mark.parametrize("who", SEEN_BY)
def test_values_rise_evenly_in_brightness(who):
    colours = seen([value_colour(share) for share in np.linspace(0, 1, 41)], who)
    steps = np.diff(colours @ [0.2126, 0.7152, 0.0722])
    assert (steps > 0).all()
    assert steps.max() < 2.5 * steps.mean()


@pytest.mark.parametrize("who", SEEN_BY)
@pytest.mark.parametrize(
    ("a", "b"), [(palette.HAPPY, palette.UNHAPPY), (palette.BAR, palette.BAR_MINUS)], ids=["words", "bars"]
)
def test_happy_and_unhappy_differ(who, a, b):
    # bars also go to different sides, and numbers have signs: grey is enough for those
    assert np.abs(seen(a, who) - seen(b, who)).max() > (5 if who == "grey" else 60)


def test_signs_differ_in_form_not_in_colour_alone():
    felt = [event for event in Event if event in MOODS]
    assert len({_MARKS[event] for event in felt}) == len(felt)
    assert len({WORDS[event] for event in felt}) == len(felt)


def test_words_can_be_read():
    for ink in (palette.INK, palette.MUTED, palette.HAPPY, palette.UNHAPPY):
        assert contrast(ink, palette.PAPER) > 4.5
    for ink in (palette.INK, palette.MUTED):  # on a marked row of bars
        assert contrast(ink, palette.PAPER_DARK) > 4.5
    for ground in (palette.HAPPY, palette.UNHAPPY):  # of the chip
        assert contrast(palette.WHITE, ground) > 4.5
    for share in np.linspace(0, 1, 41):
        assert contrast(text_on(value_colour(share)), value_colour(share)) > 4
