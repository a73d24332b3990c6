import numpy as np
import pygame
import pytest
from colours import SEEN_BY, seen

from cookie_jar.envs import Cookie
from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.jar import cookie
from cookie_jar.envs.rendering.pixels import to_array


def drawn(kind, size):
    surface = pygame.Surface((size, size))
    surface.fill(palette.GLASS)
    cookie.sprite(size, kind).stand(surface, size // 2, size // 2)
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
