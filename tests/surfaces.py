"""Surfaces to draw widgets on, and where a colour is on them."""

import numpy as np
import pygame

from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.pixels import to_array


def paper(size):
    surface = pygame.Surface(size)
    surface.fill(palette.PAPER)
    return surface


def where(surface, colour):
    """Rows and columns of the pixels of a colour [n, 2], which pygame-ce 2.5.5 rounds down when it scales."""
    return np.argwhere((abs(to_array(surface).astype(int) - colour) <= 1).all(axis=2))


def drawn_outside(surface, rect):
    """Whether anything is drawn outside a rectangle."""
    pixels = to_array(surface)
    changed = (pixels != palette.PAPER).any(axis=2)
    changed[rect.top : rect.bottom, rect.left : rect.right] = False
    return bool(changed.any())


def is_drawn(surface):
    return bool((to_array(surface) != palette.PAPER).any())
