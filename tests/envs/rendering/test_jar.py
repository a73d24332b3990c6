import numpy as np
import pygame
import pytest
from colours import SEEN_BY, seen
from scipy.ndimage import label

from cookie_jar.envs import Cookie
from cookie_jar.envs.cookies.recipe import MEANS
from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.jar import cookie
from cookie_jar.envs.rendering.pixels import to_array


def drawn(kind, size):
    surface = pygame.Surface((size, size))
    surface.fill(palette.GLASS)
    cookie.sprite(size, kind).stand(surface, size // 2, size // 2)
    return to_array(surface)


def brightness(picture):
    return picture @ [0.299, 0.587, 0.114]


@pytest.mark.parametrize("who", SEEN_BY)
@pytest.mark.parametrize("size", [12, 25, 60])  # in the jar with tiles of 40 and 80 pixels, in the caption
def test_cookies_differ(who, size):
    pictures = {kind: seen(drawn(kind, size), who) for kind in Cookie}
    for a, b in ((0, 1), (0, 2), (1, 2)):
        apart = np.abs(pictures[Cookie(a)] - pictures[Cookie(b)]).max(axis=2)
        assert (apart > 40).sum() > 0.12 * size**2


def test_the_kinds_follow_the_recipe():
    """A chocolate chip cookie is the largest, with more, smaller and darker dots than a raisin cookie."""
    pictures = {kind: drawn(kind, 240) for kind in Cookie}
    sizes = {
        kind: np.sqrt((picture != palette.GLASS).any(axis=2).sum()) for kind, picture in pictures.items()
    }
    means = dict(zip(Cookie, MEANS[:, 0], strict=True))
    for kind in Cookie:
        ratio = sizes[kind] / sizes[Cookie.CHOCOLATE_CHIP]
        assert ratio == pytest.approx(means[kind] / means[Cookie.CHOCOLATE_CHIP], rel=0.01)
    dark = {kind: brightness(picture) < 100 for kind, picture in pictures.items()}
    counts = {kind: label(mask)[1] for kind, mask in dark.items()}
    assert counts == {Cookie.RAISIN: 6, Cookie.CHOCOLATE_CHIP: 10, Cookie.PLAIN: 0}
    chips, raisins = dark[Cookie.CHOCOLATE_CHIP], dark[Cookie.RAISIN]
    assert chips.sum() / 10 < 0.7 * raisins.sum() / 6
    tones = {kind: np.percentile(brightness(picture), 2) for kind, picture in pictures.items()}
    assert tones[Cookie.CHOCOLATE_CHIP] < tones[Cookie.RAISIN] - 30 < tones[Cookie.PLAIN] - 60
