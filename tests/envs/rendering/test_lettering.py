import numpy as np
import pygame

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
