import numpy as np
import pygame
import pytest

from cookie_jar.envs.rendering import lettering, palette


def test_letters_that_do_not_fit_get_dots_or_lines_or_become_smaller():
    text = "the quick brown fox"
    assert lettering.ellipsis(text, 20, 10_000) == text
    cut = lettering.ellipsis(text, 20, 100)
    assert cut.endswith("...")
    assert lettering.width(cut, 20) <= 100
    assert lettering.ellipsis(text, 20, 1) == ""
    assert lettering.wrap(text, 20, 100) == ("the quick", "brown fox")
    assert lettering.fit(text, 40, 120) < 40
    assert lettering.width(text, lettering.fit(text, 40, 120)) <= 120
    assert lettering.fit(text, 20, 10_000) == 20


def test_letters_are_as_wide_as_they_say_and_smooth():
    line = lettering.line("smooth", 24, palette.INK)
    assert line.get_width() == lettering.width("smooth", 24)
    alphas = pygame.surfarray.array_alpha(line)
    assert len(np.unique(alphas)) > 20


@pytest.mark.parametrize("text", ["a\0b", "a\udcffb", "a\nb", "\x1b[31m", "\u202eabc"])
def test_letters_that_cannot_be_drawn_are_replaced(text):
    assert lettering.line(text, 24, palette.INK).get_width() == lettering.width(text, 24)
    assert lettering.width(text, 24) > lettering.width("a", 24)


def test_a_long_text_is_cut():
    text = "a" * 1_000_000
    assert lettering.width(text, 9) == lettering.width(text[:1_000], 9)
    assert len(lettering.ellipsis(text, 9, 10_000)) < 400
